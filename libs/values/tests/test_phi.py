"""PHI does not leak by printing, formatting, logging or serialising."""

import copy
import json
import pickle
from datetime import date

import pytest

from cleanclaim.values.phi import BirthDate, MemberId, PersonName


@pytest.mark.parametrize(
    "show",
    [str, repr, "{}".format, "{:>20}".format, lambda value: f"{value!r} {value!s}", "%s".__mod__],
)
def test_no_way_of_printing_shows_the_name(show):
    assert "Ada" not in show(PersonName("Ada Example"))
    assert "***" in show(PersonName("Ada Example"))


def test_a_traceback_of_a_container_hides_it_too():
    assert "1980" not in repr({"born": [BirthDate(date(1980, 2, 29))]})


def test_reveal_is_the_one_way_in():
    assert PersonName("Ada Example").reveal() == "Ada Example"
    with pytest.raises(TypeError):
        json.dumps(PersonName("Ada Example"))
    with pytest.raises(TypeError):
        "Dear " + PersonName("Ada Example")


def test_equality_needs_the_same_type_and_content():
    assert MemberId("A1") == MemberId("A1")
    assert MemberId("A1") != MemberId("A2")
    assert MemberId("A1") != PersonName("A1")
    assert MemberId("A1") != "A1"
    assert len({MemberId("A1"), MemberId("A1")}) == 1


def test_it_cannot_be_changed_but_can_be_copied():
    member = MemberId("A1")
    with pytest.raises(AttributeError):
        member._content = "A2"
    assert copy.deepcopy(member) == member
    assert pickle.loads(pickle.dumps(member)) == member  # noqa: S301
