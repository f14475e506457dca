"""What happens because time passed: clean claims that have waited long enough are sent."""

from datetime import timedelta
from uuid import UUID

from cleanclaim.chassis.context import Job, ServiceContext
from cleanclaim.claims import commands, queries

LOOK_SECONDS = 2
BATCH_SECONDS = 300


async def cut_batches(context: ServiceContext, organization_id: UUID) -> None:
    """Send all clean claims once the oldest has waited `batch_seconds`; finish what was begun."""
    wait = getattr(context.settings, "batch_seconds", BATCH_SECONDS)
    async with context.workroom.reading(organization_id) as work:
        waiting = await queries.waiting_for_a_file(work)
        due = waiting.oldest is not None and waiting.oldest <= work.now - timedelta(seconds=wait)
    if due or waiting.prepared:
        way_out = commands.way_out(context, organization_id)
        await commands.send_clean_claims(way_out, claim_ids=None if due else ())


JOBS = (Job(name="cut_batches", every_seconds=LOOK_SECONDS, run=cut_batches),)
