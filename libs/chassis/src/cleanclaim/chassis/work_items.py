"""Work items: what needs a person, in one shape; kinds and priorities are each service's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.pages import page_token, place_in
from cleanclaim.chassis.work import Work
from cleanclaim.values.errors import Conflict, Missing


class NoSuchWorkItem(Missing):
    """The organization has no work item of that id."""


class WorkItemClosed(Conflict):
    """A closed item is history; the trouble would open a new one."""


class WorkItemTaken(Conflict):
    """Somebody else has claimed the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One thing for a person to do. Ids and codes only: no PHI, no free text.

    `priority` is higher for more urgent; `priority_terms` says what it was added up from, so that
    a person can see why. `value_cents` is the money at stake.
    """

    kind: str
    subject_type: str
    subject_id: UUID
    reason: str
    priority: int
    priority_terms: Mapping[str, int] = field(default_factory=dict)
    value_cents: int = 0
    due_on: date | None = None
    owner: str | None = None
    next_actions: Sequence[str] = ()


async def open_items(work: Work, items: Sequence[WorkItem], *, opened_at: datetime) -> None:
    """Open items, one for each trouble of a subject: one that is open already stays as it is."""
    rows = [
        {
            "organization_id": work.organization_id,
            # fresh: a trouble may close and open again at one instant; the index keeps one open
            "id": work.runtime.new_id(),
            "kind": item.kind,
            "subject_type": item.subject_type,
            "subject_id": item.subject_id,
            "reason": item.reason,
            "priority": item.priority,
            "priority_terms": dict(item.priority_terms),
            "value_cents": item.value_cents,
            "due_on": item.due_on,
            "owner": item.owner,
            "status": "open",
            "next_actions": list(item.next_actions),
            "opened_at": opened_at,
        }
        for item in items
    ]
    await insert_rows(
        work.connection, work.schema_tables.work_items, rows, on_conflict="DO NOTHING"
    )


async def close_items(
    work: Work,
    subject_ids: Sequence[UUID],
    *,
    kind: str | None = None,
    outcome: str,
    closed_at: datetime,
) -> None:
    """Close the open items of subjects, because what they asked for has come about."""
    table = work.schema_tables.work_items
    statement = (
        update(table)
        .where(
            table.c.organization_id == work.organization_id,
            table.c.subject_id.in_(list(subject_ids)),
            table.c.status != "closed",
        )
        .values(status="closed", outcome=outcome, closed_at=closed_at, version=table.c.version + 1)
    )
    if kind is not None:
        statement = statement.where(table.c.kind == kind)
    await work.connection.execute(statement)


async def open_by_kind(work: Work) -> dict[str, int]:
    """How many items of each kind wait for a person."""
    table = work.schema_tables.work_items
    rows = await work.connection.execute(
        select(table.c.kind, func.count().label("open_count"))
        .where(table.c.organization_id == work.organization_id, table.c.status != "closed")
        .group_by(table.c.kind)
    )
    return {row.kind: row.open_count for row in rows}


async def list_items(
    work: Work,
    *,
    filters: Mapping[str, Any],
    limit: int,
    token: str | None = None,
) -> tuple[list[Mapping[str, Any]], str | None]:
    """A page of items, the most urgent first; `filters` are equal-to by column name."""
    table = work.schema_tables.work_items
    statement = (
        select(table)
        .where(table.c.organization_id == work.organization_id)
        .order_by(table.c.priority.desc(), table.c.id.desc())
        .limit(limit + 1)
    )
    for name, wanted in filters.items():
        if wanted is not None:
            statement = statement.where(table.c[name] == wanted)
    after = place_in(token, int, UUID)
    if after is not None:
        statement = statement.where(tuple_(table.c.priority, table.c.id) < after)
    rows = list((await work.connection.execute(statement)).mappings())
    more = rows[limit - 1] if len(rows) > limit else None
    following = page_token([more["priority"], str(more["id"])]) if more is not None else None
    return [dict(row) for row in rows[:limit]], following


async def change_item(
    work: Work, item_id: UUID, *, unless_owned_by_other: str | None = None, **values: Any
) -> Mapping[str, Any]:
    """Change one open item and return it as it is now.

    Raises:
        NoSuchWorkItem: there is none of that id.
        WorkItemClosed: it is closed.
        WorkItemTaken: `unless_owned_by_other` is not its owner.
    """
    table = work.schema_tables.work_items
    mine = (table.c.organization_id == work.organization_id) & (table.c.id == item_id)
    found = await work.connection.execute(select(table).where(mine).with_for_update())
    item = found.mappings().first()
    if item is None:
        raise NoSuchWorkItem(f"no work item {item_id}")
    if item["status"] == "closed":
        raise WorkItemClosed("the work item is closed already")
    if unless_owned_by_other and item["owner"] not in {None, unless_owned_by_other}:
        raise WorkItemTaken("another person has claimed this work item")
    changed = await work.connection.execute(
        update(table).where(mine).values(version=table.c.version + 1, **values).returning(table)
    )
    return dict(changed.mappings().one())


async def add_note(work: Work, item_id: UUID, *, note_id: UUID, sealed: bytes, by: str) -> None:
    """Keep a note (sealed by the vault) beside an open item.

    Raises:
        NoSuchWorkItem: there is none of that id.
        WorkItemClosed: it is closed.
    """
    await change_item(work, item_id)
    row = {
        "organization_id": work.organization_id,
        "id": note_id,
        "work_item_id": item_id,
        "note": sealed,
        "written_by": by,
        "written_at": work.now,
    }
    await insert_rows(work.connection, work.schema_tables.work_item_notes, [row])
