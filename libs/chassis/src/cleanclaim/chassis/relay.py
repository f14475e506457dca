"""Carries told facts from the outbox to the stream, in order per key, at least once."""

import asyncio
import contextlib
import zlib
from typing import Any

import asyncpg
from pydantic_core import from_json

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.broker import BrokerUnavailable, Outgoing, Publisher
from cleanclaim.chassis.db import plain_url
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.outbox import BUCKETS
from cleanclaim.chassis.runtime import FailPoint, Runtime

BATCH = 500
SHORTEST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 15.0
_TROUBLE = (
    BrokerUnavailable, OSError, TimeoutError,
    asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError,
)  # fmt: skip

log = logger(__name__)


class Relay:
    """One relay of one service: owns buckets by session advisory locks, publishes what they hold.

    Its connection lies outside any pool and outside PgBouncer, because the locks live as long as
    the session. No transaction is open while it publishes.
    """

    def __init__(
        self, *, service: str, database_url: str, publisher: Publisher, runtime: Runtime
    ) -> None:
        self._service = service
        self._url = plain_url(database_url)
        self._publisher = publisher
        self._runtime = runtime
        self._wake = asyncio.Event()
        self._connection: asyncpg.Connection[Any] | None = None
        self._buckets: list[int] = []

    def nudge(self) -> None:
        """Look at once: a transaction of this process has just told something."""
        self._wake.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Relay until told to stop; trouble with broker or database is waited out."""
        pause, backoff = SHORTEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS
        try:
            while not stopping.is_set():
                try:
                    sent = await self.relay_once()
                except _TROUBLE as error:
                    log.event("relay_waits", error_type=type(error).__name__)
                    await self._let_go()
                    backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
                    self._wake.clear()
                    jitter = 0.5 + self._runtime.random.random()
                    await self._runtime.wait(backoff * jitter, stopping)
                    continue
                backoff = SHORTEST_PAUSE_SECONDS
                pause = SHORTEST_PAUSE_SECONDS if sent else min(pause * 2, LONGEST_PAUSE_SECONDS)
                if sent < BATCH:
                    self._wake.clear()
                    await self._runtime.wait(pause, self._wake, stopping)
        finally:
            await self._let_go()
            await self._publisher.close()

    async def relay_once(self) -> int:
        """Publish and delete one batch of this relay's buckets; return its size."""
        connection = await self._connected()
        await self._take_buckets(connection)
        if not self._buckets:  # others relay; this one takes over what they let go
            return 0
        rows = await connection.fetch(
            f"SELECT o.seq, e.topic, e.aggregateid, e.headers, e.payload, e.recorded_at"  # noqa: S608
            f" FROM {self._service}.outbox o JOIN {self._service}.event_log e ON e.id = o.event_id"
            " WHERE o.bucket = ANY($1::smallint[]) ORDER BY o.seq LIMIT $2",
            self._buckets,
            BATCH,
        )
        if not rows:
            telemetry.metrics.outbox_oldest_seconds.labels(self._service).set(0)
            return 0
        age = self._runtime.wall_now() - rows[0]["recorded_at"]
        telemetry.metrics.outbox_oldest_seconds.labels(self._service).set(age.total_seconds())
        self._runtime.fail_point(FailPoint.RELAY_BEFORE_SEND)
        await self._publisher.publish([_outgoing(row) for row in rows])
        self._runtime.fail_point(FailPoint.RELAY_AFTER_SEND)
        await connection.execute(
            f"DELETE FROM {self._service}.outbox WHERE seq = ANY($1::bigint[])",  # noqa: S608
            [row["seq"] for row in rows],
        )
        self._runtime.fail_point(FailPoint.RELAY_AFTER_DELETE)
        telemetry.metrics.events_published.labels(self._service).inc(len(rows))
        return len(rows)

    async def _connected(self) -> "asyncpg.Connection[Any]":
        if self._connection is None or self._connection.is_closed():
            self._buckets = []
            self._connection = await asyncpg.connect(
                self._url,
                timeout=10,
                command_timeout=30,
                server_settings={"application_name": f"{self._service}-relay"},
            )
        return self._connection

    async def _take_buckets(self, connection: "asyncpg.Connection[Any]") -> None:
        if len(self._buckets) == BUCKETS:
            return
        wanted = [bucket for bucket in range(BUCKETS) if bucket not in self._buckets]
        rows = await connection.fetch(
            "SELECT bucket FROM unnest($2::int[]) AS bucket WHERE pg_try_advisory_lock($1, bucket)",
            lock_namespace(self._service),
            wanted,
        )
        self._buckets += [row["bucket"] for row in rows]

    async def _let_go(self) -> None:
        connection, self._connection, self._buckets = self._connection, None, []
        if connection is not None:
            with contextlib.suppress(*_TROUBLE):
                await connection.close(timeout=2)


def lock_namespace(service: str) -> int:
    """The first number of a service's advisory locks: services may share one database."""
    return zlib.crc32(service.encode()) - 2**31


def _outgoing(row: "asyncpg.Record") -> Outgoing:
    headers = from_json(row["headers"])
    return Outgoing(
        topic=row["topic"],
        key=str(row["aggregateid"]).encode(),
        headers=[(name, value.encode()) for name, value in headers.items()],
        value=row["payload"].encode(),
    )
