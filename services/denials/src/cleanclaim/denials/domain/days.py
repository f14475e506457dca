"""The calendar day of an instant in the organization's own time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_day(instant: datetime, time_zone: str | None) -> date:
    """The day that people at the organization wrote then; UTC until its time zone is heard."""
    return instant.astimezone(_zone(time_zone)).date()


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(UTC.tzname(None) or "UTC")
