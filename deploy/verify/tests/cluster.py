"""A real control plane with simulated nodes, on loopback, for as long as a block runs."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / ".tools/go/bin"
STAGES = BIN / "kwok-stages"
KUBECTL = shutil.which("kubectl") or str(BIN / "kubectl")
NAMESPACE = "cleanclaim"
ZONES = ("a", "b", "c")
NODES_A_ZONE = 2
PATIENCE_SECONDS = 300
_CONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: admintoken}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
"""


class ClusterBroken(Exception):  # noqa: N818 - says what is the matter
    """A part of the control plane ended or did not come up; shows the end of its log."""


class Refused(Exception):  # noqa: N818 - carries the answer
    """kubectl said no; the text is what it said."""


class Cluster:
    """The running cluster, by its kubectl."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def kubectl(self, *words: str, given: str | None = None) -> str:
        """Run kubectl. Raises Refused with what it printed."""
        config = ["--kubeconfig", str(self.folder / "kubeconfig")]
        cache = ["--cache-dir", str(self.folder / "cache")]
        done = subprocess.run(
            [KUBECTL, *config, *cache, *words],
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refused(done.stderr + done.stdout)
        return done.stdout

    def apply(self, folder: Path, *words: str) -> str:
        """Apply a kustomization as the server takes it."""
        return self.kubectl("apply", "--server-side", *words, "--kustomize", str(folder))

    def all(self, kind: str, *words: str) -> list[dict[str, Any]]:
        """All things of a kind in our namespace."""
        told = self.kubectl("get", kind, "--namespace", NAMESPACE, "--output", "json", *words)
        items: list[dict[str, Any]] = json.loads(told)["items"]
        return items

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Wait until `done()` holds. Raises TimeoutError that names what did not come about."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}\n{self.kubectl('get', 'pods,events', '-A')[-3000:]}")
            time.sleep(0.3)

    def deployments_available(self) -> bool:
        """Whether every deployment runs its newest template with all replicas."""
        return all(map(_is_rolled_out, self.all("deployments")))

    def zones(self) -> Mapping[str, str]:
        """Each node's zone."""
        nodes = json.loads(self.kubectl("get", "nodes", "--output", "json"))["items"]
        label = "topology.kubernetes.io/zone"
        return {node["metadata"]["name"]: node["metadata"]["labels"][label] for node in nodes}


def _is_rolled_out(deployment: Mapping[str, Any]) -> bool:
    wanted, status = deployment["spec"]["replicas"], deployment.get("status", {})
    counts = [status.get(name, 0) for name in ("updatedReplicas", "availableReplicas", "replicas")]
    observed = status.get("observedGeneration") == deployment["metadata"]["generation"]
    return observed and counts == [wanted, wanted, wanted]


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """etcd, API server, controllers, scheduler and six simulated nodes in three zones.

    Raises:
        ClusterBroken: one of them did not come up.
    """
    ports = dict(zip(("etcd", "peer", "api", "kcm", "ks", "kwok"), _free_ports(6), strict=True))
    (folder / "kubeconfig").write_text(_CONFIG % ports["api"])
    (folder / "tokens.csv").write_text('admintoken,admin,admin-uid,"system:masters"\n')
    for words in (
        ["genrsa", "-out", "sa.key", "2048"],
        ["rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub"],
    ):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    cluster = Cluster(folder)
    with ExitStack() as parts:
        parts.enter_context(_running(folder, "etcd", _etcd(ports)))
        parts.enter_context(_running(folder, "kube-apiserver", _api_server(ports)))
        cluster.until(lambda: _answers(cluster), "the API server did not come up")
        for name, words in (
            ("kube-controller-manager", _controllers(ports)),
            ("kube-scheduler", _scheduler(ports)),
            ("kwok", _kwok(ports)),
        ):
            parts.enter_context(_running(folder, name, words))
        cluster.kubectl("apply", "--filename", "-", given=json.dumps(_nodes_and_volumes()))
        yield cluster


