"""The forge as a test uses it: starts workers, kills and stops them, and ends what is left."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.testing import ServiceUnderTest, role_url

ROLES = Roles.of("toy")


class Forge:
    """Real processes of the toy service."""

    def __init__(self, service: ServiceUnderTest, bootstrap: str) -> None:
        self._service = service
        self._bootstrap = bootstrap
        self._left: list[int] = []
        self._program = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forge.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, role: str, **order: Any) -> int:
        """A consumer or relay; `die_at` and `skip` name a fail point, `stop_at` one to hang at."""
        right = ROLES.relay if role == "relay" else ROLES.app
        order |= {
            "role": role,
            "bootstrap": self._bootstrap,
            "database_url": role_url(self._service.admin_url, right),
        }
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        pid = int(self._program.stdout.readline())
        self._left.append(pid)
        return pid

    def send(self, pid: int, number: signal.Signals) -> None:
        """Signal a worker; one that is gone already is none the worse for it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    @staticmethod
    def state(pid: int) -> str:
        """The letter of the process table: S sleeps, R runs, T stopped; empty where it is gone."""
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return ""

    async def gone(self, pid: int, *, seconds: float) -> bool:
        """Whether it ended within so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.state(pid):  # noqa: ASYNC110 - the kernel tells nobody
                    await asyncio.sleep(0.02)
                return True
        return False

    async def stopped(self, pid: int) -> None:
        """Return when it has stopped itself."""
        async with asyncio.timeout(60):
            while self.state(pid) != "T":
                assert self.state(pid), "the worker ended instead of stopping"
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        """End every worker in good order; what does not go is killed."""
        for number, seconds in (
            (signal.SIGCONT, 0.0),
            (signal.SIGTERM, 20.0),
            (signal.SIGKILL, 5.0),
        ):
            for pid in self._left:
                self.send(pid, number)
            if seconds:
                for pid in self._left:
                    await self.gone(pid, seconds=seconds)
        self._left.clear()

    def close(self) -> None:
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.close()
        self._program.wait(timeout=60)
        self._program.stdout.close()
