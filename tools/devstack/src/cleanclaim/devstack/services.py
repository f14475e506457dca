"""The six services: the settings that each process is given, and the commands that run it."""

import http.client
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from cleanclaim.devstack.errors import StackError, last_lines
from cleanclaim.devstack.keyring import Keyring, service_key
from cleanclaim.devstack.launch import Launch, Launcher
from cleanclaim.devstack.places import cache_folder
from cleanclaim.devstack.ports import LOOPBACK
from cleanclaim.devstack.progress import step

MODULE = "cleanclaim.{service}.main"
READY_PATH = "/healthz/ready"
DATABASE_ROLES = ("app", "relay", "reporter")
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
_CONNECTIONS = (
    ("DATABASE_URL", "app"),
    ("DATABASE_DIRECT_URL", "relay"),
    ("DATABASE_REPORT_URL", "reporter"),
)


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
    """The settings of one service's API and worker, over the caller's own environment."""
    keyring, places = setting.keyring, launcher.places
    own = _own(service)
    told = {
        "PYTHONUNBUFFERED": "1",
        "KAFKA_BOOTSTRAP_SERVERS": setting.kafka_bootstrap,
        "CLEANCLAIM_TRUSTED_KEYS": str(places.trusted_keys),
        "CLEANCLAIM_VAULT_KEY": str(keyring.vault_key),
        "CLEANCLAIM_DEVELOPMENT": "true",
        "CLEANCLAIM_CLOCK_OFFSET_SECONDS": str(setting.clock_offset_seconds),
        "CLEANCLAIM_CLOCK_FILE": str(places.clock),
        f"{own}SIGNING_KEY": str(keyring.private_key(service_key(service))),
        f"{own}MAILBOX_ROOT": str(places.mailbox),
    }
    for name, kind in _CONNECTIONS:
        role = _role(service, kind)
        password = keyring.password(role)
        told[own + name] = role_url(setting.database_url, role=role, password=password)
    told |= {f"CLEANCLAIM_{name.upper()}_URL": url for name, url in setting.urls.items()}
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return _compiled_once(inherited, launcher) | told


def _compiled_once(inherited: dict[str, str], launcher: Launcher) -> dict[str, str]:
    """Keep compiled modules in the cache where the machine keeps none beside the sources.

    Else each of a stack's processes compiles the same thousand modules, for seconds.
    """
    if inherited.pop(NO_BYTECODE, ""):
        cache = cache_folder(launcher.places.folder) / "bytecode"
        inherited.setdefault("PYTHONPYCACHEPREFIX", str(cache))
    return inherited


def migration_environment(service: str, setting: Setting, launcher: Launcher) -> dict[str, str]:
    """What only `migrate` is given besides: the administrator's URL, the roles' passwords."""
    own = _own(service)
    administrator = urlsplit(setting.database_url)._replace(scheme="postgresql")
    passwords = {
        f"{own}{kind.upper()}_PASSWORD": setting.keyring.password(_role(service, kind))
        for kind in DATABASE_ROLES
    }
    return {
        **environment(service, setting, launcher),
        f"{own}MIGRATION_URL": urlunsplit(administrator),
        **passwords,
    }


def _own(service: str) -> str:
    return f"CLEANCLAIM_{service.upper()}_"


def _role(service: str, kind: str) -> str:
    return f"cleanclaim_{service}_{kind}"


def command_of(service: str, setting: Setting, *words: str) -> list[str]:
    return [sys.executable, "-m", setting.module.format(service=service), *words]


def migrate(service: str, setting: Setting, launcher: Launcher) -> None:
    """Run the service's `migrate`: roles, schema and topics; StackError with its log's end."""
    log = launcher.places.log(f"{service}:migrate")
    command = command_of(service, setting, "migrate")
    with step(launcher.say, service, "migrating"), log.open("wb") as output:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=migration_environment(service, setting, launcher),
            cwd=launcher.places.folder,
        )
    if done.returncode != 0:
        raise StackError(f"{service}: migrate failed; the end of {log}:\n{last_lines(log)}")


def launch_of(
    name: str, setting: Setting, launcher: Launcher, *, extra: Mapping[str, str] | None = None
) -> Launch:
    """How to start `service:api` or `service:worker`; `extra` variables go before all others."""
    service, _, role = name.partition(":")
    port = launcher.state.ports[name]
    # A stable name makes the worker a static member of its group: back at once after a crash.
    names = {f"{_own(service)}WORKER_NAME": f"{service}-worker-0"} if role == "worker" else {}
    return Launch(
        name=name,
        command=command_of(service, setting, role, "--port", str(port)),
        environment=environment(service, setting, launcher) | names | dict(extra or {}),
        folder=launcher.places.folder,
        port=port,
        ready=lambda: answers(port),
    )


def answers(port: int) -> bool:
    """Whether the process says over HTTP that it can work."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", READY_PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
