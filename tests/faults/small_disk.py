"""The database's folder on a disk of its own, small enough to be filled; root mounts it."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import asynccontextmanager
from pathlib import Path

from cleanclaim.devstack import postgres

SLACK_BYTES = 160 * 1024 * 1024
"""Room for a day's business and its write-ahead log."""
BALLOON_STEP = bytes(1024 * 1024)
REFILL_SECONDS = 0.01


def may_mount() -> bool:
    """Whether this user may mount a disk that lies in memory."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        if os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


class SmallDisk:
    """What is left of the room on it can be taken away and given back."""

    def __init__(self, folder: Path) -> None:
        self._balloon = folder / "balloon"
        self._filling: threading.Thread | None = None
        self._enough = threading.Event()

    def fill(self) -> None:
        """Leave not one byte, and take what the server lets go, until `free`."""
        self._fill_once()
        self._filling = threading.Thread(target=self._go_on, daemon=True)
        self._filling.start()

    def _go_on(self) -> None:
        while not self._enough.wait(REFILL_SECONDS):
            self._fill_once()

    def _fill_once(self) -> None:
        with self._balloon.open("ab", buffering=0) as file:
            step = BALLOON_STEP
            while step:
                try:
                    file.write(step)
                except OSError:
                    step = step[: len(step) // 2]

    def free(self) -> None:
        self._enough.set()
        if self._filling is not None:
            self._filling.join()
        self._balloon.unlink(missing_ok=True)


@asynccontextmanager
async def on_small_disk(system):
    """PostgreSQL moved to a small disk while the block runs, and back to where it lay after it."""
    data = postgres.prepare(system.places).data
    aside = data.with_name("data-aside")
    await _stopped(system)
    data.rename(aside)
    data.mkdir(mode=0o700)
    disk = SmallDisk(data)
    try:
        _mount(data, like=aside)
        _copy(aside, data)
        shutil.rmtree(aside)
        await asyncio.to_thread(system.restart, "postgres")
        yield disk
    finally:
        disk.free()
        await _stopped(system)
        _moved_back(data, aside)
        await asyncio.to_thread(system.restart, "postgres")


def _moved_back(data: Path, aside: Path) -> None:
    _copy(data, aside)
    subprocess.run(["umount", data], check=True)
    data.rmdir()
    aside.rename(data)


async def _stopped(system) -> None:
    if "postgres" not in system.fallen():
        system.signal("postgres", signal.SIGINT)
        while "postgres" not in system.fallen():  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(0.1)


def _mount(folder: Path, *, like: Path) -> None:
    owner = like.stat()
    used = sum(file.lstat().st_size for file in like.rglob("*") if not file.is_dir())
    size = 2 * 4096 * len(list(like.rglob("*"))) + used + SLACK_BYTES
    options = f"size={size},mode=0700,uid={owner.st_uid},gid={owner.st_gid}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def _copy(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True, mode=0o700)
    subprocess.run(["cp", "-a", f"{source}/.", target], check=True)
