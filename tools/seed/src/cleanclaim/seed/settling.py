"""Knows when every service has applied all that was told: nothing waits, nothing new comes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from cleanclaim.events.catalog import TOPICS, heard_by

CALM_LOOKS = 3
"""So many looks in a row must find nothing new: a fact may still lie in an outbox."""
CALM_LOOKS_INTO_OUTBOXES = 2
"""Enough where the outboxes are seen: what the first look found applied is told by the second."""
PAUSE_SECONDS = 0.4
SHORT_PAUSE_SECONDS = 0.1

Untold = Callable[[], Awaitable[int]]
"""Asks how many facts lie in outboxes, told to nobody yet."""


class NotSettled(TimeoutError):  # noqa: N818 - says what is the matter
    """Some service has not applied all that was told in time."""


async def settled(
    bootstrap_servers: str,
    services: Iterable[str],
    *,
    seconds: int = 120,
    untold: Untold | None = None,
) -> None:
    """Return when these services have applied everything and nothing new is told.

    With `untold` it is certain: a fact whose relay is dead is waited for. Without, a relay that is
    silent for longer than the looks take is not noticed.

    Raises:
        NotSettled: that did not come about in time; names who lags behind.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await admin.start()
    await reader.start()
    names = tuple(services)
    looks, pause = CALM_LOOKS, PAUSE_SECONDS
    if untold is not None:
        looks, pause = CALM_LOOKS_INTO_OUTBOXES, SHORT_PAUSE_SECONDS
    calm, before, behind, waiting = 0, -1, {"everybody": 0}, 0
    try:
        async with asyncio.timeout(seconds):
            while calm < looks:
                # outboxes before topics: what is relayed in between is seen as new in the topic
                waiting = await untold() if untold is not None else 0
                ends = await reader.end_offsets(_partitions(reader))
                behind = await _behind(admin, names, ends)
                total = sum(ends.values())
                calm = calm + 1 if total == before and not behind and not waiting else 0
                before = total
                await asyncio.sleep(pause)
    except TimeoutError:
        raise NotSettled(
            f"after {seconds} s still behind, in events: {behind}; in outboxes: {waiting}"
        ) from None
    finally:
        await reader.stop()
        await admin.close()


@asynccontextmanager
async def outboxes(database_url: str, services: Iterable[str]) -> AsyncIterator[Untold]:
    """Counts what lies in these services' outboxes, over one connection."""
    counts = " + ".join(f"(SELECT count(*) FROM {one}.outbox)" for one in services)  # noqa: S608
    connection = await asyncpg.connect(database_url)

    async def untold() -> int:
        return int(await connection.fetchval(f"SELECT {counts}"))

    try:
        yield untold
    finally:
        await connection.close()


def _partitions(reader: AIOKafkaConsumer) -> list[TopicPartition]:
    return [
        TopicPartition(topic, number)
        for topic in TOPICS
        for number in reader.partitions_for_topic(topic) or range(TOPICS[topic].partitions)
    ]


async def _behind(
    admin: AIOKafkaAdminClient, services: Iterable[str], ends: dict[TopicPartition, int]
) -> dict[str, int]:
    """Events that each service has not applied yet; services without any are left out."""
    found = {}
    for service in services:
        topics = {entry.topic for entry in heard_by(service)}
        offsets = await admin.list_consumer_group_offsets(f"cleanclaim-{service}")
        lag = sum(
            end - (offsets[one].offset if one in offsets else 0)
            for one, end in ends.items()
            if one.topic in topics and end > (offsets[one].offset if one in offsets else 0)
        )
        if lag:
            found[service] = lag
    return found
