"""Stacks, processes and services as the tests need them."""

import subprocess
import sys
from pathlib import Path

from cleanclaim.devstack.places import Places
from cleanclaim.devstack.processes import TOKEN, Started, start
from cleanclaim.devstack.state import Part

A_TOKEN = "token-of-this-stack"
SLEEPING = "import time; time.sleep(60)"
PARENT_OF_A_STUBBORN_CHILD = f"""
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEPING!r}])
print(child.pid, flush=True)
time.sleep(60)
"""


def a_process(folder: Path, *, program: str = SLEEPING, token: str = A_TOKEN) -> Started:
    """A running process of a stack, its output in `process.log`."""
    return start(
        [sys.executable, "-c", program],
        log=folder / "process.log",
        environment={TOKEN: token},
        folder=folder,
    )


def a_stranger() -> subprocess.Popen[bytes]:
    """A process that no stack started."""
    return subprocess.Popen([sys.executable, "-c", SLEEPING], start_new_session=True)


def a_part(process: Started, *, port: int = 20_000) -> Part:
    return Part(process.pid, process.mark, port, "2026-11-24T09:00:00+00:00")


def places_in(folder: Path) -> Places:
    places = Places(folder / "stack")
    places.make()
    return places


def a_command(folder: Path, *words: str) -> list[str]:
    """`cleanclaim-dev` for the stack in `folder`, as a program of its own."""
    return [sys.executable, "-m", "cleanclaim.devstack.main", "--folder", str(folder), *words]
