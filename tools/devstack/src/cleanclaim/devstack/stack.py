"""One local stack as an object: for the command, for tests' fixtures and for the demonstration."""

import datetime as dt
import os
import shutil
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from cleanclaim.devstack import infrastructure, postgres, processes, services
from cleanclaim.devstack.errors import StackError, last_lines
from cleanclaim.devstack.infrastructure import KAFKA, POSTGRES
from cleanclaim.devstack.keyring import AUDIENCE, Keyring
from cleanclaim.devstack.launch import Launcher
from cleanclaim.devstack.places import Places, state_folder
from cleanclaim.devstack.ports import LOOPBACK, is_listening
from cleanclaim.devstack.progress import Say, silent
from cleanclaim.devstack.services import SERVICES, Setting, service_parts
from cleanclaim.devstack.state import Part, State, locked

INFRASTRUCTURE = "infrastructure"
STOP_SECONDS = 20
MIGRATIONS_AT_ONCE = 2
RUNNING, SILENT, CRASHED = "running", "silent", "crashed"


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part as it is found: `running`, `silent` (lives, does not answer) or `crashed`."""

    name: str
    state: str
    pid: int
    port: int
    started_at: str
    log: Path


class Stack:
    """A stack in a folder. Methods that change it hold the folder's lock, so two never collide."""

    def __init__(self, folder: Path, *, say: Say = silent, module: str = services.MODULE) -> None:
        self.places = Places(folder.absolute())
        self._say = say
        self._module = module
        self._keyring = Keyring(self.places)

    @classmethod
    def at(cls, folder: Path | None = None, *, say: Say = silent) -> "Stack":
        """The stack in `folder`, else in the checkout's own state folder."""
        return cls(folder or state_folder(), say=say)

    def up(
        self,
        *,
        only: str | None = None,
        services: Sequence[str] | None = None,
        virtual_now: dt.datetime | None = None,
        fast: bool = False,
    ) -> bool:
        """Start what is not running; False where all of it already was.

        Args:
            only: `infrastructure` starts PostgreSQL and Kafka and no service.
            services: which services, all six unless told.
            virtual_now: what the services' clock shall say now, with a time zone.
            fast: PostgreSQL without fsync, for throw-away stacks of tests.

        Raises:
            StackError: a part did not start; what started before it keeps running.
        """
        chosen = () if only == INFRASTRUCTURE else tuple(services or SERVICES)
        self.places.make()
        with locked(self.places.lock, say=self._say):
            state = State.read(self.places.state)
            state.fast = state.fast or fast
            _set_clock(state, virtual_now)
            self._take_outside(state)
            self._forget_crashed(state)
            self._keyring.fill(SERVICES)
            launcher = Launcher(self.places, state, self._say)
            missing = [name for name in self._wanted(state, chosen) if name not in state.parts]
            self._start(launcher, missing)
            state.write(self.places.state)
            return bool(missing)

    def _wanted(self, state: State, chosen: Sequence[str]) -> list[str]:
        wanted = [] if state.outside_database_url else [POSTGRES]
        wanted += [] if state.outside_kafka else [KAFKA]
        return wanted + service_parts(chosen)

    def _take_outside(self, state: State) -> None:
        state.outside_database_url = os.environ.get("DATABASE_URL") or None
        state.outside_kafka = os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or None
        for name, url in (
            ("DATABASE_URL", state.outside_database_url),
            ("KAFKA_BOOTSTRAP_SERVERS", state.outside_kafka),
        ):
            if url is not None:
                _check_outside(name, url)

    def _forget_crashed(self, state: State) -> None:
        for name, part in list(state.parts.items()):
            if not processes.is_running(part.process):
                log = self.places.log(name)
                self._say(f"{name:<20} had stopped; the end of {log}:\n{last_lines(log)}")
                processes.stop([part.process], asking=signal.SIGKILL, seconds=0, token=state.token)
                del state.parts[name]

    def _start(self, launcher: Launcher, missing: Sequence[str]) -> None:
        below = {name for name in missing if name in (POSTGRES, KAFKA)}
        infrastructure.start(launcher, self._keyring, below)
        above = [name for name in missing if name not in below]
        if not above:
            return
        for name in service_parts(SERVICES):
            if name not in launcher.state.parts:
                launcher.port(name)
        setting = self._setting(launcher.state)
        with ThreadPoolExecutor(MIGRATIONS_AT_ONCE) as pool:
            names = dict.fromkeys(name.partition(":")[0] for name in above)
            list(pool.map(lambda one: services.migrate(one, setting, launcher), names))
        launches = [services.launch_of(name, setting, launcher) for name in above]
        with ThreadPoolExecutor(len(launches)) as pool:
            list(pool.map(launcher.run, launches))

    def _setting(self, state: State) -> Setting:
        return Setting(
            database_url=self._database_url(state),
            kafka_bootstrap=_kafka_bootstrap(state),
            keyring=self._keyring,
            urls=_urls(state),
            clock_offset_seconds=state.clock_offset_seconds,
            module=self._module,
        )

    def down(self, *, purge: bool = False) -> list[str]:
        """Stop every part, services first; answer their names. `purge` also removes all data."""
        if not self.places.folder.exists():
            return []
        self.places.make()
        with locked(self.places.lock, say=self._say):
            state = State.read(self.places.state)
            stopped = list(state.parts)
            self._stop(state, [name for name in stopped if name not in (POSTGRES, KAFKA)])
            self._stop(state, list(state.parts))
            if purge:
                self._purge()
        return stopped

    def _stop(self, state: State, names: Sequence[str]) -> None:
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
        for asking in (signal.SIGTERM, signal.SIGINT):
            asked = [name for name in names if (name == POSTGRES) == (asking == signal.SIGINT)]
            processes.stop(
                [state.parts[name].process for name in asked],
                asking=asking,
                seconds=STOP_SECONDS,
                token=state.token,
            )
            for name in asked:
                del state.parts[name]
        state.write(self.places.state)

    def _purge(self) -> None:
        postgres.remove_data(self.places)
        for folder in (self.places.kafka, self.places.mailbox, self.places.secrets):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.places.state, self.places.trusted_keys):
            file.unlink(missing_ok=True)

    def restart(self, name: str) -> list[str]:
        """Stop and start a part (`kafka`, `intake:worker`) or both of a service (`intake`)."""
        with locked(self._existing_lock(), say=self._say):
            state = State.read(self.places.state)
            names = _parts_named(name)
            self._stop(state, [part for part in names if part in state.parts])
            self._start(Launcher(self.places, state, self._say), names)
            state.write(self.places.state)
            return names

    def signal(self, name: str, number: signal.Signals) -> None:
        """Signal a part's whole group, for tests of faults; StackError where it does not run."""
        state = self._state()
        for part in _parts_named(name):
            if part not in state.parts or not processes.send(state.parts[part].process, number):
                raise StackError(f"{part} does not run; nothing was signalled")

    def status(self) -> list[PartStatus]:
        """Every part that was started and not stopped, as it is found now."""
        parts = self._state().parts
        with ThreadPoolExecutor(max(1, len(parts))) as pool:
            return list(pool.map(lambda item: self._found(*item), sorted(parts.items())))

    def _found(self, name: str, part: Part) -> PartStatus:
        found = CRASHED
        if processes.is_running(part.process):
            found = RUNNING if _answers(name, part.port) else SILENT
        log = self.places.log(name)
        return PartStatus(name, found, part.pid, part.port, part.started_at, log)

    @property
    def database_url(self) -> str:
        """The administrator's URL; the services have roles of their own."""
        return self._database_url(self._state())

    @property
    def kafka_bootstrap(self) -> str:
        return _kafka_bootstrap(self._state())

    @property
    def urls(self) -> dict[str, str]:
        """Each service's API by the service's name."""
        return _urls(self._state())

    @property
    def trusted_keys(self) -> Path:
        """The JWKS file of every public key that the services trust."""
        return self.places.trusted_keys

    def environment(self) -> dict[str, str]:
        """What a program outside the stack needs to speak with it."""
        state = self._state()
        urls = {f"CLEANCLAIM_{name.upper()}_URL": url for name, url in _urls(state).items()}
        return {
            "DATABASE_URL": self._database_url(state),
            "KAFKA_BOOTSTRAP_SERVERS": _kafka_bootstrap(state),
            "CLEANCLAIM_TRUSTED_KEYS": str(self.places.trusted_keys),
            "CLEANCLAIM_MAILBOX_ROOT": str(self.places.mailbox),
            "CLEANCLAIM_CLOCK_OFFSET_SECONDS": str(state.clock_offset_seconds),
            **urls,
        }

    def token(
        self,
        *,
        organization_id: str | None = None,
        scope: str = "",
        subject: str = "developer",
        minutes: int = 60,
        audience: str = AUDIENCE,
    ) -> str:
        """A token by the development issuer; see `Keyring.token`."""
        self.places.make()
        with locked(self.places.lock, say=self._say):
            self._keyring.fill(SERVICES)
        return self._keyring.token(
            organization_id=organization_id,
            scope=scope,
            subject=subject,
            minutes=minutes,
            audience=audience,
        )

    def _state(self) -> State:
        return State.read(self.places.state)

    def _existing_lock(self) -> Path:
        if not self.places.state.exists():
            raise StackError(f"no stack was started in {self.places.folder}")
        return self.places.lock

    def _database_url(self, state: State) -> str:
        if state.outside_database_url:
            return state.outside_database_url
        port = _port_of(state, POSTGRES)
        password = quote(self._keyring.password(postgres.ADMINISTRATOR), safe="")
        place = f"{LOOPBACK}:{port}/{postgres.DATABASE}"
        return f"postgresql://{postgres.ADMINISTRATOR}:{password}@{place}"


