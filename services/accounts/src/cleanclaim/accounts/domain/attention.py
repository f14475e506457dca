"""What of the book needs a person, and how much more urgent one thing is than another."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

OVERPAYMENT_DAYS = 60
"""Report and return within 60 days of identifying it: 42 CFR 401.305 (Medicare A and B)."""

CREDIT_BALANCE = "credit_balance"
UNDECIDED_AMOUNT = "undecided_amount"
OPEN_RECOUPMENT = "open_recoupment"

NEXT_ACTIONS = MappingProxyType(
    {
        CREDIT_BALANCE: ("find_the_cause", "refund", "move_to_other_claim"),
        UNDECIDED_AMOUNT: ("read_remittance", "ask_payer", "write_off"),
        OPEN_RECOUPMENT: ("find_claim", "dispute", "wait_for_next_remittance"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One thing for a person: ids and codes, the money at stake in cents, and why it is urgent."""

    kind: str
    subject_type: str
    subject_id: UUID
    reason: str
    value_cents: int
    due_on: date | None
    priority: int
    priority_terms: dict[str, int]

    @property
    def next_actions(self) -> tuple[str, ...]:
        return NEXT_ACTIONS[self.kind]


def priority_terms(*, value_cents: int, age_days: int, days_left: int | None) -> dict[str, int]:
    """The terms that a priority is added up from.

    value: one point for each 10 dollars, at most 100; age: one for each day, at most 60;
    deadline: 100 when it is due or past, 50 within two weeks, 20 within a month.
    """
    terms = {
        "value": min(abs(value_cents) // 10_00, 100),
        "age": max(0, min(age_days, 60)),
        "deadline": 0,
    }
    if days_left is not None:
        limits = ((0, 100), (14, 50), (30, 20))
        terms["deadline"] = next((points for days, points in limits if days_left <= days), 0)
    return terms


def _attention(
    *, kind: str, subject: tuple[str, UUID], reason: str, value_cents: int, due_on: date | None,
    today: date,
) -> Attention:  # fmt: skip
    days_left = (due_on - today).days if due_on else None
    terms = priority_terms(value_cents=value_cents, age_days=0, days_left=days_left)
    return Attention(
        kind=kind,
        subject_type=subject[0],
        subject_id=subject[1],
        reason=reason,
        value_cents=value_cents,
        due_on=due_on,
        priority=sum(terms.values()),
        priority_terms=terms,
    )


def insurance_credit(claim_id: UUID, *, credit_cents: int, today: date) -> Attention:
    """A payer has paid more than a claim was billed for; the 60-day clock runs from here."""
    return _attention(
        kind=CREDIT_BALANCE,
        subject=("claim", claim_id),
        reason="insurance_credit",
        value_cents=credit_cents,
        due_on=today + timedelta(days=OVERPAYMENT_DAYS),
        today=today,
    )


def patient_credit(patient_account_id: UUID, *, credit_cents: int, today: date) -> Attention:
    """A patient has paid more than they owe; no refund while a correction is awaited."""
    return _attention(
        kind=CREDIT_BALANCE,
        subject=("patient_account", patient_account_id),
        reason="patient_credit",
        value_cents=credit_cents,
        due_on=None,
        today=today,
    )


def undecided_amount(
    subject_type: str, subject_id: UUID, *, reason: str, value_cents: int, today: date
) -> Attention:
    """An amount stays open and no rule says whose it is."""
    return _attention(
        kind=UNDECIDED_AMOUNT,
        subject=(subject_type, subject_id),
        reason=reason,
        value_cents=value_cents,
        due_on=None,
        today=today,
    )


def open_recoupment(open_item_id: UUID, *, value_cents: int, today: date) -> Attention:
    """A payer took money back and no reversal says what for."""
    return _attention(
        kind=OPEN_RECOUPMENT,
        subject=("open_item", open_item_id),
        reason="taken_without_reversal",
        value_cents=value_cents,
        due_on=None,
        today=today,
    )
