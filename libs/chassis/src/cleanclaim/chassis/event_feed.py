"""The event log as a feed for readers without Kafka: nothing lost, order kept for each key.

Transactions commit in another order than they write, so neither a time nor a number alone may be
the place where a reader stopped: what commits late would lie behind it. The place is therefore a
window between two PostgreSQL snapshots: a window holds every fact that the newer snapshot sees and
the older does not, whenever it was written, in the order of telling. A fact is told while the row
that counts its key is locked, so a snapshot that sees a key's later fact sees its earlier ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from cleanclaim.chassis.pages import PAGE_TOKEN_LONGEST, page_token, place_in
from cleanclaim.chassis.work import Work
from cleanclaim.values.errors import Invalid

LONGEST_CURSOR = 16 * PAGE_TOKEN_LONGEST
"""A snapshot lists the transactions under way; a busy server has hundreds."""


class CursorFromAnotherLife(Invalid):
    """The database was made anew after the cursor was given out (a dump was loaded)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a reader stopped.

    `seen` is the snapshot up to which everything was read, "" at the very beginning; `window` the
    snapshot that ends the window under way, "" where a new one is to be opened; `position` the
    last one read within it.
    """

    seen: str = ""
    window: str = ""
    position: int = 0

    def as_token(self) -> str:
        return page_token([self.seen, self.window, self.position])

    @classmethod
    def of(cls, token: str | None) -> "Cursor":
        """Raises PageTokenInvalid where this API did not make the token."""
        place = place_in(token, str, str, int)
        if place is None:
            return cls()
        return cls(seen=place[0], window=place[1], position=place[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Bodies as they stand on the topics, and where to go on."""

    bodies: Sequence[str]
    cursor: Cursor
    has_more: bool


async def latest(work: Work) -> Cursor:
    """The end of the feed: what is told from now on comes next."""
    return Cursor(seen=await _snapshot(work))


async def read_feed(
    work: Work, cursor: Cursor, *, types: Sequence[str] = (), limit: int = 100
) -> FeedPage:
    """The next facts of the work's organization, at most `limit`, all types where none is named.

    Raises:
        CursorFromAnotherLife: the cursor names transactions that this database has not seen.
    """
    at = cursor if cursor.window else await _opened(work, cursor)
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
        bodies=[row.body for row in found], cursor=Cursor(seen=at.window), has_more=False
    )


async def _opened(work: Work, cursor: Cursor) -> Cursor:
    window = await _snapshot(work)
    if not cursor.seen:
        return Cursor(window=window)
    if _next_transaction(cursor.seen) > _next_transaction(window):
        raise CursorFromAnotherLife(
            "the cursor is of a database that was since made anew",
            code="cursor_from_another_life",
            pointer="/cursor",
            fix="read from the beginning and pass over the event_ids that you have",
        )
    before = await work.connection.scalar(
        text(_BEFORE.format(schema=work.service)),
        {"organization_id": work.organization_id, "seen": cursor.seen},
    )
    return Cursor(seen=cursor.seen, window=window, position=int(before or 0))


def _next_transaction(snapshot: str) -> int:
    # PostgreSQL writes a snapshot as xmin:xmax:those under way
    return int(snapshot.split(":")[1])


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
