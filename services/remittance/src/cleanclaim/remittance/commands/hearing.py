"""Hears of payers, billing providers and claims that were sent; matches what waited for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.remittance import store
from cleanclaim.remittance.commands import judging
from cleanclaim.remittance.domain.claim_reference import ClaimReference, digest
from cleanclaim.remittance.domain.directory import PayerReference, ProviderReference
from cleanclaim.remittance.domain.posting import Noted, Posted, Waiting


async def know_payers(
    work: Work, *, entries: Sequence[tuple[UUID, int, tuple[PayerReference, ...]]]
) -> None:
    """Keep payers with all their dated versions: (payer_id, number of the telling, versions)."""
    await store.keep_payers(work, entries)


async def know_providers(
    work: Work, *, entries: Sequence[tuple[UUID, int, tuple[ProviderReference, ...]]]
) -> None:
    """Keep billing providers with all their dated versions: (provider_id, number, versions)."""
    await store.keep_providers(work, entries)


async def know_claims(
    work: Work, *, sent: Sequence[tuple[ClaimReference, UUID | None, Cause]]
) -> None:
    """Keep claims as sent, each with its related claim and cause; post what waited for them.

    A payment that was told as unmatched is told as posted under the same id, as money that leaves
    unapplied cash.
    """
    await store.judge_shared(work)
    references = await _with_cases(work, sent)
    await store.keep_references(work, references)
    numbers = {one.patient_control_number for one in references}
    bearing = await store.references_by_control_number(work, numbers)
    by_digest = {
        digest(work.organization_id, "control", number): found for number, found in bearing.items()
    }
    parked = await store.parked_by_control_number(work, by_digest)
    if parked:
        causes = {one.claim_id: cause for one, _, cause in sent}
        await _post_parked(work, parked, by_digest, causes)


async def _with_cases(
    work: Work, sent: Sequence[tuple[ClaimReference, UUID | None, Cause]]
) -> list[ClaimReference]:
    related = {other for _, other, _ in sent if other is not None}
    known = await store.cases_of(work, related | {one.claim_id for one, _, _ in sent})
    placed: list[ClaimReference] = []
    for one, other, _ in sent:
        first = known.get(other, other) if other is not None else one.claim_id
        # later versions of a claim stay in the case that its first version opened
        case = known.setdefault(one.claim_id, first)
        placed.append(replace(one, case_claim_id=case))
    return placed


async def _post_parked(
    work: Work,
    parked: Sequence[store.Parked],
    by_digest: Mapping[bytes, Sequence[ClaimReference]],
    causes: Mapping[UUID, Cause],
) -> None:
    cases = await judging.open_cases(
        work, references=[one for several in by_digest.values() for one in several]
    )
    verdicts = await cases.judge_all(
        work, [(one.answer, by_digest.get(one.digest, ()) if one.digest else ()) for one in parked]
    )
    posted = [one for one in verdicts if isinstance(one, Posted)]
    await judging.settle(work, posted=posted, matched_by="claim_submitted", causes=causes)
    await store.remember_claims(work, [one for one in verdicts if isinstance(one, Waiting)])
    await store.note_parked(work, [one for one in verdicts if isinstance(one, Noted)])
