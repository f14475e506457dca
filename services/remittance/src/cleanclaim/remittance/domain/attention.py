"""What of a remittance needs a person, and how urgently, with the terms that say why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.codes.provider_adjustments import PlbAction, plb_reasons
from cleanclaim.codes.vocabulary import Disposition
from cleanclaim.remittance.domain.decision import Decision

REMITTANCE_HELD = "remittance_held"
PAYMENT_UNMATCHED = "claim_payment_unmatched"
ADJUSTMENT_UNDECIDED = "adjustment_undecided"
LINE_UNMATCHED = "service_line_unmatched"
PROVIDER_ADJUSTMENT = "provider_adjustment_review"
# Money that is in the bank and in nobody's account comes before a code that nobody has read yet.
_GRAVITY = {
    REMITTANCE_HELD: 60,
    PAYMENT_UNMATCHED: 40,
    PROVIDER_ADJUSTMENT: 30,
    LINE_UNMATCHED: 20,
    ADJUSTMENT_UNDECIDED: 20,
}
NEXT_ACTIONS = {
    REMITTANCE_HELD: ("release", "reject"),
    PAYMENT_UNMATCHED: ("match",),
    PROVIDER_ADJUSTMENT: ("review",),
    LINE_UNMATCHED: ("review",),
    ADJUSTMENT_UNDECIDED: ("decide",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing for a person: its kind, what it is about and the money at stake in cents."""

    kind: str
    subject_type: str
    subject_id: UUID
    reason: str
    value_cents: int


def priority(trouble: Trouble, *, since_on: date, today: date) -> dict[str, int]:
    """The terms of the priority, to be added up: gravity of the kind, value, age.

    Value: a point for every 100 dollars, up to 60. Age: two points a day since the payment, up to
    40, for a payer takes back or answers an appeal by days counted from it.
    """
    return {
        "gravity": _GRAVITY[trouble.kind],
        "value": min(60, abs(trouble.value_cents) // 100_00),
        "age": max(0, min(40, 2 * (today - since_on).days)),
    }


def troubles_in(decision: Decision) -> Iterator[Trouble]:
    """What a posted decision leaves to a person: what is undecided, and lines nobody knows."""
    if decision.is_reversal:
        return
    payment = decision.payment
    for disposition, reason in (
        (Disposition.UNDECIDED, "undecided"),
        (Disposition.PAYER_INITIATED, "payer_initiated"),
    ):
        cents = payment.total(disposition.value)
        if any(one.disposition == disposition for one in payment.all_adjustments):
            yield _of(ADJUSTMENT_UNDECIDED, decision.claim_payment_id, reason, cents)
    if decision.unanswered_cents:
        cents = decision.unanswered_cents
        yield _of(ADJUSTMENT_UNDECIDED, decision.claim_payment_id, "left_open", cents)
    unknown = [line for line in payment.lines if line.line_id is None]
    if unknown:
        cents = sum(line.charge_cents for line in unknown)
        yield _of(LINE_UNMATCHED, decision.claim_payment_id, "no_line_of_ours", cents)


def _of(kind: str, subject_id: UUID, reason: str, cents: int) -> Trouble:
    return Trouble(
        kind=kind,
        subject_type="claim_payment",
        subject_id=subject_id,
        reason=reason,
        value_cents=cents,
    )


def needs_review(code: str) -> bool:
    """Whether a provider adjustment is posted and yet looked at by a person."""
    return plb_reasons().reason(code).action in {
        PlbAction.POST_AND_REVIEW,
        PlbAction.RECOUPMENT_CASE,
    }
