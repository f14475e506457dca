"""Parked events under people's hands: look at them, apply them in order again, or skip one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from cleanclaim.chassis import audit
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.inbox import Incoming, remember
from cleanclaim.chassis.work import Work, Workroom
from cleanclaim.values.errors import DomainError, Invalid, Missing

# member ids, record numbers, phone numbers, birth dates written together, mail addresses
_IDENTIFYING = re.compile(r"\d{6}|@")


class NoSuchParkedEvent(Missing):
    """No parked event has that number in this organization."""


class ReasonMissing(Invalid):
    """Skipping an event loses its effect for good, so it needs a reason."""


class ReasonNamesSomebody(Invalid):
    """A reason is read by people of no organization, so it must not identify a patient."""


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """A parked event as people see it: where it came from and why it stands; never its value."""

    id: int
    topic: str
    event_type: str | None
    reason: str
    status: str
    parked_at: datetime


async def parked_events(workroom: Workroom, organization_id: UUID) -> list[ParkedEvent]:
    """The parked events of one organization, oldest first."""
    async with workroom.reading(organization_id) as work:
        table = work.schema_tables.parked_events
        columns = (
            table.c.id, table.c.topic, table.c.event_type,
            table.c.reason, table.c.status, table.c.parked_at,
        )  # fmt: skip
        rows = await work.connection.execute(
            select(*columns).where(table.c.status == "parked").order_by(table.c.id)
        )
        return [ParkedEvent(*row) for row in rows]


async def retry_key(
    workroom: Workroom, applier: BatchApplier, organization_id: UUID, parked_id: int
) -> int:
    """Apply the parked events of one event's key again, in order; return how many passed.

    Stops at the first that fails again; the key then stays parked with the new reason.

    Raises:
        NoSuchParkedEvent: there is none of that number.
    """
    waiting = await _waiting(workroom, organization_id, parked_id)
    for number, (event_number, incoming) in enumerate(waiting):
        trouble = await _trouble_applying(applier, incoming)
        if trouble is not None:
            await _reason_again(workroom, organization_id, event_number, trouble)
            return number
        await _settle(workroom, organization_id, event_number)
    await _unlock_if_empty(workroom, organization_id, waiting[0][1])
    return len(waiting)


async def _trouble_applying(applier: BatchApplier, incoming: Incoming) -> str | None:
    read = applier.read(incoming)
    if read is None:
        return None
    if read.heard is None:
        return read.trouble
    try:
        await applier.apply([read], await applier.fetch([read]), draining=True)
    except DomainError as error:
        return f"{error.kind}: {error.code}: {error.message}"
    except Exception as error:  # noqa: BLE001 - any failure keeps the event parked
        return f"failed: {type(error).__name__}"
    return None


async def skip_event(
    workroom: Workroom,
    organization_id: UUID,
    parked_id: int,
    *,
    by: Principal,
    because: str,
) -> None:
    """Leave one parked event out for good; the rest of its key is retried by `retry_key`.

    Who did it and why stands with the event and in the audit log, in the same transaction.

    Raises:
        ReasonMissing: no reason was given.
        ReasonNamesSomebody: it holds a long number or an address.
        NoSuchParkedEvent: there is none of that number.
    """
    if not because.strip():
        raise ReasonMissing("say why the event is skipped", fix="give a reason")
    if _IDENTIFYING.search(because):
        raise ReasonNamesSomebody(
            "the reason holds a number of six or more digits, or an @",
            pointer="/because",
            fix="say why in words that identify nobody; name a ticket by a shorter number",
        )
    waiting = await _waiting(workroom, organization_id, parked_id)
    skipped = next(incoming for number, incoming in waiting if number == parked_id)
    async with workroom.work(organization_id, principal=by) as work:
        await _mark(work, parked_id, status="skipped", by=by.subject, because=because)
        await audit.record(
            work, action="skip", resource=f"parked_event:{parked_id}", purpose=because
        )
        await _never_apply(work, skipped)
    await _unlock_if_empty(workroom, organization_id, waiting[0][1])


async def _never_apply(work: Work, skipped: Incoming) -> None:
    """Have the inbox know a skipped event, so that it has no effect when it comes again."""
    try:
        event_id = UUID(skipped.headers["ce_id"].decode())
    except (KeyError, ValueError):
        return  # an unreadable one is known by its place in the topic
    await remember(work.connection, work.schema_tables, [event_id])


async def _waiting(
    workroom: Workroom, organization_id: UUID, parked_id: int
) -> list[tuple[int, Incoming]]:
    async with workroom.reading(organization_id) as work:
        table = work.schema_tables.parked_events
        named = await work.connection.execute(
            select(table.c.topic, table.c.key).where(
                table.c.id == parked_id, table.c.status == "parked"
            )
        )
        subject = named.first()
        if subject is None:
            raise NoSuchParkedEvent(f"no parked event {parked_id}")
        rows = await work.connection.execute(
            select(table)
            .where(
                table.c.topic == subject.topic,
                table.c.key == subject.key,
                table.c.status == "parked",
            )
            .order_by(table.c.id)
        )
        return [(row["id"], _incoming(row)) for row in rows.mappings()]


def _incoming(row: Any) -> Incoming:
    return Incoming(
        topic=row["topic"],
        partition=row["partition"],
        position=row["position"],
        key=bytes(row["key"]),
        headers={name: value.encode() for name, value in row["headers"].items()},
        value=bytes(row["value"]),
    )


async def _unlock_if_empty(workroom: Workroom, organization_id: UUID, incoming: Incoming) -> None:
    """Let the key flow again, unless something parked behind it in the meantime."""
    async with workroom.work(organization_id) as work:
        keys, events = work.schema_tables.parked_keys, work.schema_tables.parked_events
        waiting = exists().where(
            events.c.topic == keys.c.topic, events.c.key == keys.c.key, events.c.status == "parked"
        )
        await work.connection.execute(
            delete(keys).where(keys.c.topic == incoming.topic, keys.c.key == incoming.key, ~waiting)
        )


async def _reason_again(
    workroom: Workroom, organization_id: UUID, parked_id: int, reason: str
) -> None:
    async with workroom.work(organization_id) as work:
        table = work.schema_tables.parked_events
        await work.connection.execute(
            update(table).where(table.c.id == parked_id).values(reason=reason)
        )


async def _settle(workroom: Workroom, organization_id: UUID, parked_id: int) -> None:
    async with workroom.work(organization_id) as work:
        await _mark(work, parked_id, status="applied")


async def _mark(
    work: Work, parked_id: int, *, status: str, by: str | None = None, because: str | None = None
) -> None:
    table = work.schema_tables.parked_events
    await work.connection.execute(
        update(table)
        .where(table.c.id == parked_id)
        .values(status=status, settled_at=work.now, settled_by=by, settled_because=because)
    )


def as_lines(events: Sequence[ParkedEvent]) -> list[str]:
    """Parked events as a command prints them."""
    return [
        f"{event.id}\t{event.parked_at:%Y-%m-%dT%H:%M:%SZ}\t{event.topic}"
        f"\t{event.event_type or '-'}\t{event.reason}"
        for event in events
    ]
