"""How far a consumer has come, as gauges and as the watchdog of its process judges it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.runtime import Runtime
from cleanclaim.chassis.subscriptions import group_of

STALLED_SECONDS = 60.0
LOOK_SECONDS = 15.0
ANSWER_SECONDS = 10.0

log = logger(__name__)


@dataclass(slots=True)
class Progress:
    """What a consumer says of itself, on the runtime's monotonic clock."""

    settled_at: float
    assigned: frozenset[TopicPartition] = frozenset()
    paused: frozenset[TopicPartition] = frozenset()
    waiting: bool = False
    """It backs off because database, broker or an owner failed it."""
    stopped: bool = False
    """It ended on purpose: told to, or its breaker opened."""


Behind = Mapping[TopicPartition, tuple[int, int]]
"""Each partition in which records wait: (committed offset, end)."""


class Look(Protocol):
    """Asks the broker in which partitions records wait for the group."""

    async def __call__(self) -> Behind: ...
    async def close(self) -> None: ...


Answers = Callable[[], Awaitable[str | None]]


@dataclass(slots=True)
class Watchdog:
    """Finds a consumer that has work and no excuse, and does nothing: a client that hangs.

    `trouble` is what liveness shows. A broker, database or partner that is down never sets it:
    each of them is an excuse, and the time counts anew after it.
    """

    progress: Progress
    runtime: Runtime
    look: Look
    database: Answers
    stalled_seconds: float = STALLED_SECONDS
    trouble: str | None = None
    _since: float | None = None
    _before: dict[TopicPartition, int] = field(default_factory=dict)

    async def run(self, stopping: asyncio.Event) -> None:
        try:
            while not stopping.is_set():
                await self.look_once()
                await self.runtime.wait(LOOK_SECONDS, stopping)
        finally:
            await self.look.close()

    async def look_once(self) -> None:
        """Judge once; the broker is asked only after a while without progress."""
        now = self.runtime.monotonic()
        progress = self.progress
        excused = progress.stopped or progress.waiting or bool(progress.paused)
        recent = now - progress.settled_at < self.stalled_seconds / 4
        if excused or recent or not await self._work_lies_there():
            self._excuse()
            return
        if self._since is None or progress.settled_at > self._since:
            self._since = now
        if now - self._since >= self.stalled_seconds and self.trouble is None:
            self.trouble = f"events wait and none was settled for {self.stalled_seconds:.0f} s"
            log.event("consumer_stalled")

    def _excuse(self) -> None:
        self._since = None
        self._before = {}
        self.trouble = None

    async def _work_lies_there(self) -> bool:
        """Whether records wait where this process should work, and nobody works them off."""
        try:
            behind = await self.look()
        except (KafkaError, OSError, TimeoutError):
            return False
        if await self.database() is not None:
            return False
        mine = self.progress.assigned
        # without partitions of its own it may be one worker too many, or shut out by its client:
        # then only a group that stands still as a whole counts
        waiting = {
            one: committed for one, (committed, _) in behind.items() if not mine or one in mine
        }
        stands_still = all(waiting.get(one) == at for one, at in self._before.items())
        self._before = waiting
        return bool(waiting) and stands_still


class KafkaLook:
    """Asks the broker by clients of its own: the consumer's may be what hangs."""

    def __init__(self, bootstrap_servers: str, *, service: str, topics: Iterable[str]) -> None:
        self._bootstrap = bootstrap_servers
        self._group = group_of(service)
        self._topics = sorted(topics)
        self._clients: tuple[AIOKafkaConsumer, AIOKafkaAdminClient] | None = None

    async def __call__(self) -> Behind:
        """Partitions in which records wait for the group.

        Raises:
            KafkaError, OSError, TimeoutError: the broker does not answer.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, admin = await self._started()
                committed = await admin.list_consumer_group_offsets(self._group)
                ends = await reader.end_offsets(await self._partitions(admin))
        except BaseException:
            await self.close()
            raise
        done = {one: max(0, committed[one].offset) if one in committed else 0 for one in ends}
        return {one: (done[one], end) for one, end in ends.items() if end > done[one]}

    async def _started(self) -> tuple[AIOKafkaConsumer, AIOKafkaAdminClient]:
        if self._clients is None:
            reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap)
            admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
            self._clients = (reader, admin)
            await reader.start()
            await admin.start()
        return self._clients

    async def _partitions(self, admin: AIOKafkaAdminClient) -> list[TopicPartition]:
        return [
            TopicPartition(topic["topic"], one["partition"])
            for topic in await admin.describe_topics(self._topics)
            for one in topic["partitions"]
        ]

    async def close(self) -> None:
        clients, self._clients = self._clients, None
        if clients is not None:
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    await clients[0].stop()
                    await clients[1].close()
