"""An idle reader lets the broker wait for a record, and is answered as soon as one is there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.consumer import fetcher
from aiokafka.protocol.fetch import FetchRequest

from cleanclaim.chassis import reader as readers
from cleanclaim.chassis.broker import create_topics
from cleanclaim.chassis.reader import LONG_WAIT_MS, SHORT_WAIT_MS, Reader, kafka_reader
from cleanclaim.events.catalog import Topic

LONGER_THAN_THE_TEST_MS = 35_000
PATIENCE_SECONDS = 20


class Listening:
    """One reader on a topic of its own, and how long each of its questions lets the broker wait."""

    def __init__(self, reader: Reader, topic: str, producer: AIOKafkaProducer) -> None:
        self.reader = reader
        self.topic = topic
        self.producer = producer
        self.waits: list[int] = []

    async def poll_until(self, done: Callable[[Any], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not done(await self.reader.getmany(timeout_ms=20, max_records=10)):
                continue

    async def grows_idle(self, wait_ms: int = LONG_WAIT_MS) -> None:
        await self.poll_until(lambda _: self.waits[-1:] == [wait_ms])

    async def hears(self) -> None:
        await self.producer.send_and_wait(self.topic, b"one")
        await self.poll_until(bool)


@pytest.fixture
async def listening(kafka: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listening]:
    async with _reading(kafka) as opened:

        def noted(wait_ms: int, *rest: Any, **named: Any) -> FetchRequest:
            # other readers of this process ask by the same class
            if opened.topic in repr((rest, named)):
                opened.waits.append(wait_ms)
            return FetchRequest(wait_ms, *rest, **named)

        monkeypatch.setattr(fetcher, "FetchRequest", noted)
        yield opened


@asynccontextmanager
async def _reading(kafka: str) -> AsyncIterator[Listening]:
    name = f"patience{uuid4().hex[:8]}"
    await create_topics(kafka, [Topic(name=name, teller="tests", partitions=2)])
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    reader = kafka_reader(kafka, service=name)()
    await producer.start()
    await reader.start()
    try:
        reader.subscribe([name], listener=None)
        yield Listening(reader, name, producer)
    finally:
        await reader.stop()
        await producer.stop()


async def test_an_idle_reader_lets_the_broker_wait_longer_and_a_busy_one_does_not(
    listening: Listening,
) -> None:
    await listening.grows_idle()
    before = len(listening.waits)
    await listening.hears()
    await listening.poll_until(lambda _: len(listening.waits) > before)
    assert listening.waits[before] == SHORT_WAIT_MS
    await listening.grows_idle()


async def test_a_record_ends_the_brokers_wait(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "LONG_WAIT_MS", LONGER_THAN_THE_TEST_MS)
    await listening.grows_idle(LONGER_THAN_THE_TEST_MS)
    asked = len(listening.waits)
    await listening.hears()
    assert listening.waits[asked:] == [], "the record came without another question"


async def test_a_reader_with_a_paused_partition_stays_impatient(listening: Listening) -> None:
    reader = listening.reader
    await listening.poll_until(lambda _: bool(reader.assignment()))
    await _poll_with_one_paused(reader, polls=1)
    listening.waits.clear()  # it may have grown patient before
    await _poll_with_one_paused(reader, polls=2 * readers.EMPTY_POLLS)
    assert LONG_WAIT_MS not in listening.waits
    reader.resume(*reader.paused())
    await listening.grows_idle()


async def _poll_with_one_paused(reader: Reader, *, polls: int) -> None:
    for _ in range(polls):
        # a group that forms anew forgets who was paused
        for partition in sorted(reader.assignment())[:1]:
            reader.pause(partition)
        await reader.getmany(timeout_ms=20, max_records=10)
