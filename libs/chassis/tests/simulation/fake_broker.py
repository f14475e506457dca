"""A broker in memory behind the port of aiokafka: topics, groups, and every fault of a network."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaConnectionError,
    KafkaTimeoutError,
    OutOfOrderSequenceNumber,
)

from .clockwork import Clockwork
from .swarm import Fault, Swarm

PARTITIONS = 3
BATCH_RECORDS = 3
SESSION_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the broker keeps it; consumers see it from `visible_at` on."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    visible_at: float
    timestamp: int = 0


@dataclass(slots=True)
class _Group:
    generation: int = 0
    members: list["FakeReader"] = field(default_factory=list)
    owned: dict["FakeReader", list[TopicPartition]] = field(default_factory=dict)
    committed: dict[TopicPartition, int] = field(default_factory=dict)


class FakeBroker:
    """Topics and groups; it forgets nothing, whatever its clients believe."""

    def __init__(self, clockwork: Clockwork, swarm: Swarm) -> None:
        self.clockwork = clockwork
        self.happens = swarm.happens
        self.logs: dict[TopicPartition, list[Record]] = defaultdict(list)
        self.groups: dict[str, _Group] = defaultdict(_Group)
        self._again: list[tuple[int, Record]] = []
        self._down_until = 0.0

    def answer(self) -> None:
        """Raise KafkaConnectionError while the broker is away; now and then it goes away."""
        if self.happens(Fault.BROKER_AWAY):
            self._down_until = self.clockwork.now + self.clockwork.chance.random() * 20
        if self.clockwork.now < self._down_until:
            raise KafkaConnectionError

    def append(self, record: Record) -> None:
        partition = TopicPartition(record.topic, record.partition)
        log = self.logs[partition]
        late = self.clockwork.chance.random() * 5 if self.happens(Fault.DELAY) else 0.0
        before = log[-1].visible_at if log else 0.0
        log.append(
            Record(
                record.topic, record.partition, len(log), record.key, record.value,
                record.headers, max(before, self.clockwork.now + late),
            )
        )  # fmt: skip
        if self.happens(Fault.DUPLICATE):
            self._again.append((self.clockwork.chance.randrange(1, 4), record))
        due = [record for left, record in self._again if left <= 0]
        self._again = [(left - 1, record) for left, record in self._again if left > 0]
        for record_again in due:
            self.append(record_again)

    def heal(self) -> None:
        """It is there, from now on."""
        self._down_until = 0.0

    def behind(self, hears: Mapping[str, Sequence[str]]) -> int:
        """Records that some group (name → its topics) has not committed yet."""
        return sum(
            len(self.logs[partition]) - self.groups[group].committed.get(partition, 0)
            for group, topics in hears.items()
            for topic in topics
            for partition in partitions_of(topic)
        )

    def rebalance(self, group: _Group) -> None:
        """Deal the partitions out anew; nobody hears of it before it asks."""
        group.generation += 1
        group.owned = {member: [] for member in group.members}
        for topic in sorted({topic for member in group.members for topic in member.topics}):
            members = [member for member in group.members if topic in member.topics]
            self.clockwork.chance.shuffle(members)
            for number, partition in enumerate(partitions_of(topic)):
                group.owned[members[number % len(members)]].append(partition)


def partitions_of(topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in range(PARTITIONS)]


class FakeBatch:
    """Records for one partition; it is full after a few, so that several follow each other."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, bytes, Sequence[tuple[str, bytes]]]] = []

    def append(
        self, *, timestamp: None, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> object:
        del timestamp
        if len(self.records) == BATCH_RECORDS:
            return None
        self.records.append((key, value, headers))
        return self


class FakeProducer:
    """An idempotent producer: in each partition in order, or broken."""

    def __init__(self, broker: FakeBroker) -> None:
        self._broker = broker
        self._broken: set[TopicPartition] = set()

    async def start(self) -> None:
        await self._broker.clockwork.turn("producer starts")
        self._broker.answer()

    async def stop(self) -> None:
        return

    async def partitions_for(self, topic: str) -> set[int]:
        return {one.partition for one in partitions_of(topic)}

    def create_batch(self) -> FakeBatch:
        return FakeBatch()

    async def send_batch(
        self, batch: FakeBatch, topic: str, *, partition: int
    ) -> "asyncio.Future[None]":
        await self._broker.clockwork.turn("sends")
        place = TopicPartition(topic, partition)
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        trouble = self._append(batch, place)
        if trouble is None:
            sent.set_result(None)
        else:
            self._broken.add(place)
            sent.set_exception(trouble)
            sent.exception()  # whoever waits still gets it; nobody need
        return sent

    def _append(self, batch: FakeBatch, place: TopicPartition) -> Exception | None:
        broker = self._broker
        if place in self._broken:
            return OutOfOrderSequenceNumber()
        try:
            broker.answer()
        except KafkaConnectionError as error:
            return error
        if broker.happens(Fault.SEND_LOST):
            return KafkaTimeoutError()
        for key, value, headers in batch.records:
            broker.append(Record(place.topic, place.partition, 0, key, value, headers, 0.0))
        return KafkaTimeoutError() if broker.happens(Fault.ACK_LOST) else None


class FakeReader:
    """One membership of a group, with the generation that it believes in."""

    def __init__(self, broker: FakeBroker, group: str) -> None:
        self._broker = broker
        self._clockwork = broker.clockwork
        self._group = broker.groups[group]
        self._actor = self._clockwork.running
        self._listener: Any = None
        self._generation = -1
        self._positions: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()
        self.topics: list[str] = []

    async def start(self) -> None:
        await self._clockwork.turn("reader starts")
        self._broker.answer()

    async def stop(self) -> None:
        if self not in self._group.members:
            return
        if self._actor is not None and self._actor.dead:
            # nobody told the broker: it finds out when the session ends
            self._clockwork.spawn("session", self._expire)
            return
        self._leave()

    async def _expire(self, _: Any) -> None:
        await self._clockwork.turn("session runs out", SESSION_SECONDS)
        self._leave()

    def _leave(self) -> None:
        if self in self._group.members:
            self._group.members.remove(self)
            self._broker.rebalance(self._group)

    def subscribe(self, topics: Sequence[str], *, listener: Any) -> None:
        self.topics, self._listener = list(topics), listener
        self._group.members.append(self)
        self._broker.rebalance(self._group)

    def assignment(self) -> set[TopicPartition]:
        return set(self._positions)

    async def getmany(
        self, *, timeout_ms: int, max_records: int
    ) -> Mapping[TopicPartition, Sequence[Record]]:
        await self._clockwork.turn("polls")
        broker = self._broker
        if broker.happens(Fault.REBALANCE):
            broker.rebalance(self._group)
        if self._generation != self._group.generation:
            await self._rejoin()
            return {}
        found = self._visible(max_records)
        if not found:
            await self._clockwork.turn("polls in vain", timeout_ms / 1000)
        return found

    async def _rejoin(self) -> None:
        await self._listener.on_partitions_revoked(set(self._positions))
        self._generation = self._group.generation
        mine = self._group.owned.get(self, [])
        self._positions = {one: self._group.committed.get(one, 0) for one in mine}
        self._paused.clear()
        await self._listener.on_partitions_assigned(mine)

    def _visible(self, most: int) -> dict[TopicPartition, list[Record]]:
        found: dict[TopicPartition, list[Record]] = {}
        chance = self._clockwork.chance
        for partition, position in self._positions.items():
            log = self._broker.logs[partition][position:]
            ready = [one for one in log if one.visible_at <= self._clockwork.now]
            take = ready[: chance.randrange(1, 12)]
            if take and partition not in self._paused and len(take) <= most:
                found[partition] = take
                self._positions[partition] = take[-1].offset + 1
        return found

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition not in self._positions:
            raise IllegalStateError(f"{partition} is not assigned")
        self._positions[partition] = offset

    def pause(self, *partitions: TopicPartition) -> None:
        self._paused.update(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self._paused.difference_update(partitions)

    def paused(self) -> set[TopicPartition]:
        return set(self._paused)

    async def position(self, partition: TopicPartition) -> int:
        return self._positions[partition]

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        await self._clockwork.turn("commits offsets")
        broker = self._broker
        broker.answer()
        if self._generation != self._group.generation:
            raise CommitFailedError
        if broker.happens(Fault.OFFSETS_LOST):
            raise KafkaTimeoutError
        self._group.committed.update(offsets)
        if broker.happens(Fault.OFFSETS_ACK_LOST):
            raise KafkaTimeoutError

    def highwater(self, partition: TopicPartition) -> int | None:
        return len(self._broker.logs[partition])
