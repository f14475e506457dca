"""The parts below the services, PostgreSQL and Kafka: started side by side, each on a free port."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from cleanclaim.devstack import kafka, ports, postgres
from cleanclaim.devstack.jars import class_path
from cleanclaim.devstack.keyring import Keyring
from cleanclaim.devstack.launch import Launch, Launcher, StoppedWhileStartingError
from cleanclaim.devstack.parts import KAFKA, POSTGRES
from cleanclaim.devstack.places import cache_folder
from cleanclaim.devstack.progress import step
from cleanclaim.devstack.together import together

CONTROLLER = "kafka-controller"
PORT_ATTEMPTS = 3


def start(
    launcher: Launcher,
    keyring: Keyring,
    names: Sequence[str],
    *,
    second: kafka.Second | None = None,
) -> None:
    """Start the named parts side by side; `second` gives Kafka a second way in."""
    starts: dict[str, Callable[[], None]] = {
        POSTGRES: lambda: _start_postgres(launcher, keyring.password(postgres.ADMINISTRATOR)),
        KAFKA: lambda: _start_kafka(launcher, second),
    }
    actions = [starts[name] for name in names]
    together(actions, at_once=len(starts), cancelled=launcher.cancelled)


def _start_postgres(launcher: Launcher, password: str) -> None:
    cluster = postgres.prepare(launcher.places)
    fast = launcher.state.fast
    if not cluster.exists:
        with step(launcher.say, POSTGRES, f"making a cluster in {cluster.data}"):
            cluster.create(password=password, fast=fast)

    cluster.forget_crash()

    def launch(port: int, *, fresh: bool) -> Launch:  # noqa: ARG001  (the broker needs to know)
        return Launch(
            name=POSTGRES,
            command=cluster.command(port=port, fast=fast),
            environment=postgres.environment(),
            folder=Path("/"),
            port=port,
            ready=lambda: postgres.answers(port),
            user=cluster.user,
        )

    _on_a_free_port(launcher, POSTGRES, launch)


def make_database(launcher: Launcher, keyring: Keyring) -> None:
    """Make the database where it is missing, by an interrupted first start also."""
    port = launcher.state.parts[POSTGRES].port
    postgres.make_database(port=port, password=keyring.password(postgres.ADMINISTRATOR))


def _start_kafka(launcher: Launcher, second: kafka.Second | None) -> None:
    folder = launcher.places.kafka
    classes = class_path(cache_folder(launcher.places.folder), say=launcher.say)

    def launch(port: int, *, fresh: bool) -> Launch:
        controller = launcher.port(CONTROLLER, fresh=fresh)
        command = kafka.prepare(
            folder=folder,
            classes=classes,
            port=port,
            controller_port=controller,
            second=second,
        )
        return Launch(
            name=KAFKA,
            command=command,
            environment=kafka.environment(),
            folder=folder,
            port=port,
            ready=lambda: kafka.answers(port),
        )

    _on_a_free_port(launcher, KAFKA, launch)


class _LaunchOnPort(Protocol):
    def __call__(self, port: int, *, fresh: bool) -> Launch: ...


def _on_a_free_port(launcher: Launcher, name: str, launch: _LaunchOnPort) -> None:
    """Start, and again elsewhere where another program took the port in between."""
    for attempt in range(1, PORT_ATTEMPTS + 1):
        fresh = attempt > 1
        port = launcher.port(name, fresh=fresh)
        try:
            launcher.run(launch(port, fresh=fresh))
        except StoppedWhileStartingError:
            if attempt == PORT_ATTEMPTS or ports.is_free(port):
                raise
        else:
            return


def answers(name: str, port: int) -> bool:
    """Whether a started part serves: the protocol's own question, not a mere open port."""
    return kafka.answers(port) if name == KAFKA else postgres.answers(port)
