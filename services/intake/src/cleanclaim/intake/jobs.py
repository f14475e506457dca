"""What happens because time passed: held encounters are examined again when a cause may be gone."""

from uuid import UUID

from cleanclaim.chassis.context import Condition, Job, Organizations, ServiceContext
from cleanclaim.chassis.vault import SealBroken
from cleanclaim.intake import commands, queries
from cleanclaim.values.errors import DomainError

AT_ONCE = 200


async def recheck_held(context: ServiceContext, organization_id: UUID) -> None:
    """Examine what is flagged, each in a transaction of its own."""
    async with context.workroom.reading(organization_id) as work:
        waiting = await queries.to_recheck(work, limit=AT_ONCE)
    troubles: list[Exception] = []
    for encounter_id in waiting:
        try:
            async with context.workroom.work(organization_id) as work:
                await commands.recheck_encounter(
                    work, vault=context.vault, encounter_id=encounter_id
                )
        except (DomainError, SealBroken) as error:
            # one that cannot be read must not keep the others waiting
            troubles.append(error)
    if troubles:
        raise ExceptionGroup("encounters that could not be examined again", troubles)


def recheck_due(_: ServiceContext, organizations: Organizations) -> Condition:
    """Whether an organization has anything that `recheck_held` would examine."""
    return queries.has_to_recheck(organizations)


JOBS = (Job(name="recheck_held", every_seconds=2, run=recheck_held, due=recheck_due),)
