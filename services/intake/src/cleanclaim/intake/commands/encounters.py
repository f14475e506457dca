"""Receiving, changing, holding, releasing and voiding encounters, and examining them again."""

from dataclasses import replace
from uuid import UUID

from cleanclaim.chassis import audit
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake import events_out, store
from cleanclaim.intake.commands.examining import Examined, examine_content, filing_days_of
from cleanclaim.intake.commands.outcome import (
    ask_about_findings,
    ask_about_hold,
    first_error,
    no_longer_needed,
    tell_outcome,
)
from cleanclaim.intake.domain import attention
from cleanclaim.intake.domain.encounter import (
    Encounter,
    EncounterAlreadyReceived,
    EncounterContent,
    EncounterState,
    EncounterVersion,
    NoSuchEncounter,
    require_correctable,
    require_holdable,
    require_releasable,
    require_same_source,
    require_unbilled,
    standing,
)
from cleanclaim.intake.domain.patient import require_version
from cleanclaim.intake.store import KeptEncounter


async def receive_encounter(
    work: Work, *, vault: Vault, encounter_id: UUID, patient_id: UUID, content: EncounterContent
) -> tuple[Encounter, Examined]:
    """Keep a new encounter whatever its findings, and tell whether it can be billed.

    Raises:
        PatientUnknown, CoverageUnknown: it names what the organization does not have.
        EncounterAlreadyReceived: the source has sent this external id before.
    """
    examined = await examine_content(
        work, vault=vault, encounter_id=encounter_id, patient_id=patient_id, content=content
    )
    encounter = standing(
        examined.version, examined.findings, received_at=work.now, updated_at=work.now
    )
    index = await _index(work, vault, content)
    existing = await store.add_encounter(
        work, vault, encounter=encounter, version=examined.version, index=index
    )
    if existing is not None:
        raise EncounterAlreadyReceived(existing)
    await store.keep_findings(work, examined.version, examined.findings, again=False)
    await audit.record(work, action="write", resource="Encounter", resource_id=encounter_id)
    tell_outcome(work, encounter, examined, work.cause)
    await ask_about_findings(work, encounter=encounter, examined=examined)
    return encounter, examined


async def validate_encounter(
    work: Work, *, vault: Vault, encounter_id: UUID, patient_id: UUID, content: EncounterContent
) -> tuple[Encounter, Examined]:
    """What receive_encounter would answer, with nothing kept and nothing told.

    Raises:
        As receive_encounter does.
    """
    examined = await examine_content(
        work, vault=vault, encounter_id=encounter_id, patient_id=patient_id, content=content
    )
    existing = await store.encounter_id_of(work, await _index(work, vault, content))
    if existing is not None:
        raise EncounterAlreadyReceived(existing)
    encounter = standing(
        examined.version, examined.findings, received_at=work.now, updated_at=work.now
    )
    return encounter, examined


async def change_encounter(
    work: Work,
    *,
    vault: Vault,
    encounter_id: UUID,
    patient_id: UUID,
    content: EncounterContent,
    from_version: int,
) -> tuple[Encounter, Examined]:
    """Keep what the source says now as a new version, and examine it.

    Raises:
        NoSuchEncounter: the organization has none of this id.
        VersionOvertaken: `from_version` no longer stands.
        EncounterAlreadyBilled, EncounterIsVoided: it cannot be changed so any more.
        ExternalIdFixed: the change would rename it.
        PatientUnknown, CoverageUnknown: it names what the organization does not have.
    """
    kept, stands = await _locked(work, vault, encounter_id)
    require_version(kept.encounter.version, from_version)
    require_correctable(kept.encounter, content)
    require_same_source(content, stands.content)
    examined = await examine_content(
        work, vault=vault, encounter_id=encounter_id, patient_id=patient_id, content=content
    )
    await audit.record(work, action="write", resource="Encounter", resource_id=encounter_id)
    return await _keep_examined(work, vault, kept, stands, examined)


async def hold_encounter(work: Work, *, vault: Vault, encounter_id: UUID, reason: str) -> Encounter:
    """Hold an encounter by a person's word; `reason` is a code without PHI.

    Raises:
        NoSuchEncounter: the organization has none of this id.
        EncounterAlreadyHeld, EncounterAlreadyBilled, EncounterIsVoided: it cannot be held.
    """
    kept, stands = await _locked(work, vault, encounter_id)
    require_holdable(kept.encounter.state, kept.encounter.hold_reason)
    held = replace(
        kept.encounter, state=EncounterState.HELD, hold_reason=reason, updated_at=work.now
    )
    findings = await store.findings_of(work, encounter_id, stands.version)
    filing_days = await filing_days_of(work, version=stands)
    examined = Examined(version=stands, findings=findings, timely_filing_days=filing_days)
    await store.change_encounter(work, held)
    tell_outcome(work, held, examined, _thread(work, kept))
    await ask_about_hold(work, encounter=held, examined=examined)
    return held


