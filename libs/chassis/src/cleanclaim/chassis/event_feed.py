"""The event log as a feed for readers without Kafka: nothing lost, order kept for each key.

Transactions commit in another order than they write, so neither a time nor a number alone may be
the place where a reader stopped: what commits late would lie behind it. The place is therefore a
window between two PostgreSQL snapshots: a window holds every fact that the newer snapshot sees and
the older does not, whenever it was written, in the order of telling. A fact is told while the row
that counts its key is locked, so a snapshot that sees a key's later fact sees its earlier ones.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from cleanclaim.chassis.pages import PAGE_TOKEN_LONGEST, PageTokenInvalid, page_token, place_in
from cleanclaim.chassis.work import Work
from cleanclaim.events.catalog import entry_named, told_by
from cleanclaim.values.errors import Invalid

LONGEST_CURSOR = 16 * PAGE_TOKEN_LONGEST
"""A snapshot lists the transactions under way; a busy server has hundreds."""
_SNAPSHOT = re.compile(r"(\d{1,19}):(\d{1,19}):((?:\d{1,19},)*\d{1,19})?", re.ASCII)


class CursorInvalid(Invalid):
    """The cursor was not made by this API."""


class CursorOfAnotherReading(Invalid):
    """The cursor belongs to another service, organization or choice of types.

    Its place means nothing here: facts would be left out without a word.
    """


class EventTypeNotTold(Invalid):
    """The service tells no fact of that type, so nothing would ever come."""


class CursorFromAnotherLife(Invalid):
    """The database was made anew after the cursor was given out (a dump was loaded)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a reader stopped.

    `seen` is the snapshot up to which everything was read, "" at the very beginning; `window` the
    snapshot that ends the window under way, "" where a new one is to be opened; `position` the
    last one read within it. `reading` names what is read: service, organization and types.
    """

    seen: str = ""
    window: str = ""
    position: int = 0
    reading: str = ""

    def as_token(self) -> str:
        return page_token([self.seen, self.window, self.position, self.reading])

    @classmethod
    def of(cls, token: str | None) -> "Cursor":
        """Raises CursorInvalid where this API did not make the token."""
        try:
            place = place_in(token, _snapshot_of, _snapshot_of, int, str)
        except PageTokenInvalid:
            raise CursorInvalid(
                "the cursor is not one that this API made",
                pointer="/cursor",
                fix="send next_cursor of the answer before, whole, or leave it out to begin anew",
            ) from None
        if place is None:
            return cls()
        return cls(seen=place[0], window=place[1], position=place[2], reading=place[3])


def _snapshot_of(word: str) -> str:
    """A snapshot as PostgreSQL writes it, or "" for none. Raises ValueError."""
    if word == "":
        return word
    found = _SNAPSHOT.fullmatch(word)
    if found is None:
        raise ValueError("no snapshot")
    under_way = [int(one) for one in (found[3] or "").split(",") if one]
    places = [int(found[1]), *under_way, int(found[2])]
    if places != sorted(places) or places[0] < 1 or places[-1] >= 2**63:
        raise ValueError("no snapshot")
    return word


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Bodies as they stand on the topics, and where to go on."""

    bodies: Sequence[str]
    cursor: Cursor
    has_more: bool


async def latest(work: Work, *, types: Sequence[str] = ()) -> Cursor:
    """The end of the feed: what is told from now on comes next.

    Raises:
        EventTypeNotTold: the service tells no fact of one of the types.
    """
    return Cursor(seen=await _snapshot(work), reading=_reading(work, types))


async def read_feed(
    work: Work, cursor: Cursor, *, types: Sequence[str] = (), limit: int = 100
) -> FeedPage:
    """The next facts of the work's organization, at most `limit`, all types where none is named.

    Raises:
        EventTypeNotTold: the service tells no fact of one of the types.
        CursorOfAnotherReading: the cursor came with another service's, organization's or types'.
        CursorFromAnotherLife: the cursor names transactions that this database has not seen.
    """
    at = await _opened(work, replace(cursor, reading=_same_reading(work, cursor, types)))
    # one more than asked for tells whether there is more
    rows = await work.connection.execute(
        text(_PAGE.format(schema=work.service)),
        {
            "organization_id": work.organization_id,
            "position": at.position,
            "window": at.window,
            "seen": at.seen or None,
            "types": list(types) or None,
            "limit": limit + 1,
        },
    )
    found = rows.all()
    if len(found) > limit:
        end = replace(at, position=found[limit - 1].position)
        return FeedPage(bodies=[row.body for row in found[:limit]], cursor=end, has_more=True)
    return FeedPage(
        bodies=[row.body for row in found],
        cursor=Cursor(seen=at.window, reading=at.reading),
        has_more=False,
    )


def _same_reading(work: Work, cursor: Cursor, types: Sequence[str]) -> str:
    reading = _reading(work, types)
    if cursor.reading not in {"", reading}:
        raise CursorOfAnotherReading(
            "the cursor was given out for another service, organization or choice of event types",
            pointer="/cursor",
            fix="send it where it came from with the same event_type; to read other types, begin"
            " a reading of its own without a cursor",
        )
    return reading


def _reading(work: Work, types: Sequence[str]) -> str:
    # a service that the catalogue does not know, a test's, may tell anything
    told = [entry.type for entry in told_by(work.service)]
    for number, one in enumerate(types):
        if one not in told and (told or entry_named(one) is None):
            raise EventTypeNotTold(
                f"{work.service} tells no facts of such a type",
                pointer=f"/event_type/{number}",
                fix=f"ask for {', '.join(told)}" if told else "ask for a type of the catalogue",
            )
    named = " ".join([work.service, str(work.organization_id), *sorted(set(types))])
    return hashlib.sha256(named.encode()).hexdigest()[:16]


async def _opened(work: Work, cursor: Cursor) -> Cursor:
    now = await _snapshot(work)
    if _next_transaction(cursor.window or cursor.seen) > _next_transaction(now):
        raise CursorFromAnotherLife(
            "the cursor is of a database that was since made anew",
            pointer="/cursor",
            fix="read from the beginning and pass over the event_ids that you have",
        )
    if cursor.window:
        return cursor
    if not cursor.seen:
        return replace(cursor, window=now)
    before = await work.connection.scalar(
        text(_BEFORE.format(schema=work.service)),
        {"organization_id": work.organization_id, "seen": cursor.seen},
    )
    return replace(cursor, window=now, position=int(before or 0))


def _next_transaction(snapshot: str) -> int:
    # PostgreSQL writes a snapshot as xmin:xmax:those under way
    return int(snapshot.split(":")[1]) if snapshot else 0


async def _snapshot(work: Work) -> str:
    found = await work.connection.scalar(text("SELECT pg_current_snapshot()::text"))
    return str(found)


# The first position of a window, from an index alone; from there on the pages go by position.
_BEFORE = """
    SELECT min(position) - 1 FROM {schema}.event_log
     WHERE organization_id = :organization_id
       AND recorded_in >= pg_snapshot_xmin(CAST(CAST(:seen AS text) AS pg_snapshot))
"""

_PAGE = """
    SELECT position, payload::text AS body FROM {schema}.event_log
     WHERE organization_id = :organization_id
       AND position > :position
       AND pg_visible_in_snapshot(recorded_in, CAST(CAST(:window AS text) AS pg_snapshot))
       AND (CAST(CAST(:seen AS text) AS pg_snapshot) IS NULL
            OR NOT pg_visible_in_snapshot(recorded_in, CAST(CAST(:seen AS text) AS pg_snapshot)))
       AND (CAST(:types AS text[]) IS NULL OR type = ANY(CAST(:types AS text[])))
     ORDER BY position LIMIT :limit
"""
