"""The port to Kafka: bytes out, bytes in; nothing here knows what an event means."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, TopicAlreadyExistsError
from aiokafka.partitioner import DefaultPartitioner

from cleanclaim.events.catalog import Topic
from cleanclaim.values.errors import Unavailable

PUBLISH_SECONDS = 30.0
"""With idempotence on, aiokafka never expires a batch by itself, so each publish is bounded."""

BATCH_BYTES = 262_144
"""What one partition gets at once at most, before compression; one larger record goes alone."""

MOST_RECORD_BYTES = 1_048_576
"""Key and value of one record; Kafka takes no more unless it is told to."""

MOST_COPIES = 3
"""A topic is kept by so many brokers, or by as many as there are."""


class BrokerUnavailable(Unavailable):
    """The broker did not take the records in time, or refused them for good on this connection."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to publish: topic, key, headers and value as bytes."""

    topic: str
    key: bytes
    headers: Sequence[tuple[str, bytes]]
    value: bytes


class Publisher:
    """An idempotent producer that is rebuilt after an error it cannot recover from."""

    def __init__(
        self,
        bootstrap_servers: str,
        *,
        client_id: str,
        connect: Callable[[], AIOKafkaProducer] | None = None,
        seconds: float = PUBLISH_SECONDS,
    ) -> None:
        """`connect` makes a new, unstarted producer; without it, the real one."""
        self._bootstrap = bootstrap_servers
        self._client_id = client_id
        self._connect = connect or self._kafka_producer
        self._seconds = seconds
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Publish all records, in order within each key; return when every one is acknowledged.

        Raises:
            BrokerUnavailable: some were perhaps not taken; all must be published again.
        """
        try:
            async with asyncio.timeout(self._seconds):
                producer = await self._started()
                sent = [
                    await producer.send_batch(batch, topic, partition=partition)
                    for topic, partition, batch in await _packed(producer, records)
                ]
                await asyncio.gather(*sent)
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise BrokerUnavailable(f"the broker took no records: {type(error).__name__}") from None

    def _kafka_producer(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES,
            compression_type="lz4",
        )

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self._connect()
            try:
                await producer.start()
            except BaseException:
                await _stop_quietly(producer)
                raise
            self._producer = producer
        return self._producer

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop_quietly(producer)


_partition_of = DefaultPartitioner()
"""Where every Kafka client puts a key."""


async def _packed(
    producer: AIOKafkaProducer, records: Sequence[Outgoing]
) -> list[tuple[str, int, Any]]:
    """Pack records into batches of (topic, partition, batch), those of a partition in order.

    A batch is handed over whole: without a future and a pause of the client's for each record,
    publishing takes little more than half of the processor time.

    Raises:
        MessageSizeTooLargeError: a record that the broker would refuse for ever.
    """
    partitions = {
        topic: sorted(await producer.partitions_for(topic))
        for topic in dict.fromkeys(record.topic for record in records)
    }
    packed: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for record in records:
        if len(record.key) + len(record.value) > MOST_RECORD_BYTES:
            raise MessageSizeTooLargeError
        choice = partitions[record.topic]
        batches = packed[record.topic, _partition_of(record.key, choice, choice)]
        if not batches or not _added(batches[-1], record):
            batches.append(producer.create_batch())
            _added(batches[-1], record)
    return [(topic, number, one) for (topic, number), many in packed.items() for one in many]


def _added(batch: Any, record: Outgoing) -> bool:
    """Put a record into a batch unless it is full, which closes it."""
    told = batch.append(
        timestamp=None, key=record.key, value=record.value, headers=list(record.headers)
    )
    return told is not None


async def _stop_quietly(producer: AIOKafkaProducer) -> None:
    # stopping waits for unsent batches, which a broken connection never takes
    with contextlib.suppress(KafkaError, OSError, TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(5):
            await producer.stop()


async def create_topics(bootstrap_servers: str, topics: Sequence[Topic]) -> list[str]:
    """Create the topics that do not exist; return the names of those that were created.

    Raises:
        BrokerUnavailable: the broker cannot be reached.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        async with asyncio.timeout(PUBLISH_SECONDS):
            await admin.start()
            existing = set(await admin.list_topics())
            missing = [topic for topic in topics if topic.name not in existing]
            if missing:
                brokers = len((await admin.describe_cluster())["brokers"])
                copies = min(brokers, MOST_COPIES)
                with contextlib.suppress(TopicAlreadyExistsError):
                    await admin.create_topics([_new_topic(one, copies) for one in missing])
            return [topic.name for topic in missing]
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerUnavailable(f"no broker at {bootstrap_servers}: {error}") from None
    finally:
        await admin.close()


def _new_topic(topic: Topic, copies: int) -> NewTopic:
    settings: Mapping[str, Any] = {
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "retention.ms": "-1",
    }
    return NewTopic(
        name=topic.name,
        num_partitions=topic.partitions,
        replication_factor=copies,
        topic_configs=dict(settings),
    )
