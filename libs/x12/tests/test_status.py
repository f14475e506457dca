"""Claim status: who is asked, who answers at which level, and what the tree of levels must be."""

from pathlib import Path

import pytest

from cleanclaim.x12 import (
    StatusCode,
    Unwritable,
    acknowledgements_for,
    build_276,
    build_277,
    parse,
    read,
)

from .builders import an_envelope
from .inquiries import a_status, a_status_answer, a_status_inquiry, a_status_person

SAMPLES = Path(__file__).parent.parent / "samples"
QUESTIONS = (SAMPLES / "status_inquiry.edi").read_bytes()
ANSWERS = (SAMPLES / "status_answers.edi").read_bytes()


def levels_of(payload):
    return [s.elements[1:] for s in parse(payload).segments if s.elements[0] == "HL"]


def test_a_question_names_payer_provider_patient_and_claim():
    first, by_line, of_child = parse(QUESTIONS).status_inquiries
    assert first.payer.identifier == "60054"
    assert first.providers[0].npi == "1770438210"
    assert first.subscriber.birth_on.isoformat() == "1980-02-29"
    assert (first.trace, first.charge_cents) == ("T0001", 100_00)
    assert (first.payer_claim_control_number, first.patient_control_number) == ("ICN-1", "PCN1")
    assert by_line.lines[0].line_item_control_number == "L1"
    assert of_child.patient.first_name == "LEO"


def test_an_answer_tells_status_money_and_check():
    paid, pending, unknown = parse(ANSWERS).status_answers
    (status,) = paid.statuses
    assert (status.category, status.status, status.check_number) == ("F1", "65", "CHK0001")
    assert (status.amount_cents, status.paid_cents) == (100_00, 80_00)
    assert pending.lines[0].statuses[0].status == "317"
    assert (unknown.is_found, unknown.dependent.first_name) == (False, "LEO")
    assert paid.is_found


# sample -> level, trace, status
TO_ALL = {
    "status_provider_unknown.edi": ("provider", "0", "24"),
    "status_receiver_refused.edi": ("receiver", "S0003", "25"),
}


@pytest.mark.parametrize(("name", "told"), TO_ALL.items())
def test_a_provider_or_receiver_may_be_answered_for_all(name, told):
    (answer,) = parse((SAMPLES / name).read_bytes()).status_answers
    assert (answer.level, answer.trace, answer.statuses[0].status) == told
    assert answer.subscriber is None


def test_those_of_one_patient_stand_together():
    child = a_status_person(entity="QC", first_name="LEO", identifier="")
    asked = [
        a_status_inquiry(trace="T1"),
        a_status_inquiry(trace="T2", dependent=child),
        a_status_inquiry(trace="T3"),
    ]
    payload = build_276(asked, envelope=an_envelope(), reference="S1")
    assert levels_of(payload) == [
        ["1", "", "20", "1"],
        ["2", "1", "21", "1"],
        ["3", "2", "19", "1"],
        ["4", "3", "22", "1"],
        ["5", "4", "23"],
    ]
    assert [found.trace for found in parse(payload).status_inquiries] == ["T1", "T3", "T2"]


def test_a_stream_gives_each_answer_by_itself():
    kinds = [type(item).__name__ for item in read([ANSWERS])]
    assert kinds.count("StatusAnswer277") == 3


# change -> rule and segment
SPOILED = {
    "parent": (b"HL*4*3*22", b"HL*4*2*22", "hl-parent", "HL"),
    "no trace": (b"TRN*2*T0002~\n", b"", "segment-order", "STC"),
    "no such category": (b"STC*F1:65", b"STC*", "element-missing", "STC"),
    "amount": (b"*100*80*", b"*100*8O*", "element-characters", "STC"),
}


@pytest.mark.parametrize(("old", "new", "rule", "segment"), SPOILED.values(), ids=SPOILED)
def test_a_fault_is_found_and_the_set_rejected(old, new, rule, segment):
    assert old in ANSWERS
    document = parse(ANSWERS.replace(old, new))
    assert (rule, segment) in {(f.rule, f.segment_id) for f in document.findings}
    assert [answer.status for answer in acknowledgements_for(document)] == ["R"]


def test_an_amount_that_nobody_can_read_parks_the_answer_and_no_other():
    document = parse(ANSWERS.replace(b"*100*80*", b"*100*8O*"))
    assert [parked.patient_control_number for parked in document.unreadable_claims] == ["PCN1"]
    assert len(document.status_answers) == 2


REFUSED = {
    "no subscriber": ([a_status_answer(subscriber=None)], "subscriber"),
    "no status": ([a_status_answer(statuses=[])], "STC"),
    "two answers for a provider": (
        [a_status_answer(level="provider", trace="1"), a_status_answer(level="provider")],
        "answered once",
    ),
    "four codes": (
        [a_status_answer(statuses=[a_status(codes=[StatusCode("F1", "65")] * 4)])],
        "one to three",
    ),
    "nothing": ([], "an answer"),
}


@pytest.mark.parametrize(("answers", "told"), REFUSED.values(), ids=REFUSED)
def test_what_the_guide_does_not_hold_is_refused(answers, told):
    with pytest.raises(Unwritable, match=told):
        build_277(answers, envelope=an_envelope(), reference="S1")
