"""What follows from an examination: the fact that is told and the work item for a person."""

from cleanclaim.chassis import work_items
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem
from cleanclaim.intake import events_out
from cleanclaim.intake.commands.examining import Examined
from cleanclaim.intake.domain import attention
from cleanclaim.intake.domain.encounter import Encounter, EncounterState
from cleanclaim.intake.domain.finding import errors_among


def tell_outcome(work: Work, encounter: Encounter, examined: Examined, cause: Cause) -> None:
    """Tell that the version is ready, or what holds it."""
    if encounter.state is EncounterState.READY:
        work.tell(events_out.encounter_ready(examined.version), cause=cause)
    if encounter.state is EncounterState.HELD:
        stopped_by = events_out.HELD_BY_PERSON if encounter.hold_reason else None
        held = events_out.encounter_held(examined.version, examined.findings, stopped_by=stopped_by)
        work.tell(held, cause=cause)


async def ask_a_person(work: Work, encounter: Encounter, examined: Examined) -> None:
    """Open the work item of a held encounter; one that is open for the same reason stays."""
    limit = attention.file_by(encounter.service_to_on, examined.timely_filing_days)
    priority = attention.priority(
        value_cents=encounter.total_charge_cents,
        service_on=encounter.service_from_on,
        file_by_on=limit,
        as_of=work.now.date(),
    )
    item = WorkItem(
        kind=attention.HELD,
        subject_type="encounter",
        subject_id=encounter.encounter_id,
        reason=reason_of(encounter, examined),
        priority=priority.points,
        priority_terms=priority.terms,
        value_cents=encounter.total_charge_cents,
        due_on=limit,
        next_actions=("correct", "release", "void"),
    )
    await work_items.open_items(work, [item], opened_at=work.now)


def reason_of(encounter: Encounter, examined: Examined) -> str:
    """The code of the first error, or the code for which a person holds it."""
    errors = errors_among(examined.findings)
    if encounter.hold_reason:
        return encounter.hold_reason
    return errors[0].code if errors else "held"


async def no_longer_needed(work: Work, encounter: Encounter, *, outcome: str) -> None:
    """Close the work items of an encounter that is held no more, or for another reason."""
    await work_items.close_items(
        work,
        [encounter.encounter_id],
        kind=attention.HELD,
        outcome=outcome,
        closed_at=work.now,
    )
