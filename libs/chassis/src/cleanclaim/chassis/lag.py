"""What one consumer has not settled yet: in records, in seconds, and which partitions wait."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.reader import Reader
from cleanclaim.chassis.runtime import Runtime

TELL_SECONDS = 1.0


class Lag:
    """Keeps the age of the oldest unsettled record of each partition and tells the gauges.

    Only partitions that are this consumer's are shown: what goes to another worker goes from here.
    """

    def __init__(self, service: str, runtime: Runtime) -> None:
        self._service = service
        self._runtime = runtime
        self._oldest: dict[TopicPartition, int] = {}
        self._shown: set[TopicPartition] = set()
        self._told_at = 0.0

    def polled(self, records: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Note when the first polled record of each partition was written (milliseconds)."""
        for partition, several in records.items():
            self._oldest[partition] = several[0].timestamp

    async def tell(self, consumer: Reader, ahead: Mapping[TopicPartition, int]) -> None:
        """Set the gauges, at most once a second; `ahead` is where records polled ahead begin."""
        now = self._runtime.monotonic()
        if now - self._told_at < TELL_SECONDS:
            return
        self._told_at = now
        mine = set(consumer.assignment())
        self._forget(self._shown - mine)
        waiting = consumer.paused()
        behind: dict[str, float] = {}
        for partition in mine:
            end = consumer.highwater(partition)
            if end is None:  # nothing was fetched of it yet
                continue
            position = ahead.get(partition)
            if position is None:
                position = await consumer.position(partition)
            records = max(end - position, 0)
            self._show(partition, records, waits=partition in waiting)
            age = self._age(partition, records)
            behind[partition.topic] = max(behind.get(partition.topic, 0.0), age)
        for topic, seconds in behind.items():
            telemetry.metrics.consumer_lag_seconds.labels(self._service, topic).set(seconds)

    def _show(self, partition: TopicPartition, records: int, *, waits: bool) -> None:
        labels = (self._service, partition.topic, str(partition.partition))
        telemetry.metrics.consumer_lag_records.labels(*labels).set(records)
        telemetry.metrics.consumer_paused.labels(*labels).set(int(waits))
        self._shown.add(partition)

    def _age(self, partition: TopicPartition, records: int) -> float:
        if not records:
            self._oldest.pop(partition, None)
        written = self._oldest.get(partition)
        if written is None:
            return 0.0
        return max(self._runtime.wall_now().timestamp() - written / 1000, 0.0)

    def _forget(self, gone: set[TopicPartition]) -> None:
        for partition in gone:
            labels = (self._service, partition.topic, str(partition.partition))
            telemetry.metrics.consumer_lag_records.remove(*labels)
            telemetry.metrics.consumer_paused.remove(*labels)
            self._oldest.pop(partition, None)
        self._shown -= gone
        topics = {partition.topic for partition in gone}
        for topic in topics - {partition.topic for partition in self._shown}:
            telemetry.metrics.consumer_lag_seconds.remove(self._service, topic)
