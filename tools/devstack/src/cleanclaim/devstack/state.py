"""What one stack remembers between commands: its parts, its ports and how it was asked to run."""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.processes import Started
from cleanclaim.devstack.progress import Say

FORMAT = 1


@dataclass(slots=True)
class Part:
    """One started process of the stack; `started_at` is an ISO instant in UTC."""

    pid: int
    mark: str
    port: int
    started_at: str

    @property
    def started(self) -> Started:
        return Started(self.pid, self.mark)


@dataclass(slots=True)
class State:
    """The state file's content; URLs are kept only where they came from outside."""

    token: str = field(default_factory=lambda: secrets.token_hex(16))
    parts: dict[str, Part] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    clock_offset_seconds: int = 0
    fast: bool = False
    outside_database_url: str | None = None
    outside_kafka: str | None = None

    @classmethod
    def read(cls, path: Path) -> "State":
        """The remembered state, an empty one where there is none; StackError where it is torn."""
        try:
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except ValueError as trouble:
            message = f"{path} is not readable ({trouble}); remove it and start again"
            raise StackError(message) from trouble
        if told.pop("format", None) != FORMAT:
            raise StackError(f"{path} was written by another version; remove it and start again")
        parts = {name: Part(**part) for name, part in told.pop("parts").items()}
        return cls(parts=parts, **told)

    def write(self, path: Path) -> None:
        """Replace the file in one step, readable by its owner alone."""
        fresh = path.with_name(path.name + ".new")
        write_secret(fresh, json.dumps({"format": FORMAT, **asdict(self)}, indent=2).encode())
        fresh.replace(path)


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


@contextlib.contextmanager
def locked(path: Path, *, say: Say) -> Iterator[None]:
    """Hold `path` as a lock between programs; say so where another one holds it."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{'waiting':<20} another cleanclaim-dev is at work in {path.parent}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
