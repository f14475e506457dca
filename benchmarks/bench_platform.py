"""Measures the plumbing as ratios to what Kafka and PostgreSQL give alone: `make bench-platform`.

Knobs: EVENTS=20000 (per measurement), GROWTH=1000000 (rows of the grown log), PARTS=relay,consumer,
latency,rebuild,contract,growth (which to run), KEEP=1.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import asyncpg
from floors import ORGANIZATION, Message, consume, make_topic, produce, upserts
from hearing import RUNTIME, apply_judged, hear, wires
from machine import measured_on, percentile, table, whole
from small_service import METADATA, NAME, SUBSCRIPTIONS, a_payer
from telling import tell_evenly

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import Publisher, create_topics
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.db import Database, plain_url
from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.polled import MOST
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.relay import Relay
from cleanclaim.chassis.testing import (
    SECRETS,
    create_schema,
    hear_from_now_on,
    new_database,
    role_url,
)
from cleanclaim.chassis.work import Workroom
from cleanclaim.denials import events_in, store
from cleanclaim.devstack.places import state_folder
from cleanclaim.devstack.stack import ONLY_INFRASTRUCTURE, Stack
from cleanclaim.events.catalog import TOPICS
from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.examples import example_of
from cleanclaim.events.wire import decode, encode, payload_of

BATCH = 500
"""Facts that a teller tells in one transaction, where it tells many."""
RATE = 200
LEAST = 8 * MOST
ROUNDS = 3
PARTS = ("relay", "consumer", "latency", "rebuild", "contract", "growth")


@dataclass(slots=True)
class Bench:
    """Where the measurements are made: a fresh database and the broker."""

    url: str
    bootstrap: str

    def workroom(self, service: str = NAME, metadata: Any = METADATA) -> Workroom:
        database = Database(
            role_url(self.url, Roles.of(service).app), application="benchmark", pool_size=4
        )
        return Workroom(service=service, database=database, runtime=RUNTIME, metadata=metadata)

    def relay(self) -> Relay:
        return Relay(
            service=NAME,
            database_url=role_url(self.url, Roles.of(NAME).relay),
            publisher=Publisher(self.bootstrap, client_id="benchmark"),
            runtime=RUNTIME,
        )


async def tell(room: Workroom, count: int) -> float:
    """Tell that many facts, 500 to a transaction; facts a second."""
    started = time.perf_counter()
    for first in range(0, count, BATCH):
        async with room.work(ORGANIZATION) as work:
            many = min(BATCH, count - first)
            work.tell(*(a_payer(RUNTIME.new_id()) for _ in range(many)))
    return count / (time.perf_counter() - started)


async def drain(relay: Relay) -> float:
    """Relay until nothing is left, after a first round that connects; events a second."""
    await relay.relay_once()
    started = time.perf_counter()
    sent = 0
    while more := await relay.relay_once():
        sent += more
    took = time.perf_counter() - started
    await relay._let_go()  # noqa: SLF001 - the benchmark is its worker
    await relay._publisher.close()  # noqa: SLF001
    return sent / took


async def messages_of(url: str) -> list[Message]:
    """What the relay published, as it lies in the log."""
    connection = await asyncpg.connect(plain_url(url))
    await connection.set_type_codec(
        "json", encoder=str, decoder=lambda text: text, schema="pg_catalog"
    )
    rows = await connection.fetch(
        f"SELECT aggregateid, payload, h.headers FROM {NAME}.event_log e, LATERAL (SELECT"
        " array_agg(ARRAY[key, value]) AS headers FROM json_each_text(e.headers)) h"
    )
    await connection.close()
    return [
        (
            str(row["aggregateid"]).encode(),
            row["payload"].encode(),
            [(name, value.encode()) for name, value in row["headers"]],
        )
        for row in rows
    ]


async def relaying(bench: Bench, count: int) -> list[tuple[object, ...]]:
    room = bench.workroom()
    await tell(room, count)
    ours = await drain(bench.relay())
    topic = f"floor.{secrets.token_hex(4)}"
    await make_topic(bench.bootstrap, topic)
    bare = await produce(bench.bootstrap, topic, await messages_of(bench.url))
    await room.database.close()
    return [("relay ÷ bare producer, same messages", ours, bare, ours / bare)]


async def consuming(bench: Bench, count: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for organizations in (1, 20):
        room = bench.workroom()
        facts = [a_payer(RUNTIME.new_id()) for _ in range(count)]
        ours = await hear(bench.bootstrap, room, SUBSCRIPTIONS, wires(facts, organizations))
        bare = await upserts(plain_url(bench.url), count, batch=MOST, organizations=organizations)
        facts = [a_payer(RUNTIME.new_id()) for _ in range(count)]
        alone = await apply_judged(room, SUBSCRIPTIONS, wires(facts, organizations))
        await room.database.close()
        batch = f"{organizations} organizations a batch"
        rows += [
            (f"consumer with inbox and upsert ÷ bare upsert, {batch}", ours, bare, ours / bare),
            (f"its batches alone, judged before ÷ bare upsert, {batch}", alone, bare, alone / bare),
        ]
    return rows


async def latency(bench: Bench) -> list[tuple[object, ...]]:
    """Facts told one by one at 200 a second by one process, relayed and heard by another."""
    room, relay = bench.workroom(), bench.relay()
    told = [RUNTIME.new_id() for _ in range(RATE * 10)]
    applier = BatchApplier(workroom=room, subscriptions=SUBSCRIPTIONS, partners=None)
    await hear_from_now_on(bench.bootstrap, NAME, applier.topics)
    consumer = Consumer(
        applier=applier,
        connect=kafka_reader(bench.bootstrap, service=NAME),
        runtime=RUNTIME,
    )
    stopping = asyncio.Event()
    running = [asyncio.create_task(one.run(stopping)) for one in (relay, consumer)]
    while not consumer.progress.assigned:
        await asyncio.sleep(0.05)
    # a service's doors and its worker are two processes
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as doors:
        asked = doors.submit(tell_evenly, role_url(bench.url, Roles.of(NAME).app), told, RATE)
        rate = await asyncio.wrap_future(asked)
    waits = await _waits(bench.url, told)
    stopping.set()
    await asyncio.gather(*running)
    await room.database.close()
    p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
    return [(f"commit to handled at {rate:.0f} events/s, ms p50", p50, "", ""),
            (f"commit to handled at {rate:.0f} events/s, ms p99", p99, "", "")]  # fmt: skip


async def _waits(url: str, told: Sequence[UUID]) -> list[float]:
    connection = await asyncpg.connect(plain_url(url))
    query = (
        "SELECT extract(epoch FROM pg_xact_commit_timestamp(i.xmin)"
        f" - pg_xact_commit_timestamp(e.xmin))::float8 * 1000 AS ms FROM {NAME}.event_log e"
        f" JOIN {NAME}.inbox i ON i.event_id = e.id WHERE e.aggregateid = ANY($1::uuid[])"
    )
    rows: list[Any] = []
    while len(rows) < len(told):
        await asyncio.sleep(0.1)
        rows = await connection.fetch(query, told)
    await connection.close()
    return [row["ms"] for row in rows]


async def rebuilding(bench: Bench, count: int) -> list[tuple[object, ...]]:
    """The claims that denials keeps, rebuilt from the stream by its own handlers."""
    room = bench.workroom("denials", store.METADATA)
    pattern = example_of(ClaimSubmitted).fact
    facts = [pattern.model_copy(update={"claim_id": RUNTIME.new_id()}) for _ in range(count)]
    heard = [one for one in events_in.SUBSCRIPTIONS if one.model is ClaimSubmitted]
    records = wires(facts)
    ours = await hear(bench.bootstrap, room, heard, records)
    topic = f"floor.{secrets.token_hex(4)}"
    await make_topic(bench.bootstrap, topic)
    await produce(
        bench.bootstrap, topic, [(one.key, one.value, list(one.headers)) for one in records]
    )
    bare = await consume(bench.bootstrap, topic, count)
    await room.database.close()
    return [("rebuild of denials' claims ÷ bare consumer", ours, bare, ours / bare)]


def contract() -> list[tuple[object, ...]]:
    """What a contract costs an event: at the teller, validated twice; at the hearer."""
    example = example_of(ClaimSubmitted)
    record = encode(example.envelope, example.fact)
    headers = dict(record.headers)

    def each(job: Callable[[], object]) -> float:
        started = time.process_time()
        for _ in range(2_000):
            job()
        return (time.process_time() - started) / 2_000 * 1e6

    told = each(lambda: payload_of(example.envelope, example.fact))
    read = each(lambda: decode(key=record.key, headers=headers, value=record.value))
    size = f"{len(record.value):,} bytes"
    return [(f"contract at the teller, µs an event ({size})", told, "", ""),
            (f"contract at the hearer, µs an event ({size})", read, "", "")]  # fmt: skip


async def growth(small: Bench, grown: Bench, count: int, rows: int) -> list[tuple[object, ...]]:
    """Tell, relay and hear with a small log and with a grown one, in turn; the best of rounds."""
    await _fill(small.url, 10_000)
    await _fill(grown.url, rows)
    rounds = [
        (await _all_three(small, count), await _all_three(grown, count)) for _ in range(ROUNDS)
    ]
    best = [[max(rates) for rates in zip(*side, strict=True)] for side in zip(*rounds, strict=True)]
    results = dict(zip(("telling", "relaying", "hearing"), zip(*best, strict=True), strict=True))
    return [
        (
            f"{what}, events/s with {rows:,} ÷ with 10,000 rows in the log",
            large,
            small,
            large / small,
        )
        for what, (small, large) in results.items()
    ]


async def _all_three(bench: Bench, count: int) -> tuple[float, float, float]:
    room = bench.workroom()
    told = await tell(room, count)
    relayed = await drain(bench.relay())
    facts = [a_payer(RUNTIME.new_id()) for _ in range(count)]
    heard = await hear(bench.bootstrap, room, SUBSCRIPTIONS, wires(facts))
    await room.database.close()
    return told, relayed, heard


async def _fill(url: str, rows: int) -> None:
    """Old events in log and inbox, as years leave them."""
    connection = await asyncpg.connect(plain_url(url))
    there = await connection.fetchval(f"SELECT count(*) FROM {NAME}.event_log")
    await connection.execute(
        f"INSERT INTO {NAME}.event_log SELECT gen_random_uuid(), '{ORGANIZATION}', 'old', 'payer',"
        " gen_random_uuid(), 1, 'old', '{}', '{}', gen_random_uuid(), NULL, NULL, now(), now()"
        " FROM generate_series(1, $1)",
        max(0, rows - there),
    )
    await connection.execute(
        f"INSERT INTO {NAME}.inbox SELECT gen_random_uuid(), now() FROM generate_series(1, $1)",
        max(0, rows - there),
    )
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


@asynccontextmanager
async def fresh(stack: Stack) -> AsyncIterator[Bench]:
    """A new database with the schemas that are measured."""
    async with new_database(stack.database_url, "benchmark") as url:
        await create_schema(url, NAME, METADATA)
        await create_schema(url, "denials", store.METADATA)
        yield Bench(url, stack.kafka_bootstrap)


async def measure(stack: Stack, chosen: Sequence[str], count: int, rows: int) -> None:
    await create_topics(stack.kafka_bootstrap, list(TOPICS.values()))
    async with fresh(stack) as bench, fresh(stack) as grown:

        async def of_contract() -> list[tuple[object, ...]]:
            return contract()

        measurements: dict[str, Callable[[], Awaitable[list[tuple[object, ...]]]]] = {
            "relay": lambda: relaying(bench, count),
            "consumer": lambda: consuming(bench, count),
            "latency": lambda: latency(bench),
            "rebuild": lambda: rebuilding(bench, count),
            "contract": of_contract,
            "growth": lambda: growth(bench, grown, count // 2, rows),
        }
        heads = ("measured", "ours", "floor", "ratio")
        for name in chosen:
            print(table(heads, await measurements[name]()) + "\n", flush=True)


async def remember_commits(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.database_url)
    await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await connection.close()


def main() -> None:
    count, rows = whole("EVENTS", 20_000), whole("GROWTH", 1_000_000)
    if count < LEAST:
        raise SystemExit(f"EVENTS={count} is too few to be warm: take {LEAST} or more")
    chosen = [one for one in (os.environ.get("PARTS") or ",".join(PARTS)).split(",") if one]
    if unknown := set(chosen) - set(PARTS):
        raise SystemExit(f"PARTS: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(measured_on())
    stack = Stack.at(state_folder() / "benchmark", say=print)
    try:
        stack.up(only=ONLY_INFRASTRUCTURE)
        asyncio.run(remember_commits(stack))
        stack.restart("postgres")
        os.environ[SECRETS] = str(stack.places.secrets)
        asyncio.run(measure(stack, chosen, count, rows))
    finally:
        if not os.environ.get("KEEP"):
            stack.down(purge=True)


if __name__ == "__main__":
    main()
