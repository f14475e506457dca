"""The port to Kafka's reading side: what a consumer needs of a client, and the real one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

from cleanclaim.chassis.subscriptions import group_of

SESSION_MS = 10_000
POLL_INTERVAL_MS = 120_000


class Reader(Protocol):
    """One membership of a consumer group; errors are `aiokafka.errors.KafkaError`."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def subscribe(self, topics: Sequence[str], *, listener: Any) -> None: ...
    def assignment(self) -> set[TopicPartition]: ...

    async def getmany(
        self, *, timeout_ms: int, max_records: int
    ) -> Mapping[TopicPartition, Sequence[Any]]: ...

    def seek(self, partition: TopicPartition, offset: int) -> None: ...
    def pause(self, *partitions: TopicPartition) -> None: ...
    def resume(self, *partitions: TopicPartition) -> None: ...
    def paused(self) -> set[TopicPartition]: ...
    async def position(self, partition: TopicPartition) -> int: ...
    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None: ...

    def highwater(self, partition: TopicPartition) -> int | None:
        """The offset after the last record that the broker told of; None before the first."""
        ...


Connect = Callable[[], Reader]
"""Makes a new, unstarted reader; a consumer takes another one after each loss of the broker."""


def kafka_reader(
    bootstrap_servers: str,
    *,
    service: str,
    worker_name: str | None = None,
    session_ms: int = SESSION_MS,
    poll_interval_ms: int = POLL_INTERVAL_MS,
) -> Connect:
    """Readers of a service's group; `worker_name` makes each the same static member."""

    def connect() -> Reader:
        reader: Reader = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            group_id=group_of(service),
            client_id=worker_name or f"{service}-worker",
            group_instance_id=worker_name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=session_ms // 4,
            max_poll_interval_ms=poll_interval_ms,
            fetch_max_wait_ms=100,
        )
        return reader

    return connect
