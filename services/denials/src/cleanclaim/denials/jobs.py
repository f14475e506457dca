"""What happens because time passed: deadlines come near, and priorities follow them."""

from uuid import UUID

from cleanclaim.chassis.context import Job, ServiceContext
from cleanclaim.denials import commands, queries

CLAIMS_AT_ONCE = 500
"""Claims in one transaction; a round goes through all of them."""


async def reassess(context: ServiceContext, organization_id: UUID) -> None:
    """Reckon every active case again, so that each is as urgent as it is today."""
    after: UUID | None = None
    while True:
        async with context.workroom.work(organization_id) as work:
            claims = await queries.claims_with_active_cases(work, after=after, limit=CLAIMS_AT_ONCE)
            await commands.reassess(work, claim_ids=claims)
        if len(claims) < CLAIMS_AT_ONCE:
            return
        after = claims[-1]


JOBS = (Job(name="reassess", every_seconds=3600, run=reassess),)
