"""What happens because time passed: windows end, and what is overdue becomes a variance."""

from uuid import UUID

from cleanclaim.chassis.context import Job, ServiceContext
from cleanclaim.reconcile import commands, queries

_HOURLY = 3600


async def open_overdue(context: ServiceContext, organization_id: UUID) -> None:
    """Judge all windows of one organization on its own calendar day."""
    async with context.workroom.work(organization_id) as work:
        await commands.judge_windows(work, as_of=await queries.today(work))


JOBS = (Job(name="open_overdue", every_seconds=_HOURLY, run=open_overdue),)
