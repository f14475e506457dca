"""Questions about who owes what, how long, and why: patient accounts and claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from cleanclaim.accounts.domain.account import NoSuchClaim, NoSuchPatientAccount
from cleanclaim.accounts.domain.balance import ClaimBalance, Moved, balance_of
from cleanclaim.accounts.domain.chart import RECEIVABLES, Account
from cleanclaim.accounts.queries.reading import is_of
from cleanclaim.accounts.store.tables import (
    BILLED_LINES,
    CLAIMS,
    PATIENT_ACCOUNTS,
    POSTINGS,
    SUBLEDGER_LINES,
    among,
)
from cleanclaim.chassis.pages import page_token, place_in
from cleanclaim.chassis.work import Work

Row = Mapping[Any, Any]
OUTSIDE_CLAIMS = "provider_adjustment"
"""Money outside any claim; it only names the claim it was taken for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAmount:
    """An open receivable of an account: whose, since which day (of service, where known)."""

    patient_account_id: UUID
    account: Account
    payer_id: UUID | None
    amount_cents: int
    since_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which patient accounts are asked for, as of a day."""

    as_of: date
    has_balance: bool | None = None
    older_than_days: int | None = None


async def patient_account(work: Work, account_id: UUID) -> Row:
    """The account's own row; one that only the journal knows yet has no patient so far.

    Raises:
        NoSuchPatientAccount: neither opened nor touched by any entry.
    """
    table = PATIENT_ACCOUNTS
    rows = await work.connection.execute(
        select(table).where(is_of(work, table), table.c.id == account_id)
    )
    row = rows.mappings().first()
    if row is not None:
        return row
    touched = await work.connection.scalar(
        select(POSTINGS.c.id)
        .where(is_of(work, POSTINGS), POSTINGS.c.patient_account_id == account_id)
        .limit(1)
    )
    if touched is None:
        raise NoSuchPatientAccount("There is no patient account of this id.")
    return {"id": account_id, "patient_id": None, "opened_at": None}


async def patient_accounts(
    work: Work, *, wanted: AccountFilter, limit: int, token: str | None
) -> tuple[list[Row], str | None]:
    """A page of accounts, in an order that does not change while accounts are added."""
    table = PATIENT_ACCOUNTS
    statement = select(table).where(is_of(work, table)).order_by(table.c.id).limit(limit + 1)
    if wanted.has_balance is not None or wanted.older_than_days is not None:
        owing = _owing(work, wanted)
        owes = table.c.id.in_(owing)
        statement = statement.where(~owes if wanted.has_balance is False else owes)
    after = place_in(token, UUID)
    if after is not None:
        statement = statement.where(table.c.id > after[0])
    rows = (await work.connection.execute(statement)).mappings().all()
    following = page_token([str(rows[limit - 1]["id"])]) if len(rows) > limit else None
    return list(rows[:limit]), following


def _owing(work: Work, wanted: AccountFilter) -> Select[Any]:
    lines = SUBLEDGER_LINES
    statement = _open_lines(work).with_only_columns(lines.c.patient_account_id)
    if wanted.older_than_days is not None:
        before = wanted.as_of - timedelta(days=wanted.older_than_days)
        statement = statement.where(_since() < before)
    return statement.where(lines.c.patient_account_id.is_not(None))


def _since() -> Any:
    return func.coalesce(
        BILLED_LINES.c.service_from_on, CLAIMS.c.service_from_on, SUBLEDGER_LINES.c.since_on
    )


def _open_lines(work: Work) -> Select[Any]:
    lines = SUBLEDGER_LINES
    joined = lines.outerjoin(
        BILLED_LINES,
        (BILLED_LINES.c.organization_id == lines.c.organization_id)
        & (BILLED_LINES.c.id == lines.c.line_id),
    ).outerjoin(
        CLAIMS,
        (CLAIMS.c.organization_id == lines.c.organization_id) & (CLAIMS.c.id == lines.c.claim_id),
    )
    return (
        select(lines, _since().label("owed_since_on"))
        .select_from(joined)
        .where(
            is_of(work, lines),
            lines.c.account.in_([account.value for account in RECEIVABLES]),
            lines.c.amount_cents != 0,
        )
    )


async def open_amounts(work: Work, account_ids: Sequence[UUID]) -> list[OpenAmount]:
    """What is open on these accounts, line by line."""
    rows = await work.connection.execute(
        _open_lines(work).where(among(SUBLEDGER_LINES.c.patient_account_id, account_ids))
    )
    return [
        OpenAmount(
            patient_account_id=row.patient_account_id,
            account=Account(row.account),
            payer_id=row.payer_id,
            amount_cents=row.amount_cents,
            since_on=row.owed_since_on,
        )
        for row in rows
    ]


async def account_postings(work: Work, account_id: UUID) -> Sequence[Row]:
    """Every posting of an account, oldest effective day first."""
    table = POSTINGS
    rows = await work.connection.execute(
        select(table)
        .where(is_of(work, table), table.c.patient_account_id == account_id)
        .order_by(table.c.effective_on, table.c.entry_id, table.c.position)
    )
    return rows.mappings().all()


async def billed_lines(work: Work, line_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """What the lines were billed for, by line."""
    table = BILLED_LINES
    rows = await work.connection.execute(
        select(table).where(is_of(work, table), among(table.c.id, line_ids))
    )
    return {row["id"]: row for row in rows.mappings()}


@dataclass(frozen=True, slots=True)
class FamilyBalance:
    """The balance of all claims for the same services, under their first claim."""

    root_claim_id: UUID
    claim_ids: list[UUID]
    balance: ClaimBalance


async def claim_balance(work: Work, claim_id: UUID) -> FamilyBalance:
    """Where every cent billed for a claim's services stands, whichever claim moved it.

    Raises:
        NoSuchClaim: nothing was billed or booked under that id.
    """
    root = await work.connection.scalar(
        select(CLAIMS.c.root_claim_id).where(is_of(work, CLAIMS), CLAIMS.c.id == claim_id)
    )
    root_claim_id: UUID = root or claim_id
    members = await work.connection.scalars(
        select(CLAIMS.c.id)
        .where(is_of(work, CLAIMS), CLAIMS.c.root_claim_id == root_claim_id)
        .order_by(CLAIMS.c.id)
    )
    claim_ids = list(members) or [claim_id]
    sums = await _sums(work, claim_ids)
    if not sums and root is None:
        raise NoSuchClaim("Nothing was billed or booked under this claim id.")
    return FamilyBalance(root_claim_id, claim_ids, balance_of(sums))


async def _sums(work: Work, claim_ids: Sequence[UUID]) -> list[Moved]:
    table = POSTINGS
    rows = await work.connection.execute(
        select(
            table.c.account,
            table.c.line_id,
            table.c.payer_id,
            func.sum(table.c.amount_cents).label("cents"),
        )
        .where(
            is_of(work, table), among(table.c.claim_id, claim_ids), table.c.why != OUTSIDE_CLAIMS
        )
        .group_by(table.c.account, table.c.line_id, table.c.payer_id)
    )
    return [
        Moved(
            account=Account(row.account),
            amount_cents=int(row.cents),
            line_id=row.line_id,
            payer_id=row.payer_id,
        )
        for row in rows
    ]
