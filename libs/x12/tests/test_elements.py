"""The fast pattern of a clean segment never accepts what the element rules refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.x12.amounts import cents_of, text_of_cents
from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.dictionary import segment_shapes
from cleanclaim.x12.elements import by_element, clean_match
from cleanclaim.x12.grammar import GUIDES, Loop, load_guide
from cleanclaim.x12.patterns import is_day
from cleanclaim.x12.segments import Segment

MARKS = Delimiters()


def all_uses(loop):
    for entry in loop.entries:
        if isinstance(entry, Loop):
            yield from all_uses(entry)
        else:
            yield entry


USES = [use for kind in GUIDES for use in all_uses(load_guide(kind).root)]
VALUES = [
    "", "A", "AB", "1", "12", "1.5", "-1", ".5", "5.", "1.2345", "-", "20260229", "20240229",
    "20261231", "20261301", "0830", "2561", "HC:99213", "HC", "a" * 36, "9" * 19, "A B", "é", "^",
    "A^B", ":", "ABK:J0190", "1:2:3:4", "1:13", "\x01",
]  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_a_segment_called_clean_has_no_complaint(data):
    use = data.draw(st.sampled_from(USES))
    elements = [use.segment_id]
    for place in range(len(use.shape.fields) + 1):
        usage = use.usages[place] if place < len(use.usages) else None
        codes = sorted(dict(usage.codes).get(0, ())) if usage else []
        elements.append(data.draw(st.sampled_from(VALUES + codes * 9)))
    del elements[data.draw(st.integers(1, len(elements))) :]
    segment = Segment(elements, MARKS)
    if clean_match(use, MARKS)("*".join(elements)):
        assert list(by_element(segment, use)) == []


def test_every_loop_of_every_guide_uses_segments_of_the_dictionary():
    shapes = segment_shapes()
    for use in USES:
        assert len(use.usages) <= len(shapes[use.segment_id].fields)


DAYS = {
    "20260105": True,
    "20240229": True,
    "20260229": False,
    "20260431": False,
    "20261301": False,
    "2026015": False,
    "": False,
}


@pytest.mark.parametrize(("text", "is_one"), DAYS.items())
def test_a_day_must_exist(text, is_one):
    assert is_day(text) is is_one


CENTS = {
    "12.5": 12_50,
    "12.50": 12_50,
    "12.500": 12_50,
    "0": 0,
    "-.5": -50,
    "5.": 5_00,
    "1.005": None,
    "": None,
    "-": None,
    ".": None,
    "1e3": None,
    "1,5": None,
    "٣": None,
}


@pytest.mark.parametrize(("text", "cents"), CENTS.items())
def test_an_amount_is_whole_cents_or_nothing(text, cents):
    assert cents_of(text) == cents


@given(st.integers(-(10**15), 10**15))
def test_cents_survive_their_text(cents):
    assert cents_of(text_of_cents(cents)) == cents
