"""The TA1: given where it is asked for or an interchange is faulty, and read back."""

from pathlib import Path

import pytest

from cleanclaim.x12 import (
    InterchangeAcknowledgement,
    Unwritable,
    acknowledge,
    build_837p,
    build_ta1,
    interchange_acknowledgements_for,
    parse,
)

from .builders import a_claim, an_envelope

SAMPLES = Path(__file__).parent.parent / "samples"
CLAIM = (SAMPLES / "clean_professional_claim.edi").read_bytes()
ASKING = build_837p(
    [a_claim()], envelope=an_envelope(acknowledgement_requested=True), reference="B1"
)
# variant -> (bytes, [(status, note)])
ANSWERS = {
    "clean and silent": (CLAIM, []),
    "asked for": (ASKING, [("A", "000")]),
    "no IEA": (CLAIM[: CLAIM.index(b"IEA*")], [("R", "023")]),
    "wrong IEA02": (CLAIM.replace(b"IEA*1*000000042", b"IEA*1*000000041"), [("E", "001")]),
    "wrong IEA01": (CLAIM.replace(b"IEA*1*", b"IEA*2*"), [("E", "021")]),
    "the same number twice": (CLAIM + CLAIM, [("R", "025")]),
    "two that ask": (ASKING + ASKING.replace(b"000000042", b"000000043"), [("A", "000")] * 2),
    "a TA1 that asks": ((SAMPLES / "interchange_accepted_ta1.edi").read_bytes(), []),
    "a number that is none": (CLAIM.replace(b"000000042", b"00000004X"), []),
}


@pytest.mark.parametrize(("payload", "told"), ANSWERS.values(), ids=ANSWERS)
def test_an_interchange_is_answered_when_it_asks_or_is_faulty(payload, told):
    answers = interchange_acknowledgements_for(parse(payload))
    assert [(answer.status, answer.note) for answer in answers] == told


@pytest.mark.parametrize(("payload", "told"), ANSWERS.values(), ids=ANSWERS)
def test_the_answer_is_read_back_beside_the_999(payload, told):
    written = acknowledge(parse(payload), envelope=an_envelope())
    again = parse(written) if written else None
    found = again.interchange_acknowledgements if again else []
    assert [(answer.status, answer.note) for answer in found] == told
    assert again is None or again.findings == []


def test_the_answer_names_the_interchange_it_is_for():
    (answer,) = interchange_acknowledgements_for(parse(ASKING))
    assert answer.interchange_control_number == "000000042"
    assert (answer.created_on.isoformat(), answer.created_time) == ("2026-01-06", "0830")


SAMPLE = (SAMPLES / "interchange_rejected_ta1.edi").read_bytes()
SPOILED = {
    "number": (b"TA1*000000041", b"TA1*41", 1),
    "day": (b"*260105*", b"*261305*", 2),
    "time": (b"*0830*R", b"*2530*R", 3),
    "status": (b"*R*025", b"*Q*025", 4),
    "note": (b"*R*025", b"*R*099", 5),
}


@pytest.mark.parametrize(("old", "new", "element"), SPOILED.values(), ids=SPOILED)
def test_a_faulty_ta1_is_told_by_element(old, new, element):
    (finding,) = parse(SAMPLE.replace(old, new)).findings
    assert (finding.rule, finding.segment_id, finding.element) == ("ta1-content", "TA1", element)


def test_a_ta1_inside_a_set_stands_in_no_place():
    document = parse(CLAIM.replace(b"SE*", b"TA1*000000041*260105*0830*A*000~\nSE*"))
    assert "outside-set" in {finding.rule for finding in document.findings}
    assert document.interchange_acknowledgements == []


@pytest.mark.parametrize("changes", [{"note": "1"}, {"status": "X"}, {"created_time": "9999"}])
def test_a_ta1_that_cannot_be_is_refused(changes):
    answer = InterchangeAcknowledgement(
        **({"interchange_control_number": "000000041", "created_time": "0830"} | changes)
    )
    with pytest.raises(Unwritable, match="TA10"):
        build_ta1([answer], envelope=an_envelope())
