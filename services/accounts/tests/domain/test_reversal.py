"""A reversal is the exact opposite of what was posted, but for the trace of its cash."""

import pytest

from cleanclaim.accounts.domain.book.payment import entry_for_payment
from cleanclaim.accounts.domain.book.reversal import PostedPayment, entry_for_reversal
from cleanclaim.accounts.domain.decision import PayerDecision

from .builders import a_decision, a_line, an_adjustment, an_occasion, moves, named


def a_posted(decision: PayerDecision, reversed_by: str | None = None) -> PostedPayment:
    entry = entry_for_payment(an_occasion("paid"), decision)
    return PostedPayment(
        claim_payment_id=decision.claim_payment_id,
        paid_cents=decision.paid_cents,
        entry_id=named("entry") if entry else None,
        postings=entry.postings if entry else (),
        reversed_by_id=named(reversed_by) if reversed_by else None,
    )


def a_reversal(money: int = -134_00, *, from_unapplied: bool = False) -> PayerDecision:
    return a_decision(
        name="P2", trace="T2", status="22", paid_cents=money, reverses="P1",
        from_unapplied=from_unapplied,
    )  # fmt: skip


PAID = a_decision(a_line(an_adjustment(), an_adjustment("patient_share", "2", 16_00)))
OPPOSITE = [
    ("insurance_receivable", 134_00),
    ("contractual_allowance", -50_00),
    ("insurance_receivable", 50_00),
    ("patient_receivable", -16_00),
    ("insurance_receivable", 16_00),
]
APPLIED_LATER = a_decision(
    a_line(an_adjustment(), an_adjustment("patient_share", "2", 16_00)), from_unapplied=True
)
REFUSED = a_decision(a_line(an_adjustment("denied", "197", 200_00), paid_cents=0))


@pytest.mark.parametrize(
    ("original", "reversal", "expected"),
    [
        pytest.param(
            a_posted(PAID), a_reversal(), [("cash_clearing", -134_00), *OPPOSITE], id="same money"
        ),
        pytest.param(
            a_posted(APPLIED_LATER),
            a_reversal(),
            [("cash_clearing", -134_00), *OPPOSITE],
            id="original was applied from unapplied cash",
        ),
        pytest.param(
            a_posted(PAID),
            a_reversal(from_unapplied=True),
            [("unapplied_insurance_cash", -134_00), *OPPOSITE],
            id="reversal waited unapplied",
        ),
        pytest.param(
            a_posted(PAID),
            a_reversal(-130_00),
            [("cash_clearing", -130_00), ("unapplied_insurance_cash", 130_00)],
            id="other money",
        ),
        pytest.param(
            a_posted(PAID), a_reversal(-130_00, from_unapplied=True), [], id="other money, waiting"
        ),
        pytest.param(
            a_posted(PAID, "P9"),
            a_reversal(),
            [("cash_clearing", -134_00), ("unapplied_insurance_cash", 134_00)],
            id="reversed already",
        ),
        pytest.param(a_posted(REFUSED), a_reversal(0), [], id="a denial undone"),
    ],
)
def test_a_reversal_books(
    original: PostedPayment, reversal: PayerDecision, expected: list[tuple[str, int]]
) -> None:
    assert moves(entry_for_reversal(an_occasion(), reversal, original)) == expected


def test_the_cash_of_a_reversal_stands_on_its_own_trace() -> None:
    entry = entry_for_reversal(an_occasion(), a_reversal(), a_posted(PAID))
    assert entry is not None
    assert [one.trace_number for one in entry.postings if one.trace_number] == ["T2"]
    assert entry.counters_entry_id == named("entry")
