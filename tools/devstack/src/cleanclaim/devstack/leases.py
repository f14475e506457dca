"""Who uses a shared stack: one file for each living program, so that the last one can end it."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from cleanclaim.devstack.processes import mark_of
from cleanclaim.devstack.progress import Say
from cleanclaim.devstack.state import locked


@contextlib.contextmanager
def turn(folder: Path, *, say: Say) -> Iterator[None]:
    """Hold the right to come or to go, so that nobody joins a stack that another one ends."""
    with locked(folder / "leases.lock", say=say):
        yield


def take(folder: Path) -> Path:
    """A lease of this very program; remove the file to give it back."""
    leases = folder / "leases"
    leases.mkdir(exist_ok=True, mode=0o700)
    lease = leases / f"{os.getpid()}-{uuid.uuid4().hex}"
    lease.write_text(mark_of(os.getpid()) or "", encoding="ascii")
    return lease


def living(folder: Path) -> list[Path]:
    """The leases whose programs still run; those of ended programs are removed."""
    found = []
    for lease in sorted((folder / "leases").glob("*-*")):
        if mark_of(int(lease.name.partition("-")[0])) == lease.read_text(encoding="ascii"):
            found.append(lease)
        else:
            lease.unlink()
    return found
