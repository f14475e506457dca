"""Builds claims from ready encounters, passes them through the edits, holds or clears them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from uuid import UUID

from cleanclaim.chassis import work_items
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.claims import edi_out, events_out
from cleanclaim.claims.commands.local_days import local_day, time_zone_of
from cleanclaim.claims.commands.threads import story_of
from cleanclaim.claims.commands.work_to_do import Trouble, item_for
from cleanclaim.claims.domain import numbers, priorities
from cleanclaim.claims.domain.claim import PrimaryCoverageMissing, draft
from cleanclaim.claims.domain.directory import Directory
from cleanclaim.claims.domain.edits import Finding, findings_of, holds
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.domain.rebuilding import Step, step_for
from cleanclaim.claims.domain.states import ClaimState, moved
from cleanclaim.claims.store import claims, directory
from cleanclaim.claims.store.claims import BuiltClaim, KeptClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyEncounter:
    """An encounter version to be billed; `encounter` is absent where nobody is to be billed."""

    encounter_id: UUID
    encounter_version: int
    claim_type: str
    self_pay: bool
    total_charge_cents: int
    service_from_on: date
    ready_at: datetime
    cause: Cause
    encounter: EncounterVersion | None = None


async def build_claims(work: Work, *, ready: Sequence[ReadyEncounter]) -> None:
    """Build, rebuild, resend or leave a claim for each encounter; the newest version counts."""
    newest: dict[UUID, ReadyEncounter] = {}
    for one in ready:
        known = newest.get(one.encounter_id)
        if known is None or known.encounter_version < one.encounter_version:
            newest[one.encounter_id] = one
    kept = await claims.claims_of_encounters(work, newest)
    steps: dict[Step, list[ReadyEncounter]] = {}
    for one in newest.values():
        steps.setdefault(_step(one, kept.get(one.encounter_id)), []).append(one)
    await _keep_waiting(work, steps.get(Step.WAIT, []), kept)
    await _void(work, steps.get(Step.VOID, []), kept)
    build = [one for step in (Step.BUILD, Step.REBUILD, Step.RESEND) for one in steps.get(step, [])]
    await _build(work, build, kept)


def _step(ready: ReadyEncounter, kept: KeptClaim | None) -> Step:
    return step_for(
        kept.state if kept else None,
        on_its_way=bool(kept and kept.is_on_its_way),
        billed_version=kept.encounter_version if kept else 0,
        ready_version=ready.encounter_version,
        self_pay=ready.self_pay,
    )


async def _build(
    work: Work, ready: Sequence[ReadyEncounter], kept: Mapping[UUID, KeptClaim]
) -> None:
    readable = [one for one in ready if one.encounter is not None]
    await _leave_to_people(work, [one for one in ready if one.encounter is None], "not_supported")
    known = await directory_for(
        work, encounters=[one.encounter for one in readable if one.encounter]
    )
    new = sum(1 for one in readable if one.encounter_id not in kept)
    fresh = iter(await claims.take_claim_numbers(work, new))
    zone = await time_zone_of(work)
    built: list[BuiltClaim] = []
    for one in readable:
        claim = kept.get(one.encounter_id)
        number = claim.number if claim else next(fresh)
        try:
            built.append(_made(one, claim, number, known, zone))
        except PrimaryCoverageMissing:
            await _leave_to_people(work, [one], "primary_coverage_missing")
    await keep_built(work, built=built, from_events=True)


def _made(
    ready: ReadyEncounter,
    kept: KeptClaim | None,
    number: int,
    known: Directory,
    zone: tzinfo,
) -> BuiltClaim:
    if ready.encounter is None:
        raise AssertionError("an encounter that was not read cannot be billed")
    made = build_one(
        ready.encounter,
        number=number,
        version=next_version(kept),
        known=known,
        zone=zone,
        built_at=ready.ready_at,
    )
    return replace(made, cause=ready.cause.as_json())


def next_version(kept: KeptClaim | None) -> int:
    """A version that was sent stays as it was: a rejected claim gets a new one."""
    if kept is None:
        return 1
    return kept.current_version + (1 if kept.state is ClaimState.REJECTED else 0)


def build_one(  # noqa: PLR0913 - all that a version hangs on
    encounter: EncounterVersion,
    *,
    number: int,
    version: int,
    known: Directory,
    zone: tzinfo,
    built_at: datetime,
    try_writing: bool = True,
) -> BuiltClaim:
    """A claim version with its findings; held where one is an error, clean otherwise.

    `try_writing` also writes its 837P alone, to find what the guide's elements cannot hold.

    Raises:
        PrimaryCoverageMissing: there is nobody to bill first.
    """
    claim = draft(
        encounter, claim_number=numbers.claim_number(number), version=version, directory=known
    )
    local = built_at.astimezone(zone)
    findings = list(findings_of(claim, directory=known, as_of_on=local.date()))
    sending = edi_out.sending_of(claim, encounter, known)
    if try_writing and sending is not None and not holds(findings):
        findings += edi_out.unwritable(sending, on=local)
    state = ClaimState.HELD if holds(findings) else ClaimState.CLEAN
    return BuiltClaim(
        number=number,
        claim=claim,
        state=moved(ClaimState.BUILT, state),
        newest_encounter_version=encounter.encounter_version,
        built_at=built_at,
        findings=tuple(findings),
    )


async def directory_for(work: Work, *, encounters: Iterable[EncounterVersion]) -> Directory:
    """The directory's entries that these encounters name."""
    several = list(encounters)
    return await directory.directory_of(
        work,
        npis=[one.billing_provider_npi for one in several],
        payer_ids=[coverage.payer_id for one in several for coverage in one.coverages],
    )


