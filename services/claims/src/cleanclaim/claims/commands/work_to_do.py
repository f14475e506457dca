"""Makes work items of troubles: kind, subject, reason and a priority with its terms."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.chassis.work_items import WorkItem
from cleanclaim.claims.domain.priorities import priority_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a person must look at; ids and codes alone."""

    kind: str
    subject_id: UUID
    reason: str
    subject_type: str = "claim"
    value_cents: int = 0
    service_on: date | None = None
    due_on: date | None = None
    next_actions: tuple[str, ...] = ()


def item_for(trouble: Trouble, *, as_of_on: date) -> WorkItem:
    """The work item of a trouble as it stands on that day."""
    priority = priority_of(
        trouble.kind,
        value_cents=trouble.value_cents,
        service_on=trouble.service_on,
        due_on=trouble.due_on,
        as_of_on=as_of_on,
    )
    return WorkItem(
        kind=trouble.kind,
        subject_type=trouble.subject_type,
        subject_id=trouble.subject_id,
        reason=trouble.reason,
        priority=priority.total,
        priority_terms=priority.terms,
        value_cents=trouble.value_cents,
        due_on=trouble.due_on,
        next_actions=trouble.next_actions,
    )
