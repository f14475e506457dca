"""What happened to one thing, when, by whom, caused by what: read from the service's event log."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from cleanclaim.chassis.work import Work

_HEAD = frozenset(
    {
        "event_id", "event_type", "schema_version", "occurred_at", "organization_id",
        "aggregate_id", "aggregate_version", "correlation_id", "causation_id",
    }
)  # fmt: skip


class TimelineEntry(BaseModel):
    """One fact of a timeline; `facts` are the event's own fields."""

    event_id: UUID
    event_type: str
    occurred_at: datetime
    recorded_at: datetime
    actor_id: str | None
    caused_by: UUID | None
    correlation_id: UUID
    facts: dict[str, Any]


class Timeline(BaseModel):
    """What happened, oldest first."""

    items: list[TimelineEntry]


async def timeline_of(work: Work, *aggregate_ids: UUID) -> Timeline:
    """The facts this service told about these things, in the order in which they were told."""
    table = work.schema_tables.event_log
    rows = await work.connection.execute(
        select(table)
        .where(
            table.c.organization_id == work.organization_id,
            table.c.aggregateid.in_(aggregate_ids),
        )
        .order_by(table.c.recorded_at, table.c.id)
    )
    return Timeline(items=[_entry(row) for row in rows.mappings()])


def _entry(row: Any) -> TimelineEntry:
    payload = row["payload"]
    body = json.loads(payload) if isinstance(payload, str) else payload
    return TimelineEntry(
        event_id=row["id"],
        event_type=row["type"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor_id=row["actor_id"],
        caused_by=row["causation_id"],
        correlation_id=row["correlation_id"],
        facts={name: value for name, value in body.items() if name not in _HEAD},
    )
