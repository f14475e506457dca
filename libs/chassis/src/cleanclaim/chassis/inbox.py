"""What was heard already, and what was parked: the consumer's memory in its own database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.tables import PlatformTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One record as it came from the broker."""

    topic: str
    partition: int
    position: int
    key: bytes
    headers: dict[str, bytes]
    value: bytes | None


Subject = tuple[str, bytes]
"""A topic and a key in it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a batch's transaction may stand still, and may wait for another one's rows.

    A worker that was stopped in its transaction holds rows of the inbox. The server ends its
    session after a while, and whoever waits for the rows gives up meanwhile and tries again.
    """

    idle_ms: int = 60_000
    lock_ms: int = 15_000


def incoming_of(record: Any) -> Incoming:
    """A record as the consumer library hands it over."""
    return Incoming(
        topic=record.topic,
        partition=record.partition,
        position=record.offset,
        key=record.key or b"",
        # Kafka allows a header without a value
        headers={name: value or b"" for name, value in record.headers},
        value=record.value,
    )


async def remember(
    connection: AsyncConnection, tables: PlatformTables, event_ids: Sequence[UUID]
) -> set[UUID]:
    """Mark events as heard; return those that were heard before.

    They are few: a row back for each new event of a batch would cost as much as reading it.
    """
    given = list(dict.fromkeys(event_ids))
    if not given:
        return set()
    statement = text(
        "WITH given AS (SELECT unnest(CAST(:ids AS uuid[])) AS id),"  # noqa: S608 - a name of ours
        f" new AS (INSERT INTO {tables.inbox.fullname} (event_id) SELECT id FROM given"
        " ON CONFLICT (event_id) DO NOTHING RETURNING event_id)"
        " SELECT id FROM given WHERE id NOT IN (SELECT event_id FROM new)"
    )
    return set(await connection.scalars(statement, {"ids": given}))


async def begin(
    connection: AsyncConnection,
    tables: PlatformTables,
    patience: Patience,
    subjects: Iterable[Subject],
) -> set[Subject]:
    """Set the limits of a batch's transaction; return which subjects wait behind a parked event."""
    statement = text(
        "SELECT limits.*, held.topic, held.key FROM"  # noqa: S608 - a name of ours
        " (SELECT set_config('idle_in_transaction_session_timeout', :idle, true),"
        " set_config('lock_timeout', :lock, true)) AS limits (idle, lock)"
        f" LEFT JOIN {tables.parked_keys.fullname} AS held"
        " ON held.key = ANY(CAST(:keys AS bytea[]))"
    )
    rows = await connection.execute(
        statement,
        {
            "idle": str(patience.idle_ms),
            "lock": str(patience.lock_ms),
            "keys": list({key for _, key in subjects}),
        },
    )
    return {(row.topic, bytes(row.key)) for row in rows if row.topic is not None}


async def park(
    connection: AsyncConnection,
    tables: PlatformTables,
    *,
    organization_id: UUID,
    records: Sequence[tuple[Incoming, str]],
    parked_at: datetime,
) -> None:
    """Keep records with the reason each stands here for, and hold back their keys."""
    parked = await insert_rows(
        connection,
        tables.parked_events,
        [_parked_row(incoming, reason, organization_id, parked_at) for incoming, reason in records],
        on_conflict="(topic, partition, position) DO NOTHING",
        returning=("topic", "key"),
    )
    # one that was parked before has locked its key already, or a person has settled it since
    keys = dict.fromkeys((row["topic"], bytes(row["key"])) for row in parked)
    await insert_rows(
        connection,
        tables.parked_keys,
        [{"topic": topic, "key": key, "parked_at": parked_at} for topic, key in keys],
        on_conflict="(topic, key) DO NOTHING",
    )


async def settled_by_people(
    connection: AsyncConnection, tables: PlatformTables, records: Sequence[Incoming]
) -> set[tuple[str, int, int]]:
    """Which of these records were parked and then settled: (topic, partition, position).

    Row-level security applies: the organization of the records must be chosen.
    """
    table = tables.parked_events
    place = tuple_(table.c.topic, table.c.partition, table.c.position)
    wanted = [(one.topic, one.partition, one.position) for one in records]
    rows = await connection.execute(
        select(table.c.topic, table.c.partition, table.c.position).where(
            place.in_(wanted), table.c.status != "parked"
        )
    )
    return {(row.topic, row.partition, row.position) for row in rows}


def _parked_row(
    incoming: Incoming, reason: str, organization_id: UUID, parked_at: datetime
) -> dict[str, Any]:
    event_type = incoming.headers.get("ce_type")
    return {
        "organization_id": organization_id,
        "topic": incoming.topic,
        "key": incoming.key,
        "partition": incoming.partition,
        "position": incoming.position,
        "event_type": _text(event_type) if event_type else None,
        "headers": {_storable(name): _text(value) for name, value in incoming.headers.items()},
        "value": incoming.value or b"",
        "reason": reason,
        "parked_at": parked_at,
    }


def _text(raw: bytes) -> str:
    return _storable(raw.decode("utf-8", "replace"))


def _storable(text_: str) -> str:
    # PostgreSQL stores no NUL in a text
    return text_.replace("\0", "\ufffd")
