"""The port to Kafka's reading side: what a consumer needs of a client, and the real one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

from cleanclaim.chassis.subscriptions import group_of

SESSION_MS = 10_000
POLL_INTERVAL_MS = 120_000
SHORT_WAIT_MS = 100
LONG_WAIT_MS = 500
EMPTY_POLLS = 10
"""So many polls in a row without a record make a reader patient."""


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


class PatientReader(AIOKafkaConsumer):  # type: ignore[misc] # aiokafka has no types
    """Lets the broker hold an idle reader's question longer than a busy one's.

    The broker answers at once when a record comes, so a long wait costs an idle reader nothing. A
    busy one it would: aiokafka asks for the partitions of which it holds no records, and only when
    that answer is there for the one whose records were taken meanwhile.
    """

    _empty = 0

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Mapping[TopicPartition, Sequence[Any]]:
        found: Mapping[TopicPartition, Sequence[Any]] = await super().getmany(
            *partitions, timeout_ms=timeout_ms, max_records=max_records
        )
        idle = self.assignment() and not found and not self.paused()
        self._empty = self._empty + 1 if idle else 0
        # the next question to the broker reads it; there is no public way once it has started
        self._fetcher._fetch_max_wait_ms = (  # noqa: SLF001
            LONG_WAIT_MS if self._empty >= EMPTY_POLLS else SHORT_WAIT_MS
        )
        return found


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
        reader: Reader = PatientReader(
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
            fetch_max_wait_ms=SHORT_WAIT_MS,
        )
        return reader

    return connect
