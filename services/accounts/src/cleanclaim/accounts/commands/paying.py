"""Books what payers decided: payments, reversals, and payments that found no claim."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cleanclaim.accounts import store
from cleanclaim.accounts.commands.happened import Happened
from cleanclaim.accounts.commands.writing import (
    Batch,
    close,
    draw_attention,
    review_credits,
    write,
)
from cleanclaim.accounts.domain import attention
from cleanclaim.accounts.domain.book.payment import entry_for_payment, left_open
from cleanclaim.accounts.domain.book.reversal import (
    PostedPayment,
    entry_for_reversal,
    may_counter,
)
from cleanclaim.accounts.domain.book.unmatched import UnmatchedPayment, entry_for_unmatched
from cleanclaim.accounts.domain.days import local_day
from cleanclaim.accounts.domain.decision import PayerDecision
from cleanclaim.chassis.work import Work

Decisions = Sequence[Happened[PayerDecision]]


async def book_payments(work: Work, *, decisions: Decisions) -> None:
    """Book what payers paid and adjusted, and the reversals that came before their originals."""
    batch = Batch()
    kept = [
        (one.fact, batch.add(entry_for_payment(one.occasion, one.fact), one.thread))
        for one in decisions
    ]
    await store.keep_decisions(work, kept)
    await write(work, batch=batch)
    at = decisions[-1].occasion.occurred_at
    await _review(work, [decision for decision, _ in kept], at=at)
    await _watch_open(work, [decision for decision, _ in kept], at=at)
    early = await store.take_early_reversals(
        work, (decision.claim_payment_id for decision, _ in kept)
    )
    if early:
        waited = [
            Happened(fact=one.decision, occasion=one.occasion, thread=one.thread) for one in early
        ]
        await book_reversals(work, reversals=waited)


async def book_reversals(work: Work, *, reversals: Decisions) -> None:
    """Counter what reversed payments posted; one whose original is not heard yet waits."""
    originals = await store.posted_payments(
        work, (one.fact.reverses_id for one in reversals if one.fact.reverses_id)
    )
    batch = Batch()
    booked: list[tuple[PayerDecision, UUID | None]] = []
    marks: list[tuple[UUID, UUID]] = []
    early: list[store.EarlyReversal] = []
    differing: list[PayerDecision] = []
    for one in reversals:
        original = originals.get(one.fact.reverses_id) if one.fact.reverses_id else None
        if original is None:
            early.append(
                store.EarlyReversal(decision=one.fact, occasion=one.occasion, thread=one.thread)
            )
            continue
        if may_counter(one.fact, original):
            mark = (original.claim_payment_id, one.fact.claim_payment_id)
            marks.append(mark)
        else:
            differing.append(one.fact)
        entry = entry_for_reversal(one.occasion, one.fact, original)
        booked.append((one.fact, batch.add(entry, one.thread)))
        _take_note(originals, original, by=one.fact)
    await store.keep_early_reversals(work, early)
    await store.keep_decisions(work, booked)
    await store.mark_reversed(work, marks)
    await write(work, batch=batch)
    at = reversals[-1].occasion.occurred_at
    taken_back = [decision for decision, _ in booked]
    await _review(work, taken_back, at=at)
    await _answered(work, taken_back, at=at)
    await _look_into(work, differing, at=at)


def _take_note(
    originals: dict[UUID, PostedPayment], original: PostedPayment, *, by: PayerDecision
) -> None:
    # a second reversal of the same payment in one batch must not counter it again
    if may_counter(by, original):
        originals[original.claim_payment_id] = replace(original, reversed_by_id=by.claim_payment_id)


async def book_unmatched(work: Work, *, payments: Sequence[Happened[UnmatchedPayment]]) -> None:
    """Book the money of payments that found no claim as unapplied insurance cash."""
    batch = Batch()
    for one in payments:
        batch.add(entry_for_unmatched(one.occasion, one.fact), one.thread)
    await write(work, batch=batch)


async def _review(work: Work, decisions: Iterable[PayerDecision], *, at: datetime) -> None:
    touched = list(decisions)
    if touched:
        await review_credits(
            work,
            claim_ids={one.claim_id for one in touched},
            patient_account_ids={one.patient_account_id for one in touched},
            at=at,
        )


async def _answered(work: Work, decisions: Iterable[PayerDecision], *, at: datetime) -> None:
    claims = {one.claim_id for one in decisions}
    await close(
        work, subject_ids=claims, kind=attention.UNDECIDED_AMOUNT, outcome="answered_again", at=at
    )


async def _watch_open(work: Work, decisions: Sequence[PayerDecision], *, at: datetime) -> None:
    """Amounts that stay open without a denial case; a newer answer closes the older question."""
    await _answered(work, decisions, at=at)
    today = local_day(at, await store.time_zone(work))
    newest = {one.claim_id: one for one in decisions}
    found = [
        attention.undecided_amount(
            "claim", decision.claim_id, reason=why, value_cents=cents, today=today
        )
        for decision in newest.values()
        for why, cents in left_open(decision).items()
    ]
    await draw_attention(work, found=found, at=at)


async def _look_into(work: Work, differing: Iterable[PayerDecision], *, at: datetime) -> None:
    """A reversal whose money is not what was posted: nothing is countered, a person looks."""
    today = local_day(at, await store.time_zone(work))
    found = [
        attention.undecided_amount(
            "claim",
            one.claim_id,
            reason="reversal_differs",
            value_cents=abs(one.paid_cents),
            today=today,
        )
        for one in differing
    ]
    await draw_attention(work, found=found, at=at)
