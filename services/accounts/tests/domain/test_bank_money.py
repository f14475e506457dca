"""What provider adjustments, unmatched payments, deposits, matches and variances move."""

import pytest

from cleanclaim.accounts.domain.book.deposit import (
    Deposit,
    DepositMatch,
    MatchedPart,
    entry_for_deposit,
    entry_for_match,
)
from cleanclaim.accounts.domain.book.provider_adjustment import (
    ProviderAdjustment,
    entry_for_provider_adjustment,
)
from cleanclaim.accounts.domain.book.unmatched import UnmatchedPayment, entry_for_unmatched
from cleanclaim.accounts.domain.book.variance import (
    ResolvedVariance,
    VarianceWithoutPlace,
    entry_for_variance,
)

from .builders import A_DAY, an_occasion, moves, named


@pytest.mark.parametrize(
    ("code", "cents", "account"),
    [
        ("WO", 75_00, "payer_recoupment"),
        ("WO", -75_00, "payer_recoupment"),
        ("FB", -200_00, "carried_balance"),
        ("72", -120_00, "refund_clearing"),
        ("L6", -3_00, "interest_income"),
        ("L6", 3_00, "interest_expense"),
        ("CT", -900_00, "capitation"),
        ("ZZ", 1_00, "suspense"),
    ],
)
def test_a_provider_adjustment_is_subtracted_from_the_payment(
    code: str, cents: int, account: str
) -> None:
    adjustment = ProviderAdjustment(
        remittance_id=named("R"),
        payer_id=named("X"),
        code=code,
        amount_cents=cents,
        trace_number="T1",
        paid_on=A_DAY,
        open_item_id=named("item"),
    )
    entry = entry_for_provider_adjustment(an_occasion(), adjustment)
    assert moves(entry) == [(account, cents), ("cash_clearing", -cents)]


@pytest.mark.parametrize("cents", [55_00, -55_00])
def test_a_payment_without_a_claim_waits_unapplied(cents: int) -> None:
    payment = UnmatchedPayment(
        claim_payment_id=named("P1"),
        remittance_id=named("R"),
        payer_id=named("X"),
        trace_number="T1",
        paid_on=A_DAY,
        paid_cents=cents,
    )
    entry = entry_for_unmatched(an_occasion(), payment)
    assert moves(entry) == [("cash_clearing", cents), ("unapplied_insurance_cash", -cents)]


@pytest.mark.parametrize("cents", [150_00, -150_00])
def test_bank_money_is_unidentified_until_it_is_matched(cents: int) -> None:
    deposit = Deposit(deposit_id=named("D"), amount_cents=cents, deposited_on=A_DAY)
    assert moves(entry_for_deposit(an_occasion(), deposit)) == [
        ("bank", cents),
        ("unidentified_deposits", -cents),
    ]


def test_a_match_takes_each_part_out_of_the_clearing_of_its_trace() -> None:
    parts = [
        MatchedPart(
            remittance_id=named(trace), payer_id=named("X"), trace_number=trace, amount_cents=cents
        )
        for trace, cents in (("T1", 100_00), ("T2", 50_00), ("T3", 0))
    ]
    match = DepositMatch(deposit_id=named("D"), deposited_on=A_DAY, parts=parts)
    entry = entry_for_match(an_occasion(), match)
    assert moves(entry) == [
        ("unidentified_deposits", 100_00),
        ("cash_clearing", -100_00),
        ("unidentified_deposits", 50_00),
        ("cash_clearing", -50_00),
    ]
    assert entry is not None
    assert entry.place.remittance_id is None  # it touches several


def a_variance(kind: str, cents: int, outcome: str = "written_off") -> ResolvedVariance:
    return ResolvedVariance(
        variance_id=named("V"),
        kind=kind,
        outcome=outcome,
        written_off_cents=cents,
        resolved_on=A_DAY,
        payer_id=named("X"),
        trace_number="T1",
        deposit_id=named("D"),
    )


@pytest.mark.parametrize(
    ("variance", "expected"),
    [
        (
            a_variance("deposit_short", -5_00),
            [("variance_write_off", 5_00), ("cash_clearing", -5_00)],
        ),
        (
            a_variance("deposit_over", 5_00),
            [("variance_write_off", -5_00), ("cash_clearing", 5_00)],
        ),
        (
            a_variance("deposit_without_remittance", 5_00),
            [("variance_write_off", -5_00), ("unidentified_deposits", 5_00)],
        ),
        (a_variance("claim_underpaid", -5_00), []),
        (a_variance("deposit_short", 0), []),
        (a_variance("deposit_short", 0, "explained"), []),
        (a_variance("deposit_short", 0, "corrected"), []),
    ],
    ids=["short", "over", "no remittance", "of a claim", "of nothing", "explained", "corrected"],
)
def test_only_a_written_off_variance_moves_money(
    variance: ResolvedVariance, expected: list[tuple[str, int]]
) -> None:
    assert moves(entry_for_variance(an_occasion(), variance)) == expected


def test_a_write_off_that_says_not_from_where_is_refused() -> None:
    lost = ResolvedVariance(
        variance_id=named("V"), kind="deposit_short", outcome="written_off",
        written_off_cents=-5_00, resolved_on=A_DAY,
    )  # fmt: skip
    with pytest.raises(VarianceWithoutPlace, match="neither its trace nor its deposit"):
        entry_for_variance(an_occasion(), lost)
