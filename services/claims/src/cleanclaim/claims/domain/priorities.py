"""How urgent a person's work on a claim is: money, age and deadline, each a term one can see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

HELD = "claim_held"
REJECTED = "claim_rejected"
CHANGE_WAITS = "claim_change_waits"
UNKNOWN_ANSWER = "answer_unknown"
UNBUILT = "encounter_not_built"
UNKNOWN_PAYMENT = "payment_unknown"

KINDS: Mapping[str, int] = {
    REJECTED: 40,
    HELD: 30,
    UNBUILT: 30,
    CHANGE_WAITS: 20,
    UNKNOWN_PAYMENT: 20,
    UNKNOWN_ANSWER: 10,
}
"""The kinds of work items of this service, and where each starts."""

_CENTS_PER_POINT = 100_00
_MOST_FOR_VALUE = 50
_MOST_FOR_AGE = 30


@dataclass(frozen=True, slots=True)
class Priority:
    total: int
    terms: Mapping[str, int]


def priority_of(
    kind: str, *, value_cents: int, service_on: date | None, due_on: date | None, as_of_on: date
) -> Priority:
    """Points for the kind, one per 100 dollars (50 at most), one per day of age (30 at most).

    The nearer the deadline the more: 10 within 90 days, 30 within 30, 60 within 7, 5 once it has
    passed (then little is to be won).
    """
    age_days = max((as_of_on - service_on).days, 0) if service_on else 0
    terms = {
        "kind": KINDS[kind],
        "value": min(max(value_cents, 0) // _CENTS_PER_POINT, _MOST_FOR_VALUE),
        "age": min(age_days, _MOST_FOR_AGE),
        "deadline": _deadline(due_on, as_of_on),
    }
    return Priority(sum(terms.values()), terms)


def _deadline(due_on: date | None, as_of_on: date) -> int:
    if due_on is None:
        return 0
    left = (due_on - as_of_on).days
    if left < 0:
        return 5
    return next((points for days, points in ((7, 60), (30, 30), (90, 10)) if left <= days), 0)
