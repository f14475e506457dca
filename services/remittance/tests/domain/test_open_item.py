"""The sub-ledger of provider adjustments, and what a person is asked about."""

from datetime import date
from uuid import uuid5

import pytest

from cleanclaim.remittance.domain.attention import (
    PAYMENT_UNMATCHED,
    Trouble,
    priority,
    troubles_in,
)
from cleanclaim.remittance.domain.open_item import OpenItem, account_of, place
from cleanclaim.remittance.domain.posting import Posted, judge

from .builders import CLAIM, PAID_ON, a_line, a_payment, a_reference, an_answer

ACCOUNTS = [
    ("WO", 100, "payer_recoupment"), ("FB", -100, "carried_balance"), ("72", -100, "refund_clearing"),
    ("L6", -100, "interest_income"), ("L6", 100, "interest_expense"), ("IR", 100, "tax_withheld"),
    ("CS", 100, "suspense"), ("Q9", 100, "suspense"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "cents", "account"), ACCOUNTS)
def test_a_reason_has_its_account(code: str, cents: int, account: str) -> None:
    assert account_of(code, cents) == account


def _item(reference: str, cents: int, account: str = "carried_balance", day: int = 1) -> OpenItem:
    return OpenItem(
        id=uuid5(CLAIM, reference),
        account=account,
        reference_digest=reference.encode(),
        balance_cents=cents,
        opened_on=date(2026, 1, day),
    )


ITEMS = [
    _item("R1", -200_00, day=2),
    _item("R2", -150_00, day=1),
    _item("W", -200_00, "payer_recoupment"),
]
PLACES = [
    # account, reference, amount, item found, inferred
    ("carried_balance", "R1", 200_00, "R1", False),
    ("carried_balance", "other", 200_00, "R1", True),
    ("carried_balance", "other", 90_00, "R2", True),
    ("carried_balance", "other", -90_00, None, False),
    ("payer_recoupment", "W", 200_00, "W", False),
    ("payer_recoupment", "other", 200_00, None, False),
]


@pytest.mark.parametrize(("account", "reference", "cents", "found", "inferred"), PLACES)
def test_an_amount_finds_its_open_item(account, reference, cents, found, inferred) -> None:
    placed = place(account, reference.encode(), cents, ITEMS)
    assert (placed.item.reference_digest.decode() if placed.item else None) == found
    assert placed.inferred is inferred


PRIORITIES = [
    (0, 0, {"gravity": 40, "value": 0, "age": 0}),
    (250_00, 3, {"gravity": 40, "value": 2, "age": 6}),
    (-250_00, 3, {"gravity": 40, "value": 2, "age": 6}),
    (9_999_999_00, 400, {"gravity": 40, "value": 60, "age": 40}),
    (100_00, -2, {"gravity": 40, "value": 1, "age": 0}),
]


@pytest.mark.parametrize(("cents", "days", "terms"), PRIORITIES)
def test_a_priority_says_its_terms(cents: int, days: int, terms: dict[str, int]) -> None:
    trouble = Trouble(
        kind=PAYMENT_UNMATCHED,
        subject_type="claim_payment",
        subject_id=CLAIM,
        reason="no_claim",
        value_cents=cents,
    )
    today = date.fromordinal(PAID_ON.toordinal() + days)
    assert priority(trouble, since_on=PAID_ON, today=today) == terms


TROUBLES = [
    ("CO-45 2000, PR-1 3000", "L1", set()),
    ("PR-45 5000", "L1", {"undecided"}),
    ("PI-45 5000", "L1", {"payer_initiated"}),
    ("CO-45 5000", "X", {"no_line_of_ours"}),
]


@pytest.mark.parametrize(("adjustments", "control", "reasons"), TROUBLES)
def test_what_a_posted_decision_leaves_to_a_person(
    adjustments: str, control: str, reasons: set[str]
) -> None:
    line = a_line(100_00, 50_00, adjustments, control_number=control)
    if control == "X":
        line = a_line(100_00, 50_00, adjustments, control_number=control, code="00000")
    verdict = judge(an_answer(a_payment(lines=(line,))), [a_reference()], [])
    assert isinstance(verdict, Posted)
    assert {one.reason for one in troubles_in(verdict.decision)} == reasons
