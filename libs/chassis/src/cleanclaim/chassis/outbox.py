"""Facts told in a transaction: numbered per key, kept in the event log, queued for the relay."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.tables import PlatformTables
from cleanclaim.events.catalog import Entry
from cleanclaim.events.envelope import Envelope, Fact
from cleanclaim.events.wire import headers_of, payload_of
from cleanclaim.values.errors import Invalid

MOST_PAYLOAD_BYTES = 900_000
"""Below the broker's limit for one record (1 MiB), which it would refuse for ever."""

BUCKETS = 32
"""How many relays may share a service's outbox at most; a key always falls into one bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One fact on its way into the log, before it has its number."""

    event_id: UUID
    entry: Entry
    fact: Fact
    key: UUID
    cause: Cause
    occurred_at: datetime


def bucket_of(key: UUID) -> int:
    """The outbox bucket of a key, the same in every process and release."""
    return zlib.crc32(key.bytes) % BUCKETS


async def write_facts(
    connection: AsyncConnection,
    tables: PlatformTables,
    *,
    organization_id: UUID,
    service: str,
    told: Sequence[Told],
) -> None:
    """Number, log and queue facts, three statements however many there are.

    The rows that count each key's sequence are locked first, in key order: so two transactions
    never deadlock here, and a later number is never queued before an earlier one.
    """
    if not told:
        return
    next_number = await _take_numbers(connection, tables, told)
    rows, queue = [], []
    for one in told:
        subject = (one.entry.topic, one.key)
        next_number[subject] += 1
        envelope = _envelope(one, organization_id, service, next_number[subject])
        rows.append(_log_row(one, envelope))
        queue.append({"bucket": bucket_of(one.key), "event_id": one.event_id})
    await insert_rows(connection, tables.event_log, rows)
    await insert_rows(connection, tables.outbox, queue)


async def _take_numbers(
    connection: AsyncConnection, tables: PlatformTables, told: Sequence[Told]
) -> dict[tuple[str, UUID], int]:
    counts = Counter((one.entry.topic, one.key) for one in told)
    rows = [
        {"topic": topic, "key": key, "sequence": count}
        for (topic, key), count in sorted(counts.items(), key=lambda item: item[0])
    ]
    written = await insert_rows(
        connection,
        tables.event_subject,
        rows,
        on_conflict="(topic, key) DO UPDATE SET sequence = event_subject.sequence"
        " + excluded.sequence",
        returning=("topic", "key", "sequence"),
    )
    last: dict[tuple[str, UUID], int] = defaultdict(int)
    for row in written:
        subject = (row["topic"], row["key"])
        last[subject] = row["sequence"] - counts[subject]
    return last


def _envelope(one: Told, organization_id: UUID, service: str, number: int) -> Envelope:
    return Envelope(
        event_id=one.event_id,
        event_type=one.entry.type,
        source=f"cleanclaim/{service}",
        organization_id=organization_id,
        aggregate_id=one.key,
        aggregate_version=number,
        occurred_at=one.occurred_at,
        correlation_id=one.cause.correlation_id,
        causation_id=one.cause.event_id,
        actor_id=one.cause.actor_id,
        traceparent=one.cause.traceparent,
        schema_version=one.entry.version,
    )


class FactTooLarge(Invalid):
    """A fact that no broker would take; it is refused before it is committed."""


def _payload(one: Told, envelope: Envelope) -> str:
    payload = payload_of(envelope, one.fact)
    if len(payload) > MOST_PAYLOAD_BYTES // 4 and len(payload.encode()) > MOST_PAYLOAD_BYTES:
        raise FactTooLarge(
            f"a {one.entry.name} of {len(payload.encode()):,} bytes cannot be told",
            fix=f"split what it is about: {MOST_PAYLOAD_BYTES:,} bytes are the most",
        )
    return payload


def _log_row(one: Told, envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.event_id,
        "organization_id": envelope.organization_id,
        "topic": one.entry.topic,
        "aggregatetype": one.entry.key.removesuffix("_id"),
        "aggregateid": envelope.aggregate_id,
        "aggregate_version": envelope.aggregate_version,
        "type": envelope.event_type,
        "payload": _payload(one, envelope),
        "headers": headers_of(envelope),
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.causation_id,
        "actor_id": envelope.actor_id,
        "occurred_at": envelope.occurred_at,
    }


async def pending(connection: AsyncConnection, tables: PlatformTables) -> int:
    """How many facts wait for the relay."""
    result = await connection.execute(
        text(f"SELECT count(*) FROM {tables.outbox.fullname}")  # noqa: S608 - a name of ours
    )
    return int(result.scalar_one())
