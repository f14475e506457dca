"""Goes through the mailboxes: claims this service's files, hands them on, archives them."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.context import InboundFile, MailboxDoor, ServiceContext
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.mailbox import ClaimedFile, FolderMailbox
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.values.errors import DomainError

ROUND_SECONDS = 0.5

log = logger(__name__)


class MailRound:
    """Looks into each organization's connections for files whose functional group is ours."""

    def __init__(self, context: ServiceContext, doors: Sequence[MailboxDoor], root: Path) -> None:
        self._context = context
        self._root = root
        self._doors = {code: door for door in doors for code in door.takes}
        self._first = True
        self._unclaimed = 0

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
        accepted, self._unclaimed = 0, 0
        for organization in await self._context.workroom.organizations():
            folder = self._root / str(organization["id"])
            for connection in _connections(folder):
                accepted += await self._look(organization["id"], connection)
        self._first = False
        waiting = telemetry.metrics.mailbox_waiting.labels(self._context.service)
        waiting.set(self._unclaimed)
        return accepted

    async def _look(self, organization_id: UUID, connection: Path) -> int:
        mailbox = FolderMailbox(connection)
        # a restart gives back what this worker had claimed, not what a living sibling holds
        owner = self._context.settings.worker_name or self._context.service
        if self._first:  # what a crashed run had claimed is taken up again
            await mailbox.recover(owner)
        accepted = 0
        for waiting in await mailbox.list_inbound():
            code = await mailbox.peek(waiting.name)
            door = self._doors.get(code or "")
            claimed = await mailbox.claim(waiting.name, owner) if door is not None else None
            self._unclaimed += claimed is None
            if door is not None and claimed is not None:
                accepted += await self._take(door, claimed, organization_id, connection.name)
        return accepted

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


def _connections(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
