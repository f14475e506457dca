"""Answers: a 999 says by set and group what the findings are, a 277CA by claim what was decided."""

from datetime import date
from pathlib import Path

import pytest

from cleanclaim.x12 import (
    ClaimDecision,
    ClaimStatus,
    Party,
    StatusCode,
    acknowledge,
    acknowledgements_for,
    build_277ca,
    build_837p,
    claim_acknowledgement,
    parse,
)
from cleanclaim.x12.testing import judged_by_pyx12

from .builders import a_billing_provider, a_claim, a_dependent, a_payer, an_envelope
from .institutional import a_bill

SAMPLE = (Path(__file__).parent.parent / "samples/clean_professional_claim.edi").read_bytes()
A_DAY = date(2026, 1, 6)
THREE_SETS = build_837p(
    [a_claim(f"PCN{n}") for n in range(3)],
    envelope=an_envelope(),
    reference="B1",
    claims_per_set=1,
)

# variant -> (bytes, AK9 status, sets' statuses, IK5 codes of the first, IK3 of the first)
ANSWERS = {
    "clean": (SAMPLE, "A", ["A"], [], []),
    "three sets": (THREE_SETS, "A", ["A", "A", "A"], [], []),
    "one bad set of three": (
        THREE_SETS.replace(b"HI*ABK:J0190", b"HI*ABK", 1),
        "P",
        ["R", "A", "A"],
        ["5"],
        [("HI", "8")],
    ),
    "only a warning": (
        SAMPLE.replace(
            b"BHT*0019*00*B0001*20260106*0830*CH", b"BHT*0019*00*B0001*20260106*0830*CH*"
        ),
        "E",
        ["E"],
        ["5"],
        [("BHT", "8")],
    ),
    "trailer missing": (SAMPLE[: SAMPLE.index(b"SE*")], "R", ["R"], ["2"], []),
    "wrong count": (SAMPLE.replace(b"SE*", b"SE*9"), "R", ["R"], ["4"], []),
    "wrong control number": (
        SAMPLE.replace(b"*0001~\nGE", b"*0009~\nGE"),
        "R",
        ["R"],
        ["3"],
        [],
    ),
    "a set of another guide": (
        SAMPLE.replace(b"ST*837*0001*005010X222A1", b"ST*837*0001*005010X999"),
        "R",
        ["R"],
        ["I6"],
        [],
    ),
    "a missing segment": (
        SAMPLE.replace(b"REF*EI*650000001~\n", b""),
        "R",
        ["R"],
        ["4", "5"],
        [("REF", "3")],
    ),
    "a segment out of place": (
        SAMPLE.replace(b"SBR*P", b"SV1*1~\nSBR*P", 1),
        "R",
        ["R"],
        ["4", "5"],
        [("SV1", "2")],
    ),
    "claim out of balance": (SAMPLE.replace(b"PCN1*185", b"PCN1*186"), "A", ["A"], [], []),
}


@pytest.mark.parametrize(
    ("payload", "group", "sets", "codes", "errors"), ANSWERS.values(), ids=ANSWERS
)
def test_a_file_is_answered_by_its_findings(payload, group, sets, codes, errors):
    (answer,) = acknowledgements_for(parse(payload))
    assert (answer.status, [held.status for held in answer.sets]) == (group, sets)
    first = answer.sets[0]
    assert first.codes == codes
    assert [(error.segment_id, error.code) for error in first.segment_errors] == errors


@pytest.mark.parametrize("payload", [row[0] for row in ANSWERS.values()], ids=ANSWERS)
def test_pyx12_accepts_every_answer_and_we_read_it_back(payload):
    document = parse(payload)
    written = acknowledge(document, envelope=an_envelope())
    assert judged_by_pyx12(written) == []
    (read_back,) = parse(written).acknowledgements
    (meant,) = acknowledgements_for(document)
    assert (read_back.status, read_back.sets) == (meant.status, meant.sets)


def test_balancing_counts_when_it_is_asked_for():
    document = parse(SAMPLE.replace(b"PCN1*185", b"PCN1*186"))
    (answer,) = acknowledgements_for(document, snip={1, 2, 3})
    (error,) = answer.sets[0].segment_errors
    assert answer.status == "R"
    assert [(fault.element, fault.code) for fault in error.element_errors] == [(2, "I12")]


def test_a_999_is_never_acknowledged():
    answer = acknowledge(parse(SAMPLE), envelope=an_envelope())
    assert acknowledge(parse(answer), envelope=an_envelope()) == b""


