"""Books charges: of submitted claims, and of encounters that the patient pays."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from cleanclaim.accounts import store
from cleanclaim.accounts.commands.happened import Happened
from cleanclaim.accounts.commands.writing import Batch, review_credits, write
from cleanclaim.accounts.domain.billed import ReadyEncounter, SubmittedClaim
from cleanclaim.accounts.domain.book.charges import Billing, entry_for_charges
from cleanclaim.accounts.domain.days import local_day
from cleanclaim.accounts.domain.journal import Place
from cleanclaim.chassis.work import Work


async def book_claims(work: Work, *, submitted: Sequence[Happened[SubmittedClaim]]) -> None:
    """Put the charges of claims on account; a later version counters the earlier one first."""
    batch = Batch()
    standing = await store.claim_billings(work, (one.fact.claim_id for one in submitted))
    zone = await store.time_zone(work)
    newest: dict[UUID, tuple[SubmittedClaim, Billing]] = {}
    for one in submitted:
        claim = one.fact
        place = Place(
            patient_account_id=claim.patient_account_id,
            claim_id=claim.claim_id,
            encounter_id=claim.encounter_id,
        )
        billing = _book(
            batch, one, place=place, zone=zone, before=standing.get(claim.claim_id),
            now=claim.billing(),
        )  # fmt: skip
        if billing is not None:
            standing[claim.claim_id] = billing
            newest[claim.claim_id] = (claim, billing)
    await store.keep_claims(work, list(newest.values()))
    await write(work, batch=batch)
    # a claim heard now may explain a payment that came before it
    await review_credits(
        work,
        claim_ids=newest,
        patient_account_ids=(),
        at=submitted[-1].occasion.occurred_at,
    )


async def book_encounters(work: Work, *, ready: Sequence[Happened[ReadyEncounter]]) -> None:
    """Put self-pay charges on the patient's account; a later version counters the earlier one."""
    batch = Batch()
    standing = await store.encounter_billings(work, (one.fact.encounter_id for one in ready))
    zone = await store.time_zone(work)
    newest: dict[UUID, tuple[ReadyEncounter, Billing]] = {}
    for one in ready:
        encounter = one.fact
        before = standing.get(encounter.encounter_id)
        if before is None and not encounter.self_pay:
            continue
        place = Place(
            patient_account_id=encounter.patient_account_id, encounter_id=encounter.encounter_id
        )
        billing = _book(batch, one, place=place, zone=zone, before=before, now=encounter.billing())
        if billing is not None:
            standing[encounter.encounter_id] = billing
            newest[encounter.encounter_id] = (encounter, billing)
    await store.keep_encounters(work, list(newest.values()))
    await write(work, batch=batch)
    if newest:
        await review_credits(
            work,
            claim_ids=(),
            patient_account_ids={one.patient_account_id for one, _ in newest.values()},
            at=ready[-1].occasion.occurred_at,
        )


def _book(
    batch: Batch,
    one: Happened[SubmittedClaim] | Happened[ReadyEncounter],
    *,
    place: Place,
    zone: str | None,
    before: Billing | None,
    now: Billing,
) -> Billing | None:
    """Add the entry of a version to the batch; the billing that stands now, None if overtaken."""
    if before is not None and before.version >= now.version:
        return None
    entry = entry_for_charges(
        one.occasion,
        effective_on=local_day(one.occasion.occurred_at, zone),
        place=place,
        before=before,
        now=now,
    )
    entry_id = batch.add(entry, one.thread)
    return replace(now, entry_id=entry_id or (before.entry_id if before else None))
