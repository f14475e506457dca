"""How far a service's workers are behind the stream, in records and in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cleanclaim.chassis.operations.stream import (
    administering,
    answering,
    committed_by,
    heads_at,
    listening,
    partitions_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionLag:
    """One partition: `records` wait, the oldest of them for `seconds` (None where unknown).

    `position` is None where the group never committed; it will begin at the earliest record then.
    """

    topic: str
    partition: int
    position: int | None
    end: int
    records: int
    seconds: int | None


async def lag_of(
    bootstrap_servers: str, *, group: str, topics: Sequence[str], now: datetime
) -> list[PartitionLag]:
    """The lag in every partition of these topics, in order.

    Raises:
        BrokerUnavailable: the broker does not answer.
    """
    async with answering(), administering(bootstrap_servers) as admin:
        partitions = await partitions_of(admin, topics)
        if not partitions:
            return []
        committed = await committed_by(admin, group, partitions)
        async with listening(bootstrap_servers) as consumer:
            ends = await consumer.end_offsets(partitions)
            begins = await consumer.beginning_offsets(partitions)
        nexts = {one: max(committed.get(one, 0), begins[one]) for one in partitions}
        waiting = {one: nexts[one] for one in partitions if nexts[one] < ends[one]}
        times = await heads_at(bootstrap_servers, waiting)
    milliseconds = int(now.timestamp() * 1000)
    return [
        PartitionLag(
            topic=one.topic,
            partition=one.partition,
            position=committed.get(one),
            end=ends[one],
            records=max(0, ends[one] - nexts[one]),
            seconds=_seconds(milliseconds, times.get(one), waits=one in waiting),
        )
        for one in partitions
    ]


def _seconds(now: int, told_at: int | None, *, waits: bool) -> int | None:
    if not waits:
        return 0
    return None if told_at is None else max(0, now - told_at) // 1000
