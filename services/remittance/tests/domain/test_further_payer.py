"""Rule D9: a second payer's answer is held to what the first one left open."""

import pytest

from cleanclaim.remittance.domain.attention import troubles_in
from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.claim_reference import ClaimReference
from cleanclaim.remittance.domain.decision import Decision
from cleanclaim.remittance.domain.posting import Posted, judge

from .builders import (
    SECONDARY,
    a_line,
    a_payment,
    an_answer,
    as_a_whole,
    with_secondary,
)

REFERENCE = with_secondary(500_00)


def _decided(
    payment: ClaimPayment, before: list[Decision], reference: ClaimReference = REFERENCE
) -> Posted:
    verdict = judge(an_answer(payment, remittance="R2", payer_id=SECONDARY), [reference], before)
    assert isinstance(verdict, Posted)
    return verdict


def _first(payment: ClaimPayment, reference: ClaimReference = REFERENCE) -> list[Decision]:
    verdict = judge(an_answer(payment), [reference], [])
    assert isinstance(verdict, Posted)
    return [verdict.decision]


def _parts(posted: Posted) -> list[tuple[str, str, int]]:
    return [
        (one.reason, one.disposition, one.amount_cents)
        for one in posted.decision.payment.all_adjustments
    ]


FIRST = a_payment(500_00, 300_00, "CO-45 12500, PR-1 7500")
CASES = {
    "it restates the prior payer and takes the rest": (
        a_payment(500_00, 65_00, "OA-23 42500, CO-45 1000", status="2"),
        [("23", "prior_payer", 425_00), ("45", "contractual", 10_00)],
    ),
    "it puts all under 45": (
        a_payment(500_00, 65_00, "CO-45 43500", status="2"),
        [("45", "contractual", 10_00), ("45", "prior_payer", 425_00)],
    ),
    "its share goes before its contractual": (
        a_payment(500_00, 45_00, "CO-45 43500, PR-2 2000", status="2"),
        [("45", "contractual", 10_00), ("45", "prior_payer", 425_00), ("2", "patient_share", 20_00)],
    ),
    "it pays more than was open": (
        a_payment(500_00, 90_00, "OA-23 40000, CO-45 1000", status="2"),
        [("23", "prior_payer", 400_00), ("45", "prior_payer", 10_00)],
    ),
    "it refuses what was open": (
        a_payment(500_00, 0, "OA-23 42500, CO-29 7500", status="2"),
        [("23", "prior_payer", 425_00), ("29", "denied", 75_00)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_takes_no_more_than_was_left_open(name: str) -> None:
    payment, expected = CASES[name]
    assert _parts(_decided(payment, _first(FIRST))) == expected


def test_what_it_leaves_unanswered_is_a_matter_for_a_person() -> None:
    answer = _decided(a_payment(500_00, 65_00, "OA-23 43500", status="2"), _first(FIRST))
    (trouble,) = troubles_in(answer.decision)
    assert (trouble.reason, trouble.value_cents) == ("left_open", 10_00)


def test_without_an_earlier_answer_of_ours_nothing_is_decided() -> None:
    payment = a_payment(500_00, 65_00, "CO-45 42500, PR-2 1000", status="2")
    assert [part[1] for part in _parts(_decided(payment, []))] == ["undecided", "undecided"]


def test_a_reversed_first_answer_leaves_nothing_open() -> None:
    first = _first(FIRST)
    reversal = a_payment(-500_00, -300_00, "CO-45 -12500, PR-1 -7500", status="22")
    undone = judge(an_answer(reversal, remittance="R1b"), [REFERENCE], first)
    assert isinstance(undone, Posted)
    payment = a_payment(500_00, 65_00, "CO-45 43500", status="2")
    answer = _decided(payment, [*first, undone.decision])
    assert _parts(answer) == [("45", "undecided", 435_00)]


def test_what_the_second_payer_settled_is_not_open_again() -> None:
    first = _first(FIRST)
    second = _decided(a_payment(500_00, 65_00, "CO-45 43500", status="2"), first).decision
    again = a_payment(500_00, 0, "CO-45 50000", status="2")
    verdict = judge(
        an_answer(again, remittance="R3", payer_id=SECONDARY), [REFERENCE], [*first, second]
    )
    assert isinstance(verdict, Posted)
    assert _parts(verdict) == [("45", "prior_payer", 500_00)]


def test_what_the_first_payer_left_on_the_claim_goes_to_the_lines_in_order() -> None:
    reference = with_secondary(300_00, 200_00)
    first = _first(as_a_whole(500_00, 425_00, "PR-1 7500"), reference)
    lines = (
        a_line(300_00, 40_00, "CO-45 26000", number=1, control_number="L1"),
        a_line(200_00, 25_00, "CO-45 17500", number=2, control_number="L2", code="99212"),
    )
    answer = _decided(a_payment(500_00, 65_00, lines=lines, status="2"), first, reference)
    settled = [part for part in _parts(answer) if part[1] == "contractual"]
    assert sum(cents for _, _, cents in settled) <= 75_00 - 40_00
    assert sum(cents for _, _, cents in _parts(answer)) == 435_00
