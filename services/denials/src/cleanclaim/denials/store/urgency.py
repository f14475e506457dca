"""Work items of cases where they follow the case: their owner and their rank."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text, update

from cleanclaim.chassis.work import Work
from cleanclaim.denials.domain.denial import Denial

_RANK = """
UPDATE denials.work_items AS item
SET priority = given.priority, priority_terms = given.terms, due_on = given.due_on,
    value_cents = given.value_cents, next_actions = given.actions, version = item.version + 1
FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given(
    subject_id uuid, priority integer, terms jsonb, due_on date, value_cents bigint, actions jsonb)
WHERE item.organization_id = :organization_id AND item.subject_id = given.subject_id
  AND item.status <> 'closed' AND item.kind = 'denial'
"""


async def rank_again(work: Work, denials: Sequence[Denial]) -> None:
    """Bring priority, due day, value and next action of open work items up to their cases."""
    if not denials:
        return
    given = [
        {
            "subject_id": str(one.denial_id),
            "priority": one.assessment.priority,
            "terms": dict(one.assessment.terms),
            "due_on": one.assessment.work_by_on.isoformat() if one.assessment.work_by_on else None,
            "value_cents": one.denied_cents,
            "actions": [one.assessment.plan.action],
        }
        for one in denials
    ]
    await work.connection.execute(
        text(_RANK), {"given": json.dumps(given), "organization_id": work.organization_id}
    )


async def change_item_owner(work: Work, denial_id: UUID, *, owner: str, in_work: bool) -> None:
    """Name who works on the open items of a case."""
    table = work.schema_tables.work_items
    values: dict[str, object] = {"owner": owner, "version": table.c.version + 1}
    if in_work:
        values["status"] = "in_work"
    await work.connection.execute(
        update(table)
        .where(
            table.c.organization_id == work.organization_id,
            table.c.subject_id == denial_id,
            table.c.status != "closed",
        )
        .values(**values)
    )
