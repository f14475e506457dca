"""I10: what could not be applied is in one place, with a reason, and its key waits behind it."""

from uuid import UUID

from cleanclaim.verify.look import Look
from cleanclaim.verify.places import SERVICES
from cleanclaim.verify.rules import Rule, breach_of, own
from cleanclaim.verify.snapshots import Row
from cleanclaim.verify.verdicts import Breach, Seen

_NOBODY = "00000000-0000-0000-0000-000000000000"


def _rules(service: str) -> tuple[Rule, ...]:
    # what could not be read names no organization and belongs to all of them
    mine = f"({own('e.')} OR e.organization_id = '{_NOBODY}')"
    place = "e.topic || ' ' || e.partition || '/' || e.position AS id"
    return (
        Rule(
            service=service,
            table="parked_events",
            what="parked events without a reason, or in no known state",
            offenders=f"SELECT {place} FROM {service}.parked_events e WHERE {mine}"  # noqa: S608
            " AND (e.reason = '' OR e.status NOT IN ('parked', 'applied', 'skipped')"
            " OR (e.status = 'parked') <> (e.settled_at IS NULL)"
            " OR (e.status = 'skipped' AND e.settled_by IS NULL))",
        ),
        Rule(
            service=service,
            table="parked_events",
            what="events are parked and their key is not held back",
            offenders=f"SELECT {place} FROM {service}.parked_events e WHERE {mine}"  # noqa: S608
            f" AND e.status = 'parked' AND NOT EXISTS (SELECT FROM {service}.parked_keys k"
            " WHERE k.topic = e.topic AND k.key = e.key)",
        ),
        Rule(
            service=service,
            table="parked_keys",
            what="keys are held back and nothing of them is parked",
            offenders="SELECT k.topic || ' ' || encode(k.key, 'escape') AS id"  # noqa: S608
            f" FROM {service}.parked_keys k WHERE $1::uuid IS NULL AND NOT EXISTS (SELECT"
            f" FROM {service}.parked_events e WHERE e.topic = k.topic AND e.key = k.key"
            " AND e.status = 'parked')",
        ),
    )


async def parked_is_whole(look: Look) -> Seen:
    """Each parked item is in exactly one state, with a reason, and nothing of its key passed it."""
    counts = {"parked": 0, "settled": 0}
    breach = None
    for service in SERVICES:
        breach = breach or await breach_of(look, _rules(service))
        async for rows in look.snapshots[service].batches(
            "SELECT topic, encode(key, 'escape') AS key, partition, position, status"  # noqa: S608
            f" FROM {service}.parked_events e WHERE ({own()} OR organization_id = '{_NOBODY}')"
            " ORDER BY topic, key, position",
            look.organization,
        ):
            waiting = [row for row in rows if row["status"] == "parked"]
            counts["parked"] += len(waiting)
            counts["settled"] += len(rows) - len(waiting)
            for row in waiting:
                breach = (
                    breach or await _both(look, service, row) or await _passed(look, service, row)
                )
    return Seen(counts, breach)


async def _both(look: Look, service: str, row: Row) -> Breach | None:
    event_id = look.index.event_at(row["topic"], row["partition"], row["position"])
    if event_id is None or not await _applied(look, service, [event_id]):
        return None
    return Breach(
        what="an event is parked and applied as well", where=f"{service}.inbox {event_id}"
    )


async def _passed(look: Look, service: str, row: Row) -> Breach | None:
    """An event of the same key that was applied although an earlier one of it is parked."""
    later = look.index.later_of_key(row["topic"], row["key"], row["position"])
    applied = await _applied(look, service, [one[0] for one in later])
    if not applied:
        return None
    return Breach(
        what=f"{len(applied)} events were applied past a parked one of their key",
        where=f"{service}.parked_events {row['topic']} {row['partition']}/{row['position']},"
        f" event {applied[0]}",
    )


async def _applied(look: Look, service: str, ids: list[UUID]) -> list[UUID]:
    rows = await look.snapshots[service].rows(
        f"SELECT event_id FROM {service}.inbox WHERE event_id = ANY($1::uuid[])",  # noqa: S608
        ids,
    )
    return [row["event_id"] for row in rows]
