"""What is parked, seen across organizations: keys that wait and events behind them, no values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis.parking import NoSuchParkedEvent
from cleanclaim.chassis.tables import PlatformTables

PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedKey:
    """One key that is held back: `first` is the number of the event that stopped it."""

    organization_id: UUID
    topic: str
    key: str
    events: int
    first: int
    event_type: str | None
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedRecord:
    """One parked event: where it came from and how it stands, never what it says."""

    id: int
    organization_id: UUID
    topic: str
    key: str
    partition: int
    position: int
    event_type: str | None
    reason: str
    status: str
    parked_at: datetime
    settled_at: datetime | None
    settled_by: str | None


def key_shown(key: bytes) -> str:
    """A key as people may see it: our keys are ids; anything else may be somebody's name."""
    try:
        text = key.decode("ascii")
        return text if str(UUID(text)) == text else _digest(key)
    except ValueError:
        return _digest(key)


def _digest(key: bytes) -> str:
    return f"sha256:{hashlib.sha256(key).hexdigest()[:16]}"


async def parked_keys(
    connection: AsyncConnection, tables: PlatformTables, *, limit: int, after: int = 0
) -> list[ParkedKey]:
    """Keys held back, the one that has waited longest first; `after` is the last one's `first`."""
    events = tables.parked_events
    firsts = (
        select(func.min(events.c.id).label("first"), func.count().label("events"))
        .where(events.c.status == PARKED)
        .group_by(events.c.topic, events.c.key, events.c.organization_id)
        .having(func.min(events.c.id) > after)
        .order_by(func.min(events.c.id))
        .limit(limit)
        .subquery()
    )
    rows = await connection.execute(
        select(
            events.c.organization_id, events.c.topic, events.c.key, events.c.event_type,
            events.c.reason, events.c.parked_at, firsts.c.first, firsts.c.events,
        )
        .join(firsts, firsts.c.first == events.c.id)
        .order_by(firsts.c.first)
    )  # fmt: skip
    return [
        ParkedKey(
            organization_id=row.organization_id,
            topic=row.topic,
            key=key_shown(bytes(row.key)),
            events=row.events,
            first=row.first,
            event_type=row.event_type,
            reason=row.reason,
            since=row.parked_at,
        )
        for row in rows
    ]


async def parked_event(
    connection: AsyncConnection, tables: PlatformTables, number: int
) -> ParkedRecord:
    """One parked event, settled or not.

    Raises:
        NoSuchParkedEvent: there is none of that number.
    """
    events = tables.parked_events
    rows = await connection.execute(select(*_columns(tables)).where(events.c.id == number))
    found = rows.mappings().first()
    if found is None:
        raise NoSuchParkedEvent(f"There is no parked event {number}.")
    return _record(found)


async def events_behind(
    connection: AsyncConnection,
    tables: PlatformTables,
    number: int,
    *,
    limit: int,
    after: int = 0,
) -> list[ParkedRecord]:
    """The events of one event's key that are still parked, in the order they will be applied.

    Raises:
        NoSuchParkedEvent: there is none of that number.
    """
    events = tables.parked_events
    rows = await connection.execute(
        select(*_columns(tables))
        .where(*await _same_key(connection, tables, number), events.c.id > after)
        .order_by(events.c.id)
        .limit(limit)
    )
    return [_record(row) for row in rows.mappings()]


async def count_behind(connection: AsyncConnection, tables: PlatformTables, number: int) -> int:
    """How many events of one event's key are still parked. Raises NoSuchParkedEvent."""
    same = await _same_key(connection, tables, number)
    return await connection.scalar(select(func.count()).where(*same)) or 0


async def _same_key(
    connection: AsyncConnection, tables: PlatformTables, number: int
) -> tuple[ColumnElement[bool], ...]:
    events = tables.parked_events
    named = await connection.execute(
        select(events.c.topic, events.c.key).where(events.c.id == number)
    )
    subject = named.first()
    if subject is None:
        raise NoSuchParkedEvent(f"There is no parked event {number}.")
    return (
        events.c.topic == subject.topic,
        events.c.key == subject.key,
        events.c.status == PARKED,
    )


def _columns(tables: PlatformTables) -> list[Any]:
    names = [*ParkedRecord.__dataclass_fields__]
    return [tables.parked_events.c[name] for name in names]


def _record(row: Mapping[Any, Any]) -> ParkedRecord:
    return ParkedRecord(**{**row, "key": key_shown(bytes(row["key"]))})


async def set_aside(
    connection: AsyncConnection, tables: PlatformTables, topics: list[str]
) -> set[tuple[str, int, int]]:
    """The places on these topics whose events are parked or were skipped, so had no effect."""
    events = tables.parked_events
    rows = await connection.execute(
        select(events.c.topic, events.c.partition, events.c.position).where(
            events.c.topic.in_(topics), events.c.status != "applied"
        )
    )
    return {(row.topic, row.partition, row.position) for row in rows}
