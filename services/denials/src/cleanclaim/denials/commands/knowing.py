"""Keeps what was heard of claims and payers, and looks at the cases that it touches."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from cleanclaim.chassis.work import Work
from cleanclaim.denials import store
from cleanclaim.denials.commands.settling import Trigger, settle_claims
from cleanclaim.denials.domain.heard import ClaimDecision, Submission
from cleanclaim.denials.domain.policy import PayerPolicy

MOST_CLAIMS_AT_ONCE = 500
"""Claims whose cases a changed payer touches at once; the round of `jobs` reaches the others."""


async def record_payers(
    work: Work,
    *,
    payers: Mapping[UUID, tuple[int, Sequence[PayerPolicy]]],
    trigger: Trigger,
) -> None:
    """Keep payers' policies (version of the fact, oldest policy first); reckon deadlines again."""
    await store.keep_payers(work, payers)
    claims = await store.cases_of_payers(work, list(payers))
    touched = claims[:MOST_CLAIMS_AT_ONCE]
    await settle_claims(work, triggers=dict.fromkeys(touched, trigger))


async def record_providers(work: Work, *, providers: Mapping[UUID, tuple[int, str, str]]) -> None:
    """Keep billing providers: id → version of the fact, name, NPI."""
    await store.keep_providers(work, providers)


async def record_submissions(
    work: Work, *, submissions: Sequence[Submission], triggers: Mapping[UUID, Trigger]
) -> None:
    """Keep versions that were sent; a newer one answers the cases of the older."""
    await store.keep_submissions(work, submissions)
    await settle_claims(work, triggers=triggers)


async def record_rejections(
    work: Work,
    *,
    rejections: Collection[tuple[UUID, int]],
    triggers: Mapping[UUID, Trigger],
) -> None:
    """Keep (claim, version) refused at the door; a case it was to correct is back in work."""
    await store.keep_rejections(work, rejections)
    await settle_claims(work, triggers=triggers)


async def record_decisions(
    work: Work, *, decisions: Sequence[ClaimDecision], triggers: Mapping[UUID, Trigger]
) -> None:
    """Keep payers' decisions; a later one settles the cases of an earlier."""
    await store.keep_decisions(work, decisions)
    await settle_claims(work, triggers=triggers)


async def record_reversals(
    work: Work,
    *,
    reversals: Sequence[tuple[UUID, UUID, UUID]],
    triggers: Mapping[UUID, Trigger],
) -> None:
    """Keep (reversal, claim, reversed decision); what the reversed decision settled opens again."""
    await store.keep_reversals(work, reversals)
    await settle_claims(work, triggers=triggers)
