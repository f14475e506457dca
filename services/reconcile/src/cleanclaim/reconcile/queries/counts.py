"""Open variances counted and added up by kind, for operators."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from cleanclaim.chassis.work import Work
from cleanclaim.reconcile.store.tables import VARIANCES


async def open_variances(work: Work) -> dict[tuple[str, ...], int]:
    """How many variances of each kind nobody has resolved."""
    return await _by_kind(work, func.count())


async def open_variance_cents(work: Work) -> dict[tuple[str, ...], int]:
    """By how many cents the open variances of each kind are off, whichever way."""
    off = func.abs(VARIANCES.c.expected_cents - VARIANCES.c.actual_cents)
    return await _by_kind(work, func.sum(off))


async def _by_kind(work: Work, of_each: ColumnElement[Any]) -> dict[tuple[str, ...], int]:
    rows = await work.connection.execute(
        select(VARIANCES.c.kind, of_each)
        .where(VARIANCES.c.organization_id == work.organization_id, VARIANCES.c.status == "open")
        .group_by(VARIANCES.c.kind)
    )
    return {(kind,): int(number) for kind, number in rows}
