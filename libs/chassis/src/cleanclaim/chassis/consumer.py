"""Hears the stream: polls, applies batches, parks what is broken, waits out what is down."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.lag import Lag
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.runtime import Runtime
from cleanclaim.values.errors import Conflict, DomainError, Unavailable

BATCH = 500
COMMIT_SECONDS = 1.0
ATTEMPTS = 3
LONGEST_BACKOFF_SECONDS = 15.0
BREAKER_LIMIT = 100
"""So many events parked in a row mean a bad release, not bad events: stop before more harm."""
# deadlock, serialization failure: the same batch may pass when it is tried again
_TRY_AGAIN = frozenset({"40P01", "40001", "55P03"})

log = logger(__name__)


class Consumer:
    """One consumer of one service: every topic that its subscriptions name, in one group."""

    def __init__(
        self,
        *,
        applier: BatchApplier,
        bootstrap_servers: str,
        runtime: Runtime,
        worker_name: str | None = None,
    ) -> None:
        self.applier = applier
        self.service = applier.workroom.service
        self.broken = False
        self._bootstrap = bootstrap_servers
        self._runtime = runtime
        self._worker_name = worker_name
        self._done: dict[TopicPartition, int] = {}
        self._lag = Lag(self.service, runtime)
        self._parked_in_a_row = 0
        self._resume_at: dict[TopicPartition, float] = {}
        self._backoff = 0.1
        self._last_commit = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        """Hear until told to stop; a lost broker is reconnected, the offset is kept."""
        if not self.applier.topics:
            return
        while not stopping.is_set() and not self.broken:
            consumer = self._new_consumer()
            try:
                await consumer.start()
                consumer.subscribe(self.applier.topics, listener=_Revoked(self, consumer))
                await self._hear(consumer, stopping)
            except (KafkaError, OSError) as error:
                log.event("consumer_reconnects", error_type=type(error).__name__)
                await self._wait(stopping)
            finally:
                with contextlib.suppress(KafkaError, OSError, TimeoutError):
                    async with asyncio.timeout(10):
                        await consumer.stop()

    def _new_consumer(self) -> AIOKafkaConsumer:
        self._done.clear()
        self._resume_at.clear()
        return AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=f"cleanclaim-{self.service}",
            client_id=self._worker_name or f"{self.service}-worker",
            group_instance_id=self._worker_name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=10_000,
            max_poll_interval_ms=120_000,
            fetch_max_wait_ms=100,
        )

    async def _hear(self, consumer: AIOKafkaConsumer, stopping: asyncio.Event) -> None:
        while not stopping.is_set() and not self.broken:
            self._resume_what_waited(consumer)
            polled = await consumer.getmany(timeout_ms=200, max_records=BATCH)
            if polled:
                self._lag.polled(polled)
                await self._take(consumer, polled, stopping)
            await self.commit_done(consumer, even_if_recent=False)
            await self._lag.tell(consumer)
        await self.commit_done(consumer, even_if_recent=True)

    async def _take(
        self,
        consumer: AIOKafkaConsumer,
        polled: Mapping[TopicPartition, Sequence[Any]],
        stopping: asyncio.Event,
    ) -> None:
        """Apply what was polled; on trouble with database or owners go back and wait."""
        records = {
            partition: [_incoming(record) for record in several]
            for partition, several in polled.items()
        }
        reads, fetched = await self._read_and_fetch(consumer, records)
        try:
            await self._apply(reads, fetched)
        except Exception as error:
            if not is_infrastructure(error):
                raise
            log.event("consumer_waits", error_type=type(error).__name__)
            for partition in records:
                consumer.seek(partition, records[partition][0].position)
            await self._wait(stopping)
            return
        self._backoff = 0.1
        for partition, several in records.items():
            if partition not in self._resume_at:
                self._done[partition] = several[-1].position + 1

    async def _read_and_fetch(
        self,
        consumer: AIOKafkaConsumer,
        records: Mapping[TopicPartition, Sequence[Incoming]],
    ) -> tuple[list[Read], dict[Any, Any]]:
        reads: list[Read] = []
        fetched: dict[Any, Any] = {}
        for partition, several in records.items():
            mine = [read for read in map(self.applier.read, several) if read is not None]
            try:
                fetched |= await self.applier.fetch(mine)
            except Unavailable as error:
                log.event("partition_waits", code=error.code, topic=partition.topic)
                self._put_off(consumer, partition, several[0].position)
                continue
            reads += mine
        return reads, fetched

    def _put_off(
        self, consumer: AIOKafkaConsumer, partition: TopicPartition, position: int
    ) -> None:
        consumer.seek(partition, position)
        consumer.pause(partition)
        pause = 1.0 + self._runtime.random.random()
        self._resume_at[partition] = self._runtime.monotonic() + pause

    def _resume_what_waited(self, consumer: AIOKafkaConsumer) -> None:
        now = self._runtime.monotonic()
        for partition in [one for one, at in self._resume_at.items() if at <= now]:
            del self._resume_at[partition]
            if partition in consumer.assignment():
                consumer.resume(partition)

    async def _apply(self, reads: Sequence[Read], fetched: Mapping[Any, Any]) -> None:
        if not reads:
            return
        started = self._runtime.monotonic()
        try:
            await self.applier.apply(reads, fetched)
        except Exception as error:
            if is_infrastructure(error):
                raise
            # somebody in the batch is the culprit: one by one finds it
            for read in reads:
                await self._apply_alone(read, fetched)
        else:
            self._parked_in_a_row = 0
        telemetry.metrics.events_handled.labels(self.service).inc(len(reads))
        telemetry.metrics.batch_seconds.labels(self.service).observe(
            self._runtime.monotonic() - started
        )

    async def _apply_alone(self, read: Read, fetched: Mapping[Any, Any]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self.applier.apply([read], fetched)
            except Conflict as error:
                log.event("event_overtaken", code=error.code)
                return
            except DomainError as error:
                await self._park(read, f"{error.kind}: {error.code}: {error.message}")
                return
            except Exception as error:
                if is_infrastructure(error):
                    raise
                if attempt == ATTEMPTS:
                    log.failure("event_failed", error)
                    # the class alone: a message may hold values
                    await self._park(read, f"failed: {type(error).__name__}")
            else:
                self._parked_in_a_row = 0
                return

    async def _park(self, read: Read, reason: str) -> None:
        await self.applier.park_alone(read, reason)
        self._parked_in_a_row += 1
        self.broken = self._parked_in_a_row >= BREAKER_LIMIT
        telemetry.metrics.breaker_open.labels(self.service).set(int(self.broken))

    async def commit_done(self, consumer: AIOKafkaConsumer, *, even_if_recent: bool) -> None:
        """Commit the offsets of what has been applied, at most once a second."""
        now = self._runtime.monotonic()
        if not self._done or (not even_if_recent and now - self._last_commit < COMMIT_SECONDS):
            return
        assigned = consumer.assignment()
        offsets = {one: position for one, position in self._done.items() if one in assigned}
        self._done.clear()
        self._last_commit = now
        if offsets:
            await consumer.commit(offsets)

    async def _wait(self, stopping: asyncio.Event) -> None:
        self._backoff = min(self._backoff * 2, LONGEST_BACKOFF_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._backoff * (0.5 + self._runtime.random.random())):
                await stopping.wait()


class _Revoked(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Commits what was applied before partitions go to another worker."""

    def __init__(self, owner: Consumer, consumer: AIOKafkaConsumer) -> None:
        self._owner = owner
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Any) -> None:
        if revoked:
            with contextlib.suppress(KafkaError):
                await self._owner.commit_done(self._consumer, even_if_recent=True)

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Nothing to do: each partition starts at its committed offset."""


def is_infrastructure(error: BaseException) -> bool:
    """Whether waiting may help: the database, the broker or an owner is down or was in the way."""
    if isinstance(error, Unavailable | OSError | TimeoutError | InterfaceError | OperationalError):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return (
            error.connection_invalidated or state in _TRY_AGAIN or state[:2] in {"57", "53", "08"}
        )
    return False


def _incoming(record: Any) -> Incoming:
    return Incoming(
        topic=record.topic,
        partition=record.partition,
        position=record.offset,
        key=record.key or b"",
        headers=dict(record.headers),
        value=record.value,
    )
