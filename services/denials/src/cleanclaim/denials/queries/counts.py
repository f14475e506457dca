"""Denial cases counted by their status, for operators."""

from sqlalchemy import func, select

from cleanclaim.chassis.work import Work
from cleanclaim.denials.store.tables import DENIALS


async def cases_by_status(work: Work) -> dict[tuple[str, ...], int]:
    """How many denial cases of the organization stand in each status."""
    rows = await work.connection.execute(
        select(DENIALS.c.status, func.count())
        .where(DENIALS.c.organization_id == work.organization_id)
        .group_by(DENIALS.c.status)
    )
    return {(status,): count for status, count in rows}
