"""Which decision a reversal takes back, and that it counters exactly what was posted."""

import pytest

from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.decision import Decision
from cleanclaim.remittance.domain.posting import Noted, Posted, Verdict, Waiting, judge

from .builders import SECONDARY, a_payment, a_reference, an_answer

REFERENCE = a_reference()
BACK = a_payment(-100_00, -50_00, "CO-45 -2000, PR-1 -3000", status="22")


def _history(*payments: ClaimPayment) -> list[Decision]:
    decisions: list[Decision] = []
    for number, payment in enumerate(payments):
        verdict = judge(an_answer(payment, remittance=f"R{number}"), [REFERENCE], decisions)
        assert isinstance(verdict, Posted)
        decisions.append(verdict.decision)
    return decisions


def _taken_back(reversal: ClaimPayment, decisions: list[Decision]) -> Verdict:
    return judge(an_answer(reversal, remittance="back"), [REFERENCE], decisions)


def test_a_reversal_is_the_original_negated() -> None:
    history = _history(a_payment())
    verdict = _taken_back(BACK, history)
    assert isinstance(verdict, Posted)
    original, undone = history[0].payment, verdict.decision.payment
    assert verdict.decision.reverses == history[0].claim_payment_id
    assert undone.charge_cents + original.charge_cents == 0
    assert undone.paid_cents + original.paid_cents == 0
    pairs = zip(original.all_adjustments, undone.all_adjustments, strict=True)
    assert all(
        a.amount_cents + b.amount_cents == 0 and a.disposition == b.disposition for a, b in pairs
    )
    assert verdict.decision.defects == ()


DEFECTS = {
    "no adjustments at all": (
        a_payment(-100_00, -50_00, "", status="22"), ("reversal_adjustments_differ",),
    ),
    "another group": (
        a_payment(-100_00, -50_00, "CR-45 -2000, CR-1 -3000", status="22"),
        ("reversal_adjustments_differ",),
    ),
    "another charge": (
        a_payment(-90_00, -50_00, "CO-45 -1000, PR-1 -3000", status="22"),
        ("reversal_charge_differs", "reversal_adjustments_differ"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_the_payers_defects_are_told_and_the_book_counters_exactly(name: str) -> None:
    reversal, defects = DEFECTS[name]
    verdict = _taken_back(reversal, _history(a_payment()))
    assert isinstance(verdict, Posted)
    assert verdict.decision.defects == defects
    assert verdict.decision.payment.charge_cents == -100_00


def test_without_an_original_it_waits() -> None:
    verdict = _taken_back(BACK, [])
    assert isinstance(verdict, Waiting)
    assert (verdict.reason, verdict.claim_id) == ("no_original", REFERENCE.claim_id)


def test_other_money_waits_for_a_person() -> None:
    verdict = _taken_back(a_payment(-100_00, -49_00, "", status="22"), _history(a_payment()))
    assert isinstance(verdict, Waiting)
    assert verdict.reason == "ambiguous_reversal"


def test_a_decision_is_taken_back_once() -> None:
    history = _history(a_payment())
    first = _taken_back(BACK, history)
    assert isinstance(first, Posted)
    assert isinstance(_taken_back(BACK, [*history, first.decision]), Waiting)


def test_another_payers_decision_is_not_taken_back() -> None:
    reversal = an_answer(BACK, payer_id=SECONDARY)
    assert isinstance(judge(reversal, [REFERENCE], _history(a_payment())), Waiting)


def test_the_payers_own_number_chooses_among_equal_decisions() -> None:
    history = _history(
        a_payment(payer_claim_control_number="N1"), a_payment(payer_claim_control_number="N2")
    )
    back = a_payment(-100_00, -50_00, "", status="22", payer_claim_control_number="N1")
    verdict = _taken_back(back, history)
    assert isinstance(verdict, Posted)
    assert verdict.decision.reverses == history[0].claim_payment_id


def test_only_an_unpaid_answer_is_replaced_without_the_payers_word() -> None:
    paid = _history(a_payment(), a_payment(100_00, 80_00, "CO-45 2000"))
    assert [one.sequence for one in paid] == [1, 2]
    denied = _history(a_payment(100_00, 0, "CO-197 10000"))
    anew = judge(
        an_answer(a_payment(100_00, 80_00, "CO-45 2000"), remittance="anew"), [REFERENCE], denied
    )
    assert isinstance(anew, Posted)
    assert anew.superseded is not None
    assert anew.superseded.reverses == denied[0].claim_payment_id
    assert anew.decision.sequence == 3
    late = a_payment(-100_00, 0, "CO-197 -10000", status="22")
    history = [*denied, anew.superseded, anew.decision]
    assert isinstance(_taken_back(late, history), Noted)


def test_two_parts_of_one_claim_in_one_remittance_do_not_replace_each_other() -> None:
    first = judge(an_answer(a_payment(100_00, 0, "CO-197 10000")), [REFERENCE], [])
    assert isinstance(first, Posted)
    other = an_answer(a_payment(100_00, 80_00, "CO-45 2000", position=2))
    second = judge(other, [REFERENCE], [first.decision])
    assert isinstance(second, Posted)
    assert second.superseded is None
