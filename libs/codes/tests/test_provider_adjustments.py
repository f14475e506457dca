"""Provider-level money: every reason has an account, and the sign rule keeps an 835 in balance."""

import pytest

from cleanclaim.codes.provider_adjustments import PlbAccount, PlbAction, plb_reasons

STORIES = {
    "interest on a late payment": (1000_00, [("L6", -7_50)], 1007_50, {"interest_income": 7_50}),
    "recoupment without a reversal in this file": (
        1000_00,
        [("WO", 250_00)],
        750_00,
        {"payer_recoupment": -250_00},
    ),
    "reversal shown now, money to be taken later": (
        600_00,
        [("WO", -400_00)],
        1000_00,
        {"payer_recoupment": 400_00},
    ),
    "the same debt is taken in the next file": (
        900_00,
        [("WO", 400_00)],
        500_00,
        {"payer_recoupment": -400_00},
    ),
    "claims sum below zero, debt forwarded": (
        -300_00,
        [("FB", -300_00)],
        0,
        {"carried_balance": 300_00},
    ),
    "forwarded debt is taken": (800_00, [("FB", 300_00)], 500_00, {"carried_balance": -300_00}),
    "refund we sent is acknowledged": (
        500_00,
        [("WO", 120_00), ("72", -120_00)],
        500_00,
        {"payer_recoupment": -120_00, "refund_clearing": 120_00},
    ),
    "interest we owe is an expense": (100_00, [("L6", 2_00)], 98_00, {"interest_expense": -2_00}),
    "an unknown reason waits in suspense": (100_00, [("ZZ", 5_00)], 95_00, {"suspense": -5_00}),
}


def test_the_shipped_table_is_whole():
    table = plb_reasons()
    assert len(table.reasons) == 41
    assert set(table.accounts) == set(PlbAccount)
    assert table.release.digest


@pytest.mark.parametrize("story", STORIES)
def test_amounts_go_to_their_accounts_and_the_payment_balances(story):
    claims_paid, adjustments, paid, accounts = STORIES[story]
    assert claims_paid - sum(amount for _, amount in adjustments) == paid
    found = {}
    for code, amount in adjustments:
        account = plb_reasons().reason(code).account_for(amount).value
        found[account] = found.get(account, 0) - amount
    assert found == accounts


@pytest.mark.parametrize(
    ("code", "amount_cents", "reverses"),
    [("L6", -1, False), ("L6", 1, True), ("50", -1, True), ("WO", -1, False), ("50", 0, False)],
)
def test_an_unusual_sign_means_a_reversal(code, amount_cents, reverses):
    assert plb_reasons().reason(code).reverses(amount_cents) is reverses


def test_pairs_name_known_reasons():
    reasons = plb_reasons().reasons
    assert {other for reason in reasons.values() for other in reason.pairs_with} <= set(reasons)


def test_an_unknown_reason_is_reviewed_by_a_person():
    reason = plb_reasons().reason("ZZ")
    assert (reason.known, reason.action) == (False, PlbAction.POST_AND_REVIEW)
