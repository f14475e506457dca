"""Knows from the broker when every service has applied all that was told: its lag is nothing."""

import asyncio
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from cleanclaim.events.catalog import TOPICS, heard_by

CALM_LOOKS = 3
"""So many looks in a row must find nothing new: a fact may still lie in an outbox."""


class NotSettled(TimeoutError):  # noqa: N818 - says what is the matter
    """Some service has not applied all that was told in time."""


async def settled(bootstrap_servers: str, services: Iterable[str], *, seconds: int = 120) -> None:
    """Return when these services have applied everything and nothing new is told.

    Raises:
        NotSettled: that did not come about in time; names who lags behind.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await admin.start()
    await reader.start()
    names = tuple(services)
    calm, before, behind = 0, -1, {"everybody": 0}
    try:
        async with asyncio.timeout(seconds):
            while calm < CALM_LOOKS:
                ends = await reader.end_offsets(_partitions(reader))
                behind = await _behind(admin, names, ends)
                total = sum(ends.values())
                calm = calm + 1 if total == before and not behind else 0
                before = total
                await asyncio.sleep(0.4)
    except TimeoutError:
        raise NotSettled(f"after {seconds} s still behind, in events: {behind}") from None
    finally:
        await reader.stop()
        await admin.close()


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
