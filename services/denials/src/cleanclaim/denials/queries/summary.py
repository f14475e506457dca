"""Refusals counted and added up: by category, by reason, by payer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from cleanclaim.chassis.work import Work
from cleanclaim.denials import store
from cleanclaim.denials.domain.days import local_day
from cleanclaim.denials.domain.status import ACTIVE
from cleanclaim.denials.store.tables import DENIALS


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One group: its key, how many cases, and their cents."""

    key: tuple[Any, ...]
    cases: int
    active_cases: int
    denied_cents: int
    expected_recovery_cents: int
    recovered_cents: int


async def today(work: Work) -> date:
    """The organization's calendar day now."""
    return local_day(work.now, await store.time_zone(work))


async def totals(
    work: Work, *, by: tuple[str, ...], opened_from_on: date | None, opened_to_on: date | None
) -> list[SummaryRow]:
    """Cases opened between two days (both included), grouped by columns, most money first.

    `expected_recovery_cents` counts the active cases alone: what has ended is known.
    """
    columns: list[ColumnElement[Any]] = [DENIALS.c[name] for name in by]
    active = DENIALS.c.status.in_([status.value for status in ACTIVE])
    denied = func.sum(DENIALS.c.denied_cents)
    expected = func.sum(DENIALS.c.expected_recovery_cents).filter(active)
    statement = (
        select(
            *columns,
            func.count(),
            func.count().filter(active),
            denied,
            func.coalesce(expected, 0),
            func.sum(DENIALS.c.recovered_cents),
        )
        .where(DENIALS.c.organization_id == work.organization_id)
        .group_by(*columns)
        .order_by(denied.desc(), *columns)
    )
    if opened_from_on is not None:
        statement = statement.where(DENIALS.c.opened_on >= opened_from_on)
    if opened_to_on is not None:
        statement = statement.where(DENIALS.c.opened_on <= opened_to_on)
    rows = await work.connection.execute(statement)
    width = len(by)
    return [
        SummaryRow(
            key=tuple(row[:width]),
            cases=row[width],
            active_cases=row[width + 1],
            denied_cents=int(row[width + 2]),
            expected_recovery_cents=int(row[width + 3]),
            recovered_cents=int(row[width + 4]),
        )
        for row in rows
    ]
