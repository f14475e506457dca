"""Hears the stream: polls, applies batches, parks what is broken, waits out what is down."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.breaker import Breaker, BreakerOpenError
from cleanclaim.chassis.lag import Lag
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.polled import Polled, Portion
from cleanclaim.chassis.progress import Progress
from cleanclaim.chassis.reader import Connect, Reader
from cleanclaim.chassis.runtime import FailPoint, Runtime
from cleanclaim.values.errors import Conflict, DomainError

COMMIT_SECONDS = 1.0
ATTEMPTS = 3
LONGEST_BACKOFF_SECONDS = 15.0

log = logger(__name__)


class Consumer:
    """One consumer of one service: every topic that its subscriptions name, in one group."""

    def __init__(
        self,
        *,
        applier: BatchApplier,
        connect: Connect,
        runtime: Runtime,
        breaker: Breaker | None = None,
    ) -> None:
        self.applier = applier
        self.service = applier.workroom.service
        self.breaker = breaker or Breaker()
        self.progress = Progress(settled_at=runtime.monotonic())
        self._connect = connect
        self._runtime = runtime
        self._done: dict[TopicPartition, int] = {}
        self._portion = Portion()
        self._lag = Lag(self.service, runtime)
        self._resume_at: dict[TopicPartition, float] = {}
        self._backoff = 0.1
        self._last_commit = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        """Hear until told to stop or the breaker opens; a lost broker is reconnected."""
        telemetry.metrics.breaker_open.labels(self.service).set(0)
        while self.applier.topics and not stopping.is_set() and not self.breaker.open:
            self._done.clear()
            self._resume_at.clear()
            reader = self._connect()
            try:
                await reader.start()
                reader.subscribe(self.applier.topics, listener=_Revoked(self, reader))
                await self._hear(reader, stopping)
            except (KafkaError, OSError) as error:
                log.event("consumer_reconnects", error_type=type(error).__name__)
                await self._wait(stopping)
            finally:
                with contextlib.suppress(KafkaError, OSError, TimeoutError):
                    async with asyncio.timeout(10):
                        await reader.stop()
        self.progress.stopped = True
        if self.breaker.open:
            telemetry.metrics.breaker_open.labels(self.service).set(1)
            log.event("breaker_opened")

    async def _hear(self, reader: Reader, stopping: asyncio.Event) -> None:
        ahead = Polled({})
        while not stopping.is_set() and not self.breaker.open:
            self._resume_what_waited(reader)
            polled = ahead or await self._poll(reader, timeout_ms=200)
            ahead = Polled({})
            if polled:
                self._lag.polled(polled.records)
                ahead = await self._poll(reader, timeout_ms=0)
            self.progress.assigned = frozenset(reader.assignment())
            polled.keep(self.progress.assigned)
            if polled:
                await self._take(reader, polled, ahead, stopping)
            await self.commit_done(reader, even_if_recent=False)
            await self._lag.tell(reader, ahead.begins)
        await self.commit_done(reader, even_if_recent=True)

    async def _poll(self, reader: Reader, *, timeout_ms: int) -> Polled:
        most = self._portion.records
        return Polled(await reader.getmany(timeout_ms=timeout_ms, max_records=most))

    async def _take(
        self, reader: Reader, polled: Polled, ahead: Polled, stopping: asyncio.Event
    ) -> None:
        """Apply what was polled; on trouble with database or owners go back and wait.

        What was polled ahead is judged while the database works, but touches nothing; where the
        first has to wait, it is dropped, for no record may overtake an earlier one of its key.
        """
        started = self._runtime.monotonic()
        await polled.read(self.applier, self._runtime)
        judging = asyncio.ensure_future(ahead.read(self.applier, self._runtime))
        try:
            reads, fetched = await self._read_and_fetch(reader, polled, ahead)
            await self.apply(reads, fetched)
            await judging
        except BreakerOpenError:
            return
        except Exception as error:
            if not is_infrastructure(error):
                raise
            log.event("consumer_waits", error_type=type(error).__name__)
            self._go_back(reader, polled, ahead)
            await self._wait(stopping)
            return
        finally:
            judging.cancel()
        self._backoff = 0.1
        self.progress.waiting = False
        self.progress.settled_at = self._runtime.monotonic()
        self._portion.note(records=len(polled), seconds=self.progress.settled_at - started)
        for partition, end in polled.ends.items():
            if partition not in self._resume_at:
                self._done[partition] = end

    def _go_back(self, reader: Reader, polled: Polled, ahead: Polled) -> None:
        for partition, begin in (ahead.begins | polled.begins).items():
            reader.seek(partition, begin)
            ahead.drop(partition)

    async def _read_and_fetch(
        self, reader: Reader, polled: Polled, ahead: Polled
    ) -> tuple[list[Read], dict[Any, Any]]:
        reads: list[Read] = []
        fetched: dict[Any, Any] = {}
        for partition, several in polled.reads.items():
            try:
                mine, answers = await self._fetch(several)
            except Exception as error:
                if not is_infrastructure(error):
                    raise
                log.event("partition_waits", topic=partition.topic,
                          error_type=type(error).__name__)  # fmt: skip
                self._put_off(reader, partition, polled.begins[partition])
                ahead.drop(partition)
                continue
            fetched |= answers
            reads += mine
        return reads, fetched

    async def _fetch(self, reads: list[Read]) -> tuple[list[Read], dict[Any, Any]]:
        """Ask owners for all at once; where one question fails for good, find out which."""
        try:
            return reads, await self.applier.fetch(reads)
        except Exception as error:
            if is_infrastructure(error):
                raise
        asked: list[Read] = []
        fetched: dict[Any, Any] = {}
        for read in reads:
            try:
                fetched |= await self.applier.fetch([read])
            except Exception as error:
                if is_infrastructure(error):
                    raise
                asked.append(Read(read.incoming, None, reason_of(error)))
            else:
                asked.append(read)
        return asked, fetched

    def _put_off(self, reader: Reader, partition: TopicPartition, position: int) -> None:
        reader.seek(partition, position)
        reader.pause(partition)
        pause = 1.0 + self._runtime.random.random()
        self._resume_at[partition] = self._runtime.monotonic() + pause
        self.progress.paused = frozenset(self._resume_at)

    def _resume_what_waited(self, reader: Reader) -> None:
        now = self._runtime.monotonic()
        for partition in [one for one, at in self._resume_at.items() if at <= now]:
            del self._resume_at[partition]
            self.progress.paused = frozenset(self._resume_at)
            if partition in reader.assignment():
                reader.resume(partition)

    async def apply(self, reads: Sequence[Read], fetched: Mapping[Any, Any]) -> None:
        """Apply a batch; where it fails, in ever smaller parts, and park the culprits.

        Raises:
            BreakerOpenError: too many failed; what stands behind the last of them is untouched.
            Exception: database or owners are down; nothing or a first part has happened.
        """
        if not reads:
            return
        started = self._runtime.monotonic()
        await self._apply_all(reads, fetched)
        telemetry.metrics.events_handled.labels(self.service).inc(len(reads))
        telemetry.metrics.batch_seconds.labels(self.service).observe(
            self._runtime.monotonic() - started
        )

    async def _apply_all(self, reads: Sequence[Read], fetched: Mapping[Any, Any]) -> None:
        if len(reads) == 1:
            await self._apply_alone(reads[0], fetched)
            self._stop_if_open()
            return
        try:
            outcome = await self.applier.apply(reads, fetched)
        except Exception as error:
            if is_infrastructure(error):
                raise
            # somebody among them is the culprit: halving them, in order, finds out who
            middle = len(reads) // 2
            await self._apply_all(reads[:middle], fetched)
            await self._apply_all(reads[middle:], fetched)
        else:
            self.breaker.note(passed=outcome.applied, failed=outcome.refused)
            self._stop_if_open()

    def _stop_if_open(self) -> None:
        if self.breaker.open:
            raise BreakerOpenError

    async def _apply_alone(self, read: Read, fetched: Mapping[Any, Any]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                outcome = await self.applier.apply([read], fetched)
            except Conflict as error:
                log.event("event_overtaken", code=error.code)
                return
            except Exception as error:
                if is_infrastructure(error):
                    raise
                # a rule of ours says the same each time; anything else may have been an accident
                if attempt == ATTEMPTS or isinstance(error, DomainError):
                    await self._park(read, error)
                    return
            else:
                self.breaker.note(passed=outcome.applied, failed=outcome.refused)
                return

    async def _park(self, read: Read, error: Exception) -> None:
        if not isinstance(error, DomainError):
            log.failure("event_failed", error)
        await self.applier.park_alone(read, reason_of(error))
        self.breaker.note(passed=0, failed=1)

    async def commit_done(self, reader: Reader, *, even_if_recent: bool) -> None:
        """Commit the offsets of what has been applied, at most once a second."""
        now = self._runtime.monotonic()
        if not self._done or (not even_if_recent and now - self._last_commit < COMMIT_SECONDS):
            return
        assigned = reader.assignment()
        offsets = {one: position for one, position in self._done.items() if one in assigned}
        self._done.clear()
        self._last_commit = now
        if offsets:
            self._runtime.fail_point(FailPoint.CONSUMER_BEFORE_OFFSETS)
            await reader.commit(offsets)

    async def _wait(self, stopping: asyncio.Event) -> None:
        self.progress.waiting = True
        self._backoff = min(self._backoff * 2, LONGEST_BACKOFF_SECONDS)
        await self._runtime.wait(self._backoff * (0.5 + self._runtime.random.random()), stopping)


class _Revoked(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Commits what was applied before partitions go to another worker."""

    def __init__(self, owner: Consumer, reader: Reader) -> None:
        self._owner = owner
        self._reader = reader

    async def on_partitions_revoked(self, revoked: Any) -> None:
        if revoked:
            with contextlib.suppress(KafkaError):
                await self._owner.commit_done(self._reader, even_if_recent=True)

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Nothing to do: each partition starts at its committed offset."""


def reason_of(error: Exception) -> str:
    """Why an event is parked; an unforeseen error by its class alone: a text may hold values."""
    if isinstance(error, DomainError):
        return f"{error.kind}: {error.code}: {error.message}"
    return f"failed: {type(error).__name__}"
