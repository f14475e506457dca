"""What PostgreSQL and Kafka give when nothing of ours stands between: the floors of each run."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from cleanclaim.chassis.broker import BATCH_BYTES

ORGANIZATION = UUID("01980000-0000-7000-8000-0000000000a1")
CHUNK = 5_000
_COLUMNS = "organization_id uuid, id uuid, name text, amount_cents bigint"
_TABLES = f"""
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
CREATE TABLE floor.plain ({_COLUMNS}, PRIMARY KEY (organization_id, id));
CREATE TABLE floor.fenced ({_COLUMNS}, PRIMARY KEY (organization_id, id));
ALTER TABLE floor.fenced ENABLE ROW LEVEL SECURITY;
ALTER TABLE floor.fenced FORCE ROW LEVEL SECURITY;
DO $$ BEGIN CREATE ROLE floor_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA floor TO floor_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA floor TO floor_app;
CREATE POLICY own ON floor.fenced TO floor_app
  USING (organization_id = nullif(current_setting('app.organization_id', true), '')::uuid);
"""
_UNNEST = (
    "INSERT INTO floor.fenced"
    " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])"
)
UPSERT = (
    _UNNEST + " AS v(organization_id, id, name, amount_cents) ON CONFLICT (organization_id, id)"
    " DO UPDATE SET name = excluded.name, amount_cents = excluded.amount_cents"
)
Row = tuple[UUID, UUID, str, int]


def _rows(count: int, organizations: int = 1) -> list[Row]:
    return [
        (UUID(int=ORGANIZATION.int + n % organizations), UUID(int=n + 1), "Prairie Mutual", n)
        for n in range(count)
    ]


async def floor_connection(database_url: str) -> "asyncpg.Connection[Any]":
    """Make the floor's tables anew; a connection under row-level security."""
    admin = await asyncpg.connect(database_url)
    password = secrets.token_urlsafe(12)
    await admin.execute(_TABLES)
    await admin.execute(f"ALTER ROLE floor_app PASSWORD '{password}'")
    await admin.close()
    place = urlsplit(database_url)
    address = place._replace(netloc=f"floor_app:{password}@{place.netloc.rpartition('@')[2]}")
    return await asyncpg.connect(address.geturl())


async def postgres_rows(database_url: str, count: int) -> dict[str, float]:
    """Rows a second into one table: COPY without row-level security, and unnest under it."""
    connection = await floor_connection(database_url)
    rows = _rows(count)
    try:
        started = time.perf_counter()
        await connection.copy_records_to_table("plain", schema_name="floor", records=rows)
        copied = time.perf_counter() - started
        started = time.perf_counter()
        for first in range(0, count, CHUNK):
            async with connection.transaction():
                await _choose(connection, ORGANIZATION)
                await connection.execute(_UNNEST, *zip(*rows[first : first + CHUNK], strict=True))
        unnested = time.perf_counter() - started
    finally:
        await connection.close()
    return {"copy": count / copied, "unnest": count / unnested}


async def upserts(database_url: str, count: int, *, batch: int, organizations: int) -> float:
    """Rows a second by plain set-based upserts under row-level security, `batch` to a commit."""
    connection = await floor_connection(database_url)
    rows = _rows(count, organizations)
    try:
        started = time.perf_counter()
        for first in range(0, count, batch):
            several = rows[first : first + batch]
            async with connection.transaction():
                for organization_id in dict.fromkeys(row[0] for row in several):
                    mine = [row for row in several if row[0] == organization_id]
                    await _choose(connection, organization_id)
                    await connection.execute(UPSERT, *zip(*mine, strict=True))
        return count / (time.perf_counter() - started)
    finally:
        await connection.close()


async def _choose(connection: "asyncpg.Connection[Any]", organization_id: UUID) -> None:
    await connection.execute(
        "SELECT set_config('app.organization_id', $1, true)", str(organization_id)
    )


Message = tuple[bytes, bytes, list[tuple[str, bytes]]]
"""Key, value, headers."""


async def make_topic(bootstrap: str, name: str, partitions: int = 12) -> None:
    """Make a topic; one that is there is emptied of meaning by a new name, so names are fresh."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, partitions, 1)])
    await admin.close()


async def produce(bootstrap: str, topic: str, messages: Sequence[Message]) -> float:
    """Events a second by a bare producer with the settings of the relay's own."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=BATCH_BYTES,
        compression_type="lz4",
    )
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"first")
        started = time.perf_counter()
        for first in range(0, len(messages), CHUNK):
            several = messages[first : first + CHUNK]
            sent = [
                await producer.send(topic, key=key, value=value, headers=headers)
                for key, value, headers in several
            ]
            await asyncio.gather(*sent)
        return len(messages) / (time.perf_counter() - started)
    finally:
        await producer.stop()


async def consume(bootstrap: str, topic: str, count: int) -> float:
    """Events a second by a bare consumer that reads a topic from its beginning."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        seen, started = 0, time.perf_counter()
        while seen < count:
            polled = await consumer.getmany(timeout_ms=200, max_records=CHUNK)
            seen += sum(map(len, polled.values()))
        return count / (time.perf_counter() - started)
    finally:
        await consumer.stop()


def messages_like(record: Any, count: int) -> list[Message]:
    """`count` messages with the bytes of one recorded event, each under a key of its own."""
    return [(str(UUID(int=n + 1)).encode(), record.value, record.headers) for n in range(count)]
