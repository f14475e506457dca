"""Matches a waiting payment to a claim, because a person says so."""

from uuid import UUID

from cleanclaim.chassis.work import Work
from cleanclaim.remittance import store
from cleanclaim.remittance.commands import judging
from cleanclaim.remittance.domain.posting import Posted
from cleanclaim.values.errors import Conflict, Missing


class NoSuchUnmatchedPayment(Missing):
    """No payment of that id waits for a claim."""


class NoSuchClaim(Missing):
    """No claim of that id was sent."""


class OriginalNotFound(Conflict):
    """A reversal needs the decision that it takes back, with the same money."""


async def match_payment(work: Work, *, claim_payment_id: UUID, claim_id: UUID) -> None:
    """Post a waiting payment to the claim that a person names.

    Raises:
        NoSuchUnmatchedPayment: it does not wait (any more).
        NoSuchClaim: the organization sent no such claim.
        OriginalNotFound: it is a reversal, and the claim holds nothing that it could take back.
    """
    await store.judge_alone(work)
    parked = await store.parked_payment(work, claim_payment_id)
    if parked is None:
        raise NoSuchUnmatchedPayment(
            "no payment of this id waits for a claim",
            fix="a list of those that wait is at /v1/unmatched-payments",
        )
    reference = await store.reference_of(work, claim_id)
    if reference is None:
        raise NoSuchClaim(
            "no claim of this id was sent", pointer="/claim_id", fix="use an id of the candidates"
        )
    cases = await judging.open_cases(work, references=[reference])
    verdict = cases.judge_for(parked.answer, reference)
    if not isinstance(verdict, Posted):
        raise OriginalNotFound(
            f"the reversal cannot be posted to this claim: {verdict.reason}",
            pointer="/claim_id",
            fix="match the original payment first, or wait for it",
        )
    await judging.settle(work, posted=[verdict], matched_by="person")
    if not verdict.decision.is_reversal:
        await judging.retry_reversals(work, cases=cases, references={claim_id: reference})
