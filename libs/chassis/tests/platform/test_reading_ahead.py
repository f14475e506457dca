"""What is polled ahead waits its turn: it is judged early and never applied before its time."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from aiokafka import TopicPartition
from sqlalchemy.exc import OperationalError

from cleanclaim.chassis.batch import BatchApplier, Outcome, Read
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.inbox import incoming_of
from cleanclaim.chassis.polled import FEWEST, MOST, SLOW_SECONDS, Portion
from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.events.envelope import Fact
from cleanclaim.events.wire import encode

from ..simulation.fake_broker import Record
from . import toy as toys

TOPIC = "cleanclaim.directory"
HERE, THERE = TopicPartition(TOPIC, 0), TopicPartition(TOPIC, 1)


class _Reader:
    """Two partitions of a log, two records a poll; it loses one of them when it is told to."""

    def __init__(self, log: Mapping[TopicPartition, list[Record]]) -> None:
        self.log = log
        self.positions = dict.fromkeys(log, 0)
        self.committed: dict[TopicPartition, int] = {}
        self.lose_after: int | None = None
        self.polls = 0

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def subscribe(self, topics: Sequence[str], *, listener: Any) -> None: ...
    def pause(self, *partitions: TopicPartition) -> None: ...
    def resume(self, *partitions: TopicPartition) -> None: ...

    def assignment(self) -> set[TopicPartition]:
        return set(self.positions)

    async def getmany(
        self, *, timeout_ms: int, max_records: int
    ) -> Mapping[TopicPartition, Sequence[Record]]:
        await asyncio.sleep(min(timeout_ms, 1) / 1000)
        self.polls += 1
        if self.polls == self.lose_after:
            del self.positions[THERE]
            return {}
        found = {}
        for partition, position in self.positions.items():
            if several := self.log[partition][position : position + min(2, max_records)]:
                found[partition] = several
                self.positions[partition] = position + len(several)
        return found

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.positions[partition] = offset

    def paused(self) -> set[TopicPartition]:
        return set()

    async def position(self, partition: TopicPartition) -> int:
        return self.positions[partition]

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        self.committed |= offsets

    def highwater(self, partition: TopicPartition) -> int | None:
        return len(self.log[partition])


class _Applier(BatchApplier):
    """Notes in which order records were applied; the database is away for some calls."""

    away: int = 0
    calls: int = 0

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.applied: list[tuple[int, int]] = []

    async def apply(
        self, reads: Sequence[Read], fetched: Mapping[UUID, Any], *, draining: bool = False
    ) -> Outcome:
        self.calls += 1
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise OperationalError("", {}, ConnectionError())
        outcome = await super().apply(reads, fetched, draining=draining)
        self.applied += [(one.incoming.partition, one.incoming.position) for one in reads]
        return outcome


def _record(toy: ServiceUnderTest, fact: Fact, partition: TopicPartition, offset: int) -> Record:
    wire = encode(toy.envelope_for(fact), fact)
    return Record(*partition, offset, wire.key, wire.value, wire.headers, visible_at=0.0)


def _stage(toy: ServiceUnderTest, each: int) -> tuple[_Reader, _Applier, Consumer]:
    log: dict[TopicPartition, list[Record]] = {HERE: [], THERE: []}
    for partition, records in log.items():
        for number in range(each):
            fact = toys.a_payer(toy.runtime.new_id(), f"Payer {number}")
            records.append(_record(toy, fact, partition, number))
    reader = _Reader(log)
    applier = _Applier(workroom=toy.workroom, subscriptions=toys.PARTS.subscriptions, partners=None)
    return reader, applier, Consumer(applier=applier, connect=lambda: reader, runtime=toy.runtime)


async def _hear(consumer: Consumer, applier: _Applier, many: int) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(consumer.run(stopping))
    async with asyncio.timeout(30):
        while len(applier.applied) < many and not running.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    stopping.set()
    await running


@pytest.mark.parametrize(
    ("each", "away"),
    [
        pytest.param(7, 0, id="while all is well"),
        pytest.param(6, 3, id="while the first have to wait for the database"),
    ],
)
async def test_records_keep_their_order_and_offsets_follow_effects(
    toy: ServiceUnderTest, each: int, away: int
) -> None:
    reader, applier, consumer = _stage(toy, each)
    applier.away = away
    await _hear(consumer, applier, 2 * each)
    for partition in (0, 1):
        assert [at for where, at in applier.applied if where == partition] == list(range(each))
    assert reader.committed == {HERE: each, THERE: each}


async def test_what_went_to_another_worker_since_it_was_polled_is_left_to_it(
    toy: ServiceUnderTest,
) -> None:
    reader, applier, consumer = _stage(toy, 6)
    reader.lose_after = 3  # the first pair is applied, the second was polled ahead
    await _hear(consumer, applier, 8)
    assert [at for where, at in applier.applied if where == 1] == [0, 1]
    assert [at for where, at in applier.applied if where == 0] == list(range(6))
    assert reader.committed == {HERE: 6, THERE: 2}


async def test_a_culprit_among_many_is_found_by_halving(toy: ServiceUnderTest) -> None:
    _, applier, consumer = _stage(toy, 1)
    facts = [toys.a_payer(toy.runtime.new_id(), f"Payer {number}") for number in range(63)]
    facts.insert(40, toys.a_payer(toy.runtime.new_id(), toys.POISON))
    reads = []
    for number, fact in enumerate(facts):
        reads.append(applier.read(incoming_of(_record(toy, fact, HERE, number))))
    await consumer.apply([read for read in reads if read is not None], {})
    assert [at for _, at in applier.applied] == [at for at in range(64) if at != 40]
    # all, two at each of six depths, and two more tries of the culprit
    assert applier.calls == 1 + 2 * 6 + 2


def test_a_portion_grows_while_batches_are_quick_and_shrinks_when_they_are_slow() -> None:
    portion = Portion()
    for _ in range(5):
        portion.note(records=portion.records, seconds=0.1)
    assert portion.records == MOST
    portion.note(records=portion.records, seconds=SLOW_SECONDS + 1)
    assert portion.records == MOST // 2
    for seconds, records in ((0.1, 10), (3.0, MOST)):
        portion.note(records=records, seconds=seconds)
        assert portion.records == MOST // 2  # a small batch says nothing, a fair one is right
    for _ in range(9):
        portion.note(records=portion.records, seconds=SLOW_SECONDS + 1)
    assert portion.records == FEWEST
