"""Fills a projection anew from the stream: all of it in one transaction, or nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis import audit
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.broker import BrokerUnavailable
from cleanclaim.chassis.context import ServiceContext, ServiceParts
from cleanclaim.chassis.inbox import Incoming, incoming_of
from cleanclaim.chassis.operations.parked import set_aside
from cleanclaim.chassis.operations.reports import reporting
from cleanclaim.chassis.operations.stream import (
    administering,
    answering,
    listening,
    partitions_of,
)
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.chassis.work import NO_ORGANIZATION, choose_organization
from cleanclaim.values.errors import Conflict, Missing, Unavailable

BATCH = 500
LOCK_SECONDS = 10
SILENT_POLLS = 60


class NoSuchProjection(Missing):
    """The service has no projection of that name."""


class NotReplayable(Conflict):
    """The table meets people's work, files or told facts; the stream alone cannot make it."""


class ProjectorTold(Conflict):
    """A projector told a fact while it was replayed; it is a reactor in truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A table that the stream alone fills, and the subscriptions that fill it.

    An append-only one is never emptied, since its service may not: a rebuild adds what is missing.
    """

    name: str
    table: Table
    subscriptions: tuple[Subscription, ...]
    append_only: bool = False

    @property
    def topics(self) -> list[str]:
        return sorted({one.entry.topic for one in self.subscriptions})

    @property
    def event_types(self) -> list[str]:
        return sorted(one.entry.type for one in self.subscriptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilding:
    """How far a rebuild is: records read of those there were, events applied."""

    read: int
    total: int
    applied: int


def projections_of(parts: ServiceParts) -> dict[str, Projection]:
    """Every projection of a service by its table's name."""
    found: dict[str, list[Subscription]] = {}
    for one in parts.subscriptions:
        if one.fills is not None:
            found.setdefault(one.fills, []).append(one)
    return {
        name: Projection(
            name=name,
            table=parts.metadata.tables[f"{parts.name}.{name}"],
            subscriptions=tuple(several),
            append_only=name in parts.append_only,
        )
        for name, several in sorted(found.items())
    }


def projection_named(parts: ServiceParts, name: str) -> Projection:
    """The projection of that table.

    Raises:
        NotReplayable: the table is there, but a reactor, people or files write it.
        NoSuchProjection: there is no such table.
    """
    projections = projections_of(parts)
    if name in projections:
        return projections[name]
    known = ", ".join(projections) or "none"
    if f"{parts.name}.{name}" in parts.metadata.tables:
        raise NotReplayable(
            f"The table {name} is no projection: reactors, people or files write it.",
            fix="Bring it back from a backup; see the runbook point-in-time-restore.",
        )
    raise NoSuchProjection(f"There is no projection {name}; there are: {known}.")


async def rebuild(
    context: ServiceContext, projection: Projection, principal: Principal
) -> AsyncIterator[Rebuilding]:
    """Empty the projection, apply the stream to it again, and commit; yields its progress.

    One transaction: whoever reads sees the old content until the new one is whole, workers that
    want to write the table wait, and a caller who leaves undoes it all. Parked and skipped events
    are left out, because they had no effect. The step is audited.

    Raises:
        Unavailable: the broker or the database is down, or the table is in use for long.
        ProjectorTold: a projector told a fact.
    """
    room = context.workroom
    applier = BatchApplier(
        workroom=room, subscriptions=projection.subscriptions, partners=context.partners
    )
    async with reporting(context) as reporter:
        aside = await set_aside(reporter, room.tables, projection.topics)
    servers = context.settings.kafka_bootstrap_servers
    async with room.database.connect() as connection, connection.begin() as transaction:
        run = _Run(connection, projection, applier)
        await run.begin(await room.organizations())
        read = total = 0
        async for records, progress in _records(servers, projection.topics):
            new = [one for one in records if (one.topic, one.partition, one.position) not in aside]
            run.applied += await run.apply(new)
            read, total = progress
            yield Rebuilding(read=read, total=total, applied=run.applied)
        await run.empty_the_rest()
        await choose_organization(connection, NO_ORGANIZATION)
        await audit.record(
            room.work_on(connection, NO_ORGANIZATION, principal=principal),
            action="write",
            resource=f"projection:{projection.name}",
            count=run.applied,
            purpose="rebuild",
        )
        await transaction.commit()
    yield Rebuilding(read=read, total=total, applied=run.applied)


class _Run:
    """One rebuild inside its transaction: each organization's rows go before its first event."""

    def __init__(
        self, connection: AsyncConnection, projection: Projection, applier: BatchApplier
    ) -> None:
        self._connection = connection
        self._table = projection.table
        self._applier = applier
        self._append_only = projection.append_only
        self._fenced = "organization_id" in projection.table.c
        self._to_empty: set[UUID] = set()
        self._emptied: set[UUID] = set()
        self.applied = 0

    async def begin(self, organizations: Sequence[Mapping[str, Any]]) -> None:
        self._to_empty = {one["id"] for one in organizations}
        if self._append_only:
            return
        await self._connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        # what a worker has written before is in the stream up to the ends that are asked next
        await self._connection.execute(
            text(f"LOCK TABLE {self._table.fullname} IN SHARE ROW EXCLUSIVE MODE")
        )
        if not self._fenced:
            await self._connection.execute(delete(self._table))

    async def apply(self, records: Sequence[Incoming]) -> int:
        reads = [read for one in records if (read := self._applier.read(one)) is not None]
        reads = [read for read in reads if read.heard is not None]
        if not reads:
            return 0
        for organization_id in dict.fromkeys(map(_organization, reads)):
            await self._empty(organization_id)
        fetched = await self._applier.fetch(reads)
        if await self._applier.apply_on(self._connection, reads, fetched):
            raise ProjectorTold(f"The projector of {self._table.name} tells facts.")
        return len(reads)

    async def _empty(self, organization_id: UUID) -> None:
        if self._append_only or not self._fenced or organization_id in self._emptied:
            return
        self._emptied.add(organization_id)
        await choose_organization(self._connection, organization_id)
        await self._connection.execute(
            delete(self._table).where(self._table.c.organization_id == organization_id)
        )

    async def empty_the_rest(self) -> None:
        for organization_id in sorted(self._to_empty - self._emptied):
            await self._empty(organization_id)


def _organization(read: Read) -> UUID:
    if read.heard is None:
        raise Unavailable("an unreadable record has no organization")
    return read.heard.envelope.organization_id


async def _records(
    servers: str, topics: Sequence[str]
) -> AsyncIterator[tuple[list[Incoming], tuple[int, int]]]:
    """Everything on the topics up to their ends as they are now, with (read, total)."""
    async with answering(seconds=None), listening(servers) as consumer:
        async with administering(servers) as admin:
            partitions = await partitions_of(admin, topics)
        ends = await consumer.end_offsets(partitions) if partitions else {}
        begins = await consumer.beginning_offsets(partitions) if partitions else {}
        total = sum(ends[one] - begins[one] for one in partitions)
        left = {one for one in partitions if begins[one] < ends[one]}
        if left:
            consumer.assign(sorted(left))
            for one in left:
                consumer.seek(one, begins[one])
        silent = 0
        while left:
            polled = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
            silent = 0 if polled else silent + 1
            if silent > SILENT_POLLS:
                raise BrokerUnavailable("the broker has sent nothing for a minute")
            records = [
                incoming_of(record)
                for one, several in polled.items()
                for record in several
                if record.offset < ends[one]
            ]
            places = {one: await consumer.position(one) for one in left}
            done = {one for one in left if places[one] >= ends[one]}
            consumer.pause(*done)
            left -= done
            read = total - sum(ends[one] - places[one] for one in left)
            yield records, (read, total)
