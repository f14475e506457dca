"""SNIP 3: the equations of claim, line and transaction, each finding naming both sums."""

import pytest

from cleanclaim.x12 import Adjustment, build_835, build_837p, parse

from .builders import (
    a_claim,
    a_claim_payment,
    a_line,
    a_provider_adjustment,
    a_remittance,
    a_service_payment,
    an_envelope,
    contractual,
    deductible,
)

VECTOR_A = [contractual(20_00), deductible(30_00)]
REVERSED = [contractual(-20_00), deductible(-30_00)]


def the_findings(remittance):
    found = parse(build_835([remittance], envelope=an_envelope())).findings
    return [(finding.rule, finding.segment_id, finding.element) for finding in found]


BALANCED = {
    "plain, with a deductible": a_remittance(
        [a_claim_payment(lines=[a_service_payment(100_00, VECTOR_A)])]
    ),
    "reversal and correction": a_remittance(
        [
            a_claim_payment(status="22", lines=[a_service_payment(-100_00, REVERSED)]),
            a_claim_payment(lines=[a_service_payment(100_00, [contractual(20_00)])]),
        ]
    ),
    "carried forward": a_remittance(
        [
            a_claim_payment("PCN1", lines=[a_service_payment(600_00, [])]),
            a_claim_payment("PCN2", status="22", lines=[a_service_payment(-800_00, [])]),
        ],
        [a_provider_adjustment("FB", -200_00, "EFT0001")],
    ),
    "applied in a later advice": a_remittance(
        [a_claim_payment(lines=[a_service_payment(50_00, [])])],
        [
            a_provider_adjustment("FB", 200_00, "EFT0001"),
            a_provider_adjustment("FB", -150_00, "EFT0001"),
        ],
    ),
    "overpayment not yet recovered": a_remittance(
        [a_claim_payment(status="22", lines=[a_service_payment(-37_50, [])])],
        [a_provider_adjustment("WO", -37_50)],
    ),
    "adjusted at claim level": a_remittance(
        [
            a_claim_payment(
                lines=[a_service_payment(100_00, [])], adjustments=[Adjustment("OA", "23", 10_00)]
            )
        ]
    ),
}


@pytest.mark.parametrize("remittance", BALANCED.values(), ids=BALANCED)
def test_a_balanced_remittance_has_no_finding(remittance):
    assert the_findings(remittance) == []


OUT_OF_BALANCE = {
    "line": (
        a_remittance(
            [
                a_claim_payment(
                    lines=[a_service_payment(100_00, [contractual(20_00)], paid_cents=79_99)]
                )
            ]
        ),
        [("claim-lines-balance", "CLP", 4), ("line-balance", "SVC", 3)],
    ),
    "claim": (
        a_remittance([a_claim_payment(paid_cents=81_00)]),
        [("claim-payment-balance", "CLP", 4), ("claim-lines-balance", "CLP", 4)],
    ),
    "transaction": (
        a_remittance(payment_cents=80_01),
        [("transaction-balance", "BPR", 2)],
    ),
    "negative payment": (
        a_remittance([a_claim_payment(status="22", lines=[a_service_payment(-37_50, [])])]),
        [("negative-payment", "BPR", 2)],
    ),
    "the same adjustment at claim and line": (
        a_remittance([a_claim_payment(adjustments=[contractual(20_00)], paid_cents=80_00)]),
        [("claim-payment-balance", "CLP", 4), ("claim-lines-balance", "CLP", 4)],
    ),
}


@pytest.mark.parametrize(("remittance", "found"), OUT_OF_BALANCE.values(), ids=OUT_OF_BALANCE)
def test_an_unbalanced_remittance_is_told_where(remittance, found):
    assert sorted(the_findings(remittance)) == sorted(found)


def test_the_finding_names_both_sums():
    payload = build_835([a_remittance(payment_cents=80_01)], envelope=an_envelope())
    (finding,) = parse(payload).findings
    assert "80.01" in finding.message
    assert "pay 80 less" in finding.message
    assert finding.snip == 3


def test_an_unreadable_amount_leaves_the_transaction_unchecked_and_says_so():
    payload = build_835([a_remittance()], envelope=an_envelope()).replace(
        b"*100*80**1", b"*100*8O**1"
    )
    document = parse(payload)
    rules = [finding.rule for finding in document.findings]
    assert rules == ["transaction-not-checked", "element-characters"]
    assert document.remittances[0].claims == []
    assert document.unreadable_claims[0].patient_control_number == "PCN1"


def test_an_unreadable_payment_parks_every_claim_of_its_remittance():
    payload = build_835([a_remittance()], envelope=an_envelope()).replace(b"BPR*I*80", b"BPR*I*8O")
    document = parse(payload)
    assert document.remittances == []
    assert [claim.loop for claim in document.unreadable_claims] == ["2100"]


def test_an_unreadable_provider_adjustment_is_parked_beside_its_readable_neighbours():
    adjustments = [a_provider_adjustment("WO", 1_00), a_provider_adjustment("FB", 2_00)]
    payload = build_835([a_remittance(None, adjustments)], envelope=an_envelope())
    document = parse(payload.replace(b"WO:ICN-OLD*1*", b"WO:ICN-OLD*l*"))
    kept = document.remittances[0].provider_adjustments
    assert [adjustment.reason for adjustment in kept] == ["FB"]
    assert [parked.loop for parked in document.unreadable_claims] == ["PLB"]


def test_a_claim_total_that_is_not_its_lines_is_told_with_both_sums():
    claim = a_claim(charge_cents=101_00, lines=[a_line(60_00), a_line(40_00, control_number="L2")])
    payload = build_837p([claim], envelope=an_envelope(), reference="B1")
    (finding,) = parse(payload).findings
    assert (finding.rule, finding.segment_id, finding.element) == ("claim-balance", "CLM", 2)
    assert "101 " in finding.message
    assert "100:" in finding.message


def test_a_line_number_used_twice_in_a_claim_is_told():
    claim = a_claim(lines=[a_line(), a_line()])
    payload = build_837p([claim], envelope=an_envelope(), reference="B1")
    assert [finding.rule for finding in parse(payload).findings] == ["line-number-twice"]
