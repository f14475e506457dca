"""Copy the stream as it stands now into a folder, a file of JSON lines for each topic."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

SERVERS = os.environ["KAFKA_BOOTSTRAP_SERVERS"]


async def dump(folder: Path) -> int:
    """Write each body as it was told, byte for byte; answers how many."""
    written = 0
    async with AIOKafkaConsumer(bootstrap_servers=SERVERS) as consumer:
        for topic, partitions in (await topics()).items():
            written += await dump_topic(consumer, partitions, folder / f"{topic}.ndjson")
    return written


async def topics() -> dict[str, list[TopicPartition]]:
    """The topics of the stream with their partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=SERVERS)
    await admin.start()
    found = await admin.describe_topics()
    await admin.close()
    return {
        one["topic"]: [
            TopicPartition(one["topic"], each["partition"]) for each in one["partitions"]
        ]
        for one in sorted(found, key=lambda one: one["topic"])
        if one["topic"].startswith("cleanclaim.")
    }


async def dump_topic(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition], file: Path
) -> int:
    consumer.assign(partitions)
    await consumer.seek_to_beginning(*partitions)
    ends = await consumer.end_offsets(partitions)
    written = 0
    with file.open("wb") as lines:
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for one in records:
                    if is_fact(one.value):
                        lines.write(one.value + b"\n")
                        written += 1
                    elif one.value is not None:  # None is a tombstone and says nothing
                        place = f"{one.topic}, partition {one.partition}, offset {one.offset}"
                        sys.stderr.write(f"passed over what is no fact: {place}\n")
    return written


def is_fact(value: bytes | None) -> bool:
    """Whether it is a JSON object: one stray record must not make a whole dump unreadable."""
    try:
        return isinstance(json.loads(value or b""), dict)
    except ValueError:
        return False


asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("folder", type=Path)
folder: Path = asked.parse_args().folder
folder.mkdir(parents=True, exist_ok=True)
sys.stderr.write(f"{asyncio.run(dump(folder))} facts in {folder}\n")