def test_each_group_is_answered_by_a_set_of_its_own():
    both = SAMPLE + SAMPLE.replace(b"000000042", b"000000043")
    written = acknowledge(parse(both), envelope=an_envelope())
    assert len(parse(written).acknowledgements) == 2
    assert judged_by_pyx12(written) == []


def a_status(category, action, cents=100_00):
    return ClaimStatus(
        codes=[StatusCode(category, "20", "PR")],
        effective_on=A_DAY,
        action=action,
        amount_cents=cents,
    )


def answered(decisions):
    receiver = Party(entity="41", name="HARBOR BILLING", identifier_qualifier="46", identifier="S1")
    return claim_acknowledgement(
        decisions,
        source=a_payer(),
        receiver=receiver,
        reference="CA1",
        trace="B1",
        received_on=A_DAY,
        processed_on=A_DAY,
    )


def test_the_totals_of_a_claim_acknowledgement_are_those_of_its_decisions():
    accepted = ClaimDecision(claim=a_claim("PCN1"), statuses=[a_status("A2", "WQ")])
    rejected = ClaimDecision(
        claim=a_claim("PCN2", patient=a_dependent()), statuses=[a_status("A7", "U")]
    )
    answer = answered([accepted, rejected])
    assert (answer.accepted_count, answer.rejected_count) == (1, 1)
    assert answer.providers[0].rejected_cents == 100_00
    payload = build_277ca(answer, envelope=an_envelope())
    assert judged_by_pyx12(payload) == []
    (again,) = parse(payload).claim_acknowledgements
    assert [claim.is_rejected for claim in again.claims] == [False, True]
    assert again.claims[1].patient.first_name == "LEO"
    assert again.trace == "B1"


def test_decisions_on_claims_of_several_providers_are_totalled_by_provider():
    elsewhere = a_billing_provider("1234567893")
    decisions = [
        ClaimDecision(claim=a_claim("PCN1"), statuses=[a_status("A2", "WQ")]),
        ClaimDecision(
            claim=a_claim("PCN2", billing_provider=elsewhere), statuses=[a_status("A3", "U")]
        ),
        ClaimDecision(claim=a_bill("PCN3"), statuses=[a_status("A2", "WQ", 480_00)]),
    ]
    answer = answered(decisions)
    totals = [(p.accepted_count, p.rejected_count, p.accepted_cents) for p in answer.providers]
    assert totals == [(1, None, 100_00), (None, 1, None), (1, None, 480_00)]
    payload = build_277ca(answer, envelope=an_envelope())
    assert judged_by_pyx12(payload) == []
    assert parse(payload).findings == []
    (again,) = parse(payload).claim_acknowledgements
    assert [claim.patient_control_number for claim in again.claims] == ["PCN1", "PCN2", "PCN3"]
    assert again.claims[2].dates[0].through_on == date(2026, 1, 5)


MIXED = (Path(__file__).parent.parent / "samples/claim_acknowledgement_mixed.edi").read_bytes()
# change of a total -> (segment, qualifier) told; those of claims that cannot be read are not told
TOTALS = {
    "receiver count": (b"QTY*90*1~", b"QTY*90*2~", ["QTY*90"]),
    "receiver sum": (b"AMT*YY*200~", b"AMT*YY*200.5~", ["AMT*YY"]),
    "provider count": (b"QTY*QA*1~", b"QTY*QA*0~", ["QTY*QA"]),
    "the same, written otherwise": (b"AMT*YY*200~", b"AMT*YY*200.00~", []),
    "a charge not told": (b"STC*A6:454*20260106*U*100~", b"STC*A6:454*20260106*U~", []),
}


@pytest.mark.parametrize(("old", "new", "told"), TOTALS.values(), ids=TOTALS)
def test_the_totals_of_a_277ca_are_held_against_its_claims(old, new, told):
    assert old in MIXED
    findings = parse(MIXED.replace(old, new, 1)).findings
    found = [f for f in findings if f.rule == "acknowledgement-totals"]
    assert [finding.message.split(" ")[0] for finding in found] == told
    assert all(finding.severity == "warning" for finding in found)


def test_only_the_rejecting_categories_reject():
    rejecting = {
        category
        for category in ("A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8")
        if ClaimDecision(claim=a_claim(), statuses=[a_status(category, "U")]).is_rejected
    }
    assert rejecting == {"A3", "A6", "A7", "A8"}
