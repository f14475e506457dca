"""Lists and single things: accounts, statements, deposits, matches, variances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, Table, select, tuple_

from cleanclaim.chassis.fields import Amount, Day
from cleanclaim.chassis.pages import PageTokenInvalid, page_token, position_of
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import store
from cleanclaim.reconcile.domain.deposit import NoSuchDeposit
from cleanclaim.reconcile.domain.matching import Waiting, candidates_for
from cleanclaim.reconcile.domain.statement import NoSuchBankAccount, NoSuchBankStatement
from cleanclaim.reconcile.domain.variance import NoSuchVariance
from cleanclaim.reconcile.store.tables import (
    BANK_ACCOUNTS,
    BANK_STATEMENTS,
    DEPOSITS,
    EXPECTED_RECEIPTS,
    MATCH_PARTS,
    MATCHES,
    VARIANCES,
)

Rows = tuple[list[dict[str, Any]], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFilter:
    """What deposits are searched by; None asks for any."""

    state: str | None = None
    payer_id: UUID | None = None
    trace_number: str | None = None
    deposited_on: Day | None = None
    amount_cents: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceFilter:
    """What variances are searched by; None asks for any."""

    kind: str | None = None
    status: str | None = None
    payer_id: UUID | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None


async def bank_accounts(work: Work, *, limit: int, token: str | None) -> Rows:
    return await _page(work, BANK_ACCOUNTS.c.id, filters={}, limit=limit, token=token)


async def bank_account(work: Work, account_id: UUID) -> dict[str, Any]:
    """One account. Raises NoSuchBankAccount."""
    row = await _by_id(work, BANK_ACCOUNTS, account_id)
    if row is None:
        raise NoSuchBankAccount("There is no bank account of this id.", fix="List bank accounts.")
    return row


async def bank_statements(work: Work, *, status: str | None, limit: int, token: str | None) -> Rows:
    return await _page(
        work, BANK_STATEMENTS.c.id, filters={"status": status}, limit=limit, token=token
    )


async def bank_statement(work: Work, statement_id: UUID) -> dict[str, Any]:
    """One statement with its findings. Raises NoSuchBankStatement."""
    row = await _by_id(work, BANK_STATEMENTS, statement_id)
    if row is None:
        raise NoSuchBankStatement(
            "There is no bank statement of this id.", fix="List bank statements."
        )
    return row


async def deposits(work: Work, *, wanted: DepositFilter, limit: int, token: str | None) -> Rows:
    """Deposits, the newest day first."""
    filters = {name: getattr(wanted, name) for name in DepositFilter.__dataclass_fields__}
    return await _page(work, DEPOSITS.c.deposited_on, filters=filters, limit=limit, token=token)


async def deposit(work: Work, deposit_id: UUID) -> dict[str, Any]:
    """One deposit. Raises NoSuchDeposit."""
    row = await _by_id(work, DEPOSITS, deposit_id)
    if row is None:
        raise NoSuchDeposit("There is no deposit of this id.", fix="List deposits.")
    return row


async def candidates(work: Work, deposit_id: UUID) -> tuple[str | None, list[dict[str, Any]]]:
    """Why a deposit waits now, and the remittances that might explain it."""
    found = await store.deposits(work, [deposit_id])
    receipts = await store.receipts_for(work, [deposit_id])
    decisions = candidates_for(found[0], receipts) if found else []
    waiting = decisions[0] if decisions and isinstance(decisions[0], Waiting) else None
    if waiting is None:
        return None, []
    rows = await work.connection.execute(
        select(EXPECTED_RECEIPTS).where(
            EXPECTED_RECEIPTS.c.organization_id == work.organization_id,
            EXPECTED_RECEIPTS.c.id.in_(list(waiting.candidates)),
        )
    )
    return waiting.reason, [dict(row) for row in rows.mappings()]


async def matches(
    work: Work,
    *,
    deposit_id: UUID | None = None,
    remittance_id: UUID | None = None,
    limit: int,
    token: str | None,
) -> Rows:
    """Matches with their parts, the newest first."""
    narrowed = None
    if remittance_id is not None:
        narrowed = MATCHES.c.id.in_(
            select(MATCH_PARTS.c.match_id).where(
                MATCH_PARTS.c.organization_id == work.organization_id,
                MATCH_PARTS.c.remittance_id == remittance_id,
            )
        )
    rows, following = await _page(work, MATCHES.c.matched_at, filters={"deposit_id": deposit_id},
        limit=limit, token=token, narrowed=narrowed,
    )  # fmt: skip
    parts = await _parts(work, [row["id"] for row in rows])
    return [row | {"parts": parts.get(row["id"], [])} for row in rows], following


async def _parts(work: Work, match_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    rows = await work.connection.execute(
        select(MATCH_PARTS)
        .where(
            MATCH_PARTS.c.organization_id == work.organization_id,
            MATCH_PARTS.c.match_id.in_(list(match_ids)),
        )
        .order_by(MATCH_PARTS.c.trace_number, MATCH_PARTS.c.id)
    )
    parts: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows.mappings():
        parts.setdefault(row["match_id"], []).append(dict(row))
    return parts


async def variances(work: Work, *, wanted: VarianceFilter, limit: int, token: str | None) -> Rows:
    """Variances with the owners of their work items, the newest first."""
    filters = {name: getattr(wanted, name) for name in VarianceFilter.__dataclass_fields__}
    rows, following = await _page(
        work, VARIANCES.c.opened_on, filters=filters, limit=limit, token=token
    )
    return await _with_owners(work, rows), following


async def variance(work: Work, variance_id: UUID) -> dict[str, Any]:
    """One variance with its owner. Raises NoSuchVariance."""
    row = await _by_id(work, VARIANCES, variance_id)
    if row is None:
        raise NoSuchVariance("There is no variance of this id.", fix="List variances.")
    return (await _with_owners(work, [row]))[0]


async def _with_owners(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    items = work.schema_tables.work_items
    found = await work.connection.execute(
        select(items.c.subject_id, items.c.owner)
        .where(
            items.c.organization_id == work.organization_id,
            items.c.subject_id.in_([row["id"] for row in rows]),
        )
        .order_by(items.c.opened_at)
    )
    owners = {row.subject_id: row.owner for row in found}
    return [dict(row) | {"owner": owners.get(row["id"])} for row in rows]


async def _by_id(work: Work, table: Table, row_id: UUID) -> dict[str, Any] | None:
    rows = await work.connection.execute(
        select(table).where(table.c.organization_id == work.organization_id, table.c.id == row_id)
    )
    row = rows.mappings().first()
    return dict(row) if row is not None else None


async def _page(
    work: Work,
    order: Column[Any],
    *,
    filters: Mapping[str, Any],
    limit: int,
    token: str | None,
    narrowed: Any = None,
) -> Rows:
    """A page by (order, id), newest first; the token says where the page before ended."""
    table = order.table
    statement: Select[Any] = (
        select(table)
        .where(table.c.organization_id == work.organization_id)
        .order_by(order.desc(), table.c.id.desc())
        .limit(limit + 1)
    )
    for name, wanted in filters.items():
        if wanted is not None:
            statement = statement.where(table.c[name] == wanted)
    if narrowed is not None:
        statement = statement.where(narrowed)
    after = position_of(token, 2)
    if after is not None:
        statement = statement.where(tuple_(order, table.c.id) < _place(order, after))
    rows = list((await work.connection.execute(statement)).mappings())
    last = rows[limit - 1] if len(rows) > limit else None
    following = page_token([str(last[order.name]), str(last["id"])]) if last is not None else None
    return [dict(row) for row in rows[:limit]], following


def _place(order: Column[Any], after: Sequence[Any]) -> tuple[Any, UUID]:
    kind = order.type.python_type
    try:
        return (kind(after[0]) if kind is UUID else kind.fromisoformat(after[0])), UUID(after[1])
    except (TypeError, ValueError, AttributeError):
        raise PageTokenInvalid(
            "page_token is not one that this list made",
            pointer="/page_token",
            fix="send next_page_token of the page before, or leave it out",
        ) from None
