"""The one door to clock, ids, chance, sleep and named crash points."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid5

import uuid_utils.compat as uuid_utils

FAIL_POINTS_VARIABLE = "CLEANCLAIM_FAIL_POINTS"
"""Where to die, as `point` or `point:hits to let pass`, separated by commas."""
FAIL_POINT_MARKS_VARIABLE = "CLEANCLAIM_FAIL_POINT_MARKS"
"""A folder in which a file named after the point is made in the moment of dying there, so that a
test knows of what the process died, and a process that is started anew dies there no more."""

FAIL_POINT_STOPS_VARIABLE = "CLEANCLAIM_FAIL_POINT_STOPS"
"""Where it is set, the process stands still at the point (SIGSTOP) as a hung machine does."""


class FailPoint(StrEnum):
    """Every named place where a test may kill the process (SIGKILL, so that no `finally` runs)."""

    OUTBOX_AFTER_COMMIT = "outbox.after_commit"
    RELAY_BEFORE_SEND = "relay.before_send"
    RELAY_AFTER_SEND = "relay.after_send_before_delete"
    RELAY_AFTER_DELETE = "relay.after_delete"
    CONSUMER_BEFORE_COMMIT = "consumer.before_db_commit"
    CONSUMER_AFTER_COMMIT = "consumer.after_db_commit"
    CONSUMER_BEFORE_OFFSETS = "consumer.before_offset_commit"
    MAILBOX_AFTER_CLAIM = "mailbox.after_claim"
    MAILBOX_AFTER_ACCEPT = "mailbox.after_accept_before_archive"
    SUBMISSION_AFTER_PUT = "submission.after_put_before_commit"
    POSTING_EVERY_CLAIM = "posting.every_claim"


class Runtime(Protocol):
    """What a service may know of the world outside its arguments."""

    random: random.Random

    def now(self) -> datetime:
        """The service's clock (aware UTC); a local stack may run it on a virtual date."""
        ...

    def wall_now(self) -> datetime:
        """The real clock (aware UTC), for tokens only."""
        ...

    def monotonic(self) -> float: ...

    def new_id(self) -> UUID:
        """A fresh uuid7."""
        ...

    async def sleep(self, seconds: float) -> None: ...

    async def breathe(self) -> None:
        """Let others of this process go on in the midst of long computing; no time passes."""
        ...

    async def wait(self, seconds: float, *events: asyncio.Event) -> None:
        """Until the time has passed or one of the events is set."""
        ...

    def fail_point(self, point: FailPoint) -> None:
        """Die or stand still here, if the environment asks for it."""
        ...


class SystemRuntime:
    """The real clock (shifted where a virtual date is set), real chance, real death."""

    def __init__(
        self,
        *,
        clock_offset: timedelta = timedelta(),
        clock_file: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._offset = clock_offset
        self._clock_file = clock_file
        self._clock_read_at = -1
        variables = os.environ if environ is None else environ
        self._marks = _folder(variables.get(FAIL_POINT_MARKS_VARIABLE))
        self._hits_left = _hits_left(variables.get(FAIL_POINTS_VARIABLE, ""), self._marks)
        stops = variables.get(FAIL_POINT_STOPS_VARIABLE)
        self._fail_signal = signal.SIGSTOP if stops else signal.SIGKILL
        self.random = random.Random()  # noqa: S311 - jitter, not secrets

    def now(self) -> datetime:
        if self._clock_file is not None:
            self._read_clock(self._clock_file)
        return self.wall_now() + self._offset

    def _read_clock(self, path: Path) -> None:
        # a local stack moves to another virtual day by writing this file; nobody restarts
        try:
            changed_at = path.stat().st_mtime_ns
            if changed_at != self._clock_read_at:
                self._offset = timedelta(seconds=int(path.read_text()))
                self._clock_read_at = changed_at
        except (OSError, ValueError):
            return

    def wall_now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def new_id(self) -> UUID:
        return uuid_utils.uuid7()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def breathe(self) -> None:
        await asyncio.sleep(0)

    async def wait(self, seconds: float, *events: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def fail_point(self, point: FailPoint) -> None:
        if point not in self._hits_left:
            return
        if self._hits_left[point] > 0:
            self._hits_left[point] -= 1
            return
        if self._marks is not None:
            (self._marks / point).touch()
        del self._hits_left[point]
        os.kill(os.getpid(), self._fail_signal)


def _folder(name: str | None) -> Path | None:
    return Path(name) if name else None


def _hits_left(told: str, marks: Path | None) -> dict[FailPoint, int]:
    """How often each named point is passed before the process dies there."""
    armed: dict[FailPoint, int] = {}
    for one in filter(None, told.split(",")):
        name, _, hits = one.partition(":")
        if marks is None or not (marks / name).exists():
            armed[FailPoint(name)] = int(hits or 0)
    return armed


def derived_id(cause_id: UUID, purpose: str) -> UUID:
    """The id of what follows from one event for one purpose: equal on every run (uuid5)."""
    return uuid5(cause_id, purpose)
