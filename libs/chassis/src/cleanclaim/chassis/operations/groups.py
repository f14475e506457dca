"""Sends a service's workers back on the stream, to hear again what a restored database lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from cleanclaim.chassis.operations.stream import (
    administering,
    answering,
    committed_by,
    coordinated,
    listening,
    partitions_of,
    positions_at,
)
from cleanclaim.values.errors import Conflict

_WITHOUT_MEMBERS = frozenset({"Empty", "Dead"})


class GroupActive(Conflict):
    """Workers of the group are running, or their session has not ended yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One partition's step back: `records` between the new place and the old are heard again."""

    topic: str
    partition: int
    position: int
    goes_to: int

    @property
    def records(self) -> int:
        return self.position - self.goes_to


async def planned_rewind(
    bootstrap_servers: str, *, group: str, topics: Sequence[str], to: datetime
) -> list[Move]:
    """What a rewind to an instant would move: only backwards, never over unheard records.

    Raises:
        BrokerUnavailable: the broker does not answer.
    """
    async with answering(), administering(bootstrap_servers) as admin:
        partitions = await partitions_of(admin, topics)
        committed = await committed_by(admin, group, partitions)
        if not committed:
            return []
        async with listening(bootstrap_servers) as consumer:
            places = await positions_at(consumer, list(committed), to)
    return [
        Move(topic=one.topic, partition=one.partition, position=position, goes_to=places[one])
        for one, position in sorted(committed.items())
        if places[one] < position
    ]


async def rewind(
    bootstrap_servers: str, *, group: str, topics: Sequence[str], to: datetime
) -> list[Move]:
    """Commit the places of `planned_rewind` for the group; return what was moved.

    Raises:
        GroupActive: the group has members; the broker would let them overwrite this.
        BrokerUnavailable: the broker does not answer.
    """
    moves = await planned_rewind(bootstrap_servers, group=group, topics=topics, to=to)
    if not moves:
        return moves
    offsets = {TopicPartition(one.topic, one.partition): one.goes_to for one in moves}
    async with answering():
        async with administering(bootstrap_servers) as admin:
            await _without_members(admin, group)
        async with listening(bootstrap_servers, group=group) as consumer:
            consumer.assign(list(offsets))
            await consumer.commit(offsets)
    return moves


async def _without_members(admin: AIOKafkaAdminClient, group: str) -> None:
    (answer,) = await coordinated(lambda: admin.describe_consumer_groups([group]))
    (_, _, state, _, _, members, *_) = answer.groups[0]
    if state not in _WITHOUT_MEMBERS:
        raise GroupActive(
            f"The group {group} has {len(members)} members ({state}).",
            fix="Stop the service's workers. A killed one counts until its session ends (10 s).",
        )
