"""The reporter's connection: it reads across organizations, and no column that may hold PHI."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis.context import ServiceContext
from cleanclaim.values.errors import Unavailable


class ReportsNotConfigured(Unavailable):
    """This service was given no connection of its reporter role."""


@asynccontextmanager
async def reporting(context: ServiceContext) -> AsyncIterator[AsyncConnection]:
    """One read-only transaction of the reporter role.

    Raises:
        ReportsNotConfigured: the service has no such connection.
    """
    if context.reports is None:
        name = f"CLEANCLAIM_{context.service.upper()}_DATABASE_REPORT_URL"
        raise ReportsNotConfigured(
            "This service cannot look across organizations.",
            retry_after_seconds=60,
            fix=f"Set {name} to the reporter role's connection.",
        )
    async with context.reports.connect() as connection, connection.begin():
        await connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection
