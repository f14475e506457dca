"""I5: what was accepted is found downstream: requests of a journal, and every fact told."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from cleanclaim.events.catalog import heard_by, told_by
from cleanclaim.verify.look import Look
from cleanclaim.verify.places import SERVICES
from cleanclaim.verify.rules import own
from cleanclaim.verify.snapshots import Row
from cleanclaim.verify.verdicts import Breach, Seen


async def nothing_is_lost(look: Look) -> Seen:
    """Each fact is applied, parked or still on its way at every listener; each request is there."""
    counts = {"facts": 0, "deliveries": 0, "on their way": 0, "requests": len(look.wish.journal)}
    breach = await _requests(look)
    for teller in SERVICES:
        async for rows in _published(look, teller):
            counts["facts"] += len(rows)
            for listener in SERVICES:
                heard = _for(listener, rows)
                counts["deliveries"] += len(heard)
                lost, waiting = await _lost(look, listener, heard)
                counts["on their way"] += waiting
                breach = breach or lost
    return Seen(counts, breach)


def _for(listener: str, rows: Sequence[Row]) -> list[UUID]:
    types = {entry.type for entry in heard_by(listener)}
    return [row["id"] for row in rows if row["type"] in types]


async def _published(look: Look, teller: str) -> AsyncIterator[list[Row]]:
    """Facts that have left the outbox, in batches."""
    statement = (
        f"SELECT l.id, l.type FROM {teller}.event_log l LEFT JOIN {teller}.outbox o"  # noqa: S608
        f" ON o.event_id = l.id WHERE {own('l.')} AND o.event_id IS NULL"
    )
    if not any(entry.listeners for entry in told_by(teller)):
        return
    async for rows in look.snapshots[teller].batches(statement, look.organization):
        yield rows


async def _lost(look: Look, listener: str, heard: Sequence[UUID]) -> tuple[Breach | None, int]:
    """The first of these events that the listener passed over, and how many are to come."""
    if not heard:
        return None, 0
    missing = await look.snapshots[listener].rows(
        f"SELECT t.id FROM unnest($1::uuid[]) AS t(id) WHERE NOT EXISTS"  # noqa: S608
        f" (SELECT FROM {listener}.inbox i WHERE i.event_id = t.id)",
        heard,
    )
    ids = [row["id"] for row in missing]
    waiting = 0
    places = look.index.places(ids)
    for event_id in ids:
        lies_at = places.get(event_id)
        if lies_at is None:
            continue  # not in any topic: that is I7's to judge
        passed = [one for one in lies_at if one[2] < look.progress.reached(listener, *one[:2])]
        if not passed:
            waiting += 1
            if look.wish.settled:
                return _breach(listener, event_id, lies_at[0], "has not been applied yet"), waiting
        elif not await _parked(look, listener, passed):
            return _breach(listener, event_id, passed[0], "was passed over"), waiting
    return None, waiting


def _breach(listener: str, event_id: UUID, place: tuple[str, int, int], what: str) -> Breach:
    topic, partition, position = place
    return Breach(
        what=f"a fact for {listener} {what}: neither in its inbox nor parked",
        where=f"topic {topic} partition {partition} offset {position}, event {event_id}",
    )


async def _parked(
    look: Look, listener: str, places: Sequence[tuple[str, int, int]], status: str | None = None
) -> bool:
    (row,) = await look.snapshots[listener].rows(
        f"SELECT count(*) FROM {listener}.parked_events e JOIN unnest($1::text[], $2::int[],"  # noqa: S608
        " $3::bigint[]) AS t(topic, partition, position) ON e.topic = t.topic"
        " AND e.partition = t.partition AND e.position = t.position"
        " WHERE $4::text IS NULL OR e.status = $4",
        [one[0] for one in places],
        [one[1] for one in places],
        [one[2] for one in places],
        status,
    )
    return bool(row[0])


async def _requests(look: Look) -> Breach | None:
    """Every `ok` is found, every `unknown` at most once, every `fail` nowhere."""
    return await _encounters(look) or await _files(look) or await _planted(look)


async def _encounters(look: Look) -> Breach | None:
    entries = list(look.wish.journal.of("encounter", look.organization))
    for organization in sorted({one.organization_id for one in entries}):
        mine = [one for one in entries if one.organization_id == organization]
        found = {
            row["id"]
            for row in await look.snapshots["intake"].rows(
                "SELECT id FROM intake.encounters WHERE organization_id = $1", UUID(organization)
            )
        }
        accepted = {UUID(one.reference) for one in mine if one.outcome == "ok" and one.reference}
        unknown = sum(one.outcome == "unknown" for one in mine)
        if lost := sorted(accepted - found):
            return Breach(
                what=f"{len(lost)} encounters were accepted and are not there",
                where=f"intake.encounters {lost[0]}",
            )
        if len(extra := sorted(found - accepted)) > unknown:
            return Breach(
                what=f"{len(extra)} encounters are there that nobody was told of, and only"
                f" {unknown} requests ended without an answer",
                where=f"intake.encounters {extra[0]}",
            )
    return None


async def _files(look: Look) -> Breach | None:
    for one in look.wish.journal.of("file", look.organization):
        many = await look.snapshots["remittance"].count(
            "SELECT count(*) FROM remittance.event_log WHERE organization_id = $1"
            " AND type = 'cleanclaim.remittance.RemittanceReceived.v1'"
            " AND payload ->> 'file_digest' = $2",
            UUID(one.organization_id),
            one.reference,
        )
        if (one.outcome == "ok" and not many) or (one.outcome == "fail" and many):
            return Breach(
                what=f"a remittance file that ended as {one.outcome} was told {many} times",
                where=f"remittance.event_log RemittanceReceived, file_digest {one.reference}",
            )
    return None


async def _planted(look: Look) -> Breach | None:
    entries = look.wish.journal.of("record", look.organization)
    planted = [UUID(one.reference) for one in entries if one.outcome == "fail" and one.reference]
    for service in SERVICES:
        rows = await look.snapshots[service].rows(
            f"SELECT event_id FROM {service}.inbox WHERE event_id = ANY($1)",  # noqa: S608
            planted,
        )
        ids = [row["event_id"] for row in rows]
        places = look.index.places(ids)
        # a skipped event is remembered too, so that it has no effect when it comes again
        applied = [
            one for one in ids if not await _parked(look, service, places.get(one, ()), "skipped")
        ]
        if applied:
            return Breach(
                what=f"{len(applied)} records that no service told were applied",
                where=f"{service}.inbox {applied[0]}",
            )
    return None
