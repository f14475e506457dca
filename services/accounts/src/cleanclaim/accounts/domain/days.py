"""On which day of the organization an instant falls."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_day(instant: datetime, time_zone: str | None) -> date:
    """The calendar day of an aware instant in the organization's time zone.

    UTC where the organization's entry has not been heard of yet, or names a zone that this
    machine does not know: a day must be written, and the entry's event keeps the exact instant.
    """
    return instant.astimezone(_zone(time_zone)).date()


def _zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
