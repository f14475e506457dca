"""Questions about remittances and provider adjustments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import eq, ge, le
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.remittance import NoSuchRemittance
from cleanclaim.remittance.store.tables import ADJUSTMENTS, OPEN_ITEMS, REMITTANCES

Row = RowMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceFilter:
    """What a list of remittances is narrowed by; None narrows nothing."""

    status: str | None = None
    payer_id: UUID | None = None
    trace_number: str | None = None
    paid_from_on: date | None = None
    paid_to_on: date | None = None
    updated_since: datetime | None = None


async def remittance(work: Work, remittance_id: UUID) -> Row:
    """One remittance with its balance report. Raises NoSuchRemittance."""
    rows = await work.connection.execute(
        select(REMITTANCES).where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.id == remittance_id,
        )
    )
    row = rows.mappings().first()
    if row is None:
        raise NoSuchRemittance(
            "there is no such remittance", fix="check the id; a list is at /v1/remittances"
        )
    return row


async def remittances(
    work: Work, wanted: RemittanceFilter, *, limit: int, after: Sequence[Any] | None
) -> list[Row]:
    """Remittances, the newest first, one more than `limit` where there are more."""
    table = REMITTANCES
    statement = select(table).where(table.c.organization_id == work.organization_id)
    for compare, column, value in (
        (eq, table.c.status, wanted.status),
        (eq, table.c.payer_id, wanted.payer_id),
        (eq, table.c.trace_number, wanted.trace_number),
        (ge, table.c.paid_on, wanted.paid_from_on),
        (le, table.c.paid_on, wanted.paid_to_on),
        (ge, table.c.updated_at, wanted.updated_since),
    ):
        if value is not None:
            statement = statement.where(compare(column, value))
    return await _page(work, statement, (table.c.received_at, table.c.id), limit, after)


async def provider_adjustments(
    work: Work,
    *,
    remittance_id: UUID | None,
    open_only: bool,
    limit: int,
    after: Sequence[Any] | None,
) -> list[Row]:
    """Provider adjustments, the newest first, each with the balance of its open item now."""
    statement = (
        select(ADJUSTMENTS, OPEN_ITEMS.c.balance_cents)
        .join(
            OPEN_ITEMS,
            (OPEN_ITEMS.c.organization_id == ADJUSTMENTS.c.organization_id)
            & (OPEN_ITEMS.c.id == ADJUSTMENTS.c.open_item_id),
        )
        .where(ADJUSTMENTS.c.organization_id == work.organization_id)
    )
    if remittance_id is not None:
        statement = statement.where(ADJUSTMENTS.c.remittance_id == remittance_id)
    if open_only:
        statement = statement.where(OPEN_ITEMS.c.balance_cents != 0)
    return await _page(work, statement, (ADJUSTMENTS.c.posted_at, ADJUSTMENTS.c.id), limit, after)


async def _page(
    work: Work,
    statement: "Select[Any]",
    order: tuple[Any, Any],
    limit: int,
    after: Sequence[Any] | None,
) -> list[Row]:
    if after is not None:
        position = (datetime.fromisoformat(after[0]), UUID(after[1]))
        statement = statement.where(tuple_(*order) < position)
    rows = await work.connection.execute(
        statement.order_by(order[0].desc(), order[1].desc()).limit(limit + 1)
    )
    return list(rows.mappings())
