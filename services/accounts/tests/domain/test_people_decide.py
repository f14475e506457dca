"""What decisions of people move: write-offs, bills to others, patients' money, refunds."""

from collections.abc import Callable

import pytest

from cleanclaim.accounts.domain.book import decisions, patient_money, refunds
from cleanclaim.accounts.domain.book.decisions import Decided, LineAmount
from cleanclaim.accounts.domain.book.patient_money import NotGivenUpHere, PatientMoney
from cleanclaim.accounts.domain.book.refunds import Refund
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.journal import JournalEntry, Place

from .builders import A_DAY, an_occasion, moves, named

PLACE = Place(patient_account_id=named("A1"), claim_id=named("C1"))
DECIDED = Decided(
    place=PLACE,
    decided_on=A_DAY,
    payer_id=named("X"),
    amounts=(LineAmount(line_id=named("L1"), amount_cents=30_00),),
    reason="timely_filing",
)
MONEY = PatientMoney(place=PLACE, on=A_DAY, amount_cents=30_00, batch_id=named("till"))
UNPLACED = PatientMoney(place=PLACE, on=A_DAY, amount_cents=30_00, placed=False)
TO_PATIENT = Refund(refund_id=named("F"), place=PLACE, on=A_DAY, amount_cents=30_00)
TO_PAYER = Refund(
    refund_id=named("F"), place=PLACE, on=A_DAY, amount_cents=30_00, payer_id=named("X")
)

Booked = Callable[[], JournalEntry | None]


@pytest.mark.parametrize(
    ("booked", "debited", "credited"),
    [
        pytest.param(
            lambda: decisions.entry_for_write_off(an_occasion(), DECIDED),
            "denial_write_off", "insurance_receivable", id="written off",
        ),
        pytest.param(
            lambda: decisions.entry_for_billed_to_patient(an_occasion(), DECIDED),
            "patient_receivable", "insurance_receivable", id="billed to the patient",
        ),
        pytest.param(
            lambda: decisions.entry_for_billed_to_other(
                an_occasion(), DECIDED, other_payer_id=named("Y")
            ),
            "insurance_receivable", "insurance_receivable", id="billed to another payer",
        ),
        pytest.param(
            lambda: decisions.entry_for_coverage_found(an_occasion(), DECIDED),
            "insurance_receivable", "patient_receivable", id="coverage found later",
        ),
        pytest.param(
            lambda: decisions.entry_for_take_back(an_occasion(), DECIDED, open_item_id=None),
            "insurance_receivable", "payer_recoupment", id="take-back placed",
        ),
        pytest.param(
            lambda: patient_money.entry_for_patient_payment(an_occasion(), MONEY),
            "cash", "patient_receivable", id="patient paid",
        ),
        pytest.param(
            lambda: patient_money.entry_for_patient_payment(an_occasion(), UNPLACED),
            "cash", "unapplied_patient_cash", id="patient paid, nobody knows what for",
        ),
        pytest.param(
            lambda: patient_money.entry_for_patient_batch(an_occasion(), MONEY),
            "bank", "cash", id="patients' money banked",
        ),
        pytest.param(
            lambda: patient_money.entry_for_returned_payment(an_occasion(), MONEY),
            "patient_receivable", "bank", id="check bounced",
        ),
        pytest.param(
            lambda: patient_money.entry_for_given_up(
                an_occasion(), MONEY, account=Account.CHARITY_CARE
            ),
            "charity_care", "patient_receivable", id="charity",
        ),
        pytest.param(
            lambda: refunds.entry_for_refund_approved(an_occasion(), TO_PATIENT),
            "patient_receivable", "refunds_payable", id="refund to a patient approved",
        ),
        pytest.param(
            lambda: refunds.entry_for_refund_approved(an_occasion(), TO_PAYER),
            "refund_clearing", "refunds_payable", id="refund to a payer approved",
        ),
        pytest.param(
            lambda: refunds.entry_for_refund_paid(an_occasion(), TO_PAYER),
            "refunds_payable", "bank", id="refund paid",
        ),
        pytest.param(
            lambda: refunds.entry_for_refund_confirmed(an_occasion(), TO_PAYER),
            "insurance_receivable", "refund_clearing", id="refund confirmed by letter",
        ),
    ],
)  # fmt: skip
def test_a_decision_debits_and_credits(booked: Booked, debited: str, credited: str) -> None:
    assert moves(booked()) == [(debited, 30_00), (credited, -30_00)]


def test_a_card_batch_pays_its_fee() -> None:
    entry = patient_money.entry_for_patient_batch(an_occasion(), MONEY, fee_cents=90)
    assert moves(entry) == [("bank", 29_10), ("cash", -29_10), ("card_fees", 90), ("cash", -90)]


def test_a_patients_balance_is_given_up_only_where_it_may_be() -> None:
    with pytest.raises(NotGivenUpHere):
        patient_money.entry_for_given_up(an_occasion(), MONEY, account=Account.BANK)


@pytest.mark.parametrize(
    ("written_off", "paid", "restored"),
    [
        ((30_00,), 100_00, [-30_00]),
        ((30_00,), 10_00, [-10_00]),
        ((30_00, 20_00), 40_00, [-30_00, -10_00]),
        ((30_00,), 0, []),
        ((30_00,), -5_00, []),
    ],
)
def test_a_payment_takes_a_write_off_back_up_to_its_money(
    written_off: tuple[int, ...], paid: int, restored: list[int]
) -> None:
    amounts = [LineAmount(line_id=None, amount_cents=cents) for cents in written_off]
    back = decisions.write_off_restored(amounts, paid_cents=paid)
    assert [one.amount_cents for one in back] == restored
