"""Relays die, the broker hangs, a producer breaks: nothing is lost and no key is turned around."""

import asyncio
import os
import random
import signal
from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import OutOfOrderSequenceNumber
from sqlalchemy import event, text

from cleanclaim.chassis.broker import BrokerUnavailable, Outgoing, Publisher
from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.outbox import MOST_PAYLOAD_BYTES, FactTooLarge, pending
from cleanclaim.chassis.relay import Relay
from cleanclaim.chassis.runtime import FailPoint, SystemRuntime
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest, role_url
from cleanclaim.devstack.stack import Stack

from . import toy as toys
from .workers import Forge

SEED = int(os.environ.get("SEED") or 7)
DOWN_SECONDS = float(os.environ.get("DOWN_SECONDS") or 5)
TOPIC = "cleanclaim.intake"


def _relay(toy: ServiceUnderTest, publisher: Publisher) -> Relay:
    return Relay(
        service="toy",
        database_url=role_url(toy.admin_url, Roles.of("toy").relay),
        publisher=publisher,
        runtime=SystemRuntime(),
    )


async def _tell(toy: ServiceUnderTest, subjects: list[UUID]) -> None:
    async with toy.workroom.work(ORGANIZATION) as work:
        work.tell(*(toys.a_fact(subject) for subject in subjects))


async def _waiting(toy: ServiceUnderTest) -> int:
    async with toy.workroom.database.connect() as connection:
        return await pending(connection, toy.workroom.tables)


async def _drained(toy: ServiceUnderTest) -> None:
    async with asyncio.timeout(90):
        while await _waiting(toy):  # noqa: ASYNC110 - another process works on it
            await asyncio.sleep(0.1)


