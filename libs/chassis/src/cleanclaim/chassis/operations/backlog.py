"""What waits in a service's outbox, and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis.tables import PlatformTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Facts that were told and are not on the stream yet; `oldest_at` None where none waits."""

    pending: int
    buckets: int
    oldest_at: datetime | None


async def backlog_of(connection: AsyncConnection, tables: PlatformTables) -> Backlog:
    """The outbox as the reporter sees it."""
    outbox, log = tables.outbox, tables.event_log
    found = await connection.execute(
        select(
            func.count().label("pending"),
            func.count(distinct(outbox.c.bucket)).label("buckets"),
            func.min(log.c.recorded_at).label("oldest_at"),
        ).select_from(outbox.join(log, log.c.id == outbox.c.event_id))
    )
    row = found.one()
    return Backlog(pending=row.pending, buckets=row.buckets, oldest_at=row.oldest_at)
