"""Remembers bank accounts, statements and deposits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile.domain.deposit import Deposit, DepositState
from cleanclaim.reconcile.domain.matching import Waiting
from cleanclaim.reconcile.store.tables import (
    BANK_ACCOUNTS,
    BANK_STATEMENTS,
    DEPOSITS,
    EXPECTED_RECEIPTS,
)

_WAITING = (DepositState.UNMATCHED.value, DepositState.EXPLAINED.value)


async def add_account(work: Work, row: Mapping[str, Any]) -> bool:
    """Add a bank account; False where its number is known already."""
    added = await insert_rows(
        work.connection,
        BANK_ACCOUNTS,
        [{"organization_id": work.organization_id, **row}],
        on_conflict="(organization_id, number_index) DO NOTHING",
        returning=("id",),
    )
    return bool(added)


async def accounts_by_number(work: Work, indexes: Sequence[bytes]) -> dict[bytes, UUID]:
    """Account ids by the blind index of their numbers; unknown ones are absent."""
    rows = await work.connection.execute(
        select(BANK_ACCOUNTS.c.number_index, BANK_ACCOUNTS.c.id).where(
            BANK_ACCOUNTS.c.organization_id == work.organization_id,
            BANK_ACCOUNTS.c.number_index.in_(list(indexes)),
        )
    )
    return {bytes(row.number_index): row.id for row in rows}


async def statement_of_file(work: Work, raw_file_id: UUID) -> RowMapping | None:
    rows = await work.connection.execute(
        select(BANK_STATEMENTS).where(
            BANK_STATEMENTS.c.organization_id == work.organization_id,
            BANK_STATEMENTS.c.raw_file_id == raw_file_id,
        )
    )
    return rows.mappings().first()


async def save_statement(work: Work, row: Mapping[str, Any]) -> None:
    """Add a statement, or say anew of a refused one what its second reading gave."""
    await insert_rows(
        work.connection,
        BANK_STATEMENTS,
        [{"organization_id": work.organization_id, **row}],
        on_conflict="(organization_id, id) DO UPDATE SET status = excluded.status,"
        " findings = excluded.findings, accounts = excluded.accounts,"
        " recorded_count = excluded.recorded_count, known_count = excluded.known_count",
    )


async def add_deposits(work: Work, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Add deposits; the ids of those that were not known before."""
    added = await insert_rows(
        work.connection,
        DEPOSITS,
        [{"organization_id": work.organization_id, **row} for row in rows],
        on_conflict="(organization_id, id) DO NOTHING",
        returning=("id",),
    )
    return {row["id"] for row in added}


async def known_deposits(work: Work, ids: Iterable[UUID]) -> set[UUID]:
    rows = await work.connection.scalars(
        select(DEPOSITS.c.id).where(
            DEPOSITS.c.organization_id == work.organization_id, DEPOSITS.c.id.in_(list(ids))
        )
    )
    return set(rows)


async def deposits(work: Work, ids: Iterable[UUID]) -> list[Deposit]:
    """The deposits of these ids, oldest first."""
    return await _deposits(work, DEPOSITS.c.id.in_(list(ids)))


async def waiting_for(work: Work, remittance_ids: Sequence[UUID]) -> list[Deposit]:
    """Deposits without a match that might pay one of these remittances."""
    receipt = EXPECTED_RECEIPTS
    touches = exists().where(
        receipt.c.organization_id == work.organization_id,
        receipt.c.id.in_(list(remittance_ids)),
        might_pay(),
    )
    return await _deposits(work, DEPOSITS.c.state.in_(_WAITING), touches)


def might_pay() -> Any:
    """Whether a deposit might pay a remittance: its trace, or without a trace its open amount."""
    receipt = EXPECTED_RECEIPTS
    open_cents = receipt.c.payment_cents + receipt.c.written_off_cents - receipt.c.matched_cents
    return or_(
        func.upper(DEPOSITS.c.trace_number) == func.upper(receipt.c.trace_number),
        DEPOSITS.c.trace_number.is_(None) & (DEPOSITS.c.amount_cents == open_cents),
    )


async def overdue_deposits(work: Work, *, before: Any) -> list[Deposit]:
    """Unexplained money whose window ended before this day."""
    return await _deposits(
        work,
        DEPOSITS.c.state == DepositState.UNMATCHED.value,
        DEPOSITS.c.window_ends_on < before,
    )


async def unrecognized_deposits(work: Work) -> list[Deposit]:
    """Waiting deposits that show a company and have no payer yet."""
    return await _deposits(
        work,
        DEPOSITS.c.state.in_(_WAITING),
        DEPOSITS.c.payer_id.is_(None),
        DEPOSITS.c.originating_company_id.is_not(None),
    )


async def _deposits(work: Work, *conditions: Any) -> list[Deposit]:
    rows = await work.connection.execute(
        select(DEPOSITS)
        .where(DEPOSITS.c.organization_id == work.organization_id, *conditions)
        .order_by(DEPOSITS.c.deposited_on, DEPOSITS.c.id)
    )
    return [deposit_of(row) for row in rows.mappings()]


def deposit_of(row: RowMapping) -> Deposit:
    return Deposit(
        deposit_id=row["id"],
        amount_cents=row["amount_cents"],
        deposited_on=row["deposited_on"],
        method=row["method"],
        trace_number=row["trace_number"],
        originating_company_id=row["originating_company_id"],
        payer_id=row["payer_id"],
        state=DepositState(row["state"]),
    )


async def set_state(work: Work, ids: Sequence[UUID], state: DepositState) -> None:
    await work.connection.execute(
        update(DEPOSITS)
        .where(DEPOSITS.c.organization_id == work.organization_id, DEPOSITS.c.id.in_(list(ids)))
        .values(state=state.value, waiting_reason=None)
    )


async def note_waiting(work: Work, waiting: Sequence[Waiting]) -> None:
    """Keep why each deposit waits, one statement for each reason."""
    by_reason: dict[str, list[UUID]] = {}
    for one in waiting:
        by_reason.setdefault(one.reason, []).append(one.deposit.deposit_id)
    for reason, ids in by_reason.items():
        await work.connection.execute(
            update(DEPOSITS)
            .where(DEPOSITS.c.organization_id == work.organization_id, DEPOSITS.c.id.in_(ids))
            .values(waiting_reason=reason)
        )


async def set_payers(work: Work, payers: Mapping[UUID, UUID]) -> None:
    """Set the payer of each deposit (deposit → payer), one statement for each payer."""
    for payer_id in set(payers.values()):
        ids = [deposit for deposit, payer in payers.items() if payer == payer_id]
        await work.connection.execute(
            update(DEPOSITS)
            .where(DEPOSITS.c.organization_id == work.organization_id, DEPOSITS.c.id.in_(ids))
            .values(payer_id=payer_id)
        )
