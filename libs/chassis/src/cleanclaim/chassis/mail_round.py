"""Goes through the mailboxes: claims this service's files, hands them on, archives them."""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.context import InboundFile, MailboxDoor, ServiceContext
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.mailbox import ClaimedFile, FolderMailbox, WaitingFile
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.values.errors import DomainError

ROUND_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 60.0
"""After which another service's file is opened again, whatever its marks say."""
ASK_AGAIN_SECONDS = 2.0
"""After which a file of an organization that is not known yet is asked for again."""
MOST_REMEMBERED = 10_000

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A file where it lies, as it was when the folders were gone through."""

    organization_id: UUID
    connection: Path
    file: WaitingFile


class MailRound:
    """Looks into each organization's connections for files whose functional group is ours.

    A look goes through the folders and remembers what is not ours by its marks, so that it opens
    no file and asks the database nothing unless something new lies there.
    """

    def __init__(self, context: ServiceContext, doors: Sequence[MailboxDoor], root: Path) -> None:
        self._context = context
        self._root = root
        self._doors = {code: door for door in doors for code in door.takes}
        self._first = True
        # each until when it is left alone, on the monotonic clock
        self._others: dict[Seen, float] = {}
        self._unknown: dict[Seen, float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await self.look_everywhere()
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                log.event("mailbox_waits", error_type=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ROUND_SECONDS):
                    await stopping.wait()

    async def look_everywhere(self) -> int:
        """Take every file that is ours now; return how many were accepted."""
        if self._first:
            await self._recover()
        lying, troubles = await asyncio.to_thread(_seen_below, self._root)
        news = self._news(lying)
        unclaimed = len(self._others)
        accepted = 0
        known = await self._known() if news else frozenset()
        for seen in news:
            if seen.organization_id not in known:
                self._leave(seen, self._unknown, ASK_AGAIN_SECONDS)
                continue
            taken = await self._look(seen)
            unclaimed += taken is None
            accepted += taken or 0
        self._first = False
        telemetry.metrics.mailbox_waiting.labels(self._context.service).set(unclaimed)
        for trouble in troubles:
            log.event("mailbox_waits", error_type=type(trouble).__name__)
        return accepted

    def _news(self, lying: Sequence[Seen]) -> list[Seen]:
        """What is to be looked into now; what lies there no longer is forgotten."""
        now = self._context.runtime.monotonic()

        def resting(left: dict[Seen, float]) -> dict[Seen, float]:
            return {seen: left[seen] for seen in lying if left.get(seen, now) > now}

        self._others, self._unknown = resting(self._others), resting(self._unknown)
        return [one for one in lying if one not in self._others and one not in self._unknown]

    def _leave(self, seen: Seen, among: dict[Seen, float], seconds: float) -> None:
        if len(among) < MOST_REMEMBERED:
            among[seen] = self._context.runtime.monotonic() + seconds

    async def _known(self) -> frozenset[UUID]:
        return frozenset(one["id"] for one in await self._context.workroom.organizations())

    async def _recover(self) -> None:
        """Take up again what a run that crashed had claimed."""
        for organization_id in await self._known():
            for connection in _connections(self._root / str(organization_id)):
                await FolderMailbox(connection).recover(self._owner)

    @property
    def _owner(self) -> str:
        # a restart gives back what this worker had claimed, not what a living sibling holds
        return self._context.settings.worker_name or self._context.service

    async def _look(self, seen: Seen) -> int | None:
        """1 where the file was ours and was accepted, 0 where not; None where it stays."""
        mailbox, name = FolderMailbox(seen.connection), seen.file.name
        door = self._doors.get(await mailbox.peek(name) or "")
        if door is None:
            self._leave(seen, self._others, LOOK_AGAIN_SECONDS)
            return None
        claimed = await mailbox.claim(name, self._owner)
        if claimed is None:
            return None
        return await self._take(door, claimed, seen.organization_id, seen.connection.name)

    async def _take(
        self, door: MailboxDoor, claimed: ClaimedFile, organization_id: UUID, connection: str
    ) -> int:
        runtime = self._context.runtime
        runtime.fail_point(FailPoint.MAILBOX_AFTER_CLAIM)
        counted = telemetry.metrics.mailbox_files
        try:
            file = InboundFile(
                organization_id=organization_id,
                connection=connection,
                name=claimed.safe_name,
                content=await claimed.read(),
            )
            await door.accept(self._context, file)
        except DomainError as error:
            if is_infrastructure(error):
                await claimed.release()
                raise
            await claimed.fail(_reason(error))
            log.event("file_failed", code=error.code, connection=connection)
            counted.labels(self._context.service, "inbound", "failed").inc()
            return 0
        except Exception as error:
            await claimed.release()
            counted.labels(self._context.service, "inbound", "released").inc()
            if is_infrastructure(error):
                raise
            log.failure("file_released", error, connection=connection)
            await runtime.sleep(ROUND_SECONDS)
            return 0
        runtime.fail_point(FailPoint.MAILBOX_AFTER_ACCEPT)
        await claimed.archive()
        counted.labels(self._context.service, "inbound", "archived").inc()
        return 1


def _reason(error: DomainError) -> str:
    """The whole trouble as people read it beside the file: place, rule and fix of each finding."""
    told = [f"{error.code}: {error.message}"]
    for one in error.details:
        told.append(f"{one.pointer or '/'}: {one.code}: {one.message}")
        if one.fix:
            told.append(f"  fix: {one.fix}")
    return "\n".join(told)


def _seen_below(root: Path) -> tuple[list[Seen], list[OSError]]:
    """Every file that waits, by organization and connection, the oldest first of each.

    A folder that cannot be read is a trouble of its own and keeps nobody else's files waiting.
    """
    lying: list[Seen] = []
    troubles: list[OSError] = []
    for folder in _folders(root):
        organization_id = _organization(folder.name)
        if organization_id is None:
            continue
        try:
            for connection in _connections(folder):
                waiting = FolderMailbox(connection).list_inbound_now()
                lying += [Seen(organization_id, connection, file) for file in waiting]
        except OSError as trouble:
            troubles.append(trouble)
    return lying, troubles


def _connections(folder: Path) -> list[Path]:
    return [one for one in _folders(folder) if not one.is_symlink()]


def _folders(place: Path) -> list[Path]:
    try:
        with os.scandir(place) as entries:
            return sorted(Path(entry) for entry in entries if entry.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _organization(name: str) -> UUID | None:
    with contextlib.suppress(ValueError):
        if str(found := UUID(name)) == name:
            return found
    return None
