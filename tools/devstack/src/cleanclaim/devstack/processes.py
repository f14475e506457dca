"""Processes in groups of their own: start, recognise after a restart of anything, signal, stop."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

TOKEN = "CLEANCLAIM_STACK_TOKEN"  # noqa: S105  (the name of a variable)
POLL_SECONDS = 0.05

# Children of this very program, kept so that they are reaped and never left as zombies.
_children: set[int] = set()


@dataclass(frozen=True, slots=True)
class Started:
    """A process as it can be found again: its id, and the mark that a reused id cannot have."""

    pid: int
    mark: str


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path,
    user: int | None = None,
) -> Started:
    """Start `command` as the leader of a new session, writing to `log`; the last log is kept."""
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            **as_user(user),
        )
    _children.add(child.pid)
    # It outlives this program on purpose: `Popen` shall not warn of that, and `_reap` waits for it.
    child.returncode = 0
    return Started(child.pid, mark_of(child.pid) or "gone")


class AsUser(TypedDict, total=False):
    """The arguments of `subprocess` that drop to another uid, its groups included."""

    user: int
    group: int
    extra_groups: list[int]


def as_user(user: int | None) -> AsUser:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def mark_of(pid: int) -> str | None:
    """What tells this process from a later one with the same id; None where it does not run.

    On Linux the machine's boot and the start in ticks since then, which no change of the wall
    clock moves; elsewhere the start as `ps` tells it.
    """
    _reap(pid)
    if sys.platform != "linux":
        return _mark_by_ps(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    state, threads, started = fields[0], int(fields[17]), fields[19]
    # a dead leader whose threads are still ending holds its files and ports open
    return None if state in "ZX" and threads <= 1 else f"{boot}:{started}"


def _mark_by_ps(pid: int) -> str | None:
    told = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
    )
    state, _, started = told.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def _reap(pid: int) -> None:
    if pid in _children and os.waitpid(pid, os.WNOHANG)[0] == pid:
        _children.remove(pid)


def is_running(process: Started) -> bool:
    return mark_of(process.pid) == process.mark


def send(process: Started, number: signal.Signals) -> bool:
    """Signal the whole group, only where its leader is still the process that was started."""
    if not is_running(process):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    return True


def stop(
    processes: Iterable[Started],
    *,
    asking: signal.Signals,
    seconds: float,
    token: str,
) -> None:
    """Ask all to end, wait for them together, then end what is left, orphans of a group too."""
    every = list(processes)
    for process in every:
        send(process, asking)
    deadline = time.monotonic() + seconds
    while any(is_running(process) for process in every) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    for process in every:
        if not send(process, signal.SIGKILL):
            _end_orphans(process.pid, token)
    while any(is_running(process) for process in every):
        time.sleep(POLL_SECONDS)


def _end_orphans(group: int, token: str) -> None:
    """End what a dead leader left in its group, where its environment names this stack.

    Where no `/proc` tells the environment, nothing is ended: better a left process than a
    stranger's.
    """
    for pid in _group_members(group):
        with contextlib.suppress(OSError):
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            if f"{TOKEN}={token}".encode() in environment:
                os.kill(pid, signal.SIGKILL)


def _group_members(group: int) -> list[int]:
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(entry.name)) == group:
                members.append(int(entry.name))
    return members
