"""Which calendar day it is where the organization is."""

from datetime import date, datetime

from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import store


async def today(work: Work) -> date:
    """The organization's calendar day now."""
    return await day_of(work, work.now)


async def day_of(work: Work, instant: datetime) -> date:
    """The organization's calendar day at an instant."""
    return instant.astimezone(await store.time_zone(work)).date()
