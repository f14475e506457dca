"""I7 and I8: the topics hold exactly what the logs hold, each key in its order."""

from collections.abc import Sequence
from uuid import UUID

from cleanclaim.events.catalog import TOPICS
from cleanclaim.verify.look import Look
from cleanclaim.verify.places import SERVICES
from cleanclaim.verify.rules import own
from cleanclaim.verify.snapshots import BATCH
from cleanclaim.verify.verdicts import Breach, Seen

OLDEST_MINUTES = 15
"""Older than this, a fact in an outbox is no longer on its way: the relay is stuck."""


async def outbox_and_topics_agree(look: Look) -> Seen:
    """Outboxes drain, no fact is missing from its topic, no record is missing from the log."""
    counts = {"records": look.index.count(), "facts": 0, "in outboxes": 0}
    breach = None
    for service in SERVICES:
        waiting, stuck = await _outbox(look, service)
        counts["in outboxes"] += waiting
        counts["facts"] += await look.snapshots[service].count(
            f"SELECT count(*) FROM {service}.event_log WHERE {own()}",  # noqa: S608
            look.organization,
        )
        breach = breach or stuck or await _ghost(look, service) or await _unpublished(look, service)
    return Seen(counts, breach)


async def _outbox(look: Look, service: str) -> tuple[int, Breach | None]:
    (row,) = await look.snapshots[service].rows(
        f"SELECT count(*) AS many, count(*) FILTER (WHERE l.id IS NULL) AS orphans,"  # noqa: S608
        f" count(*) FILTER (WHERE l.recorded_at < now() - interval '{OLDEST_MINUTES} minutes')"
        f" AS old, min(o.event_id::text) AS first FROM {service}.outbox o"
        f" LEFT JOIN {service}.event_log l ON l.id = o.event_id WHERE l.id IS NULL OR {own('l.')}",
        look.organization,
    )
    what = None
    if row["orphans"]:
        what = f"{row['orphans']} queued events are not in the log"
    elif row["old"]:
        what = f"{row['old']} facts wait for the relay for more than {OLDEST_MINUTES} minutes"
    elif row["many"] and look.wish.settled:
        what = f"{row['many']} facts still wait for the relay"
    where = f"{service}.outbox event {row['first']}"
    return row["many"], Breach(what=what, where=where) if what else None


async def _ghost(look: Look, service: str) -> Breach | None:
    """A record without its fact in the log, or another than the log says."""
    planted = set(look.wish.journal.planted)
    for topic in _topics_of(service):
        for batch in look.index.early_events(topic, BATCH):
            ours = [one for one in batch if one[0] not in planted]
            logged = {
                row["id"]: (str(row["aggregateid"]), row["aggregate_version"])
                for row in await look.snapshots[service].rows(
                    "SELECT id, aggregateid, aggregate_version"  # noqa: S608
                    f" FROM {service}.event_log WHERE id = ANY($1::uuid[]) AND topic = $2",
                    [one[0] for one in ours],
                    topic,
                )
            }
            for event_id, key, sequence in ours:
                if logged.get(event_id) != (key, sequence):
                    what = (
                        "a record has another key or number than its fact in the log"
                        if event_id in logged
                        else "a record is in the topic and in no log: a ghost"
                    )
                    return Breach(what=what, where=f"topic {topic}, event {event_id}, key {key}")
    return None


async def _unpublished(look: Look, service: str) -> Breach | None:
    for topic in _topics_of(service):
        compacted = TOPICS[topic].compacted
        if look.index.is_cut(topic) and not compacted:
            continue  # older records have expired, as the operator chose
        newest = "DISTINCT ON (l.aggregateid)" if compacted else ""
        order = "ORDER BY l.aggregateid, l.aggregate_version DESC" if compacted else ""
        statement = (
            f"SELECT {newest} l.id, l.aggregateid FROM {service}.event_log l"  # noqa: S608
            f" LEFT JOIN {service}.outbox o ON o.event_id = l.id"
            f" WHERE {own('l.')} AND l.topic = $2 AND o.event_id IS NULL {order}"
        )
        async for rows in look.snapshots[service].batches(statement, look.organization, topic):
            keys = {row["id"]: row["aggregateid"] for row in rows}
            if absent := look.index.absent(list(keys)):
                return _lost(topic, absent, keys[absent[0]])
    return None


def _lost(topic: str, absent: Sequence[UUID], key: UUID) -> Breach:
    return Breach(
        what=f"{len(absent)} facts left the outbox and are not in their topic",
        where=f"topic {topic}, event {absent[0]}, key {key}",
    )


def _topics_of(service: str) -> list[str]:
    return [name for name, topic in TOPICS.items() if topic.teller == service]


async def keys_are_in_order(look: Look) -> Seen:
    """The first record of each fact comes in the order of its key's numbers."""
    found = look.index.disorder(look.wish.journal.planted)
    breach = None
    if found:
        topic, key, number, before = found
        breach = Breach(
            what=f"number {number} of a key comes after number {before}, or on another partition",
            where=f"topic {topic}, key {key}",
        )
    return Seen({"records": look.index.count()}, breach)
