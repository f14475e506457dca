"""Organizations that a service has heard of."""

from uuid import UUID

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.testing import ServiceUnderTest


async def kept(toy: ServiceUnderTest, *organizations: UUID) -> None:
    """Write them into the table that jobs, files and gauges go by."""
    rows = [
        {"id": one, "name": "Clinic", "time_zone": "UTC", "environment": "test", "version": 1}
        for one in organizations
    ]
    async with toy.workroom.work(organizations[0]) as work:
        await insert_rows(work.connection, toy.workroom.tables.organizations, rows)
