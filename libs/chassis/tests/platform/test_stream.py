"""Outbox to broker and broker to inbox, on the real broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer
from sqlalchemy import text

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import Outgoing, Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.relay import Relay
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest, role_url
from cleanclaim.events.wire import decode, encode

from . import toy as toys


@asynccontextmanager
async def _running(role: Relay | Consumer) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    task = asyncio.create_task(role.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await task


def _relay(toy: ServiceUnderTest, broker: str, name: str = "toy-relay") -> Relay:
    return Relay(
        service="toy",
        database_url=role_url(toy.admin_url, Roles.of("toy").relay),
        publisher=Publisher(broker, client_id=name),
        runtime=SystemRuntime(),
    )


async def _tell(toy: ServiceUnderTest, subject: UUID, times: int) -> None:
    async with toy.workroom.work(ORGANIZATION) as work:
        work.tell(*(toys.a_fact(subject) for _ in range(times)))


async def _read(broker: str, subject: UUID, count: int) -> list[int]:
    """The sequence numbers of one key in the order in which the topic has them."""
    consumer = AIOKafkaConsumer(
        "cleanclaim.intake", bootstrap_servers=broker, auto_offset_reset="earliest"
    )
    await consumer.start()
    seen: list[int] = []
    try:
        async with asyncio.timeout(30):
            while len(seen) < count:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    # the topic is shared with tests that put other things there
                    for record in (one for one in records if one.key == str(subject).encode()):
                        heard = decode(
                            key=record.key, headers=dict(record.headers), value=record.value
                        )
                        seen.append(heard.envelope.aggregate_version)
    finally:
        await consumer.stop()
    return seen


async def test_what_is_told_reaches_the_topic_in_order(toy: ServiceUnderTest, broker: str) -> None:
    subject = SystemRuntime().new_id()
    async with _running(_relay(toy, broker)):
        for _ in range(20):
            await _tell(toy, subject, 5)
        assert await _read(broker, subject, 100) == list(range(1, 101))


async def test_two_relays_share_the_work_without_inversion(
    toy: ServiceUnderTest, broker: str
) -> None:
    subject = SystemRuntime().new_id()
    await _tell(toy, subject, 300)
    async with _running(_relay(toy, broker)), _running(_relay(toy, broker, "second")):
        seen = await _read(broker, subject, 300)
    first = list(dict.fromkeys(seen))
    assert first == sorted(first)
    assert set(first) == set(range(1, 301))


async def test_a_relay_without_broker_waits_and_loses_nothing(
    toy: ServiceUnderTest, broker: str
) -> None:
    subject = SystemRuntime().new_id()
    await _tell(toy, subject, 3)
    async with _running(_relay(toy, "127.0.0.1:1")):
        await asyncio.sleep(1)
        async with toy.workroom.reading(ORGANIZATION) as work:
            idle = await work.connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE state = 'idle in transaction' AND application_name = 'toy-relay'"
                )
            )
        assert idle == 0
    async with _running(_relay(toy, broker)):
        assert await _read(broker, subject, 3) == [1, 2, 3]


async def test_a_consumer_applies_what_the_topic_holds_once(
    toy: ServiceUnderTest, broker: str
) -> None:
    payers = [uuid5(toy.runtime.new_id(), str(number)) for number in range(50)]
    wires = []
    for payer_id in payers:
        fact = toys.a_payer(payer_id)
        wires.append(encode(toy.envelope_for(fact), fact))
    publisher = Publisher(broker, client_id="tests")
    records = [Outgoing(one.topic, one.key, one.headers, one.value) for one in wires]
    await publisher.publish(records + records)  # each is delivered twice
    await publisher.close()
    applier = BatchApplier(
        workroom=toy.workroom, subscriptions=toys.PARTS.subscriptions, partners=None
    )
    consumer = Consumer(
        applier=applier, connect=kafka_reader(broker, service="toy"), runtime=SystemRuntime()
    )
    async with _running(consumer):
        async with asyncio.timeout(30):
            while await _known(toy, payers) < len(payers):  # noqa: ASYNC110 - polled on purpose
                await asyncio.sleep(0.1)
    async with toy.workroom.reading(ORGANIZATION) as work:
        versions = await work.connection.execute(
            text("SELECT max(version) FROM toy.payers WHERE id = ANY(:ids)"), {"ids": payers}
        )
        assert versions.scalar_one() == 1


async def _known(toy: ServiceUnderTest, payers: list[UUID]) -> int:
    async with toy.workroom.reading(ORGANIZATION) as work:
        found = await work.connection.scalar(
            text("SELECT count(*) FROM toy.payers WHERE id = ANY(:ids)"), {"ids": payers}
        )
        return int(found or 0)
