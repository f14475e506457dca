"""What is under deploy/k8s, applied to a real API server and rolled out on simulated nodes."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from .cluster import BIN, NAMESPACE, ROOT, Cluster, Refused, running_cluster

K8S = ROOT / "deploy/k8s"
BASE, DEV = K8S / "base", K8S / "overlays/dev"
PROCESSES = 12
SERVICES = 6


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An empty cluster in which our namespace and its secrets stand, made as the guide says."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        running.kubectl("apply", "--server-side", "--filename", str(BASE / "namespace.yaml"))
        running.kubectl("apply", "--filename", "-", given=_secrets(running.folder / "keys"))
        yield running


def _secrets(keys: Path) -> str:
    subprocess.run([sys.executable, ROOT / "deploy/docker/make_keys.py", keys], check=True)
    path = {"PATH": f"{BIN}:{os.environ['PATH']}"}
    command = [DEV / "secrets.sh", keys, "invented"]
    made = subprocess.run(command, env=path, capture_output=True, check=True, text=True)
    return made.stdout


@pytest.fixture(scope="module")
def rolled_out(cluster: Cluster) -> Cluster:
    """The base, applied for real and available."""
    cluster.apply(BASE)
    cluster.until(cluster.deployments_available, "the base did not roll out")
    return cluster


def _running_pods(cluster: Cluster) -> dict[str, list[dict]]:
    """The living pods of each workload, by service and component."""
    found = defaultdict(list)
    for pod in cluster.all("pods"):
        labels = pod["metadata"]["labels"]
        living = pod["status"].get("phase") == "Running" and not pod["metadata"].get(
            "deletionTimestamp"
        )
        if living:
            name = labels["app.kubernetes.io/name"]
            found[f"{name}-{labels.get('app.kubernetes.io/component', 'server')}"].append(pod)
    return found


@pytest.mark.parametrize("folder", [BASE, DEV], ids=lambda folder: folder.name)
def test_the_api_server_takes_every_manifest(cluster: Cluster, folder: Path) -> None:
    said = cluster.apply(folder, "--dry-run=server")

    assert said.count("serverside-applied (server dry run)") == len(said.splitlines()) > 60


def test_the_api_server_refuses_a_misspelt_field(cluster: Cluster) -> None:
    rendered = cluster.kubectl("kustomize", str(BASE))
    wrong = rendered.replace("revisionHistoryLimit:", "revisionHistoryLimits:", 1)

    with pytest.raises(Refused, match="revisionHistoryLimits"):
        cluster.kubectl(
            "apply", "--server-side", "--dry-run=server", "--filename", "-", given=wrong
        )


def test_every_secret_that_a_pod_needs_is_made_by_the_script(cluster: Cluster) -> None:
    there = {one["metadata"]["name"]: set(one["data"]) for one in cluster.all("secrets")}
    needed = defaultdict(set)
    for document in yaml.safe_load_all(cluster.kubectl("kustomize", str(DEV))):
        if document["kind"] not in {"Deployment", "Job", "StatefulSet", "CronJob"}:
            continue
        spec = document["spec"]
        spec = spec["jobTemplate"]["spec"] if document["kind"] == "CronJob" else spec
        for container in spec["template"]["spec"]["containers"]:
            for variable in container.get("env", []):
                if ref := variable.get("valueFrom", {}).get("secretKeyRef"):
                    needed[ref["name"]].add(ref["key"])

    lacking = {name: keys - there.get(name, set()) for name, keys in needed.items()}
    assert len(needed) > SERVICES
    assert [name for name, keys in lacking.items() if keys] == []


def test_migrations_end_and_every_process_becomes_available(rolled_out: Cluster) -> None:
    deployments = rolled_out.all("deployments")
    assert len(deployments) == PROCESSES

    def migrated() -> bool:
        return all(job.get("status", {}).get("succeeded") == 1 for job in _migrations(rolled_out))

    rolled_out.until(migrated, "a migration did not end")
    assert len(_migrations(rolled_out)) == SERVICES


def _migrations(cluster: Cluster) -> list[dict]:
    return cluster.all("jobs", "--selector", "app.kubernetes.io/component=migrate")


def test_the_restricted_level_turns_no_pod_away(rolled_out: Cluster) -> None:
    reasons = [event["reason"] for event in rolled_out.all("events")]

    assert "FailedCreate" not in reasons
    with pytest.raises(Refused, match="restricted"):
        rolled_out.kubectl("run", "intruder", "--image=busybox", "--namespace", NAMESPACE)


def test_two_replicas_never_share_a_zone(rolled_out: Cluster) -> None:
    zones = rolled_out.zones()
    shared = {
        name: [pod["spec"]["nodeName"] for pod in pods]
        for name, pods in _running_pods(rolled_out).items()
        if len({zones[pod["spec"]["nodeName"]] for pod in pods}) < len(pods)
    }

    assert shared == {}


def test_a_changed_setting_rolls_every_process(rolled_out: Cluster) -> None:
    (first,) = _config_names(rolled_out)
    rendered = rolled_out.kubectl("kustomize", str(BASE))
    assert first.startswith("cleanclaim-")
    assert rendered.count(f"name: {first}") > PROCESSES + SERVICES


def _config_names(cluster: Cluster) -> list[str]:
    names = [one["metadata"]["name"] for one in cluster.all("configmaps")]
    return [name for name in names if name != "kube-root-ca.crt"]


def test_a_second_eviction_waits_for_the_first_ones_replacement(rolled_out: Cluster) -> None:
    for node in rolled_out.zones():
        rolled_out.kubectl("cordon", node)
    first, second = _running_pods(rolled_out)["claims-api"]
    try:
        _evict(rolled_out, first)
        with pytest.raises(Refused, match="disruption budget"):
            _evict(rolled_out, second)
    finally:
        for node in rolled_out.zones():
            rolled_out.kubectl("uncordon", node)
    rolled_out.until(rolled_out.deployments_available, "no replacement came")


def _evict(cluster: Cluster, pod: dict) -> None:
    name = pod["metadata"]["name"]
    wish = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": NAMESPACE},
    }
    path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}/eviction"
    cluster.kubectl("create", "--raw", path, "--filename", "-", given=json.dumps(wish))


def test_a_node_is_drained_and_every_process_stays(rolled_out: Cluster) -> None:
    node = "node-a0"
    said = rolled_out.kubectl(
        "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=240s"
    )
    rolled_out.until(rolled_out.deployments_available, "what was drained did not come back")

    assert f"{node} drained" in said
    pods = [pod for several in _running_pods(rolled_out).values() for pod in several]
    assert len(pods) == 2 * PROCESSES
    assert node not in {pod["spec"]["nodeName"] for pod in pods}
    rolled_out.kubectl("uncordon", node)


def test_a_lost_zone_leaves_one_of_each_running_and_the_others_come_back(
    rolled_out: Cluster,
) -> None:
    zones = rolled_out.zones()
    spared = {
        name
        for name, pods in _running_pods(rolled_out).items()
        if any(zones[pod["spec"]["nodeName"]] != "b" for pod in pods)
    }
    assert len(spared) == PROCESSES

    rolled_out.kubectl(
        "taint", "nodes", "--selector", "topology.kubernetes.io/zone=b", "zone=lost:NoExecute"
    )
    rolled_out.until(lambda: not _in_zone(rolled_out, "b"), "pods of the lost zone remain")
    rolled_out.until(rolled_out.deployments_available, "the other zones did not take over")

    assert not _in_zone(rolled_out, "b")
    rolled_out.kubectl(
        "taint", "nodes", "--selector", "topology.kubernetes.io/zone=b", "zone=lost:NoExecute-"
    )


def _in_zone(cluster: Cluster, zone: str) -> list[str]:
    zones = cluster.zones()
    return [
        pod["metadata"]["name"]
        for several in _running_pods(cluster).values()
        for pod in several
        if zones[pod["spec"]["nodeName"]] == zone
    ]


def test_a_release_goes_out_and_back_as_the_guide_says(rolled_out: Cluster, tmp_path: Path) -> None:
    newer = _overlay_of_a_release(tmp_path, "0.2.0")
    with pytest.raises(Refused, match="field is immutable"):
        rolled_out.apply(newer)

    jobs = ["--selector", "app.kubernetes.io/component=migrate", "--namespace", NAMESPACE]
    rolled_out.kubectl("delete", "job", *jobs)
    rolled_out.apply(newer)
    rolled_out.until(rolled_out.deployments_available, "the release did not roll out")
    assert _tags(rolled_out) == {"0.2.0"}

    ours = ["--selector", "app.kubernetes.io/component in (api, worker)", "--namespace", NAMESPACE]
    rolled_out.kubectl("rollout", "undo", "deployment", *ours)
    rolled_out.until(rolled_out.deployments_available, "the release was not taken back")
    assert _tags(rolled_out) == {"0.1.0"}


def _overlay_of_a_release(folder: Path, tag: str) -> Path:
    images = [
        {"name": f"cleanclaim/{service}", "newTag": tag}
        for service in ("accounts", "claims", "denials", "intake", "reconcile", "remittance")
    ]
    overlay = {"resources": [os.path.relpath(BASE, folder.resolve())], "images": images}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    return folder


def _tags(cluster: Cluster) -> set[str]:
    return {
        container["image"].rpartition(":")[2]
        for deployment in cluster.all("deployments")
        for container in deployment["spec"]["template"]["spec"]["containers"]
    }


def test_the_trial_overlay_runs_with_its_own_database_and_broker(rolled_out: Cluster) -> None:
    rolled_out.kubectl("delete", "namespace", NAMESPACE, "--wait=true")
    rolled_out.kubectl("apply", "--server-side", "--filename", str(BASE / "namespace.yaml"))
    rolled_out.kubectl("apply", "--filename", "-", given=_secrets(rolled_out.folder / "keys"))
    rolled_out.apply(DEV)
    rolled_out.until(rolled_out.deployments_available, "the trial did not roll out")

    def servers_ready() -> bool:
        sets = rolled_out.all("statefulsets")
        return len(sets) == 2 and all(s.get("status", {}).get("readyReplicas") == 1 for s in sets)

    rolled_out.until(servers_ready, "PostgreSQL or Kafka did not come up")
    living = _running_pods(rolled_out)
    assert sum(map(len, living.values())) == PROCESSES + 2
