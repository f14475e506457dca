"""The six services: the settings that each process is given, and the commands that run it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from cleanclaim.devstack import processes
from cleanclaim.devstack.errors import StackError, last_lines
from cleanclaim.devstack.keyring import Keyring, service_key
from cleanclaim.devstack.launch import Launch, Launcher
from cleanclaim.devstack.ports import LOOPBACK, is_listening
from cleanclaim.devstack.progress import step

MODULE = "cleanclaim.{service}.main"
READY_PATH = "/healthz/ready"
DATABASE_ROLES = ("app", "relay", "reporter")
# A worker that opens no health port in this time, and lives, counts as started.
WORKER_GRACE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Setting:
    """What all services share: where the infrastructure is, the secrets, and every API's port."""

    database_url: str
    kafka_bootstrap: str
    keyring: Keyring
    urls: Mapping[str, str]
    clock_offset_seconds: int
    module: str = MODULE


def role_url(database_url: str, *, role: str, password: str) -> str:
    """The same database for another role."""
    parts = urlsplit(database_url)
    place = parts.netloc.rpartition("@")[2]
    netloc = f"{quote(role)}:{quote(password, safe='')}@{place}"
    return urlunsplit(parts._replace(scheme="postgresql", netloc=netloc))


def environment(service: str, setting: Setting, launcher: Launcher) -> dict[str, str]:
    """The settings of one service's processes, over the caller's own environment."""
    keyring, places = setting.keyring, launcher.places
    own = f"CLEANCLAIM_{service.upper()}_"
    roles = {role: f"cleanclaim_{service}_{role}" for role in DATABASE_ROLES}
    passwords = {role: keyring.password(name) for role, name in roles.items()}
    told = {
        "PYTHONUNBUFFERED": "1",
        "KAFKA_BOOTSTRAP_SERVERS": setting.kafka_bootstrap,
        "CLEANCLAIM_TRUSTED_KEYS": str(places.trusted_keys),
        "CLEANCLAIM_VAULT_KEY": str(keyring.vault_key),
        "CLEANCLAIM_DEVELOPMENT": "true",
        "CLEANCLAIM_CLOCK_OFFSET_SECONDS": str(setting.clock_offset_seconds),
        f"{own}MIGRATION_URL": urlunsplit(
            urlsplit(setting.database_url)._replace(scheme="postgresql")
        ),
        f"{own}SIGNING_KEY": str(keyring.private_key(service_key(service))),
        f"{own}MAILBOX_ROOT": str(places.mailbox),
    }
    for name, role in (("DATABASE_URL", "app"), ("DATABASE_DIRECT_URL", "relay")):
        told[own + name] = role_url(
            setting.database_url, role=roles[role], password=passwords[role]
        )
    told |= {f"{own}{role.upper()}_PASSWORD": word for role, word in passwords.items()}
    told |= {f"CLEANCLAIM_{name.upper()}_URL": url for name, url in setting.urls.items()}
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return inherited | told


def migrate(service: str, setting: Setting, launcher: Launcher) -> None:
    """Run the service's `migrate`: roles, schema and topics; StackError with its log's end."""
    log = launcher.places.log(f"{service}:migrate")
    command = [sys.executable, "-m", setting.module.format(service=service), "migrate"]
    with step(launcher.say, service, "migrating"), log.open("wb") as output:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **environment(service, setting, launcher),
                processes.TOKEN: launcher.state.token,
            },
            cwd=launcher.places.folder,
        )
    if done.returncode != 0:
        raise StackError(f"{service}: migrate failed; the end of {log}:\n{last_lines(log)}")


def launch_of(name: str, setting: Setting, launcher: Launcher) -> Launch:
    """How to start `service:api` or `service:worker`."""
    service, _, role = name.partition(":")
    port = launcher.state.ports[name]
    command = [sys.executable, "-m", setting.module.format(service=service), role]
    told = environment(service, setting, launcher)
    if role == "api":
        command += ["--port", str(port)]
    else:
        told["CLEANCLAIM_WORKER_NAME"] = f"{service}-worker-0"
        told["CLEANCLAIM_HEALTH_PORT"] = str(port)
    return Launch(
        name=name,
        command=command,
        environment=told,
        folder=launcher.places.folder,
        port=port,
        ready=_ready(role, port),
    )


def _ready(role: str, port: int) -> Callable[[], bool]:
    began = time.monotonic()

    def worker_is_ready() -> bool:
        if is_listening(port):
            return is_ready(port)
        return time.monotonic() - began > WORKER_GRACE_SECONDS

    return (lambda: is_ready(port)) if role == "api" else worker_is_ready


def is_ready(port: int) -> bool:
    """Whether the process says over HTTP that it can work."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", READY_PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def answers(name: str, port: int) -> bool:
    """Whether a running process serves; a worker without a health port is taken at its word."""
    return is_ready(port) or (name.endswith(":worker") and not is_listening(port))
