"""835 files as they come: kept sealed, read off the loop, handed to the verb that takes them in."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from cleanclaim.chassis import audit, raw_files
from cleanclaim.chassis.context import InboundFile, ServiceContext
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.remittance import commands
from cleanclaim.remittance.commands.taking import Origin, Taken
from cleanclaim.remittance.domain.remittance import Fault, Remittance
from cleanclaim.remittance.edi_in.reading import FileRead, read_file
from cleanclaim.values.errors import Invalid
from cleanclaim.x12 import Unreadable

KIND = "835"


class RemittanceFileUnreadable(Invalid):
    """The file is no X12 at all."""


class NoRemittanceInFile(Invalid):
    """The file is X12, but holds no 835."""


Unusable = RemittanceFileUnreadable | NoRemittanceInFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """What became of one file: its remittances in their order, and faults of the file itself.

    `unusable` says why nothing could be read from it; the file is kept all the same.
    """

    file_id: UUID
    digest: str
    remittances: tuple[Taken, ...] = ()
    faults: tuple[Fault, ...] = ()
    unusable: Unusable | None = None


async def receive_file(
    work: Work, vault: Vault, *, content: bytes, source: str, mailbox: str | None = None
) -> ReceivedFile:
    """Keep a file and take its remittances in. Nothing wrong with a file is raised from here."""
    door = f"mailbox:{mailbox}" if mailbox else source
    kept = await raw_files.keep(work, vault, kind=KIND, content=content, source=door)
    await audit.record(
        work, action="write", resource="remittance_file", resource_id=kept.id, purpose=source
    )
    read, unusable = await _read(content)
    taken = await commands.take_remittances(
        work,
        vault=vault,
        remittances=read.remittances,
        origin=Origin(file=kept, source=source, mailbox=mailbox, received_at=work.now),
    )
    return ReceivedFile(
        file_id=kept.id,
        digest=kept.digest.hex(),
        remittances=tuple(taken),
        faults=read.faults,
        unusable=unusable,
    )


async def _read(content: bytes) -> tuple[FileRead, Unusable | None]:
    nothing = FileRead((), ())
    try:
        read = await asyncio.to_thread(read_file, content)
    except Unreadable:
        return nothing, RemittanceFileUnreadable(
            "the file is no X12: it has no ISA header",
            fix="send the 835 as the payer wrote it, neither packed nor encrypted",
        )
    if not read.remittances:
        return read, NoRemittanceInFile(
            "the file holds no 835",
            fix="send 999 and 277CA files to claims, bank files to reconcile",
        )
    return read, None


async def reread(work: Work, vault: Vault, file_id: UUID) -> tuple[Remittance, ...]:
    """The remittances of a kept file, read anew; the reading is audited. Raises Missing."""
    content = await raw_files.read(work, vault, file_id, purpose="release")
    return (await asyncio.to_thread(read_file, content)).remittances


async def take_file(context: ServiceContext, file: InboundFile) -> None:
    """Take one file of a mailbox; safe to run again, for the same content changes nothing.

    Raises:
        RemittanceFileUnreadable, NoRemittanceInFile: it is put aside as failed, and kept.
    """
    async with context.workroom.work(file.organization_id) as work:
        received = await receive_file(
            work, context.vault, content=file.content, source="mailbox", mailbox=file.connection
        )
    if received.unusable is not None:
        raise received.unusable
