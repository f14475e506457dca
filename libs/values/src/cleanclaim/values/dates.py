"""Spans of calendar days and business-day counting; holidays and 'today' are always passed in."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from cleanclaim.values.errors import Invalid

_SATURDAY = 5


class DateRangeBackwards(Invalid):
    """The last day lies before the first."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Calendar days from `first_on` to `last_on`, both included; no `last_on` means still open."""

    first_on: date
    last_on: date | None = None

    def __post_init__(self) -> None:
        if self.last_on is not None and self.last_on < self.first_on:
            raise DateRangeBackwards(
                "The span of days ends before it begins.",
                fix="Exchange the two dates, or correct the one that is wrong.",
            )

    def contains(self, day: date) -> bool:
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)

    def overlaps(self, other: "DateRange") -> bool:
        """Whether the two spans share at least one day."""
        starts_in_time = other.last_on is None or self.first_on <= other.last_on
        return starts_in_time and (self.last_on is None or other.first_on <= self.last_on)


def is_business_day(day: date, holidays: AbstractSet[date]) -> bool:
    """Monday to Friday and not one of the holidays given."""
    return day.weekday() < _SATURDAY and day not in holidays


def business_days(start_on: date, count: int, holidays: AbstractSet[date]) -> date:
    """The day `count` business days after `start_on` (before it, when negative).

    The start day itself is not counted. Zero gives the start day or, when that is no business
    day, the next one that is.
    """
    if count == 0:
        day = start_on
        while not is_business_day(day, holidays):
            day += timedelta(days=1)
        return day
    step = timedelta(days=1 if count > 0 else -1)
    day, left = start_on, abs(count)
    while left:
        day += step
        left -= is_business_day(day, holidays)
    return day


def business_days_between(first_on: date, last_on: date, holidays: AbstractSet[date]) -> int:
    """How many business days lie after `first_on` up to and including `last_on`; never negative."""
    span = range(1, (last_on - first_on).days + 1)
    return sum(is_business_day(first_on + timedelta(days=n), holidays) for n in span)
