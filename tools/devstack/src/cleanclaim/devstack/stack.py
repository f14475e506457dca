"""One local stack as an object: for the command, for tests' fixtures and for the demonstration."""

import contextlib
import datetime as dt
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import MappingProxyType

from cleanclaim.devstack import addresses, infrastructure, leases, postgres, processes, services
from cleanclaim.devstack.addresses import Addresses
from cleanclaim.devstack.errors import StackError, last_lines
from cleanclaim.devstack.kafka import Second
from cleanclaim.devstack.keyring import AUDIENCE, Keyring
from cleanclaim.devstack.launch import Launcher
from cleanclaim.devstack.parts import (
    INFRASTRUCTURE,
    KAFKA,
    POSTGRES,
    SERVICES,
    parts_named,
    service_parts,
)
from cleanclaim.devstack.places import Places, checkout, state_folder
from cleanclaim.devstack.progress import Say, silent
from cleanclaim.devstack.services import Setting
from cleanclaim.devstack.state import State, locked
from cleanclaim.devstack.together import together
from cleanclaim.devstack.watch import PartStatus, answers, look_at

ONLY_INFRASTRUCTURE = "infrastructure"
STOP_SECONDS = 20
MIGRATIONS_AT_ONCE = 2
Extra = Mapping[str, Mapping[str, str]]
"""Further variables by the part that is given them."""


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

    @classmethod
    def for_tests(cls, *, runner: str = "", say: Say = silent) -> "Stack":
        """The checkout's stack for tests, beside the developer's own; use it by `shared`.

        Args:
            runner: which of several test programs that must not meet each other's faults.
            say: takes each line of progress.
        """
        return cls(checkout() / ".stack" / f"tests{runner and '-'}{runner}", say=say)

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
        chosen = () if only == ONLY_INFRASTRUCTURE else tuple(services or SERVICES)
        self.places.make()
        with locked(self.places.lock, say=self._say):
            state = State.read(self.places.state)
            addresses.take_outside(state)
            self._forget_crashed(state)
            self._set_clock(state, virtual_now)
            state.fast = state.fast or fast
            state.write(self.places.state)
            self._keyring.fill(SERVICES)
            wanted = _wanted(state, chosen)
            missing = [name for name in wanted if name not in state.parts]
            self._await_started(state, [name for name in wanted if name in state.parts])
            self._start(state, missing)
            return bool(missing)

    def _await_started(self, state: State, names: Sequence[str]) -> None:
        # An `up` that was interrupted may have left them on their way.
        launcher = Launcher(self.places, state, self._say)
        for name in names:
            launcher.wait(name, partial(answers, name, state.parts[name].port))

    @contextlib.contextmanager
    def shared(
        self, *, only: str | None = ONLY_INFRASTRUCTURE, services: Sequence[str] | None = None
    ) -> Iterator["Stack"]:
        """A stack for several test programs at once: the first starts it, the last removes it.

        What a killed program left running is taken over by the next one.
        """
        self.places.make()
        with leases.turn(self.places.folder, say=self._say):
            lease = leases.take(self.places.folder)
            self.up(only=only, services=services, fast=True)
        try:
            yield self
        finally:
            with leases.turn(self.places.folder, say=self._say):
                lease.unlink(missing_ok=True)
                if not leases.living(self.places.folder):
                    self.down(purge=True)

    def _set_clock(self, state: State, virtual_now: dt.datetime | None) -> None:
        if virtual_now is None:
            return
        if virtual_now.tzinfo is None:
            raise StackError("the virtual time needs a time zone, as in 2026-03-02T09:00:00Z")
        state.clock_offset_seconds = int((virtual_now - dt.datetime.now(dt.UTC)).total_seconds())
        # services read this file again when it changes, so a day passes without a restart
        self.places.clock.write_text(str(state.clock_offset_seconds))

    def set_clock(self, virtual_now: dt.datetime) -> None:
        """Move the clock of all services, running ones too.

        Raises:
            StackError: the instant has no time zone.
        """
        with locked(self.places.lock, say=self._say):
            state = State.read(self.places.state)
            self._set_clock(state, virtual_now)
            state.write(self.places.state)

    def _forget_crashed(self, state: State) -> None:
        for name, part in list(state.parts.items()):
            if not processes.is_running(part.started):
                log = self.places.log(name)
                self._say(f"{name:<20} had stopped; the end of {log}:\n{last_lines(log)}")
                self._stop(state, [name])

    def _start(
        self,
        state: State,
        names: Sequence[str],
        *,
        migrate: bool = True,
        extra: Extra = MappingProxyType({}),
        second: Second | None = None,
    ) -> None:
        launcher = Launcher(self.places, state, self._say)
        below = [name for name in names if name in INFRASTRUCTURE]
        infrastructure.start(launcher, self._keyring, below, second=second)
        if POSTGRES in state.parts:
            infrastructure.make_database(launcher, self._keyring)
        above = [name for name in names if name not in INFRASTRUCTURE]
        if above:
            self._start_services(launcher, above, migrate=migrate, extra=extra)

    def _start_services(
        self, launcher: Launcher, names: Sequence[str], *, migrate: bool, extra: Extra
    ) -> None:
        for name in service_parts(SERVICES):
            if name not in launcher.state.parts:
                launcher.port(name)
        setting = self._setting(launcher.state)
        if migrate:
            one_each = dict.fromkeys(name.partition(":")[0] for name in names)
            migrations = [partial(services.migrate, one, setting, launcher) for one in one_each]
            together(migrations, at_once=MIGRATIONS_AT_ONCE, cancelled=launcher.cancelled)
        starts = [
            partial(
                launcher.run, services.launch_of(name, setting, launcher, extra=extra.get(name))
            )
            for name in names
        ]
        together(starts, at_once=len(starts), cancelled=launcher.cancelled)

    def _setting(self, state: State) -> Setting:
        told = Addresses(state, self._keyring)
        return Setting(
            database_url=told.database_url,
            kafka_bootstrap=told.kafka_bootstrap,
            keyring=self._keyring,
            urls=told.urls,
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
            self._stop(state, [name for name in stopped if name not in INFRASTRUCTURE])
            self._stop(state, list(state.parts))
            if purge:
                self._purge()
        return stopped

    def _stop(self, state: State, names: Sequence[str]) -> None:
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
        for asking in (signal.SIGTERM, signal.SIGINT):
            asked = [name for name in names if (name == POSTGRES) == (asking == signal.SIGINT)]
            processes.stop(
                [state.parts[name].started for name in asked],
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

    def restart(
        self,
        *wanted: str,
        extra: Extra = MappingProxyType({}),
        second: Second | None = None,
    ) -> list[str]:
        """Stop and start parts (`kafka`, `intake:worker`) or both of a service (`intake`).

        `extra` gives single parts variables until their next start, such as a fail point;
        `second` gives Kafka a second way in until its next start, for a proxy before it.
        """
        names = [name for one in wanted for name in parts_named(one)]
        with locked(self._existing_lock(), say=self._say):
            state = State.read(self.places.state)
            if elsewhere := set(names) - set(_wanted(state, SERVICES)):
                raise StackError(
                    f"{', '.join(sorted(elsewhere))} runs elsewhere, as the environment told;"
                    " restart it there"
                )
            self._stop(state, [part for part in names if part in state.parts])
            self._start(state, names, migrate=False, extra=extra, second=second)
        return names

    def fallen(self) -> list[str]:
        """Parts that were started and run no more, though nobody stopped them."""
        parts = self._state().parts
        return [name for name, part in parts.items() if not processes.is_running(part.started)]

    @contextlib.contextmanager
    def beside(self, service: str, role: str, *, name: str) -> Iterator[None]:
        """A further worker or API of a service, under a name of its own, while the block runs."""
        state = self._state()
        setting = self._setting(state)
        launcher = Launcher(self.places, state, self._say)
        own = {f"CLEANCLAIM_{service.upper()}_WORKER_NAME": name}
        further = processes.start(
            services.command_of(service, setting, role),
            log=self.places.log(name),
            environment=services.environment(service, setting, launcher) | own,
            folder=self.places.folder,
        )
        try:
            yield
        finally:
            processes.stop(
                [further], asking=signal.SIGTERM, seconds=STOP_SECONDS, token=state.token
            )

    def signal(self, name: str, number: signal.Signals) -> None:
        """Signal a part's whole group, for tests of faults; StackError where it does not run."""
        parts = self._state().parts
        for part in parts_named(name):
            if part not in parts or not processes.send(parts[part].started, number):
                raise StackError(f"{part} does not run; nothing was signalled")

    def status(self) -> list[PartStatus]:
        """Every part that was started and not stopped, as it is found now."""
        parts = self._state().parts
        with ThreadPoolExecutor(max(1, len(parts))) as pool:
            looks = [
                pool.submit(look_at, name, part, self.places.log(name))
                for name, part in sorted(parts.items())
            ]
            return [look.result() for look in looks]

    def run(self, service: str, *words: str) -> int:
        """Run a command of a service (`openapi`, `parked … ls`) with the service's own settings."""
        state = self._state()
        setting = self._setting(state)
        launcher = Launcher(self.places, state, self._say)
        told = services.migration_environment(service, setting, launcher)
        command = services.command_of(service, setting, *words)
        return subprocess.run(command, check=False, env=told).returncode

    @property
    def database_url(self) -> str:
        """The administrator's URL; the services have roles of their own."""
        return Addresses(self._state(), self._keyring).database_url

    @property
    def kafka_bootstrap(self) -> str:
        return Addresses(self._state(), self._keyring).kafka_bootstrap

    @property
    def urls(self) -> dict[str, str]:
        """Each service's API by the service's name."""
        return Addresses(self._state(), self._keyring).urls

    @property
    def clock_offset_seconds(self) -> int:
        return self._state().clock_offset_seconds

    def environment(self) -> dict[str, str]:
        """What a program outside the stack needs to speak with it."""
        return Addresses(self._state(), self._keyring).exports(self.places)

    def token(
        self,
        *,
        organization_id: str | None = None,
        scope: str = "",
        subject: str = "developer",
        minutes: int = 60,
        audience: str = AUDIENCE,
    ) -> str:
        """A token by the development issuer, whose key is made where there is none yet."""
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


def _wanted(state: State, chosen: Sequence[str]) -> list[str]:
    wanted = [] if state.outside_database_url else [POSTGRES]
    wanted += [] if state.outside_kafka else [KAFKA]
    return wanted + service_parts(chosen)
