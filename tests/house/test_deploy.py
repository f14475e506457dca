"""The image, the compose file and the manifests say the same of the same services, and parse."""

import pathlib
import re
import shutil
import subprocess
import sys
from typing import Any

import kubernetes_validate
import pytest
import yaml

from cleanclaim.devstack.jars import KAFKA_VERSION

from .source import ROOT, services

_KUBERNETES = "1.36"
_BASE = ROOT / "deploy/k8s/base"
_DEV = ROOT / "deploy/k8s/overlays/dev"
_MANIFESTS = [
    path
    for folder in (_BASE, _DEV)
    for path in sorted(folder.glob("*.yaml"))
    if path.name != "kustomization.yaml"
]
_PROCESSES = ("api", "worker")
_BY_SERVICE = pytest.mark.parametrize("service", services())


def _documents(path: pathlib.Path) -> list[dict[str, Any]]:
    return [d for d in yaml.safe_load_all(path.read_text(encoding="utf-8")) if d]


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return loaded


def _of_kind(service: str, kind: str) -> dict[str, dict[str, Any]]:
    documents = _documents(_BASE / f"{service}.yaml")
    return {d["metadata"]["name"]: d for d in documents if d["kind"] == kind}


def _pods(path: pathlib.Path) -> list[dict[str, Any]]:
    workloads = {"Deployment", "Job", "StatefulSet"}
    found = _documents(path)
    timed = [d["spec"]["jobTemplate"] for d in found if d["kind"] == "CronJob"]
    several = [*timed, *(d for d in found if d["kind"] in workloads)]
    return [one["spec"]["template"]["spec"] for one in several]


@pytest.mark.parametrize("path", _MANIFESTS, ids=lambda path: path.stem)
def test_every_manifest_keeps_the_schema_of_kubernetes(path: pathlib.Path) -> None:
    documents = _documents(path)

    for document in documents:
        kubernetes_validate.validate(document, _KUBERNETES, strict=True)
    assert documents


def test_a_misspelt_field_of_a_manifest_is_refused() -> None:
    document = next(iter(_of_kind("claims", "Deployment").values()))
    document["spec"]["replicaz"] = 2

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, _KUBERNETES, strict=True)


@_BY_SERVICE
def test_every_service_has_its_workloads(service: str) -> None:
    names = {f"{service}-{process}" for process in _PROCESSES}

    assert _of_kind(service, "Deployment").keys() == names
    assert _of_kind(service, "PodDisruptionBudget").keys() == names
    assert _of_kind(service, "Job").keys() == {f"{service}-migrate"}
    assert _of_kind(service, "Service").keys() == {service}
    assert _of_kind(service, "ServiceAccount").keys() == {*names, f"{service}-migrate"}


def test_the_base_lists_every_manifest_and_service() -> None:
    listed = yaml.safe_load((_BASE / "kustomization.yaml").read_text("utf-8"))["resources"]
    there = {path.name for path in _BASE.glob("*.yaml")} - {"kustomization.yaml"}

    assert set(listed) == there
    assert {f"{service}.yaml" for service in services()} <= there


@pytest.mark.parametrize("path", _MANIFESTS, ids=lambda path: path.stem)
def test_no_pod_has_more_rights_than_it_needs(path: pathlib.Path) -> None:
    for pod in _pods(path):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            assert not container["image"].endswith(":latest")


