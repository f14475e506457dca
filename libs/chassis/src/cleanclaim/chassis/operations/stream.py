"""A look at the broker: partitions, their ends, a group's offsets, records from a place on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
)

from cleanclaim.chassis.broker import BrokerUnavailable
from cleanclaim.chassis.runtime import SystemRuntime

ANSWER_SECONDS = 20.0
HEAD_BYTES = 64 * 1024
"""Enough for one record of a partition; the broker sends a larger one whole."""
PAUSE_SECONDS = 0.2
_TROUBLE = (KafkaError, OSError, TimeoutError)
_NO_COORDINATOR_YET = (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)
T = TypeVar("T")


@asynccontextmanager
async def answering(seconds: float | None = ANSWER_SECONDS) -> AsyncIterator[None]:
    """Ask the broker within so many seconds.

    Raises:
        BrokerUnavailable: it does not answer, or refuses.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except _TROUBLE as error:
        raise BrokerUnavailable(
            f"the broker does not answer: {type(error).__name__}",
            fix="look whether the broker runs and whether this service may describe its topics",
        ) from None


@asynccontextmanager
async def administering(bootstrap_servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """The broker's administration, for as long as the block runs."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def listening(
    bootstrap_servers: str, *, group: str | None = None, **options: Any
) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer that takes no part in the group's rounds; `group` is needed to commit for it."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **options,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def coordinated(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the group's coordinator; it may just be starting, or moving to another broker."""
    while True:
        try:
            return await ask()
        except _NO_COORDINATOR_YET:
            await SystemRuntime().sleep(PAUSE_SECONDS)


async def partitions_of(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> list[TopicPartition]:
    """The partitions of those topics that exist, in order."""
    existing = set(await admin.list_topics())
    wanted = [topic for topic in topics if topic in existing]
    if not wanted:
        return []
    found = await admin.describe_topics(wanted)
    return sorted(
        TopicPartition(topic["topic"], partition["partition"])
        for topic in found
        for partition in topic["partitions"]
    )


async def committed_by(
    admin: AIOKafkaAdminClient, group: str, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, int]:
    """Where the group goes on in each partition; absent where it never committed."""
    if not partitions:
        return {}
    found = await coordinated(lambda: admin.list_consumer_group_offsets(group))
    return {one: found[one].offset for one in partitions if one in found and found[one].offset >= 0}


async def heads_at(
    bootstrap_servers: str, positions: Mapping[TopicPartition, int], seconds: float = 5.0
) -> dict[TopicPartition, int]:
    """The time (milliseconds) of the first record at or after each position.

    A partition whose rest holds no record, or that did not answer in time, is absent.
    """
    times: dict[TopicPartition, int] = {}
    if not positions:
        return times
    async with listening(bootstrap_servers, max_partition_fetch_bytes=HEAD_BYTES) as consumer:
        consumer.assign(list(positions))
        for partition, position in positions.items():
            consumer.seek(partition, position)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while len(times) < len(positions) and loop.time() < deadline:
            for partition, records in (await consumer.getmany(timeout_ms=500)).items():
                times.setdefault(partition, records[0].timestamp)
                consumer.pause(partition)
    return times


async def positions_at(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], instant: datetime
) -> dict[TopicPartition, int]:
    """The first position at or after an instant in each partition; its end where there is none."""
    if not partitions:
        return {}
    milliseconds = int(instant.timestamp() * 1000)
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, milliseconds))
    ends = await consumer.end_offsets(list(partitions))
    return {
        one: found[one].offset if found.get(one) is not None else ends[one] for one in partitions
    }
