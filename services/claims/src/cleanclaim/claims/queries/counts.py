"""Claims counted by their state, for operators."""

from sqlalchemy import func, select

from cleanclaim.chassis.work import Work
from cleanclaim.claims.store.tables import CLAIMS


async def claims_by_state(work: Work) -> dict[tuple[str, ...], int]:
    """How many claims of the organization stand in each state."""
    rows = await work.connection.execute(
        select(CLAIMS.c.state, func.count())
        .where(CLAIMS.c.organization_id == work.organization_id)
        .group_by(CLAIMS.c.state)
    )
    return {(state,): count for state, count in rows}
