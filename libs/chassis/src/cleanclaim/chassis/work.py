"""The unit of work: one organization's transaction, in which facts are told; the door commits."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import Database
from cleanclaim.chassis.outbox import Told, write_facts
from cleanclaim.chassis.runtime import FailPoint, Runtime, derived_id
from cleanclaim.chassis.tables import PlatformTables, platform_tables
from cleanclaim.events.catalog import entry_of, key_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.majors import successor_id

NO_ORGANIZATION = UUID(int=0)
"""Stands where an event names no organization that could be read."""


@dataclass(slots=True, kw_only=True)
class Work:
    """One organization's transaction: where rows are read and written and facts are told.

    `now` is the service's clock when the work was opened; a command takes times from its
    arguments and uses this only where the door handed it on.
    """

    connection: AsyncConnection
    organization_id: UUID
    service: str
    runtime: Runtime
    now: datetime
    schema_tables: PlatformTables
    cause: Cause
    principal: Principal | None = None
    request_id: str | None = None
    _told: list[Told] = field(default_factory=list)
    _purposes: Counter[str] = field(default_factory=Counter)

    def tell(self, *facts: Fact, cause: Cause | None = None) -> None:
        """Tell facts when the work commits, in this order.

        A fact caused by a heard event gets an id derived from that event and the event's time,
        so that a second run would tell the same; any other gets a fresh id and this work's time.
        """
        thread = cause or self.cause
        for fact in facts:
            self._tell_as(
                self._event_id(thread, f"{entry_of(fact).type}:{key_of(fact)}"), fact, thread
            )

    def tell_majors(self, first: Fact, *newer: Fact, cause: Cause | None = None) -> None:
        """Tell one happening in several majors of one contract, oldest first, without a gap.

        Their ids follow from each other, so that a hearer of the newest, which can read the
        older ones too, applies the happening once.
        """
        thread = cause or self.cause
        event_id = self._event_id(thread, f"{entry_of(first).type}:{key_of(first)}")
        self._tell_as(event_id, first, thread)
        for fact in newer:
            event_id = successor_id(event_id, entry_of(fact).type)
            self._tell_as(event_id, fact, thread)

    def _tell_as(self, event_id: UUID, fact: Fact, thread: Cause) -> None:
        self._told.append(
            Told(
                event_id=event_id,
                entry=entry_of(fact),
                fact=fact,
                key=key_of(fact),
                cause=thread,
                occurred_at=thread.occurred_at or self.now,
            )
        )

    def _event_id(self, cause: Cause, purpose: str) -> UUID:
        if cause.event_id is None or cause.occurred_at is None:
            return self.runtime.new_id()
        purpose = f"{self.service}:{purpose}"
        seen = f"{cause.event_id}:{purpose}"
        self._purposes[seen] += 1
        return derived_id(cause.event_id, f"{purpose}:{self._purposes[seen]}")

    @property
    def actor_id(self) -> str | None:
        """The opaque id of the person or client behind this work, where there is one."""
        return self.principal.subject if self.principal else self.cause.actor_id

    async def write_told(self) -> int:
        """Write what was told so far into the log and the outbox; the doors call it."""
        told, self._told = self._told, []
        await write_facts(
            self.connection,
            self.schema_tables,
            organization_id=self.organization_id,
            service=self.service,
            told=told,
        )
        return len(told)


class Workroom:
    """Opens works for one service; the only place that commits a request's transaction."""

    def __init__(
        self, *, service: str, database: Database, runtime: Runtime, metadata: MetaData
    ) -> None:
        self.service = service
        self.database = database
        self.runtime = runtime
        self.tables = platform_tables(metadata)
        self.metadata = metadata
        self.nudges: list[Callable[[], None]] = []

    @asynccontextmanager
    async def work(
        self,
        organization_id: UUID,
        *,
        principal: Principal | None = None,
        cause: Cause | None = None,
        request_id: str | None = None,
    ) -> AsyncIterator[Work]:
        """One transaction; commits when the block ends well, else nothing has happened.

        Raises:
            Whatever the block raises; the transaction is rolled back then.
        """
        async with self.database.connect() as connection, connection.begin() as transaction:
            await choose_organization(connection, organization_id)
            work = self.work_on(
                connection, organization_id, principal=principal, cause=cause, request_id=request_id
            )
            yield work
            told = await work.write_told()
            await transaction.commit()
            if told:
                self.runtime.fail_point(FailPoint.OUTBOX_AFTER_COMMIT)
                self.nudge()

    def work_on(
        self,
        connection: AsyncConnection,
        organization_id: UUID,
        *,
        principal: Principal | None = None,
        cause: Cause | None = None,
        request_id: str | None = None,
    ) -> Work:
        """A work on a transaction that somebody else opened and will commit."""
        actor = principal.subject if principal else None
        return Work(
            connection=connection,
            organization_id=organization_id,
            service=self.service,
            runtime=self.runtime,
            now=self.runtime.now(),
            schema_tables=self.tables,
            cause=cause
            or Cause(
                correlation_id=self.runtime.new_id(),
                actor_id=actor,
                traceparent=telemetry.current_traceparent(),
            ),
            principal=principal,
            request_id=request_id,
        )

    @asynccontextmanager
    async def reading(
        self, organization_id: UUID, *, principal: Principal | None = None
    ) -> AsyncIterator[Work]:
        """One read-only transaction (an audit row may still be written by `work`)."""
        async with self.database.connect() as connection, connection.begin():
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            await choose_organization(connection, organization_id)
            yield self.work_on(connection, organization_id, principal=principal)

    def nudge(self) -> None:
        """Tell a relay in this process that facts wait; another process's relay polls."""
        for wake in self.nudges:
            wake()

    async def organizations(self) -> list[dict[str, Any]]:
        """The organizations this service has heard of, for jobs that go through them."""
        async with self.database.connect() as connection:
            rows = await connection.execute(self.tables.organizations.select().order_by("id"))
            return [dict(row) for row in rows.mappings()]


_CHOOSE = text("SELECT set_config('app.organization_id', :organization_id, true)")


async def choose_organization(connection: AsyncConnection, organization_id: UUID) -> None:
    """Set the organization whose rows this transaction sees; it ends with the transaction."""
    await connection.execute(_CHOOSE, {"organization_id": str(organization_id)})
