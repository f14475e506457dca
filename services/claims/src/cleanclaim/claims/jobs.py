"""What happens because time passed: clean claims that have waited long enough are sent."""

from datetime import datetime, timedelta
from uuid import UUID

from cleanclaim.chassis.context import Condition, Job, Organizations, ServiceContext
from cleanclaim.claims import commands, queries

LOOK_SECONDS = 2
BATCH_SECONDS = 300


async def cut_batches(context: ServiceContext, organization_id: UUID) -> None:
    """Send all clean claims once the oldest has waited `batch_seconds`; finish what was begun."""
    async with context.workroom.reading(organization_id) as work:
        waiting = await queries.waiting_for_a_file(work)
        due = waiting.oldest is not None and waiting.oldest <= _clean_until(context)
    if due or waiting.prepared:
        way_out = commands.way_out(context, organization_id)
        await commands.send_clean_claims(way_out, claim_ids=None if due else ())


def batches_due(context: ServiceContext, organizations: Organizations) -> Condition:
    """Whether an organization has anything that `cut_batches` would send."""
    return queries.has_a_file_to_cut(organizations, clean_until=_clean_until(context))


def _clean_until(context: ServiceContext) -> datetime:
    wait = getattr(context.settings, "batch_seconds", BATCH_SECONDS)
    return context.runtime.now() - timedelta(seconds=wait)


JOBS = (Job(name="cut_batches", every_seconds=LOOK_SECONDS, run=cut_batches, due=batches_due),)
