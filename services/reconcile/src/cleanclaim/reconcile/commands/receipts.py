"""Takes in what remittance tells: money that is expected, and whether all of it was posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import store
from cleanclaim.reconcile.commands import matching, variances
from cleanclaim.reconcile.domain.receipt import ExpectedReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardReceipt:
    """A receipt with the thread and the time at which it was told."""

    receipt: ExpectedReceipt
    cause: Cause
    heard_at: datetime
    posted_cents: int | None = None
    claims_told_cents: int = 0


async def expect_receipts(work: Work, *, heard: Sequence[HeardReceipt]) -> None:
    """Keep announced remittances; give them the money that came before them."""
    await store.keep_received(work, [_row(one) for one in heard])
    await _match_again(work, heard)


async def note_posted(work: Work, *, heard: Sequence[HeardReceipt]) -> None:
    """Keep what was posted of remittances; their payer may be known only since then."""
    posted = {
        # one row a remittance, the last word of it
        one.receipt.remittance_id: _row(one)
        | {"posted_cents": one.posted_cents, "claims_told_cents": one.claims_told_cents}
        for one in heard
    }
    await store.keep_posted(work, list(posted.values()))
    await _match_again(work, heard)
    await variances.end_completed_postings(work, on=await _day_of(work, heard))


async def _match_again(work: Work, heard: Sequence[HeardReceipt]) -> None:
    awaiting = [one for one in heard if one.receipt.awaits_money]
    if awaiting:
        await matching.match_again(
            work,
            remittance_ids=[one.receipt.remittance_id for one in awaiting],
            on=await _day_of(work, heard),
            threads=_threads(awaiting),
        )


def _threads(heard: Sequence[HeardReceipt]) -> Mapping[UUID, Cause]:
    return {one.receipt.remittance_id: one.cause for one in heard}


async def _day_of(work: Work, heard: Sequence[HeardReceipt]) -> date:
    # a fact's own time, not the clock, so that a replay opens variances on the same day
    zone = await store.time_zone(work)
    return max(one.heard_at for one in heard).astimezone(zone).date()


def _row(one: HeardReceipt) -> dict[str, Any]:
    receipt = one.receipt
    return {
        "id": receipt.remittance_id,
        "payer_id": receipt.payer_id,
        "trace_number": receipt.trace_number,
        "originating_company_id": receipt.originating_company_id,
        "payment_method": receipt.payment_method,
        "paid_on": receipt.paid_on,
        "payment_cents": receipt.payment_cents,
        "window_ends_on": receipt.window_ends_on,
        "cause": one.cause.as_json(),
        "heard_at": one.heard_at,
    }
