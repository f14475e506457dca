"""Takes over what payers decided: keeps each decision once and moves the claims it settles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.chassis import work_items
from cleanclaim.chassis.work import Work
from cleanclaim.claims.commands.local_days import local_day
from cleanclaim.claims.commands.work_to_do import Trouble, item_for
from cleanclaim.claims.domain import priorities
from cleanclaim.claims.domain.adjudication import state_after
from cleanclaim.claims.domain.states import ClaimState, moved
from cleanclaim.claims.store import claims, submissions


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardDecision:
    """A payer's decision as remittance told it; `reverses` names the one that it undoes."""

    claim_payment_id: UUID
    claim_id: UUID
    claim_version: int
    payer_id: UUID
    claim_status_code: str
    payer_claim_control_number: str | None
    adjudicated_on: date
    charge_cents: int
    heard_at: datetime
    reverses: UUID | None = None


async def record_decisions(work: Work, *, decisions: Sequence[HeardDecision]) -> None:
    """Keep the decisions and bring their claims to the states that follow of all of them."""
    await submissions.add_decisions(work, [_row(one) for one in decisions])
    ids = list(dict.fromkeys(one.claim_id for one in decisions))
    kept = await claims.claims_with(work, ids)
    heard = await submissions.decisions_on(work, ids)
    newest = {one.claim_id: one for one in decisions}
    for claim_id, claim in kept.items():
        after = state_after(claim.state, heard[claim_id])
        if after is not claim.state:
            await _move(work, claim_id, moved(claim.state, after), newest[claim_id])
        await claims.change_claims(
            work,
            [claim_id],
            changed_at=newest[claim_id].heard_at,
            claim_status_code=newest[claim_id].claim_status_code,
        )
    given = {one.claim_id: one.payer_claim_control_number for one in decisions}
    await claims.save_payer_numbers(
        work, {claim: number for claim, number in given.items() if number and claim in kept}
    )
    await _leave_to_people(work, [one for one in decisions if one.claim_id not in kept])


async def _move(work: Work, claim_id: UUID, state: ClaimState, decision: HeardDecision) -> None:
    await claims.change_claims(work, [claim_id], changed_at=decision.heard_at, state=state)
    if state is ClaimState.ADJUDICATED:
        await work_items.close_items(
            work,
            [claim_id],
            kind=priorities.REJECTED,
            outcome="adjudicated",
            closed_at=decision.heard_at,
        )


async def _leave_to_people(work: Work, strangers: Sequence[HeardDecision]) -> None:
    """A payment that names a claim which is not here: kept, and given to a person."""
    for one in strangers:
        trouble = Trouble(
            kind=priorities.UNKNOWN_PAYMENT,
            subject_id=one.claim_id,
            reason="claim_unknown",
            value_cents=one.charge_cents,
            next_actions=("look_at_remittance",),
        )
        item = item_for(trouble, as_of_on=await local_day(work, at=one.heard_at))
        await work_items.open_items(work, [item], opened_at=one.heard_at)


def _row(one: HeardDecision) -> dict[str, object]:
    return {
        "id": one.claim_payment_id,
        "claim_id": one.claim_id,
        "claim_version": one.claim_version,
        "payer_id": one.payer_id,
        "claim_status_code": one.claim_status_code,
        "reverses": one.reverses,
        "payer_claim_control_number": one.payer_claim_control_number,
        "adjudicated_on": one.adjudicated_on,
        "heard_at": one.heard_at,
    }
