"""Remembers expected receipts, and the matches that gave them their money."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Row, ScalarSelect, exists, func, or_, select, text
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile.domain.matching import Match
from cleanclaim.reconcile.domain.posting import PostedTotals
from cleanclaim.reconcile.domain.receipt import NOTHING_TO_COME, ExpectedReceipt
from cleanclaim.reconcile.store.bank import might_pay
from cleanclaim.reconcile.store.tables import (
    DEPOSITS,
    EXPECTED_RECEIPTS,
    HEARD_PAYMENTS,
    MATCH_PARTS,
    MATCHES,
)

_STATEMENT = (
    "payer_id = coalesce(excluded.payer_id, expected_receipts.payer_id),"
    " trace_number = excluded.trace_number,"
    " originating_company_id = excluded.originating_company_id,"
    " payment_method = excluded.payment_method, paid_on = excluded.paid_on,"
    " payment_cents = excluded.payment_cents, window_ends_on = excluded.window_ends_on"
)


async def keep_received(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep announced remittances; one that was posted already stays as its posting said."""
    await insert_rows(
        work.connection,
        EXPECTED_RECEIPTS,
        [{"organization_id": work.organization_id, **row} for row in rows],
        on_conflict="(organization_id, id) DO NOTHING",
    )


async def keep_posted(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep posted remittances with their totals; a payer known since then is kept too."""
    await insert_rows(
        work.connection,
        EXPECTED_RECEIPTS,
        [{"organization_id": work.organization_id, **row} for row in rows],
        on_conflict=f"(organization_id, id) DO UPDATE SET {_STATEMENT},"
        " posted_cents = excluded.posted_cents, claims_told_cents = excluded.claims_told_cents",
    )


async def receipts(work: Work, ids: Iterable[UUID]) -> list[ExpectedReceipt]:
    return await _receipts(work, EXPECTED_RECEIPTS.c.id.in_(list(ids)))


async def receipts_for(work: Work, deposit_ids: Sequence[UUID]) -> list[ExpectedReceipt]:
    """Remittances that one of these deposits might pay."""
    touches = exists().where(
        DEPOSITS.c.organization_id == work.organization_id,
        DEPOSITS.c.id.in_(list(deposit_ids)),
        might_pay(),
    )
    return await _receipts(work, touches)


async def overdue_receipts(work: Work, *, before: date) -> list[ExpectedReceipt]:
    """Remittances of whose money nothing came, and whose window ended before this day."""
    receipt = EXPECTED_RECEIPTS.c
    return await _receipts(
        work,
        receipt.window_ends_on < before,
        receipt.matched_cents == 0,
        receipt.written_off_cents == 0,
        receipt.payment_cents > 0,
        receipt.payment_method != NOTHING_TO_COME,
    )


async def _receipts(work: Work, *conditions: Any) -> list[ExpectedReceipt]:
    rows = await work.connection.execute(
        select(EXPECTED_RECEIPTS)
        .where(EXPECTED_RECEIPTS.c.organization_id == work.organization_id, *conditions)
        .order_by(EXPECTED_RECEIPTS.c.paid_on, EXPECTED_RECEIPTS.c.id)
    )
    return [receipt_of(row) for row in rows.mappings()]


def receipt_of(row: RowMapping) -> ExpectedReceipt:
    return ExpectedReceipt(
        remittance_id=row["id"],
        payer_id=row["payer_id"],
        trace_number=row["trace_number"],
        originating_company_id=row["originating_company_id"],
        payment_method=row["payment_method"],
        paid_on=row["paid_on"],
        payment_cents=row["payment_cents"],
        matched_cents=row["matched_cents"],
        written_off_cents=row["written_off_cents"],
    )


async def threads_of(work: Work, remittance_ids: Iterable[UUID]) -> dict[UUID, Cause]:
    """The thread that each remittance came on, so that its story stays one."""
    rows = await work.connection.execute(
        select(EXPECTED_RECEIPTS.c.id, EXPECTED_RECEIPTS.c.cause).where(
            EXPECTED_RECEIPTS.c.organization_id == work.organization_id,
            EXPECTED_RECEIPTS.c.id.in_(list(remittance_ids)),
        )
    )
    return {row.id: Cause.from_json(row.cause) for row in rows}


def match_id_of(match: Match) -> UUID:
    """A match's id: equal on every run for the same deposit and remittances."""
    remittances = ",".join(str(part.remittance_id) for part in match.parts)
    return uuid5(match.deposit.deposit_id, f"match:{remittances}")


async def add_matches(
    work: Work, matches: Sequence[Match], *, matched_at: datetime, matched_by: str | None
) -> None:
    """Add matches and their parts, and count the money in with its remittances."""
    own = {"organization_id": work.organization_id}
    await insert_rows(
        work.connection,
        MATCHES,
        [
            {
                **own,
                "id": match_id_of(match),
                "deposit_id": match.deposit.deposit_id,
                "rule": match.rule,
                "inferred": match.inferred,
                "matched_by": matched_by,
                "matched_at": matched_at,
            }
            for match in matches
        ],
    )
    parts: list[dict[str, Any]] = [
        {
            **own,
            "id": uuid5(match_id_of(match), str(part.remittance_id)),
            "match_id": match_id_of(match),
            "remittance_id": part.remittance_id,
            "payer_id": part.payer_id,
            "trace_number": part.trace_number,
            "amount_cents": part.amount_cents,
        }
        for match in matches
        for part in match.parts
    ]
    await insert_rows(work.connection, MATCH_PARTS, parts)
    amounts: dict[UUID, int] = {}
    for part in parts:
        remittance_id = part["remittance_id"]
        amounts[remittance_id] = amounts.get(remittance_id, 0) + part["amount_cents"]
    await _add_cents(work, "matched_cents", amounts)


async def add_written_off(work: Work, amounts: Mapping[UUID, int]) -> None:
    """Count written-off cents in with their remittances, signed as the variance was."""
    await _add_cents(work, "written_off_cents", amounts)


async def _add_cents(work: Work, column: str, amounts: Mapping[UUID, int]) -> None:
    if not amounts:
        return
    await work.connection.execute(
        text(
            f"UPDATE reconcile.expected_receipts AS r SET {column} = r.{column} + v.cents"  # noqa: S608
            " FROM unnest(CAST(:ids AS uuid[]), CAST(:cents AS bigint[])) AS v(id, cents)"
            " WHERE r.organization_id = :organization_id AND r.id = v.id"
        ),
        {
            "ids": list(amounts),
            "cents": list(amounts.values()),
            "organization_id": work.organization_id,
        },
    )


async def posted_totals(work: Work, *, ids: Sequence[UUID]) -> list[PostedTotals]:
    """What was announced, posted and heard of these remittances."""
    return await _totals(work, EXPECTED_RECEIPTS.c.id.in_(list(ids)))


async def incomplete_postings(work: Work, *, before: date) -> list[PostedTotals]:
    """Remittances past their window of which not all was posted, or not all was heard."""
    receipt = EXPECTED_RECEIPTS.c
    return await _totals(
        work,
        receipt.window_ends_on < before,
        or_(
            receipt.posted_cents.is_distinct_from(receipt.payment_cents),
            receipt.claims_told_cents != _heard_cents(),
        ),
    )


def _heard_cents() -> ScalarSelect[Any]:
    receipt = EXPECTED_RECEIPTS.c
    return (
        select(func.coalesce(func.sum(HEARD_PAYMENTS.c.paid_cents), 0))
        .where(
            HEARD_PAYMENTS.c.organization_id == receipt.organization_id,
            HEARD_PAYMENTS.c.remittance_id == receipt.id,
            HEARD_PAYMENTS.c.from_unapplied.is_(False),
        )
        .scalar_subquery()
    )


async def _totals(work: Work, *conditions: Any) -> list[PostedTotals]:
    rows = await work.connection.execute(
        select(EXPECTED_RECEIPTS, _heard_cents().label("heard_cents")).where(
            EXPECTED_RECEIPTS.c.organization_id == work.organization_id, *conditions
        )
    )
    return [_totals_of(row) for row in rows]


def _totals_of(row: Row[Any]) -> PostedTotals:
    return PostedTotals(
        remittance_id=row.id,
        payer_id=row.payer_id,
        trace_number=row.trace_number,
        payment_cents=row.payment_cents,
        posted_cents=row.posted_cents,
        claims_told_cents=row.claims_told_cents,
        claims_heard_cents=int(row.heard_cents),
    )