@_BY_SERVICE
def test_our_pods_write_nowhere_but_where_they_must(service: str) -> None:
    for pod in _pods(_BASE / f"{service}.yaml"):
        (container,) = pod["containers"]
        writable = {m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")}
        assert pod["securityContext"]["runAsUser"] == 10001
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert writable <= {"/tmp", "/var/lib/cleanclaim/mailbox"}  # noqa: S108 - a mount


@_BY_SERVICE
def test_both_processes_are_probed_on_the_same_paths(service: str) -> None:
    for deployment in _of_kind(service, "Deployment").values():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness")}
        assert probes["startup"]["path"] == "/healthz/startup"
        assert probes["liveness"]["path"] == "/healthz/live"
        assert container["readinessProbe"]["httpGet"]["path"] == "/healthz/ready"
        assert container["ports"] == [{"name": "http", "containerPort": 8080}]


@_BY_SERVICE
def test_only_the_migration_holds_the_administrators_word(service: str) -> None:
    for pod in _pods(_BASE / f"{service}.yaml"):
        (container,) = pod["containers"]
        held = {v["name"] for v in container["env"] if "MIGRATION_URL" in v["name"]}
        assert bool(held) == (container["args"] == ["migrate"])


def test_every_selector_finds_the_pods_it_means() -> None:
    for service in services():
        for process, deployment in _of_kind(service, "Deployment").items():
            labels = deployment["spec"]["template"]["metadata"]["labels"]
            budget = _of_kind(service, "PodDisruptionBudget")[process]["spec"]["selector"]
            wanted = [deployment["spec"]["selector"]["matchLabels"], budget["matchLabels"]]
            assert all(labels.items() >= selector.items() for selector in wanted)


def test_nothing_is_reachable_by_default() -> None:
    first, *_ = _documents(_BASE / "network.yaml")

    assert first["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_the_services_differ_in_their_policies_alone() -> None:
    def shape(service: str) -> str:
        kept = [d for d in _documents(_BASE / f"{service}.yaml") if d["kind"] != "NetworkPolicy"]
        text: str = yaml.safe_dump_all(kept)
        return text.replace(service.upper(), "NAME").replace(service, "name")

    shapes = {service: shape(service) for service in services()}

    assert len(set(shapes.values())) == 1, "change all manifests of services alike"


def test_the_overlay_renders_with_every_workload_scaled() -> None:
    overlay = yaml.safe_load((_DEV / "kustomization.yaml").read_text("utf-8"))
    scaled = {entry["name"] for entry in overlay["replicas"]}

    assert scaled == {f"{s}-{p}" for s in services() for p in _PROCESSES}
    if kubectl := shutil.which("kubectl"):
        rendered = subprocess.run(
            [kubectl, "kustomize", str(_DEV)], capture_output=True, check=True, text=True
        )
        for document in yaml.safe_load_all(rendered.stdout):
            kubernetes_validate.validate(document, _KUBERNETES, strict=True)


@_BY_SERVICE
def test_compose_runs_every_service_after_its_migration(service: str) -> None:
    parts = _compose()["services"]

    for process in _PROCESSES:
        waits = parts[f"{service}-{process}"]["depends_on"]
        assert waits[f"{service}-migrate"] == {"condition": "service_completed_successfully"}
        assert waits["postgres"] == waits["kafka"] == {"condition": "service_healthy"}
        assert parts[f"{service}-{process}"]["command"][0] == process
    migration = parts[f"{service}-migrate"]
    assert migration["command"] == ["migrate"]
    assert migration["build"]["args"] == {"SERVICE": service}
    assert "healthcheck" in parts["postgres"]
    assert "healthcheck" in parts["kafka"]


def test_compose_names_only_parts_and_volumes_that_exist() -> None:
    compose = _compose()
    parts, volumes = compose["services"], compose["volumes"]

    for name, part in parts.items():
        assert set(part.get("depends_on", {})) <= parts.keys(), name
        for volume in part.get("volumes", []):
            source = volume.split(":")[0]
            assert source in volumes or (ROOT / source).exists(), f"{name}: {volume}"


def test_compose_opens_doors_on_loopback_and_never_twice() -> None:
    ports = [port for part in _compose()["services"].values() for port in part.get("ports", [])]

    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len(ports) == len(set(ports)) == len(services()) + 1  # and Grafana


def judged(path: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """What the schema of the Compose specification says of a file."""
    words = ["--builtin-schema", "vendor.compose-spec", str(path)]
    command = [sys.executable, "-m", "check_jsonschema", *words]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def test_compose_keeps_the_schema_of_its_specification() -> None:
    said = judged(ROOT / "docker-compose.yml")

    assert said.returncode == 0, said.stdout + said.stderr


def test_a_misspelt_word_of_the_compose_file_is_refused(tmp_path: pathlib.Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    wrong.write_text(text.replace("restart: unless-stopped", "restrat: unless-stopped", 1))

    said = judged(wrong)

    assert said.returncode == 1
    assert "restrat" in said.stdout


def test_every_place_runs_the_same_broker_and_postgres() -> None:
    parts = _compose()["services"]
    (kafka,) = (pod["containers"][0]["image"] for pod in _pods(_DEV / "kafka.yaml"))
    (postgres,) = (pod["containers"][0]["image"] for pod in _pods(_DEV / "postgres.yaml"))

    assert parts["kafka"]["image"] == kafka == f"apache/kafka:{KAFKA_VERSION}"
    assert parts["postgres"]["image"] == postgres == "postgres:18"


def test_nothing_that_up_starts_lacks_a_gate() -> None:
    for name, part in _compose()["services"].items():
        if "profiles" in part:
            continue
        ends = part.get("restart") == "no"
        by_image = part["image"].startswith("cleanclaim/")
        assert ends or by_image or "test" in part["healthcheck"], name


@_BY_SERVICE
def test_compose_keeps_the_administrators_word_from_processes(service: str) -> None:
    parts = _compose()["services"]
    url = f"CLEANCLAIM_{service.upper()}_MIGRATION_URL"

    assert url in parts[f"{service}-migrate"]["environment"]
    assert all(url not in parts[f"{service}-{p}"]["environment"] for p in _PROCESSES)


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    text = (ROOT / "deploy/docker/Dockerfile").read_text(encoding="utf-8")
    last_stage = text.rsplit("\nFROM ", 1)[-1]

    assert "USER 10001:10001" in last_stage
    assert "HEALTHCHECK" in last_stage
    assert re.search(r"uv sync --locked .*--no-dev", text)
    assert 'CMD ["api"' in last_stage
