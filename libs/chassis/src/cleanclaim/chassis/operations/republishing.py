"""Sends facts of a service's own log to a new topic: same ids, same bytes, in order per key."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from cleanclaim.chassis.broker import Outgoing, Publisher, create_topics
from cleanclaim.chassis.context import ServiceContext
from cleanclaim.chassis.operations.reports import reporting
from cleanclaim.chassis.operations.stream import administering, answering
from cleanclaim.chassis.tables import PlatformTables
from cleanclaim.events.catalog import TOPICS, Topic, topics_told_by
from cleanclaim.values.errors import Conflict, Invalid, Missing

BATCH = 500


class TopicNotTold(Missing):
    """The service tells nothing on that topic, so its log holds nothing of it."""


class TopicInUse(Conflict):
    """The topic to be filled is one that services hear, or it exists already."""


class TopicNameInvalid(Invalid):
    """The broker or our rules do not take a topic of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a service's log holds of one topic."""

    topic: str
    facts: int
    keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Republishing:
    """How far it is: facts sent of those there were when it began."""

    sent: int
    total: int


async def kept_of(connection: AsyncConnection, tables: PlatformTables, topic: str) -> Kept:
    """How many facts and keys of a topic the log holds."""
    log = tables.event_log
    found = await connection.execute(
        select(func.count(), func.count(func.distinct(log.c.aggregateid))).where(
            log.c.topic == topic
        )
    )
    facts, keys = found.one()
    return Kept(topic=topic, facts=facts, keys=keys)


def told_topic(service: str, topic: str) -> Topic:
    """The topic in the catalogue.

    Raises:
        TopicNotTold: the service tells nothing on it.
    """
    told = {one.name: one for one in topics_told_by(service)}
    if topic not in told:
        raise TopicNotTold(
            f"{service} tells nothing on {topic}; it tells on {', '.join(sorted(told))}.",
            pointer="/topic",
        )
    return told[topic]


async def prepare_topic(
    context: ServiceContext, *, source: Topic, name: str, partitions: int, existing: bool
) -> None:
    """Make the topic to be filled, or take the one that is there where `existing` allows it.

    Raises:
        TopicInUse: services hear it, or it is there and `existing` was not said.
        BrokerUnavailable: the broker does not answer, or does not let this service make topics.
    """
    if name in TOPICS:
        raise TopicInUse(
            f"{name} is a topic that services hear; filling it again would tell everything twice.",
            pointer="/to_topic",
            fix="Choose a new name, such as the old one with a suffix.",
        )
    servers = context.settings.kafka_bootstrap_servers
    async with answering(), administering(servers) as admin:
        there = name in await admin.list_topics()
    if there and not existing:
        raise TopicInUse(
            f"The topic {name} exists.",
            pointer="/to_topic",
            fix="Choose a new name, or allow an existing topic to go on where a run broke off.",
        )
    if not there:
        new = Topic(
            name=name, teller=source.teller, partitions=partitions, compacted=source.compacted
        )
        await create_topics(servers, [new])


async def republish(
    context: ServiceContext, *, topic: str, name: str
) -> AsyncIterator[Republishing]:
    """Send every fact of `topic` in the log to the topic `name`; yields its progress.

    It reads the log by (key, number), so each key's order is kept and memory stays small; no
    transaction is open while it sends. What is told meanwhile may or may not be among it: stop
    the relay first where the new topic shall replace the old. To run again sends the same ids.

    Raises:
        BrokerUnavailable: the broker took no records; run again.
    """
    publisher = Publisher(
        context.settings.kafka_bootstrap_servers, client_id=f"{context.service}-republish"
    )
    tables, sent, place = context.workroom.tables, 0, None
    async with reporting(context) as connection:
        total = (await kept_of(connection, tables, topic)).facts
    yield Republishing(sent=0, total=total)
    try:
        while True:
            async with reporting(context) as connection:
                rows = await _facts_after(connection, tables, topic, place)
            if not rows:
                return
            await publisher.publish([_outgoing(name, row) for row in rows])
            place = (rows[-1].aggregateid, rows[-1].aggregate_version)
            sent += len(rows)
            yield Republishing(sent=sent, total=max(total, sent))
    finally:
        await publisher.close()


async def _facts_after(
    connection: AsyncConnection,
    tables: PlatformTables,
    topic: str,
    place: tuple[UUID, int] | None,
) -> list[Any]:
    log = tables.event_log
    statement = (
        select(
            log.c.aggregateid,
            log.c.aggregate_version,
            log.c.headers,
            cast(log.c.payload, Text).label("payload"),
        )
        .where(log.c.topic == topic)
        .order_by(log.c.aggregateid, log.c.aggregate_version)
        .limit(BATCH)
    )
    if place is not None:
        statement = statement.where(
            tuple_(log.c.aggregateid, log.c.aggregate_version) > tuple_(*place)
        )
    return list(await connection.execute(statement))


def _outgoing(topic: str, row: Any) -> Outgoing:
    return Outgoing(
        topic=topic,
        key=str(row.aggregateid).encode(),
        headers=[(name, value.encode()) for name, value in row.headers.items()],
        value=row.payload.encode(),
    )