async def release_encounter(
    work: Work, *, vault: Vault, encounter_id: UUID
) -> tuple[Encounter, Examined]:
    """Take a person's hold away and examine the encounter with what stands now.

    It stays held where rules still find errors.

    Raises:
        NoSuchEncounter: the organization has none of this id.
        EncounterNotHeld, EncounterAlreadyBilled, EncounterIsVoided: there is nothing to release.
    """
    kept, stands = await _locked(work, vault, encounter_id)
    require_releasable(kept.encounter.state)
    freed = KeptEncounter(replace(kept.encounter, hold_reason=None), kept.cause)
    await no_longer_needed(
        work, encounter=kept.encounter, outcome="released", kind=attention.HELD_BY_PERSON
    )
    examined = await _examine_again(work, vault, stands)
    return await _keep_examined(work, vault, freed, stands, examined)


async def recheck_encounter(work: Work, *, vault: Vault, encounter_id: UUID) -> None:
    """Examine a held encounter again because something it was judged by has changed."""
    kept, stands = await _locked(work, vault, encounter_id)
    if kept.encounter.state is not EncounterState.HELD:
        await store.change_encounter(work, kept.encounter)
        return
    examined = await _examine_again(work, vault, stands)
    await _keep_examined(work, vault, kept, stands, examined)


async def void_encounter(work: Work, *, vault: Vault, encounter_id: UUID) -> Encounter:
    """Take an encounter back for good; it was never billed and never will be.

    Raises:
        NoSuchEncounter: the organization has none of this id.
        EncounterAlreadyBilled, EncounterIsVoided: it is too late.
    """
    kept, stands = await _locked(work, vault, encounter_id)
    require_unbilled(kept.encounter)
    voided = replace(kept.encounter, state=EncounterState.VOIDED, updated_at=work.now)
    await store.change_encounter(work, voided)
    if kept.encounter.state is EncounterState.READY:
        stopped = events_out.encounter_held(stands, (), stopped_by=events_out.VOIDED_BY_PERSON)
        work.tell(stopped, cause=_thread(work, kept))
    await no_longer_needed(work, encounter=voided, outcome="voided")
    await audit.record(work, action="write", resource="Encounter", resource_id=encounter_id)
    return voided


async def _locked(
    work: Work, vault: Vault, encounter_id: UUID
) -> tuple[KeptEncounter, EncounterVersion]:
    kept = await store.kept_encounter(work, encounter_id, lock=True)
    if kept is None:
        raise NoSuchEncounter("There is no encounter of this id.")
    version = await store.encounter_version(work, vault, encounter_id, kept.encounter.version)
    if version is None:
        raise NoSuchEncounter("There is no such version of this encounter.")
    return kept, version


async def _examine_again(work: Work, vault: Vault, stands: EncounterVersion) -> Examined:
    return await examine_content(
        work,
        vault=vault,
        encounter_id=stands.encounter_id,
        patient_id=stands.patient.patient_id,
        content=stands.content,
        received_on=stands.received_on,
    )


async def _keep_examined(
    work: Work, vault: Vault, kept: KeptEncounter, stands: EncounterVersion, examined: Examined
) -> tuple[Encounter, Examined]:
    """Keep what an examination of an encounter that is there already has brought.

    A version that says the same as the one before is not kept again; a fact is told and a
    person's queue changed only where the outcome is another than before.
    """
    before = kept.encounter
    same = replace(examined.version, version=stands.version) == stands
    if same and before.state is EncounterState.BILLED:
        return before, examined
    number = stands.version if same else stands.version + 1
    examined = replace(examined, version=replace(examined.version, version=number))
    earlier = await store.findings_of(work, before.encounter_id, stands.version)
    after = standing(
        examined.version,
        examined.findings,
        received_at=before.received_at,
        updated_at=work.now,
        before=before,
    )
    if not same:
        await store.keep_version(work, vault, examined.version)
        await store.keep_charges(work, examined.version)
    await store.keep_findings(work, examined.version, examined.findings, again=same)
    await store.change_encounter(work, after)
    unchanged = same and earlier == examined.findings and before.state is after.state
    if not unchanged:
        tell_outcome(work, after, examined, _thread(work, kept))
    if first_error(earlier) != first_error(examined.findings):
        await no_longer_needed(work, encounter=after, outcome="put_right", kind=attention.HELD)
        await ask_about_findings(work, encounter=after, examined=examined)
    return after, examined


async def _index(work: Work, vault: Vault, content: EncounterContent) -> bytes:
    return await store.external_index(
        work, vault, noun="encounter", source=content.source, external_id=content.external_id
    )


def _thread(work: Work, kept: KeptEncounter) -> Cause:
    """The encounter's own story, told on by whoever acts now."""
    return replace(kept.cause, actor_id=work.cause.actor_id, traceparent=work.cause.traceparent)
