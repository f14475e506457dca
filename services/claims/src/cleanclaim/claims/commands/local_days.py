"""Days are the organization's: an instant becomes a day in its time zone."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from cleanclaim.chassis.work import Work
from cleanclaim.claims.store import directory


async def time_zone_of(work: Work) -> tzinfo:
    """The zone of the work's organization; UTC until it is configured."""
    organization = await directory.organization(work)
    return ZoneInfo(organization["time_zone"]) if organization else UTC


async def local_time(work: Work, *, at: datetime) -> datetime:
    return at.astimezone(await time_zone_of(work))


async def local_day(work: Work, *, at: datetime) -> date:
    return (await local_time(work, at=at)).date()
