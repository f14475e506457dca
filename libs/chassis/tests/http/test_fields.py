"""What a day and an instant of a request may look like, case by case."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from cleanclaim.chassis.fields import Day, Instant

DAYS = TypeAdapter(Day)
INSTANTS = TypeAdapter(Instant)


@pytest.mark.parametrize("said", ["2026-03-02", "1800-01-01", "9999-12-31", date(2026, 3, 2)])
def test_a_day_is_written_one_way(said):
    assert DAYS.validate_python(said).isoformat() == str(said)


@pytest.mark.parametrize(
    "said",
    [
        0, 1.5, False, None, "0", "1772409600", "2026-3-2", "20260302", "2026-03-02T00:00:00",
        "2026-02-30", "1799-12-31", "0001-01-01", "2026-03-02 ", "٢٠٢٦-٠٣-٠٢", "", [], "today",
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_a_day(said):
    with pytest.raises(ValidationError) as refused:
        DAYS.validate_python(said)
    assert refused.value.errors()[0]["type"].startswith("date")


@pytest.mark.parametrize(
    "said", ["2026-03-02T15:00:00Z", "2026-03-02T15:00:00.5+05:30", "2026-03-02T15:00-06:00"]
)
def test_an_instant_says_its_offset(said):
    assert INSTANTS.validate_python(said).utcoffset() is not None


@pytest.mark.parametrize(
    "said",
    [
        0, False, "0", "2026-03-02", "2026-03-02T15:00:00", "1772409600", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00", "2026-13-02T15:00:00Z", "", None,
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_an_instant(said):
    with pytest.raises(ValidationError):
        INSTANTS.validate_python(said)
