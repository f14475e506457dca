"""Copy the stream as it stands now into a folder, a file of JSON lines for each topic."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition


async def dump(folder: Path) -> int:
    """Write each body as it was told, byte for byte; answers how many."""
    consumer = AIOKafkaConsumer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"])
    written = 0
    async with consumer:
        for topic in sorted(await consumer.topics()):
            if topic.startswith("cleanclaim."):
                written += await dump_topic(consumer, topic, folder / f"{topic}.ndjson")
    return written


async def dump_topic(consumer: AIOKafkaConsumer, topic: str, file: Path) -> int:
    partitions = [
        TopicPartition(topic, one) for one in sorted(consumer.partitions_for_topic(topic) or ())
    ]
    consumer.assign(partitions)
    await consumer.seek_to_beginning(*partitions)
    ends = await consumer.end_offsets(partitions)
    written = 0
    with file.open("wb") as lines:
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                bodies = [one.value for one in records if one.value is not None]
                lines.writelines(body + b"\n" for body in bodies)
                written += len(bodies)
    return written


asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("folder", type=Path)
folder: Path = asked.parse_args().folder
folder.mkdir(parents=True, exist_ok=True)
sys.stderr.write(f"{asyncio.run(dump(folder))} facts in {folder}\n")
