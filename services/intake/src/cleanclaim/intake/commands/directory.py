"""Keeping what the directory and claims tell: payers, organizations, and what was billed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.chassis import work_items
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem
from cleanclaim.intake import store
from cleanclaim.intake.domain import attention
from cleanclaim.intake.domain.encounter import Encounter, EncounterState
from cleanclaim.intake.domain.payer import Payer

_JUDGED_BY_PAYERS = ("A08", "A09", "A16", "A17")
_JUDGED_BY_ENVIRONMENT = ("A09",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentClaim:
    """A version of a claim that went out for a version of an encounter."""

    encounter_id: UUID
    encounter_version: int
    is_void: bool


async def keep_payers(work: Work, *, payers: Sequence[tuple[Payer, int]]) -> None:
    """Keep payers' terms; what waited for a payer is examined again."""
    await store.keep_payers(work, payers)
    await store.flag_found(work, _JUDGED_BY_PAYERS)


async def note_organization(work: Work) -> None:
    """The organization is known, or changed its environment: what that held is examined again."""
    await store.flag_found(work, _JUDGED_BY_ENVIRONMENT)


async def mark_billed(work: Work, *, sent: Sequence[SentClaim]) -> None:
    """Mark encounters whose claims went out; where one was held or voided, ask a person."""
    for claim in sent:
        kept = await store.kept_encounter(work, claim.encounter_id, lock=True)
        if kept is None or claim.is_void:
            continue
        encounter = kept.encounter
        newest = max(encounter.billed_version or 0, claim.encounter_version)
        if _bills_what_stands(encounter, claim):
            billed = EncounterState.BILLED
            encounter = replace(encounter, state=billed, billed_version=newest, updated_at=work.now)
            await store.change_encounter(work, encounter)
        elif newest != encounter.billed_version:
            encounter = replace(encounter, billed_version=newest, updated_at=work.now)
            await store.change_encounter(work, encounter)
            await _ask_about(work, encounter)


def _bills_what_stands(encounter: Encounter, claim: SentClaim) -> bool:
    return encounter.state is EncounterState.READY and encounter.version == claim.encounter_version


async def _ask_about(work: Work, encounter: Encounter) -> None:
    item = WorkItem(
        kind=attention.SENT_ALTHOUGH_STOPPED,
        subject_type="encounter",
        subject_id=encounter.encounter_id,
        reason=f"encounter_{encounter.state.value}",
        priority=300,
        priority_terms={"claim_sent": 300},
        value_cents=encounter.total_charge_cents,
        next_actions=("void_claim", "replace_claim"),
    )
    await work_items.open_items(work, [item], opened_at=work.now)
