"""What a payer's decision on a claim moves: the money paid, and each adjustment by disposition."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.decision import Adjustment, PayerDecision
from cleanclaim.accounts.domain.journal import (
    JournalEntry,
    Occasion,
    Place,
    Posting,
    entry_or_none,
    moved,
)
from cleanclaim.values.errors import Invalid

STAYS_OPEN = frozenset({"denied", "payer_initiated", "undecided"})
"""Stays in insurance receivable; a case or a work item owns it."""
MEMO = frozenset({"prior_payer"})
"""The effect of an earlier payer, which was booked from that payer's own answer (OA-23)."""


class NextPayerMissing(Invalid):
    """An amount is a further payer's, and the fact does not say which payer that is."""


@dataclass(frozen=True, slots=True)
class _Row:
    account: Account
    takes_payer: bool


# domain rule: disposition -> what is debited when insurance receivable is credited
_MOVES = {
    "contractual": _Row(Account.CONTRACTUAL_ALLOWANCE, takes_payer=True),
    "patient_share": _Row(Account.PATIENT_RECEIVABLE, takes_payer=False),
    "next_payer": _Row(Account.INSURANCE_RECEIVABLE, takes_payer=True),
    "withheld": _Row(Account.WITHHOLD_RECEIVABLE, takes_payer=True),
    "capitated": _Row(Account.CAPITATION_ALLOWANCE, takes_payer=True),
}


def entry_for_payment(occasion: Occasion, decision: PayerDecision) -> JournalEntry | None:
    """Cash clearing (or what waited unapplied) and allowances against insurance receivable.

    Each pair carries its line, so that every line adds up to 0 by itself. What CLP04 pays beyond
    the lines is the claim's own row: SVC03 in sum minus claim-level CAS is CLP04 (RFI 452). None
    where nothing moves: CLP02 23 or 25, or a claim refused as a whole.

    Raises:
        NextPayerMissing: `next_payer` without a payer.
    """
    if decision.moves_nothing:
        return None
    return entry_or_none(
        occasion,
        effective_on=decision.paid_on,
        place=place_of(decision),
        postings=tuple(_postings(decision)),
    )


def place_of(decision: PayerDecision) -> Place:
    """What a decision touches."""
    return Place(
        patient_account_id=decision.patient_account_id,
        claim_id=decision.claim_id,
        remittance_id=decision.remittance_id,
    )


def cash_leg(decision: PayerDecision, line_id: UUID | None = None) -> Posting:
    """The money side: the trace of this 835, or what waited unapplied under the same id."""
    if decision.from_unapplied:
        return Posting(
            account=Account.UNAPPLIED_INSURANCE_CASH,
            amount_cents=0,
            why="payment",
            payer_id=decision.payer_id,
            line_id=line_id,
            open_item_id=decision.claim_payment_id,
        )
    return Posting(
        account=Account.CASH_CLEARING,
        amount_cents=0,
        why="payment",
        payer_id=decision.payer_id,
        trace_number=decision.trace_number,
        line_id=line_id,
    )


def _postings(decision: PayerDecision) -> Iterator[Posting]:
    rest_cents = decision.paid_cents
    for line in decision.lines:
        yield from _paid(decision, line.line_id, line.paid_cents)
        rest_cents -= line.paid_cents
        for adjustment in line.adjustments:
            yield from _adjusted(decision, line.line_id, adjustment)
    yield from _paid(decision, None, rest_cents)
    for adjustment in decision.adjustments:
        yield from _adjusted(decision, None, adjustment)


def _receivable(decision: PayerDecision, line_id: UUID | None, why: str) -> Posting:
    return Posting(
        account=Account.INSURANCE_RECEIVABLE,
        amount_cents=0,
        why=why,
        payer_id=decision.payer_id,
        line_id=line_id,
    )


def _paid(decision: PayerDecision, line_id: UUID | None, amount_cents: int) -> tuple[Posting, ...]:
    return moved(
        amount_cents,
        debit=cash_leg(decision, line_id),
        credit=_receivable(decision, line_id, "payment"),
    )


def _adjusted(
    decision: PayerDecision, line_id: UUID | None, adjustment: Adjustment
) -> tuple[Posting, ...]:
    row = _MOVES.get(adjustment.disposition)
    if row is None:  # stays open, is a memo, or is a word that this version does not know yet
        return ()
    why = adjustment.disposition
    receivable = replace(_receivable(decision, line_id, why), reason=adjustment.reason_code)
    payer_id = decision.payer_id if row.takes_payer else None
    if why == "next_payer":
        payer_id = _next_payer(decision)
    debit = replace(receivable, account=row.account, payer_id=payer_id)
    return moved(adjustment.amount_cents, debit=debit, credit=receivable)


def _next_payer(decision: PayerDecision) -> UUID:
    if decision.next_payer_id is None:
        raise NextPayerMissing(
            "An adjustment is a further payer's, and the fact names no further payer.",
            pointer="/next_payer_id",
            fix="Tell the payer with the decision, or judge the adjustment anew.",
        )
    return decision.next_payer_id


def left_open(decision: PayerDecision) -> dict[str, int]:
    """Cents that stay open with this payer, by disposition, unknown dispositions included.

    Denied amounts are left out: a denial case owns them.
    """
    amounts: dict[str, int] = {}
    if decision.moves_nothing:
        return amounts
    for one in decision.all_adjustments():
        known = one.disposition in _MOVES or one.disposition in MEMO
        if known or one.disposition == "denied":
            continue
        amounts[one.disposition] = amounts.get(one.disposition, 0) + one.amount_cents
    return {why: cents for why, cents in amounts.items() if cents > 0}
