"""What of an organization's remittances waits for a person, counted for operators."""

from sqlalchemy import func, select

from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.remittance import HELD
from cleanclaim.remittance.store.tables import PAYMENTS, REMITTANCES


async def held_count(work: Work) -> dict[tuple[str, ...], int]:
    """How many remittances are held whole."""
    count = await work.connection.scalar(
        select(func.count()).where(
            REMITTANCES.c.organization_id == work.organization_id, REMITTANCES.c.status == HELD
        )
    )
    return {(): count or 0}


async def unmatched_count(work: Work) -> dict[tuple[str, ...], int]:
    """How many claim payments found no claim and wait as unapplied cash."""
    count = await work.connection.scalar(
        select(func.count()).where(
            PAYMENTS.c.organization_id == work.organization_id, PAYMENTS.c.status == "unmatched"
        )
    )
    return {(): count or 0}
