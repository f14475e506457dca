"""What must hold when the faults have stopped and the world has come to rest."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from .fake_broker import FakeBroker
from .model import BOOKS, MIRROR, ORDERS, folded

Log = dict[UUID, list[tuple[int, UUID, int]]]
"""By key: sequence, event id, value."""


@dataclass(slots=True)
class Journal:
    """What the driver asked for: done for certain, for certain not, or with an unknown end.

    Whom a lost session leaves in doubt does not know; whoever took it away knows what it did.
    """

    done: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


class Breach(AssertionError):  # noqa: N818 - an invariant that does not hold
    """An invariant does not hold."""


def must(holds: bool, invariant: str, *seen: object) -> None:
    """Raise Breach with what was seen, unless it holds."""
    if not holds:
        raise Breach(f"{invariant}: {', '.join(map(str, seen))}")


async def judge(admin: "asyncpg.Connection[Any]", broker: FakeBroker, journal: Journal) -> None:
    """Raise Breach at the first invariant that does not hold."""
    told = {service: await _log(admin, service) for service in (ORDERS, BOOKS)}
    values = Counter(value for rows in told[ORDERS].values() for _, _, value in rows)
    lost = [value for value in journal.done if not values[value]]
    must(not lost, "I5 what was accepted is told", lost)
    must(max(values.values(), default=1) == 1, "I6 nothing is told twice", values.most_common(2))
    ghosts = [value for value in journal.undone if values[value]]
    must(not ghosts, "I5 what was rolled back is not told", ghosts)
    possible = set(journal.done) | set(journal.unknown)
    must(set(values) <= possible, "I5 nothing is told that nobody asked for")
    for teller, hearer, topic in ((ORDERS, BOOKS, "directory"), (BOOKS, MIRROR, "intake")):
        await _heard_once(admin, told[teller], hearer)
        _in_topic(broker, told[teller], f"cleanclaim.{topic}")
    heard = {key: [value for _, _, value in rows] for key, rows in told[ORDERS].items()}
    again = {key: [value for _, _, value in rows] for key, rows in told[BOOKS].items()}
    must(heard == again, "I3 books tells of each event that it heard, in its order")
    for service in (ORDERS, BOOKS):
        left = await admin.fetchval(f"SELECT count(*) FROM {service}.outbox")
        must(left == 0, "I7 the outbox is drained", service, left)
    for service in (BOOKS, MIRROR):
        left = await admin.fetchval(
            f"SELECT count(*) FROM {service}.parked_events WHERE status = 'parked'"
        )
        keys = await admin.fetchval(f"SELECT count(*) FROM {service}.parked_keys")
        must((left, keys) == (0, 0), "I10 nothing stays parked", service, left, keys)


async def _log(admin: "asyncpg.Connection[Any]", service: str) -> Log:
    rows = await admin.fetch(
        f"SELECT aggregateid, aggregate_version, id, payload::text FROM {service}.event_log"
        " ORDER BY aggregateid, aggregate_version"
    )
    found: Log = defaultdict(list)
    for row in rows:
        body = json.loads(row["payload"])
        value = (
            body["patient_version"]
            if "patient_version" in body
            else int(body["versions"][0]["name"].removeprefix("Value "))
        )
        found[row["aggregateid"]].append((row["aggregate_version"], row["id"], value))
    for key, several in found.items():
        numbers = [number for number, _, _ in several]
        must(numbers == list(range(1, len(numbers) + 1)), "I4 sequences are gapless", key, numbers)
    return found


async def _heard_once(admin: "asyncpg.Connection[Any]", told: Log, hearer: str) -> None:
    expected = {}
    for key, rows in told.items():
        fold = 0
        for _, _, value in rows:
            fold = folded(fold, value)
        expected[key] = (fold, len(rows))
    kept = {
        row["id"]: (row["fold"], row["heard"])
        for row in await admin.fetch(f"SELECT id, fold, heard FROM {hearer}.folds")
    }
    wrong = {key: (kept.get(key), at) for key, at in expected.items() if kept.get(key) != at}
    must(kept == expected, f"I3 the state of {hearer} is the fold of its events", wrong)
    known = await admin.fetchval(f"SELECT count(*) FROM {hearer}.inbox")
    must(known == sum(map(len, told.values())), f"I6 {hearer} heard each event once", known)


def _in_topic(broker: FakeBroker, told: Log, topic: str) -> None:
    records = [one for at, log in broker.logs.items() if at.topic == topic for one in log]
    seen: dict[UUID, list[UUID]] = defaultdict(list)
    for record in records:
        seen[UUID(record.key.decode())].append(UUID(dict(record.headers)["ce_id"].decode()))
    for key, rows in told.items():
        first = list(dict.fromkeys(seen.pop(key, [])))
        must(
            first == [event_id for _, event_id, _ in rows],
            "I7 I8 the topic holds each event, in the order of its key",
            key,
        )
    must(not seen, "I7 the topic holds no event that was never committed", *seen)
