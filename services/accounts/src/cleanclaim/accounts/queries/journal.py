"""Questions about the journal: entries, the trial balance, the lines of a sub-ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from cleanclaim.accounts.domain.account import NoSuchEntry
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.queries.reading import is_of
from cleanclaim.accounts.store.tables import JOURNAL_ENTRIES, POSTINGS, SUBLEDGER_LINES, among
from cleanclaim.chassis.pages import page_token, place_in
from cleanclaim.chassis.work import Work

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """What entries are searched by; None leaves a field open."""

    claim_id: UUID | None = None
    patient_account_id: UUID | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None
    cause_event_id: UUID | None = None
    account: Account | None = None
    effective_from_on: date | None = None
    effective_to_on: date | None = None


_EQUALS = ("claim_id", "patient_account_id", "remittance_id", "deposit_id", "cause_event_id")


async def journal_entries(
    work: Work, *, wanted: EntryFilter, limit: int, token: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of entries with their postings, the newest effective day first."""
    table = JOURNAL_ENTRIES
    statement = (
        select(table)
        .where(is_of(work, table))
        .order_by(table.c.effective_on.desc(), table.c.id.desc())
        .limit(limit + 1)
    )
    for name in _EQUALS:
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(table.c[name] == value)
    if wanted.effective_from_on is not None:
        statement = statement.where(table.c.effective_on >= wanted.effective_from_on)
    if wanted.effective_to_on is not None:
        statement = statement.where(table.c.effective_on <= wanted.effective_to_on)
    if wanted.account is not None:
        touched = select(POSTINGS.c.entry_id).where(
            is_of(work, POSTINGS), POSTINGS.c.account == wanted.account.value
        )
        statement = statement.where(table.c.id.in_(touched))
    after = place_in(token, date.fromisoformat, UUID)
    if after is not None:
        statement = statement.where(tuple_(table.c.effective_on, table.c.id) < after)
    rows = (await work.connection.execute(statement)).mappings().all()
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = page_token([last["effective_on"].isoformat(), str(last["id"])])
    return await _with_postings(work, rows[:limit]), following


async def journal_entry(work: Work, entry_id: UUID) -> dict[str, Any]:
    """One entry with its postings.

    Raises:
        NoSuchEntry: the organization has none of that id.
    """
    table = JOURNAL_ENTRIES
    rows = await work.connection.execute(
        select(table).where(is_of(work, table), table.c.id == entry_id)
    )
    found = await _with_postings(work, rows.mappings().all())
    if not found:
        raise NoSuchEntry("There is no journal entry of this id.")
    return found[0]


async def _with_postings(work: Work, entries: Sequence[Row]) -> list[dict[str, Any]]:
    table = POSTINGS
    rows = await work.connection.execute(
        select(table)
        .where(is_of(work, table), among(table.c.entry_id, [entry["id"] for entry in entries]))
        .order_by(table.c.entry_id, table.c.position)
    )
    postings: dict[UUID, list[Row]] = {}
    for row in rows.mappings():
        postings.setdefault(row["entry_id"], []).append(row)
    return [dict(entry) | {"postings": postings.get(entry["id"], [])} for entry in entries]


async def account_sums(work: Work, *, as_of: date) -> dict[Account, int]:
    """Cents on each account at the end of a day, by effective day; debit positive."""
    table = POSTINGS
    rows = await work.connection.execute(
        select(table.c.account, func.sum(table.c.amount_cents).label("cents"))
        .where(is_of(work, table), table.c.effective_on <= as_of)
        .group_by(table.c.account)
        .order_by(table.c.account)
    )
    return {Account(row.account): int(row.cents) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which lines of a sub-ledger are asked for."""

    account: Account
    payer_id: UUID | None = None
    trace_number: str | None = None
    claim_id: UUID | None = None
    open_only: bool = True


async def subledger_lines(
    work: Work, *, wanted: LineFilter, limit: int, token: str | None
) -> tuple[list[Row], str | None]:
    """A page of an account's sub-ledger lines, in an order that does not change."""
    table = SUBLEDGER_LINES
    statement = (
        select(table)
        .where(is_of(work, table), table.c.account == wanted.account.value)
        .order_by(table.c.id)
        .limit(limit + 1)
    )
    for name in ("payer_id", "trace_number", "claim_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(table.c[name] == value)
    if wanted.open_only:
        statement = statement.where(table.c.amount_cents != 0)
    after = place_in(token, UUID)
    if after is not None:
        statement = statement.where(table.c.id > after[0])
    rows = (await work.connection.execute(statement)).mappings().all()
    following = page_token([str(rows[limit - 1]["id"])]) if len(rows) > limit else None
    return list(rows[:limit]), following


async def control_total(work: Work, account: Account) -> int:
    """Cents of all lines of an account's sub-ledger: equals the account itself."""
    table = SUBLEDGER_LINES
    total = await work.connection.scalar(
        select(func.coalesce(func.sum(table.c.amount_cents), 0)).where(
            is_of(work, table), table.c.account == account.value
        )
    )
    return int(total or 0)
