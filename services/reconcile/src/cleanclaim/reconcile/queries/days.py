"""The state of reconciliation at a day's end, added up from each side's own records."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CursorResult, Row, text
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.work import Work
from cleanclaim.reconcile.domain.day import Day, EquationName, OpenException, Totals, day_of
from cleanclaim.reconcile.queries import day_items as items

_WANTED = (
    (EquationName.POSTED, items.POSTINGS, items.NOT_POSTED),
    (EquationName.BOOKED, items.BOOK, items.NOT_BOOKED),
    (EquationName.BANKED, items.RECEIPTS, items.NOT_BANKED),
    (EquationName.DEPOSITED, items.DEPOSITS, items.NOT_MATCHED),
    (EquationName.CLEARED, items.BOOK, items.NOT_CLEARED),
)


async def day(work: Work, *, on: date) -> Day:
    """All five equations and every exception, as known now, for the end of a day."""
    receipts = await _one(work, on, items.RECEIPTS, items.RECEIPT_SUMS)
    deposits = await _one(work, on, items.DEPOSITS, items.DEPOSIT_SUMS)
    postings = await _one(work, on, items.POSTINGS, items.POSTING_SUMS)
    book = await _one(work, on, items.BOOK, items.BOOK_SUMS)
    totals = Totals(
        remitted_cents=int(receipts.remitted),
        posted_cents=int(postings.posted),
        booked_cents=int(book.booked),
        banked_cents=int(receipts.banked),
        awaited_cents=int(receipts.awaited),
        settled_cents=int(receipts.settled) - int(receipts.written_off),
        deposited_cents=int(deposits.deposited),
        unidentified_cents=int(deposits.awaited),
        settled_deposit_cents=int(deposits.settled),
        settled_posting_cents=int(postings.settled),
        matched_cents=int(book.matched),
        clearing_cents=int(book.clearing),
        written_off_cents=int(book.written_off),
    )
    return day_of(on, totals, await _exceptions(work, on))


async def _exceptions(work: Work, on: date) -> list[OpenException]:
    """What stands in the way of each equation, item by item, oldest first."""
    found = []
    for equation, listed, wanted in _WANTED:
        rows = await _all(work, on, listed, wanted)
        found += [_exception(equation, row) for row in rows]
    return sorted(found, key=lambda one: (one.since_on, one.name, str(one.trace_number)))


def _exception(equation: EquationName, found: RowMapping) -> OpenException:
    return OpenException(
        equation=equation,
        name=found["name"],
        cents=int(found["gap_cents"]),
        since_on=found["since_on"],
        remittance_id=found.get("remittance_id"),
        deposit_id=found.get("deposit_id"),
        payer_id=found["payer_id"],
        trace_number=found["trace_number"],
        variance_id=found.get("variance_id"),
        owner=found.get("owner"),
    )


_FLOW = """
SELECT (SELECT coalesce(sum(total_charge_cents), 0) FROM reconcile.billed_claims
    WHERE organization_id = :organization_id AND submitted_on = :on AND NOT repeats_charges)
    AS billed,
  (SELECT coalesce(sum(payment_cents), 0) FROM reconcile.expected_receipts
    WHERE organization_id = :organization_id AND paid_on = :on) AS remitted,
  (SELECT coalesce(sum(amount_cents), 0) FROM reconcile.deposits
    WHERE organization_id = :organization_id AND deposited_on = :on) AS deposited
"""


async def flow_of(work: Work, *, on: date) -> dict[str, int]:
    """What moved on that one day, in cents: billed, remitted, deposited."""
    row = await _one(work, on, _FLOW)
    return {
        "billed_cents": int(row.billed),
        "remitted_cents": int(row.remitted),
        "deposited_cents": int(row.deposited),
    }


async def _one(work: Work, on: date, *parts: str) -> Row[Any]:
    return (await _execute(work, on, parts)).one()


async def _all(work: Work, on: date, *parts: str) -> Sequence[RowMapping]:
    return (await _execute(work, on, parts)).mappings().all()


async def _execute(work: Work, on: date, parts: Sequence[str]) -> CursorResult[Any]:
    given = {"organization_id": work.organization_id, "on": on}
    return await work.connection.execute(text(" ".join(parts)), given)