async def _topic_from(broker: str, ends: dict[Any, int]) -> dict[UUID, list[int]]:
    """Sequences by key in the order of the topic, from the given offsets to its end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker)
    await consumer.start()
    found: dict[UUID, list[int]] = defaultdict(list)
    try:
        consumer.assign(list(ends))
        for partition, offset in ends.items():
            consumer.seek(partition, offset)
        until = await consumer.end_offsets(list(ends))
        async with asyncio.timeout(60):
            while any([await consumer.position(one) < end for one, end in until.items()]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        sequence = int(dict(record.headers)["ce_sequence"])
                        found[UUID(record.key.decode())].append(sequence)
    finally:
        await consumer.stop()
    return found


async def _ends(broker: str) -> dict[Any, int]:
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=broker)
    await consumer.start()
    try:
        while not consumer.assignment():  # noqa: ASYNC110 - the client tells nobody
            await asyncio.sleep(0.05)
        ends: dict[Any, int] = await consumer.end_offsets(list(consumer.assignment()))
        return ends
    finally:
        await consumer.stop()


def _assert_whole(found: dict[UUID, list[int]], subjects: list[UUID], each: int) -> None:
    for subject in subjects:
        first_seen = list(dict.fromkeys(found[subject]))
        assert first_seen == list(range(1, each + 1)), (SEED, subject)


async def test_three_relays_killed_at_random_lose_nothing_and_turn_no_key_around(
    toy: ServiceUnderTest, broker: str, forge: Forge
) -> None:
    chance = random.Random(SEED)
    subjects = [SystemRuntime().new_id() for _ in range(40)]
    before = await _ends(broker)
    points = [FailPoint.RELAY_BEFORE_SEND, FailPoint.RELAY_AFTER_SEND, FailPoint.RELAY_AFTER_DELETE]

    def another() -> int:
        if chance.random() < 0.5:
            return forge.start("relay", die_at=chance.choice(points), skip=chance.randrange(3))
        return forge.start("relay")

    relays = [another() for _ in range(3)]
    for _ in range(10):
        await _tell(toy, [subject for subject in subjects for _ in range(2)])
        await asyncio.sleep(chance.random() * 0.3)
        victim = chance.randrange(3)
        forge.send(relays[victim], signal.SIGKILL)
        relays = [another() if not forge.state(one) else one for one in relays]
    relays += [forge.start("relay") for _ in range(3)]
    await _drained(toy)
    _assert_whole(await _topic_from(broker, before), subjects, each=20)


async def test_a_broker_that_hangs_leaves_no_transaction_open_and_is_caught_up_with(
    toy: ServiceUnderTest, broker: str, stack: Stack
) -> None:
    subjects = [SystemRuntime().new_id() for _ in range(10)]
    before = await _ends(broker)
    stopping = asyncio.Event()
    relay = _relay(toy, Publisher(broker, client_id="hung", seconds=2))
    running = asyncio.create_task(relay.run(stopping))
    await _tell(toy, subjects)
    await _drained(toy)
    stack.signal("kafka", signal.SIGSTOP)
    try:
        await _tell(toy, subjects * 5)
        for _ in range(int(DOWN_SECONDS * 10)):
            async with toy.workroom.database.connect() as connection:
                open_ones = await connection.scalar(
                    text(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'toy-relay'"
                        " AND state LIKE 'idle in transaction%'"
                    )
                )
            assert open_ones == 0
            await asyncio.sleep(0.1)
        assert await _waiting(toy) == 50
    finally:
        stack.signal("kafka", signal.SIGCONT)
    await _drained(toy)
    stopping.set()
    await running
    _assert_whole(await _topic_from(broker, before), subjects, each=6)


class _BreaksOnce(AIOKafkaProducer):  # type: ignore[misc] # aiokafka has no types
    """A real producer that fails as aiokafka does when the broker has lost its sequence."""

    made = 0
    stopped = 0

    async def send_batch(self, *values: Any, **named: Any) -> Any:
        sent = await super().send_batch(*values, **named)
        if type(self).made > 1:
            return sent
        broken = asyncio.get_running_loop().create_future()
        broken.set_exception(OutOfOrderSequenceNumber())
        return broken

    async def stop(self) -> None:
        type(self).stopped += 1
        await super().stop()


async def test_a_producer_is_made_anew_after_an_error_that_it_cannot_recover_from(
    toy: ServiceUnderTest, broker: str
) -> None:
    def connect() -> AIOKafkaProducer:
        _BreaksOnce.made += 1
        return _BreaksOnce(bootstrap_servers=broker, acks="all", enable_idempotence=True)

    subject = SystemRuntime().new_id()
    before = await _ends(broker)
    await _tell(toy, [subject] * 20)
    publisher = Publisher(broker, client_id="breaks", connect=connect)
    relay = _relay(toy, publisher)
    with pytest.raises(BrokerUnavailable, match="OutOfOrderSequenceNumber"):
        await relay.relay_once()
    assert (_BreaksOnce.made, _BreaksOnce.stopped) == (1, 1)
    assert await _waiting(toy) == 20
    assert await relay.relay_once() == 20
    assert _BreaksOnce.made == 2
    await publisher.close()
    await relay._let_go()
    _assert_whole(await _topic_from(broker, before), [subject], each=20)


async def test_a_thousand_events_leave_by_four_statements(
    toy: ServiceUnderTest, broker: str
) -> None:
    publisher = Publisher(broker, client_id="counted")
    relay = _relay(toy, publisher)
    await _tell(toy, [SystemRuntime().new_id()])
    assert await relay.relay_once() == 1  # takes the buckets, learns the types
    await _tell(toy, [SystemRuntime().new_id() for _ in range(1_000)])
    connection = await relay._connected()
    statements: list[str] = []
    connection.add_query_logger(lambda record: statements.append(record.query.split()[0]))
    assert [await relay.relay_once() for _ in range(2)] == [500, 500]
    await asyncio.sleep(0)  # the driver tells of a statement a moment later
    assert statements == ["SELECT", "DELETE"] * 2
    await relay._let_go()
    await publisher.close()


async def test_a_thousand_events_are_told_by_four_statements(toy: ServiceUnderTest) -> None:
    statements: list[str] = []

    def note(*values: Any) -> None:
        statements.append(str(values[2]).split()[0])

    engine = toy.workroom.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await _tell(toy, [SystemRuntime().new_id() for _ in range(1_000)])
    finally:
        event.remove(engine, "before_cursor_execute", note)
    # the organization, then numbers, log and queue
    assert statements == ["SELECT", "INSERT", "INSERT", "INSERT"]


async def test_a_fact_that_no_broker_would_take_is_refused_before_it_is_committed(
    toy: ServiceUnderTest,
) -> None:
    fact = toys.a_payer(SystemRuntime().new_id())
    many = fact.versions * (MOST_PAYLOAD_BYTES // 100)
    with pytest.raises(FactTooLarge, match="cannot be told"):
        async with toy.workroom.work(ORGANIZATION) as work:
            work.tell(fact.model_copy(update={"versions": many}))
    assert await _waiting(toy) == 0


async def test_the_broker_itself_refuses_a_record_of_ten_megabytes(broker: str) -> None:
    publisher = Publisher(broker, client_id="large")
    large = Outgoing(TOPIC, b"key", [("ce_type", b"x")], b"x" * 10_000_000)
    with pytest.raises(BrokerUnavailable, match="MessageSizeTooLarge"):
        await publisher.publish([large])
