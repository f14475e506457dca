"""A day's equations: when they hold, which fails first, and that every cent has a name."""

from dataclasses import replace
from datetime import date

import pytest

from cleanclaim.reconcile.domain.clearing import ClearingPurpose, purpose_of
from cleanclaim.reconcile.domain.day import EquationName, OpenException, Totals, day_of

MONDAY = date(2026, 3, 2)
WHOLE = Totals(
    remitted_cents=100, posted_cents=100, booked_cents=100, banked_cents=100, awaited_cents=0,
    settled_cents=0, deposited_cents=100, unidentified_cents=0, settled_deposit_cents=0,
    settled_posting_cents=0, matched_cents=100, clearing_cents=0, written_off_cents=0,
)  # fmt: skip


def an_exception(equation: EquationName, cents: int) -> OpenException:
    return OpenException(equation=equation, name="x", cents=cents, since_on=MONDAY)


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({}, None),
        ({"posted_cents": 90, "booked_cents": 90, "clearing_cents": -10}, "remitted_is_posted"),
        ({"posted_cents": 90, "settled_posting_cents": 10, "booked_cents": 90,
          "clearing_cents": -10}, None),
        ({"booked_cents": 90, "clearing_cents": -10}, "posted_is_booked"),
        ({"banked_cents": 90, "deposited_cents": 90, "matched_cents": 90, "clearing_cents": 10},
         "remitted_is_banked"),
        ({"banked_cents": 90, "awaited_cents": 10, "deposited_cents": 90, "matched_cents": 90,
          "clearing_cents": 10}, None),
        ({"banked_cents": 90, "settled_cents": 10, "deposited_cents": 90, "matched_cents": 90,
          "written_off_cents": -10}, None),
        ({"deposited_cents": 130}, "deposited_is_banked"),
        ({"deposited_cents": 130, "unidentified_cents": 20, "settled_deposit_cents": 10}, None),
        ({"clearing_cents": 1}, "book_is_cleared"),
    ],
)  # fmt: skip
def test_the_first_failing_equation_is_named(change: dict[str, int], failing: str | None) -> None:
    day = day_of(MONDAY, replace(WHOLE, **change), [])
    assert day.failing_equation == failing
    assert day.balanced is (failing is None)


def test_a_difference_with_a_name_is_accounted_for() -> None:
    totals = replace(WHOLE, deposited_cents=130)
    named = day_of(MONDAY, totals, [an_exception(EquationName.DEPOSITED, 30)])
    nameless = day_of(MONDAY, totals, [])
    assert (named.balanced, named.accounted_for) == (False, True)
    assert (nameless.balanced, nameless.accounted_for) == (False, False)


def test_exceptions_that_hide_each_other_do_not_balance() -> None:
    short, over = (an_exception(EquationName.BANKED, cents) for cents in (500, -500))
    day = day_of(MONDAY, WHOLE, [short, over])
    assert all(equation.holds for equation in day.equations)
    assert (day.balanced, day.failing_equation) == (False, "remitted_is_banked")


@pytest.mark.parametrize(
    ("cause", "purpose"),
    [
        ("cleanclaim.remittance.ClaimPaymentPosted.v1", ClearingPurpose.BOOKED),
        ("cleanclaim.remittance.ProviderAdjustmentPosted.v2", ClearingPurpose.BOOKED),
        ("cleanclaim.reconcile.DepositMatched.v1", ClearingPurpose.BANKED),
        ("cleanclaim.reconcile.VarianceResolved.v1", ClearingPurpose.WRITTEN_OFF),
        ("cleanclaim.accounts.Something.v1", ClearingPurpose.OTHER),
        ("nonsense", ClearingPurpose.OTHER),
    ],
)
def test_the_cause_of_an_entry_says_why_clearing_moved(
    cause: str, purpose: ClearingPurpose
) -> None:
    assert purpose_of(cause) is purpose
