"""Opens cases for what a payer refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.work import Work
from cleanclaim.denials import events_out, store
from cleanclaim.denials.commands.reckoning import Reckoning, reckon
from cleanclaim.denials.commands.settling import Trigger, refresh_items, settle_claims
from cleanclaim.denials.domain.denial import CaseFound, Denial, Step, assess, cases_in
from cleanclaim.denials.domain.refusal import Refusal
from cleanclaim.denials.domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardRefusal:
    """A refusal with the event that told it and when that happened."""

    refusal: Refusal
    cause: Cause
    at: datetime


async def open_denials(work: Work, *, refusals: Sequence[HeardRefusal]) -> None:
    """Open the cases of refusals that have none yet; then look at all cases of those claims.

    Raises:
        RefusalWithoutReason: an amount is refused for no reason that was told.
    """
    claims = {one.refusal.origin.claim_id: one for one in refusals}
    await store.lock_claims(work, list(claims))
    known = await reckon(
        work,
        claim_ids=list(claims),
        payer_ids={one.refusal.origin.payer_id for one in refusals},
    )
    there = {one.denial_id for one in await store.cases_of_claims(work, list(claims))}
    new: dict[UUID, tuple[Denial, Cause]] = {}
    for heard in refusals:
        for found in cases_in(refusal=heard.refusal):
            denial = _denial(found, heard, known)
            if denial.denial_id not in there:
                new.setdefault(denial.denial_id, (denial, heard.cause))
    await _open(work, opened=list(new.values()))
    triggers = {claim: Trigger(cause=one.cause, at=one.at) for claim, one in claims.items()}
    await settle_claims(work, triggers=triggers)


async def _open(work: Work, *, opened: Sequence[tuple[Denial, Cause]]) -> None:
    denials = [denial for denial, _ in opened]
    await store.write_cases(work, denials)
    await store.write_steps(work, [_first_step(one) for one in denials])
    for denial, cause in opened:
        work.tell(events_out.opened(denial), cause=cause)
    for at in sorted({one.opened_at for one in denials}):
        await refresh_items(work, denials=[one for one in denials if one.opened_at == at], at=at)


def _denial(found: CaseFound, heard: HeardRefusal, known: Reckoning) -> Denial:
    origin = heard.refusal.origin
    purpose = f"denial:{found.cause.key}:{'claim' if found.whole_claim else 'line'}"
    day = known.day(heard.at)
    return Denial(
        denial_id=derived_id(origin.claim_payment_id, purpose),
        origin=origin,
        scope=found.scope,
        cause=found.cause,
        parts=found.parts,
        status=Status.OPEN,
        level=1,
        assessment=assess(
            cause=found.cause,
            denied_cents=found.denied_cents,
            within=known.circumstances(origin, found.parts),
            opened_on=day,
            as_of=day,
        ),
        recovered_cents=0,
        unattributed=False,
        assigned_to=None,
        opened_at=heard.at,
        opened_on=day,
        resolved_on=None,
        resolved_by_payment_id=None,
        because="unanswered",
        version=1,
    )


def _first_step(denial: Denial) -> Step:
    return Step(
        denial_id=denial.denial_id,
        version=denial.version,
        position=1,
        from_status=None,
        to_status=denial.status,
        because="refused",
        at=denial.opened_at,
    )
