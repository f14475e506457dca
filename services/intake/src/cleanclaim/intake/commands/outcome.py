"""What follows from an examination: the fact that is told and the work item for a person."""

from collections.abc import Iterable

from cleanclaim.chassis import work_items
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem
from cleanclaim.intake import events_out
from cleanclaim.intake.commands.examining import Examined
from cleanclaim.intake.domain import attention
from cleanclaim.intake.domain.encounter import Encounter, EncounterState
from cleanclaim.intake.domain.finding import DataEntryFinding, errors_among


def tell_outcome(work: Work, encounter: Encounter, examined: Examined, cause: Cause) -> None:
    """Tell that the version is ready, or what holds it."""
    if encounter.state is EncounterState.READY:
        work.tell(events_out.encounter_ready(examined.version), cause=cause)
    if encounter.state is EncounterState.HELD:
        stopped_by = events_out.HELD_BY_PERSON if encounter.hold_reason else None
        held = events_out.encounter_held(examined.version, examined.findings, stopped_by=stopped_by)
        work.tell(held, cause=cause)


async def ask_about_findings(work: Work, *, encounter: Encounter, examined: Examined) -> None:
    """Open the work item of an encounter with errors; one open for the same reason stays."""
    reason = first_error(examined.findings)
    if reason is not None and encounter.state is EncounterState.HELD:
        item = _item(work, encounter, examined, kind=attention.HELD, reason=reason)
        await work_items.open_items(work, [item], opened_at=work.now)


async def ask_about_hold(work: Work, *, encounter: Encounter, examined: Examined) -> None:
    """Open the work item of an encounter that a person holds."""
    if encounter.hold_reason is not None:
        item = _item(
            work,
            encounter,
            examined,
            kind=attention.HELD_BY_PERSON,
            reason=encounter.hold_reason,
        )
        await work_items.open_items(work, [item], opened_at=work.now)


def first_error(findings: Iterable[DataEntryFinding]) -> str | None:
    """The code of the first error, which names the work item."""
    return next((one.code for one in errors_among(findings)), None)


async def no_longer_needed(
    work: Work, *, encounter: Encounter, outcome: str, kind: str | None = None
) -> None:
    """Close the work items of an encounter, of one kind or all."""
    await work_items.close_items(
        work, [encounter.encounter_id], kind=kind, outcome=outcome, closed_at=work.now
    )


def _item(
    work: Work, encounter: Encounter, examined: Examined, *, kind: str, reason: str
) -> WorkItem:
    limit = attention.file_by(encounter.service_to_on, examined.timely_filing_days)
    priority = attention.priority(
        value_cents=encounter.total_charge_cents,
        service_on=encounter.service_from_on,
        file_by_on=limit,
        as_of=work.now.date(),
    )
    return WorkItem(
        kind=kind,
        subject_type="encounter",
        subject_id=encounter.encounter_id,
        reason=reason,
        priority=priority.points,
        priority_terms=priority.terms,
        value_cents=encounter.total_charge_cents,
        due_on=limit,
        next_actions=("correct", "release", "void"),
    )
