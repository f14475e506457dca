"""Who may judge when: one remittance of an organization at a time, and no claim comes between."""

from sqlalchemy import text

from cleanclaim.chassis.work import Work

_EXCLUSIVE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_SHARED = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))")


async def judge_alone(work: Work) -> None:
    """Wait until nobody else posts, matches or takes claims in for this organization.

    Without it, two copies of a remittance could each find the other absent, and a payment could
    miss the claim that is being heard at that moment while the claim misses the payment.
    """
    await work.connection.execute(_EXCLUSIVE, {"name": _name(work)})


async def judge_shared(work: Work) -> None:
    """Wait until nobody posts for this organization; several may take claims in together."""
    await work.connection.execute(_SHARED, {"name": _name(work)})


def _name(work: Work) -> str:
    return f"remittance:judging:{work.organization_id}"
