"""What fuzzing found stays found, and a little of it runs with every test."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanclaim.x12 import Unreadable, acknowledge, parse

from .fuzzing import ANSWERED, CORPUS, SEEDS, judge, mutated, smaller

KEPT = sorted(CORPUS.glob("*.edi"))
QUIET = settings(
    deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.parametrize("path", KEPT, ids=[path.stem for path in KEPT])
def test_what_was_found_once_holds_now(path):
    assert judge(path.read_bytes())


@pytest.mark.parametrize("payload", SEEDS, ids=range(len(SEEDS)))
def test_what_holds_for_any_bytes_holds_for_the_samples(payload):
    assert judge(payload)


@settings(QUIET, max_examples=60)
@given(st.sampled_from(SEEDS), st.integers(min_value=0))
def test_a_spoiled_file_is_read_or_refused_and_never_lost(payload, seed):
    assert judge(mutated(payload, random.Random(seed))) in {True, False}


@settings(QUIET, max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_not_misread(payload):
    with pytest.raises(Unreadable):
        parse(payload)


@settings(QUIET, max_examples=100)
@given(st.text(alphabet="*:~^\n\rISAGSTEHL0123 A", max_size=400))
def test_any_text_behind_a_good_header_is_read(text):
    header = SEEDS[0][: SEEDS[0].index(b"GS*")]
    assert judge(header + text.encode())


def test_a_group_that_a_999_cannot_name_is_not_answered():
    payload = (CORPUS / "group-number-no-number.edi").read_bytes()
    assert acknowledge(parse(payload), envelope=ANSWERED) == b""


def test_a_segment_that_a_999_cannot_name_rejects_its_set_all_the_same():
    payload = (CORPUS / "segment-name-with-delimiter.edi").read_bytes()
    (answer,) = parse(acknowledge(parse(payload), envelope=ANSWERED)).acknowledgements
    assert [(one.status, one.codes) for one in answer.sets] == [("R", ["5"])]


def test_what_is_found_is_kept_as_small_as_it_still_fails():
    assert smaller(b"a~bad~c", lambda payload: b"bad" in payload) == b"bad"