def _answers(cluster: Cluster) -> bool:
    try:
        return cluster.kubectl("get", "--raw", "/readyz") == "ok"
    except Refused:
        return False


@contextmanager
def _running(folder: Path, name: str, words: Sequence[str]) -> Iterator[None]:
    log = folder / f"{name}.log"
    with log.open("w") as told:
        process = subprocess.Popen(
            [BIN / name, *words],
            cwd=folder,
            stdout=told,
            stderr=told,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        )
        try:
            yield
            if process.poll() is not None:
                raise ClusterBroken(f"{name} ended:\n{log.read_text()[-2000:]}")
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _etcd(ports: Mapping[str, int]) -> list[str]:
    client, peer = (f"http://127.0.0.1:{ports[name]}" for name in ("etcd", "peer"))
    return [
        "--data-dir", "etcd", "--unsafe-no-fsync", "--listen-peer-urls", peer,
        "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
        "--listen-client-urls", client, "--advertise-client-urls", client,
    ]  # fmt: skip


def _api_server(ports: Mapping[str, int]) -> list[str]:
    return [
        "--etcd-servers", f"http://127.0.0.1:{ports['etcd']}", "--secure-port", str(ports["api"]),
        "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--cert-dir", "certs",
        "--service-account-issuer", "https://kubernetes.default.svc",
        "--service-account-key-file", "sa.pub", "--service-account-signing-key-file", "sa.key",
        "--service-cluster-ip-range", "10.96.0.0/16", "--authorization-mode", "RBAC",
        "--token-auth-file", "tokens.csv",
        "--enable-admission-plugins", "NodeRestriction,PodSecurity",
    ]  # fmt: skip


def _controllers(ports: Mapping[str, int]) -> list[str]:
    return [
        "--kubeconfig", "kubeconfig", "--service-account-private-key-file", "sa.key",
        "--bind-address", "127.0.0.1", "--secure-port", str(ports["kcm"]),
        "--leader-elect=false", "--cert-dir", "certs/controllers",
    ]  # fmt: skip


def _scheduler(ports: Mapping[str, int]) -> list[str]:
    return [
        "--kubeconfig", "kubeconfig", "--bind-address", "127.0.0.1", "--leader-elect=false",
        "--secure-port", str(ports["ks"]), "--cert-dir", "certs/scheduler",
    ]  # fmt: skip


def _kwok(ports: Mapping[str, int]) -> list[str]:
    stages = (
        "node/fast/node-initialize.yaml",
        "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
        "pod/fast/pod-ready.yaml",
        "pod/fast/pod-complete.yaml",
        "pod/fast/pod-delete.yaml",
    )
    configs = [word for stage in stages for word in ("--config", str(STAGES / stage))]
    return [
        "--manage-all-nodes", "--kubeconfig", "kubeconfig", "--node-ip", "127.0.0.1",
        "--server-address", f"127.0.0.1:{ports['kwok']}", "--node-lease-duration-seconds", "40",
        *configs,
    ]  # fmt: skip


def _free_ports(count: int) -> list[int]:
    with ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _nodes_and_volumes() -> dict[str, Any]:
    nodes = [_node(zone, number) for zone in ZONES for number in range(NODES_A_ZONE)]
    # what a storage class would make; simulated nodes mount nothing
    volumes = [
        _volume("shared", "20Gi", "ReadWriteMany"),
        _volume("single", "20Gi", "ReadWriteOnce"),
    ]
    volumes += [_volume(f"data-{number}", "10Gi", "ReadWriteOnce") for number in range(2)]
    return {"apiVersion": "v1", "kind": "List", "items": nodes + volumes}


def _node(zone: str, number: int) -> dict[str, Any]:
    name = f"node-{zone}{number}"
    room = {"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "100Gi"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone},
        },
        "status": {"capacity": room, "allocatable": room},
    }


def _volume(name: str, size: str, mode: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": size},
            "accessModes": [mode],
            "hostPath": {"path": f"/nowhere/{name}"},
            "persistentVolumeReclaimPolicy": "Retain",
        },
    }
