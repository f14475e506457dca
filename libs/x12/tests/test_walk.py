"""Segments out of order or of unknown qualifier: kept where they belong, told, nothing misplaced."""

from pathlib import Path

import pytest

from cleanclaim.x12 import parse

SAMPLES = Path(__file__).parent.parent / "samples"
CLAIM = (SAMPLES / "clean_professional_claim.edi").read_bytes()
SECONDARY = (SAMPLES / "secondary_claim.edi").read_bytes()
PAYMENT = (SAMPLES / "denied_line.edi").read_bytes()


def moved(payload, segment, before):
    """The payload with its one `segment` moved before the first `before`."""
    return payload.replace(segment, b"", 1).replace(before, segment + before, 1)


ORDER = {
    "claim reference after the provider": (
        moved(CLAIM, b"REF*G1*AUTH77~\n", b"LX*1"),
        ["segment-order"],
    ),
    "claim date inside a line": (
        moved(PAYMENT, b"DTM*050*20260108~\n", b"CAS*CO*16"),
        ["segment-order"],
    ),
    "line date after its adjustment": (
        PAYMENT.replace(
            b"DTM*472*20260105~\nCAS*CO*16*120~\n", b"CAS*CO*16*120~\nDTM*472*20260105~\n"
        ),
        ["segment-order"],
    ),
    "references in another order": (
        CLAIM.replace(b"REF*G1*AUTH77~\nREF*D9*CH0001~\n", b"REF*D9*CH0001~\nREF*G1*AUTH77~\n"),
        [],
    ),
    "a qualifier of no code": (PAYMENT.replace(b"REF*6R*L1", b"REF*Z9*L1"), ["code-not-used"]),
    "a provider of no loop": (
        CLAIM.replace(b"NM1*82*1*L", b"NM1*ZZ*1*L", 1),
        ["segment-unexpected", "segment-unexpected"],
    ),
    "a second subscriber name": (
        CLAIM.replace(b"NM1*PR", b"NM1*IL*1*OTHER*ONE****MI*M9~\nNM1*PR", 1),
        ["loop-too-often"],
    ),
}


@pytest.mark.parametrize(("payload", "rules"), ORDER.values(), ids=ORDER)
def test_the_order_of_segments_is_judged(payload, rules):
    found = [f.rule for f in parse(payload).findings if f.rule != "se-count"]
    assert found == rules


def test_a_late_claim_reference_is_still_the_claims():
    claim = parse(ORDER["claim reference after the provider"][0]).claims[0]
    assert claim.reference("G1") == "AUTH77"
    assert claim.rendering_provider.references == []


def test_a_late_claim_date_does_not_take_the_adjustment_from_the_line():
    (claim,) = parse(ORDER["claim date inside a line"][0]).remittances[0].claims
    assert claim.adjustments == []
    assert claim.lines[0].adjustments[0].reason == "16"
    assert claim.date("050").isoformat() == "2026-01-08"


def test_a_reference_of_unknown_qualifier_is_kept():
    (claim,) = parse(ORDER["a qualifier of no code"][0]).remittances[0].claims
    assert claim.lines[0].reference("Z9") == "L1"


def test_a_reference_belongs_to_the_loop_it_stands_in():
    """REF*G1 of another payer and of the claim are told apart by their loops."""
    payload = SECONDARY.replace(
        b"NM1*PR*2*ACME HEALTH PLAN*****PI*60054~\n",
        b"NM1*PR*2*ACME HEALTH PLAN*****PI*60054~\nREF*G1*PRIOR1~\n",
    )
    (claim,) = parse(payload).claims
    assert claim.reference("G1") == ""
    assert claim.other_subscribers[0].payer.reference("G1") == "PRIOR1"


def test_a_segment_the_types_do_not_name_is_kept_in_its_loop():
    extra = b"PWK*OZ*BM***AC*ATT1~\n"
    payload = CLAIM.replace(b"REF*G1", extra + b"REF*G1", 1)
    claim = parse(payload).claims[0]
    kept = [(segment.loop, segment.elements) for segment in claim.rest]
    assert kept == [("2300", ["PWK", "OZ", "BM", "", "", "AC", "ATT1"])]


def test_the_place_of_a_finding_is_exact():
    payload = CLAIM.replace(b"SV1*HC:36415*35*UN*1", b"SV1*HC:36415*35*UN*x")
    (finding,) = [f for f in parse(payload).findings if f.rule == "element-characters"]
    assert payload[finding.byte_offset :].startswith(b"SV1*HC:36415")
    lines = payload.decode().split("~\n")
    number = next(i for i, line in enumerate(lines) if line.startswith("SV1*HC:36415")) - 1
    assert finding.segment_number == number
    assert finding.loop == "2000A/2000B/2300/2400"
    assert (finding.segment_id, finding.element, finding.data_element) == ("SV1", 4, "380")
    assert (finding.set_control_number, finding.group_control_number) == ("0001", "7")
    assert finding.interchange_control_number == "000000042"


def test_a_finding_hides_its_value():
    payload = CLAIM.replace(b"DMG*D8*19800229", b"DMG*D8*19800231", 1)
    (finding,) = parse(payload).findings
    assert finding.value == "19800231"
    assert "19800231" not in repr(finding)
    assert finding.redacted().value == ""


def test_no_message_holds_a_name_or_number_of_a_person():
    """Every element of the file is spoiled in turn; what is said of it never repeats it."""
    segments = CLAIM.decode().split("~\n")
    for index, segment in enumerate(segments[3:-4], 3):
        elements = segment.split("*")
        for place in range(1, len(elements)):
            spoiled = [*elements[:place], "SECRETVALUE" * 9, *elements[place + 1 :]]
            lines = [*segments[:index], "*".join(spoiled), *segments[index + 1 :]]
            for finding in parse("~\n".join(lines).encode()).findings:
                assert "SECRET" not in finding.message
                assert "SECRET" not in repr(finding)
