"""Applies a batch of records in one transaction: each event once, organization by organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.inbox import Incoming, park, parked_keys, remember
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.chassis.work import NO_ORGANIZATION, Workroom, choose_organization
from cleanclaim.events.envelope import Fact
from cleanclaim.events.wire import (
    Heard,
    UndecodableError,
    UnknownMajorError,
    UnknownTypeError,
    decode,
)

BEHIND = "waits behind a parked event of its key"


@dataclass(frozen=True, slots=True)
class Read:
    """A record after reading: a fact to apply, or the reason why it must be parked."""

    incoming: Incoming
    heard: Heard[Fact] | None
    trouble: str | None = None


@dataclass(slots=True)
class Sorted:
    """A batch sorted into what is applied and what is parked, in order."""

    apply: list[Read] = field(default_factory=list)
    park: list[tuple[Incoming, str]] = field(default_factory=list)


class BatchApplier:
    """Reads, sorts and applies records for one service's subscriptions."""

    def __init__(
        self, *, workroom: Workroom, subscriptions: Sequence[Subscription], partners: Any
    ) -> None:
        self.workroom = workroom
        self.partners = partners
        self._by_type: Mapping[str, Subscription] = {
            subscription.entry.type: subscription for subscription in subscriptions
        }
        self._majors = {name.rpartition(".v")[0] for name in self._by_type}

    @property
    def topics(self) -> list[str]:
        return sorted({subscription.entry.topic for subscription in self._by_type.values()})

    def read(self, incoming: Incoming) -> Read | None:
        """The record as a fact, or with its trouble; None where it is none of our business."""
        if incoming.value is None:  # a tombstone is legal
            return None
        try:
            heard = decode(key=incoming.key, headers=incoming.headers, value=incoming.value)
        except UnknownTypeError:
            self._count("unknown_type", incoming)
            return None
        except UnknownMajorError as error:
            if error.event_type.rpartition(".v")[0] in self._majors:
                self._count("unknown_major", incoming)
            return None
        except UndecodableError as error:
            return Read(incoming, None, error.reason)
        if heard.envelope.event_type not in self._by_type:
            return None
        return Read(incoming, heard)

    def _count(self, outcome: str, incoming: Incoming) -> None:
        telemetry.metrics.events_skipped.labels(
            self.workroom.service, incoming.topic, outcome
        ).inc()

    async def fetch(self, reads: Sequence[Read]) -> dict[UUID, Any]:
        """Ask owners for what applying needs, before any transaction; event id → answer.

        Raises:
            Unavailable: an owner is down; the records wait.
        """
        fetched: dict[UUID, Any] = {}
        by_type: dict[str, list[Heard[Fact]]] = {}
        for heard in _heard(reads):
            by_type.setdefault(heard.envelope.event_type, []).append(heard)
        for kind, several in by_type.items():
            ask = self._by_type[kind].fetch
            if ask is not None:
                fetched |= await ask(self.partners, several)
        return fetched

    async def apply(
        self, reads: Sequence[Read], fetched: Mapping[UUID, Any], *, draining: bool = False
    ) -> int:
        """Apply a batch in one transaction; return how many events had an effect.

        `draining` applies events although their key is parked: they are the parked ones.

        Raises:
            Whatever a handler raises; then nothing of the batch has happened.
        """
        room = self.workroom
        async with room.database.connect() as connection, connection.begin() as transaction:
            sorted_out = await self._sort(connection, [] if draining else reads)
            if draining:
                sorted_out.apply = await self._drop_known(connection, reads)
            await self._park(connection, sorted_out.park)
            told = await self._apply_new(connection, sorted_out.apply, fetched)
            room.runtime.fail_point(FailPoint.CONSUMER_BEFORE_COMMIT)
            await transaction.commit()
        room.runtime.fail_point(FailPoint.CONSUMER_AFTER_COMMIT)
        if told:
            room.nudge()
        return len(sorted_out.apply)

    async def _sort(self, connection: AsyncConnection, reads: Sequence[Read]) -> Sorted:
        tables = self.workroom.tables
        held = await parked_keys(
            connection, tables, [(read.incoming.topic, read.incoming.key) for read in reads]
        )
        sorted_out = Sorted()
        for read in reads:
            subject = (read.incoming.topic, read.incoming.key)
            if subject in held:
                sorted_out.park.append((read.incoming, read.trouble or BEHIND))
            elif read.heard is None:
                held.add(subject)
                sorted_out.park.append((read.incoming, read.trouble or "could not be read"))
            else:
                sorted_out.apply.append(read)
        sorted_out.apply = await self._drop_known(connection, sorted_out.apply)
        return sorted_out

    async def _drop_known(self, connection: AsyncConnection, reads: Sequence[Read]) -> list[Read]:
        ids = [heard.envelope.event_id for heard in _heard(reads)]
        new = await remember(connection, self.workroom.tables, ids)
        kept = []
        for read, event_id in zip(reads, ids, strict=True):
            if event_id in new:
                new.discard(event_id)
                kept.append(read)
        if len(kept) < len(reads):
            telemetry.metrics.events_duplicate.labels(self.workroom.service).inc(
                len(reads) - len(kept)
            )
        return kept

    async def _park(
        self, connection: AsyncConnection, records: Sequence[tuple[Incoming, str]]
    ) -> None:
        by_organization: dict[UUID, list[tuple[Incoming, str]]] = {}
        for incoming, reason in records:
            by_organization.setdefault(_organization_named(incoming), []).append((incoming, reason))
        for organization_id, several in by_organization.items():
            await choose_organization(connection, organization_id)
            await park(
                connection,
                self.workroom.tables,
                organization_id=organization_id,
                records=several,
                parked_at=self.workroom.runtime.now(),
            )
            telemetry.metrics.events_parked.labels(self.workroom.service).inc(len(several))

    async def _apply_new(
        self, connection: AsyncConnection, reads: Sequence[Read], fetched: Mapping[UUID, Any]
    ) -> int:
        told = 0
        for organization_id, several in _by_organization(_heard(reads)).items():
            await choose_organization(connection, organization_id)
            for kind, run in groupby(several, key=lambda heard: heard.envelope.event_type):
                facts = list(run)
                work = self.workroom.work_on(
                    connection, organization_id, cause=Cause.of(facts[0].envelope)
                )
                with telemetry.handling(kind, [heard.envelope.traceparent for heard in facts]):
                    await self._by_type[kind].apply(work, facts, fetched)
                    told += await work.write_told()
        return told

    async def park_alone(self, read: Read, reason: str) -> None:
        """Park one event that keeps failing, in a transaction of its own."""
        room = self.workroom
        async with room.database.connect() as connection, connection.begin() as transaction:
            await self._park(connection, [(read.incoming, reason)])
            await transaction.commit()


def _heard(reads: Iterable[Read]) -> list[Heard[Fact]]:
    return [read.heard for read in reads if read.heard is not None]


def _by_organization(heard: Iterable[Heard[Fact]]) -> dict[UUID, list[Heard[Fact]]]:
    # a key belongs to one organization, so grouping keeps each key's order
    grouped: dict[UUID, list[Heard[Fact]]] = {}
    for one in heard:
        grouped.setdefault(one.envelope.organization_id, []).append(one)
    return grouped


def _organization_named(incoming: Incoming) -> UUID:
    try:
        return UUID(incoming.headers["ce_organization"].decode())
    except (KeyError, ValueError):
        return NO_ORGANIZATION
