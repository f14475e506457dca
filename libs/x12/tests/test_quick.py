"""The quick way and the careful way say the same of every file, whatever is wrong with it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.x12 import Limits, build_835, build_837p, read
from cleanclaim.x12.guards import is_npi
from cleanclaim.x12.quick import MOST_ELEMENTS

from .builders import a_claim, a_claim_payment, a_remittance, an_envelope

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.edi"))
# A limit below what the guides allow: every segment is looked at with care.
CAREFUL = Limits(elements=MOST_ELEMENTS - 1)
CLAIMS = build_837p([a_claim(f"P{n}") for n in range(40)], envelope=an_envelope(), reference="B1")
PAYMENTS = build_835(
    [a_remittance([a_claim_payment(f"P{n}") for n in range(40)])], envelope=an_envelope()
)
WHOLE = [CLAIMS, PAYMENTS]
WHOLE += [sample for path in SAMPLES if (sample := path.read_bytes()).count(b"~\n") > 9]
PIECES = ["", "X", "0", "XX", "1234567890", "20260230", "1O5", "18", "A:B", "-5", "99" * 20, "\x07"]


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_a_sample_is_read_alike(path):
    payload = path.read_bytes()
    assert list(read(payload)) == list(read(payload, limits=CAREFUL))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_spoiled_file_is_read_alike(data):
    whole = data.draw(st.sampled_from(WHOLE))
    segments = whole.decode().split("~\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(1, len(segments) - 1))
        what = data.draw(st.sampled_from(["drop", "double", "move", "spoil", "blank"]))
        if what == "drop":
            del segments[at]
        elif what == "double":
            segments.insert(at, segments[at])
        elif what == "move":
            segments.insert(data.draw(st.integers(1, len(segments) - 1)), segments.pop(at))
        elif what == "blank":
            segments[at] = data.draw(st.sampled_from(["\n", " ", "\r"])) + segments[at]
        else:
            elements = segments[at].split("*")
            place = data.draw(st.integers(0, len(elements) - 1))
            elements[place] = data.draw(st.sampled_from(PIECES))
            segments[at] = "*".join(elements)
    payload = "~\n".join(segments).encode()
    assert list(read(payload)) == list(read(payload, limits=CAREFUL))


def test_counts_beyond_the_guide_are_told_alike():
    start = CLAIMS.index(b"LX*1")
    claim = CLAIMS[start : CLAIMS.index(b"CLM*", start)]
    payload = CLAIMS.replace(claim, claim * 60, 1)
    found = list(read(payload))
    assert found == list(read(payload, limits=CAREFUL))
    rules = {finding.rule for item in found for finding in getattr(item, "findings", [])}
    assert "loop-too-often" in rules


NPIS = {
    "1234567893": True,
    "1770438210": True,
    "1234567890": False,
    "123456789": False,
    "12345678931": False,
    "123456789X": False,
    "١٢٣٤٥٦٧٨٩٣": False,
    "": False,
}


@pytest.mark.parametrize(("number", "is_one"), NPIS.items())
def test_an_npi_has_ten_digits_and_its_check_digit(number, is_one):
    assert is_npi(number) is is_one


def test_a_false_check_digit_is_told_where_it_stands():
    payload = CLAIMS.replace(b"*XX*1770438210", b"*XX*1770438211")
    (finding,) = {
        f.byte_offset: f for item in read(payload) for f in getattr(item, "findings", [])
    }.values()
    assert (finding.rule, finding.segment_id, finding.element) == ("npi-check-digit", "NM1", 9)
    assert (finding.code, finding.level, finding.snip) == ("7", "element", 2)
    assert payload[finding.byte_offset :].startswith(b"NM1*85")
