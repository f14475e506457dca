"""Which remittance a deposit is matched with, by which rule, or why it waits."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cleanclaim.reconcile.domain.deposit import Deposit, DepositState
from cleanclaim.reconcile.domain.matching import (
    Decision,
    Match,
    PartsDoNotAddUp,
    PayerOfRemittanceUnknown,
    Waiting,
    match_by_person,
    match_deposits,
)
from cleanclaim.reconcile.domain.receipt import ExpectedReceipt

from .builders import HARBOR, PRAIRIE, a_deposit, a_receipt, an_id, without_trace


def said(decision: Decision) -> str:
    """A decision in a few words: rule, remittances' amounts; or reason."""
    if isinstance(decision, Waiting):
        return decision.reason
    parts = " ".join(f"{part.amount_cents}/{part.expected_cents}" for part in decision.parts)
    return f"{decision.rule} {parts}"


CASES: list[tuple[str, Deposit, list[ExpectedReceipt], str]] = [
    ("trace and company agree", a_deposit(), [a_receipt()], "trace 15000/15000"),
    ("letters of a trace in another case", a_deposit(trace_number="abc"),
     [a_receipt(trace_number="ABC")], "trace 15000/15000"),
    ("company without its leading one", a_deposit(originating_company_id="999999999"),
     [a_receipt()], "trace 15000/15000"),
    ("a cent less", a_deposit(amount_cents=149_99), [a_receipt()], "trace 14999/15000"),
    ("a cent more", a_deposit(amount_cents=150_01), [a_receipt()], "trace 15001/15000"),
    ("another company", a_deposit(originating_company_id="1888888888"), [a_receipt()],
     "company_differs"),
    ("no company in the bank, amount agrees", a_deposit(originating_company_id=None),
     [a_receipt()], "trace 15000/15000"),
    ("no company in the bank, amount differs",
     a_deposit(originating_company_id=None, amount_cents=1), [a_receipt()],
     "company_unproved_and_amount_differs"),
    ("no company in the remittance, amount differs", a_deposit(amount_cents=1),
     [a_receipt(originating_company_id=None)], "company_unproved_and_amount_differs"),
    ("another trace, same amount", a_deposit(trace_number="T2"), [a_receipt()], "no_remittance"),
    ("nothing announced", a_deposit(), [], "no_remittance"),
    ("announced and paid already", a_deposit(), [a_receipt(matched_cents=150_00)], "nothing_open"),
    ("announced with nothing to pay", a_deposit(),
     [a_receipt(payment_cents=0, payment_method="NON")], "nothing_open"),
    ("the rest of a short payment", a_deposit(amount_cents=50_00),
     [a_receipt(matched_cents=100_00)], "trace 5000/5000"),
    ("written off already", a_deposit(), [a_receipt(written_off_cents=-150_00)], "nothing_open"),
    ("two announced under one trace, one of this amount", a_deposit(),
     [a_receipt(), a_receipt("other", payment_cents=99)], "trace 15000/15000"),
    ("two announced alike", a_deposit(), [a_receipt(), a_receipt("other")], "several_remittances"),
    ("its payer is not recognized", a_deposit(), [a_receipt(payer_id=None)],
     "payer_of_remittance_unknown"),
    ("a returned item", a_deposit(amount_cents=-1), [a_receipt()], "returned_item"),
    ("matched before", a_deposit(state=DepositState.MATCHED), [a_receipt()], "not_waiting"),
    ("explained before, and its remittance comes", a_deposit(state=DepositState.EXPLAINED),
     [a_receipt()], "trace 15000/15000"),
    ("no trace: payer, amount and day agree", without_trace(), [a_receipt()],
     "payer_amount_date 15000/15000"),
    ("no trace, at the window's end", without_trace(deposited_on=date(2026, 3, 6)), [a_receipt()],
     "payer_amount_date 15000/15000"),
    ("no trace, after the window", without_trace(deposited_on=date(2026, 3, 9)), [a_receipt()],
     "no_remittance"),
    ("no trace, a check has ten days", without_trace(deposited_on=date(2026, 3, 16)),
     [a_receipt(payment_method="CHK")], "payer_amount_date 15000/15000"),
    ("no trace, the money comes first", without_trace(deposited_on=date(2026, 2, 26)),
     [a_receipt()], "payer_amount_date 15000/15000"),
    ("no trace, a cent less", without_trace(amount_cents=149_99), [a_receipt()], "no_remittance"),
    ("no trace, another payer's", without_trace(payer_id=HARBOR), [a_receipt()], "no_remittance"),
    ("no trace and nobody recognized", without_trace(payer_id=None), [a_receipt()],
     "payer_unknown"),
    ("no trace, two alike", without_trace(), [a_receipt(), a_receipt("other")],
     "several_remittances"),
    ("no trace, part of it paid before", without_trace(amount_cents=50_00),
     [a_receipt(matched_cents=100_00)], "no_remittance"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("deposit", "receipts", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_deposit_is_decided(
    deposit: Deposit, receipts: list[ExpectedReceipt], expected: str
) -> None:
    assert [said(one) for one in match_deposits([deposit], receipts)] == [expected]


def test_only_a_match_without_a_trace_is_inferred() -> None:
    by_trace, by_amount = (
        match_deposits([one], [a_receipt()])[0] for one in (a_deposit(), without_trace())
    )
    assert isinstance(by_trace, Match)
    assert isinstance(by_amount, Match)
    assert (by_trace.inferred, by_amount.inferred) == (False, True)


def test_the_same_money_is_given_once() -> None:
    twice = match_deposits([a_deposit("first"), a_deposit("second")], [a_receipt()])
    assert [said(one) for one in twice] == ["trace 15000/15000", "nothing_open"]


def test_a_trace_goes_before_a_guess() -> None:
    guess, named = without_trace("guess"), a_deposit("named")
    decisions = match_deposits([guess, named], [a_receipt()])
    assert {one.deposit.deposit_id: said(one) for one in decisions} == {
        named.deposit_id: "trace 15000/15000",
        guess.deposit_id: "no_remittance",
    }


@pytest.mark.parametrize("rival_comes", ["in the same file", "earlier"])
def test_where_two_deposits_could_be_meant_neither_is(rival_comes: str) -> None:
    one, rival = without_trace("one"), without_trace("rival")
    together = rival_comes == "in the same file"
    decisions = match_deposits(
        [one, rival] if together else [one], [a_receipt()], rivals=[] if together else [rival]
    )
    assert {said(decision) for decision in decisions} == {"several_deposits"}


@pytest.mark.parametrize(
    "change",
    [
        {"trace_number": "T9"},
        {"payer_id": HARBOR},
        {"amount_cents": 1},
        {"deposited_on": date(2026, 4, 2)},
        {"state": DepositState.EXPLAINED},
    ],
)
def test_a_deposit_that_means_something_else_is_no_rival(change: dict[str, Any]) -> None:
    rival = replace(without_trace("rival"), **change)
    decisions = match_deposits([without_trace()], [a_receipt()], rivals=[rival])
    assert said(decisions[0]) == "payer_amount_date 15000/15000"


@pytest.mark.parametrize(
    ("amounts", "deposited", "expected"),
    [
        ([150_00], 150_00, "person 15000/15000"),
        ([150_00], 120_00, "person 12000/15000"),
        ([100_00, 50_00], 150_00, "person 10000/10000 5000/5000"),
    ],
)
def test_a_person_may_name_one_remittance_or_several(
    amounts: list[int], deposited: int, expected: str
) -> None:
    receipts = [a_receipt(f"R{cents}", payment_cents=cents) for cents in amounts]
    assert said(match_by_person(without_trace(amount_cents=deposited), receipts)) == expected


def test_several_remittances_must_add_up_to_the_cent() -> None:
    receipts = [a_receipt("a", payment_cents=100_00), a_receipt("b", payment_cents=49_99)]
    with pytest.raises(PartsDoNotAddUp):
        match_by_person(a_deposit(), receipts)


def test_a_person_cannot_match_a_remittance_of_an_unknown_payer() -> None:
    with pytest.raises(PayerOfRemittanceUnknown):
        match_by_person(a_deposit(), [a_receipt(payer_id=None)])


def test_the_part_names_what_the_book_is_kept_by() -> None:
    (match,) = match_deposits([a_deposit()], [a_receipt()])
    assert isinstance(match, Match)
    (part,) = match.parts
    assert (part.remittance_id, part.payer_id, part.trace_number) == (an_id("R"), PRAIRIE, "T1")
