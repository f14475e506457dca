"""What banks send: BAI2 files, by mailbox or upload, recorded or refused whole."""

from cleanclaim.chassis.context import InboundFile, ServiceContext
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import commands, queries
from cleanclaim.reconcile.commands import StatementTaken
from cleanclaim.reconcile.domain.statement import refusal
from cleanclaim.reconcile.edi_in.bai2 import read_bai2

__all__ = ["read_bai2", "record_file", "take_file"]


async def record_file(work: Work, *, vault: Vault, content: bytes, source: str) -> StatementTaken:
    """Read a bank's file and record it; refused ones are kept with their findings."""
    return await commands.record_statement(
        work,
        vault=vault,
        content=content,
        read=read_bai2(content),
        source=source,
        on=await queries.today(work),
    )


async def take_file(context: ServiceContext, file: InboundFile) -> None:
    """Take a file out of a mailbox; safe to run again, for the same bytes change nothing.

    Raises:
        BankStatementRefused: the file breaks a rule; its statement says which (committed).
    """
    async with context.workroom.work(file.organization_id) as work:
        taken = await record_file(
            work, vault=context.vault, content=file.content, source=f"mailbox:{file.connection}"
        )
    if not taken.accepted:
        raise refusal(taken.findings)
