"""Applies a batch of records in one transaction: each event once, organization by organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.inbox import (
    Incoming,
    Patience,
    begin,
    park,
    remember,
    settled_by_people,
)
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.chassis.work import NO_ORGANIZATION, Workroom, choose_organization
from cleanclaim.events.catalog import entry_named, stem_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.majors import lifted, lineage
from cleanclaim.events.wire import (
    Heard,
    UndecodableError,
    UnknownMajorError,
    UnknownTypeError,
    decode,
)

BEHIND = "waits behind a parked event of its key"
MOST_VALUE_BYTES = 1_048_576
"""A larger value is parked unread; Kafka itself takes none that large unless it is told to."""


@dataclass(frozen=True, slots=True)
class Read:
    """A record after reading: a fact to apply, or the reason why it must be parked."""

    incoming: Incoming
    heard: Heard[Fact] | None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a batch: events with an effect, and events refused for their own sake."""

    applied: int
    refused: int


@dataclass(slots=True)
class Sorted:
    """A batch sorted into what is applied and what is parked, in order."""

    apply: list[Read] = field(default_factory=list)
    park: list[tuple[Incoming, str]] = field(default_factory=list)


class BatchApplier:
    """Reads, sorts and applies records for one service's subscriptions."""

    def __init__(
        self,
        *,
        workroom: Workroom,
        subscriptions: Sequence[Subscription],
        partners: Any,
        patience: Patience | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self.workroom = workroom
        self.partners = partners
        self._by_type: Mapping[str, Subscription] = {
            subscription.entry.type: subscription for subscription in subscriptions
        }
        self._stems = {subscription.entry.stem for subscription in subscriptions}
        if len(self._stems) < len(self._by_type):
            raise ValueError("hear one major of a fact: older ones are lifted to it")
        self._model_for = {
            older.type: subscription.model
            for subscription in subscriptions
            for older in lineage(subscription.entry)
        }

        self._heard_names = frozenset(name.encode() for name in self._model_for)

    @property
    def topics(self) -> list[str]:
        return sorted({subscription.entry.topic for subscription in self._by_type.values()})

    def read(self, incoming: Incoming) -> Read | None:
        """The record as a fact, or with its trouble; None where it is none of our business."""
        if incoming.value is None:  # a tombstone is legal
            self._count("tombstone", incoming)
            return None
        if self._is_for_others(incoming):
            return None
        try:
            heard = _decoded(incoming, incoming.value)
            return Read(incoming, _as(self._model_for[heard.envelope.event_type], heard))
        except UnknownTypeError:
            self._count("unknown_type", incoming)
            return None
        except UnknownMajorError as error:
            if stem_of(error.event_type) in self._stems:
                self._count("unknown_major", incoming)
            return None
        except UndecodableError as error:
            return Read(incoming, None, error.reason)

    def _is_for_others(self, incoming: Incoming) -> bool:
        """Whether its header names a known contract that is not heard here: it is not judged."""
        kind = incoming.headers.get("ce_type", b"")
        return (
            kind not in self._heard_names and entry_named(kind.decode(errors="replace")) is not None
        )

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
            if ask is None:
                continue
            with telemetry.fetching(kind, [heard.envelope.traceparent for heard in several]):
                fetched |= await ask(self.partners, several)
        return fetched

    async def apply(
        self, reads: Sequence[Read], fetched: Mapping[UUID, Any], *, draining: bool = False
    ) -> Outcome:
        """Apply a batch in one transaction.

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
        refused = sum(reason != BEHIND for _, reason in sorted_out.park)
        return Outcome(applied=len(sorted_out.apply), refused=refused)

    async def _sort(self, connection: AsyncConnection, reads: Sequence[Read]) -> Sorted:
        tables = self.workroom.tables
        subjects = [(read.incoming.topic, read.incoming.key) for read in reads]
        held = await begin(connection, tables, self._patience, subjects)
        settled = await self._settled(connection, [one for one in reads if one.heard is None])
        sorted_out = Sorted()
        for read, subject in zip(reads, subjects, strict=True):
            if subject in held:
                sorted_out.park.append((read.incoming, read.trouble or BEHIND))
            elif read.incoming in settled:
                continue
            elif read.heard is None:
                held.add(subject)
                sorted_out.park.append((read.incoming, read.trouble or "could not be read"))
            else:
                sorted_out.apply.append(read)
        sorted_out.apply = await self._drop_known(connection, sorted_out.apply)
        return sorted_out

    async def _settled(
        self, connection: AsyncConnection, unreadable: Sequence[Read]
    ) -> list[Incoming]:
        """Unreadable records on which people have decided already, when they come again."""
        settled = []
        for organization_id in {_organization_named(one.incoming) for one in unreadable}:
            await choose_organization(connection, organization_id)
            records = [
                one.incoming
                for one in unreadable
                if _organization_named(one.incoming) == organization_id
            ]
            places = await settled_by_people(connection, self.workroom.tables, records)
            settled += [
                one for one in records if (one.topic, one.partition, one.position) in places
            ]
        return settled

    async def _drop_known(self, connection: AsyncConnection, reads: Sequence[Read]) -> list[Read]:
        ids = [heard.envelope.event_id for heard in _heard(reads)]
        known = await remember(connection, self.workroom.tables, ids)
        kept = []
        for read, event_id in zip(reads, ids, strict=True):
            if event_id not in known:
                known.add(event_id)
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

    async def apply_on(
        self, connection: AsyncConnection, reads: Sequence[Read], fetched: Mapping[UUID, Any]
    ) -> int:
        """Apply on a transaction that somebody else commits, heard before or not; facts told."""
        return await self._apply_new(connection, reads, fetched)

    async def park_alone(self, read: Read, reason: str) -> None:
        """Park one event that keeps failing, in a transaction of its own."""
        room = self.workroom
        async with room.database.connect() as connection, connection.begin() as transaction:
            await self._park(connection, [(read.incoming, reason)])
            await transaction.commit()


def _decoded(incoming: Incoming, value: bytes) -> Heard[Fact]:
    if len(value) > MOST_VALUE_BYTES:
        raise UndecodableError(f"the value is larger than {MOST_VALUE_BYTES:,} bytes")
    return decode(key=incoming.key, headers=incoming.headers, value=value)


def _as(model: type[Fact], heard: Heard[Fact]) -> Heard[Fact]:
    return heard if type(heard.fact) is model else lifted(heard, model)


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
