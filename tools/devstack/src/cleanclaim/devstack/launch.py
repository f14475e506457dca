"""The start of one part: recorded at once, watched until it answers, a crash told with its log."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleanclaim.devstack import processes
from cleanclaim.devstack.errors import StackError, last_lines
from cleanclaim.devstack.places import Places
from cleanclaim.devstack.ports import free_port
from cleanclaim.devstack.progress import Say, step
from cleanclaim.devstack.state import Part, State

POLL_SECONDS = 0.05


class StoppedWhileStartingError(StackError):
    """The process ended before it answered."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start under a name, and how to see that it serves."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    port: int
    ready: Callable[[], bool]
    user: int | None = None


class Launcher:
    """Starts parts of one stack; safe to use from several threads."""

    def __init__(self, places: Places, state: State, say: Say) -> None:
        self.places = places
        self.state = state
        self.say = say
        self.cancelled = threading.Event()
        self._writing = threading.Lock()

    def port(self, name: str, *, fresh: bool = False) -> int:
        """The port of a part: the one that it had, where it is free, else a new one."""
        with self._writing:
            remembered = None if fresh else self.state.ports.get(name)
            others = {port for other, port in self.state.ports.items() if other != name}
            self.state.ports[name] = free_port(remembered=remembered, taken=others)
            return self.state.ports[name]

    def start(self, launch: Launch) -> None:
        """Start and record; the record is on disk before anything is waited for."""
        process = processes.start(
            launch.command,
            log=self.places.log(launch.name),
            environment={**launch.environment, processes.TOKEN: self.state.token},
            folder=launch.folder,
            user=launch.user,
        )
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._writing:
            self.state.parts[launch.name] = Part(process.pid, process.mark, launch.port, now)
            self.state.write(self.places.state)

    def wait(self, name: str, ready: Callable[[], bool], *, seconds: float = 120) -> None:
        """Until it answers; StackError with the log's end where it stops or stays silent."""
        started = self.state.parts[name].started
        deadline = time.monotonic() + seconds
        log = self.places.log(name)
        while not ready():
            if self.cancelled.is_set():
                raise StackError(f"{name}: interrupted while it started")
            if not processes.is_running(started):
                raise StoppedWhileStartingError(
                    f"{name} stopped while starting; the end of {log}:\n{last_lines(log)}"
                )
            if time.monotonic() > deadline:
                raise StackError(
                    f"{name} runs but did not answer within {seconds:.0f} s, "
                    f"`cleanclaim-dev restart {name}` starts it anew; "
                    f"the end of {log}:\n{last_lines(log)}"
                )
            time.sleep(POLL_SECONDS)

    def run(self, launch: Launch) -> None:
        with step(self.say, launch.name, f"starting on port {launch.port}"):
            self.start(launch)
            self.wait(launch.name, launch.ready)
