"""What each disposition of a payer's decision debits and credits."""

import pytest

from cleanclaim.accounts.domain.book.payment import (
    NextPayerMissing,
    entry_for_payment,
    left_open,
)
from cleanclaim.accounts.domain.decision import PayerDecision

from .builders import a_decision, a_line, an_adjustment, an_occasion, moves, named


@pytest.mark.parametrize(
    ("disposition", "debited"),
    [
        ("contractual", "contractual_allowance"),
        ("patient_share", "patient_receivable"),
        ("next_payer", "insurance_receivable"),
        ("withheld", "withhold_receivable"),
        ("capitated", "capitation_allowance"),
    ],
)
def test_a_disposition_moves_its_amount_out_of_insurance_receivable(
    disposition: str, debited: str
) -> None:
    for cents in (12_34, -12_34):  # a negative amount swaps the sides
        line = a_line(an_adjustment(disposition, "45", cents), paid_cents=0)
        entry = entry_for_payment(an_occasion(), a_decision(line, next_payer="Z"))
        assert moves(entry) == [(debited, cents), ("insurance_receivable", -cents)]


@pytest.mark.parametrize(
    "disposition", ["denied", "payer_initiated", "undecided", "prior_payer", "a_later_word"]
)
def test_what_stays_open_or_is_a_memo_moves_nothing(disposition: str) -> None:
    line = a_line(an_adjustment(disposition), paid_cents=0)
    assert entry_for_payment(an_occasion(), a_decision(line)) is None


@pytest.mark.parametrize("status", ["23", "25"])
def test_a_claim_not_theirs_or_only_predetermined_moves_nothing(status: str) -> None:
    decision = a_decision(a_line(an_adjustment()), status=status)
    assert entry_for_payment(an_occasion(), decision) is None
    assert left_open(decision) == {}


def test_the_next_payer_owes_what_is_passed_on() -> None:
    line = a_line(an_adjustment("next_payer", "2", 24_00), paid_cents=0)
    entry = entry_for_payment(an_occasion(), a_decision(line, next_payer="Z"))
    assert entry is not None
    assert [one.payer_id for one in entry.postings] == [named("Z"), named("X")]


def test_an_amount_of_a_next_payer_that_nobody_names_is_refused() -> None:
    line = a_line(an_adjustment("next_payer"))
    with pytest.raises(NextPayerMissing) as refused:
        entry_for_payment(an_occasion(), a_decision(line))
    assert refused.value.pointer == "/next_payer_id"
    assert refused.value.fix


LINE_AND_CLAIM = (
    # paid lines, claim-level adjustment, CLP04: what stands on the claim's own row afterwards
    pytest.param((100_00, 50_00), 0, 150_00, id="no adjustment of the claim"),
    pytest.param((100_00, 50_00), 20_00, 130_00, id="claim-level CAS lowers CLP04 (RFI 452)"),
    pytest.param((100_00, 50_00), -20_00, 170_00, id="claim-level CAS raises CLP04"),
)


@pytest.mark.parametrize(("paid", "of_claim", "total"), LINE_AND_CLAIM)
def test_the_claims_own_row_ends_at_nothing(
    paid: tuple[int, ...], of_claim: int, total: int
) -> None:
    decision = a_decision(
        *(a_line(paid_cents=cents, line=f"L{at}") for at, cents in enumerate(paid)),
        paid_cents=total,
        claim_adjustments=(an_adjustment("contractual", "45", of_claim),),
    )
    entry = entry_for_payment(an_occasion(), decision)
    assert entry is not None
    own = [one for one in entry.postings if one.line_id is None]
    assert sum(one.amount_cents for one in own if one.account == "insurance_receivable") == 0
    assert sum(one.amount_cents for one in entry.postings if one.account == "cash_clearing") == (
        total
    )


def test_a_claim_paid_as_a_whole_is_booked_on_its_own_row() -> None:
    decision = a_decision(paid_cents=80_00, claim_adjustments=(an_adjustment(amount_cents=20_00),))
    entry = entry_for_payment(an_occasion(), decision)
    assert moves(entry) == [
        ("cash_clearing", 80_00),
        ("insurance_receivable", -80_00),
        ("contractual_allowance", 20_00),
        ("insurance_receivable", -20_00),
    ]


def test_money_that_waited_unapplied_comes_from_there() -> None:
    entry = entry_for_payment(an_occasion(), a_decision(a_line(), from_unapplied=True))
    assert moves(entry) == [
        ("unapplied_insurance_cash", 134_00),
        ("insurance_receivable", -134_00),
    ]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (a_decision(a_line(an_adjustment("undecided", "133", 5_00))), {"undecided": 5_00}),
        (a_decision(a_line(an_adjustment("payer_initiated"))), {"payer_initiated": 50_00}),
        (a_decision(a_line(an_adjustment("denied"))), {}),
        (a_decision(a_line(an_adjustment("prior_payer", "23"))), {}),
        (a_decision(a_line(an_adjustment("undecided", "45", -5_00))), {}),
        (a_decision(claim_adjustments=(an_adjustment("new_word"),)), {"new_word": 50_00}),
    ],
    ids=["undecided", "payer initiated", "denied", "memo", "in our favour", "unknown word"],
)
def test_what_stays_open_without_a_case_is_named(
    decision: PayerDecision, expected: dict[str, int]
) -> None:
    assert left_open(decision) == expected