def _kafka_bootstrap(state: State) -> str:
    return state.outside_kafka or f"{LOOPBACK}:{_port_of(state, KAFKA)}"


def _urls(state: State) -> dict[str, str]:
    ports = {service: state.ports.get(f"{service}:api") for service in SERVICES}
    return {service: f"http://{LOOPBACK}:{port}" for service, port in ports.items() if port}


def _port_of(state: State, name: str) -> int:
    if name not in state.parts:
        raise StackError(f"{name} was not started; run cleanclaim-dev up")
    return state.parts[name].port


def _parts_named(name: str) -> list[str]:
    known = [POSTGRES, KAFKA, *service_parts(SERVICES)]
    parts = [part for part in known if name in (part, part.partition(":")[0])]
    if not parts:
        raise StackError(f"{name} is no part of the stack; parts are {', '.join(known)}")
    return parts


def _answers(name: str, port: int) -> bool:
    if name in (POSTGRES, KAFKA):
        return infrastructure.answers(name, port)
    return services.answers(name, port)


def _set_clock(state: State, virtual_now: dt.datetime | None) -> None:
    if virtual_now is None:
        return
    if virtual_now.tzinfo is None:
        raise StackError("the virtual time needs a time zone, as in 2026-03-02T09:00:00Z")
    state.clock_offset_seconds = int((virtual_now - dt.datetime.now(dt.UTC)).total_seconds())


def _check_outside(name: str, url: str) -> None:
    """StackError where nothing listens at an address from the environment."""
    first = url.split(",", maxsplit=1)[0]
    parts = urlsplit(first if "://" in first else f"//{first}")
    default = 5432 if name == "DATABASE_URL" else 9092
    host, port = parts.hostname or LOOPBACK, parts.port or default
    if not is_listening(port, host):
        raise StackError(f"{name} is set, but nothing answers at {host}:{port}")
