"""Spans include both ends; business days skip weekends and the holidays given."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.values.dates import (
    DateRange,
    DateRangeBackwards,
    business_days,
    business_days_between,
)

THANKSGIVING = date(2026, 11, 26)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 1, 31), True),
        (date(2025, 12, 31), False),
        (date(2026, 2, 1), False),
    ],
)
def test_both_ends_belong_to_a_span(day, inside):
    assert DateRange(date(2026, 1, 1), date(2026, 1, 31)).contains(day) is inside


def test_an_open_span_has_no_end():
    assert DateRange(date(2026, 1, 1)).contains(date.max)


def test_a_span_cannot_end_before_it_begins():
    with pytest.raises(DateRangeBackwards):
        DateRange(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (DateRange(date(2026, 1, 31)), True),
        (DateRange(date(2026, 2, 1)), False),
        (DateRange(date(2025, 1, 1), date(2026, 1, 1)), True),
        (DateRange(date(2025, 1, 1), date(2025, 12, 31)), False),
        (DateRange(date(2020, 1, 1)), True),
    ],
)
def test_spans_overlap_when_they_share_a_day(other, shared):
    january = DateRange(date(2026, 1, 1), date(2026, 1, 31))
    assert january.overlaps(other) is shared
    assert other.overlaps(january) is shared


@pytest.mark.parametrize(
    ("start_on", "count", "expected"),
    [
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 24), 2, date(2026, 11, 27)),  # over Thanksgiving
        (date(2026, 11, 24), 3, date(2026, 11, 30)),  # and over the weekend
        (date(2026, 11, 28), 0, date(2026, 11, 30)),  # a Saturday rolls on
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 30), -2, date(2026, 11, 25)),
    ],
)
def test_business_days_skip_weekends_and_holidays(start_on, count, expected):
    assert business_days(start_on, count, {THANKSGIVING}) == expected


@given(days, st.integers(1, 60), st.sets(days, max_size=20))
def test_counting_forward_and_counting_between_agree(start_on, count, holidays):
    end_on = business_days(start_on, count, holidays)
    assert business_days_between(start_on, end_on, holidays) == count
    assert business_days_between(start_on, end_on - timedelta(days=1), holidays) == count - 1