async def keep_built(work: Work, *, built: Sequence[BuiltClaim], from_events: bool = False) -> None:
    """Remember built claims, tell of the held ones and give them to people.

    `from_events`: they follow from heard events, whose times and ids they take.
    """
    if not built:
        return
    await claims.save_built(work, built)
    at = max(one.built_at for one in built)
    ids = [one.claim.claim_id for one in built]
    await work_items.close_items(work, ids, outcome="rebuilt", closed_at=at)
    held = [one for one in built if one.state is ClaimState.HELD]
    await open_held_items(work, held=held, opened_at=at)
    for one in held:
        thread = story_of(work, one.cause, at=one.built_at if from_events else None)
        work.tell(events_out.claim_held(one.claim, one.findings), cause=thread)


async def open_held_items(work: Work, *, held: Sequence[BuiltClaim], opened_at: datetime) -> None:
    """One item for each held claim; its reason is the first error's rule."""
    as_of_on = await local_day(work, at=opened_at)
    items = [
        item_for(
            Trouble(
                kind=priorities.HELD,
                subject_id=one.claim.claim_id,
                reason=reason_of(one.findings),
                value_cents=one.claim.total_charge_cents,
                service_on=one.claim.service_from_on,
                due_on=one.claim.file_by_on,
                next_actions=("correct_encounter", "correct_directory", "release"),
            ),
            as_of_on=as_of_on,
        )
        for one in held
    ]
    await work_items.open_items(work, items, opened_at=opened_at)


def reason_of(findings: Sequence[Finding]) -> str:
    return next((one.rule_id for one in findings if one.severity == "error"), "held")


async def _keep_waiting(
    work: Work, ready: Sequence[ReadyEncounter], kept: Mapping[UUID, KeptClaim]
) -> None:
    """A change to a claim that is out: the version waits in the claim's row, a person is told."""
    for one in ready:
        claim = kept[one.encounter_id]
        await claims.heard_of_versions(
            work, {claim.claim_id: one.encounter_version}, changed_at=one.ready_at
        )
        trouble = Trouble(
            kind=priorities.CHANGE_WAITS,
            subject_id=claim.claim_id,
            reason="self_pay" if one.self_pay else "encounter_changed",
            value_cents=one.total_charge_cents,
            service_on=one.service_from_on,
            due_on=claim.file_by_on,
            next_actions=("await_answer", "resend_when_rejected"),
        )
        item = item_for(trouble, as_of_on=await local_day(work, at=one.ready_at))
        await work_items.open_items(work, [item], opened_at=one.ready_at)


async def _void(
    work: Work, ready: Sequence[ReadyEncounter], kept: Mapping[UUID, KeptClaim]
) -> None:
    """The encounter turned self-pay before its claim went out: there is nobody to bill."""
    for one in ready:
        claim = kept[one.encounter_id]
        await claims.change_claims(
            work,
            [claim.claim_id],
            changed_at=one.ready_at,
            state=moved(claim.state, ClaimState.VOIDED),
            newest_encounter_version=one.encounter_version,
            encounter_version=one.encounter_version,
            clean_since=None,
        )
        await work_items.close_items(
            work, [claim.claim_id], outcome="voided", closed_at=one.ready_at
        )


async def _leave_to_people(work: Work, ready: Sequence[ReadyEncounter], reason: str) -> None:
    for one in ready:
        trouble = Trouble(
            kind=priorities.UNBUILT,
            subject_type="encounter",
            subject_id=one.encounter_id,
            reason=one.claim_type if reason == "not_supported" else reason,
            value_cents=one.total_charge_cents,
            service_on=one.service_from_on,
            next_actions=("correct_encounter", "bill_elsewhere"),
        )
        item = item_for(trouble, as_of_on=await local_day(work, at=one.ready_at))
        await work_items.open_items(work, [item], opened_at=one.ready_at)
