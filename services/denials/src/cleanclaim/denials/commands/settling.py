"""Brings the cases of claims to where they stand, after anything was heard about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem, close_items, open_items
from cleanclaim.denials import events_out, store
from cleanclaim.denials.commands.reckoning import Reckoning, ground_of, reckon
from cleanclaim.denials.domain.attention import KINDS, attention_for
from cleanclaim.denials.domain.denial import Denial
from cleanclaim.denials.domain.movement import Moved, move
from cleanclaim.denials.domain.settlement import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What made us look at a claim again: the thread it hangs on and when it happened."""

    cause: Cause
    at: datetime


async def settle_claims(work: Work, *, triggers: Mapping[UUID, Trigger]) -> None:
    """Bring every case of these claims (claim → trigger) to where it stands, and tell of it.

    Raises:
        StepRefused: a derived state does not follow from the present one.
    """
    if not triggers:
        return
    await store.lock_claims(work, list(triggers))
    cases = await store.cases_of_claims(work, list(triggers))
    if not cases:
        return
    payers = {one.origin.payer_id for one in cases}
    known = await reckon(work, claim_ids=list(triggers), payer_ids=payers)
    moved = [_moved(one, cases, known, triggers[one.origin.claim_id].at) for one in cases]
    await _keep(work, moved=moved, triggers=triggers)


def _moved(denial: Denial, cases: Sequence[Denial], known: Reckoning, at: datetime) -> Moved:
    standing = settle(ground=ground_of(denial, cases), story=known.story(denial.origin))
    return move(
        denial=denial,
        standing=standing,
        within=known.circumstances(
            denial.origin,
            denial.parts,
            taken_back=standing.taken_back,
            sent_again=standing.corrected,
        ),
        at=at,
        day=known.day(at),
    )


async def _keep(work: Work, *, moved: Sequence[Moved], triggers: Mapping[UUID, Trigger]) -> None:
    changed = [one for one in moved if one.changed]
    await store.write_cases(work, [one.after for one in changed])
    await store.write_steps(work, [step for one in changed for step in one.steps])
    for one in changed:
        cause = triggers[one.after.origin.claim_id].cause
        if one.tell == "resolved":
            work.tell(events_out.resolved(one.after), cause=cause)
        elif one.tell == "reopened":
            work.tell(events_out.opened(one.after), cause=cause)
    for at in sorted({trigger.at for trigger in triggers.values()}):
        of_then = [one.after for one in changed if triggers[one.after.origin.claim_id].at == at]
        await refresh_items(work, denials=of_then, at=at)


async def refresh_items(work: Work, *, denials: Sequence[Denial], at: datetime) -> None:
    """Open the work items that cases should have now and close those whose need is gone."""
    await open_items(work, [item for denial in denials for item in _items(denial)], opened_at=at)
    for kind in KINDS:
        met: dict[str, list[UUID]] = {}
        for denial in denials:
            if kind not in {one.kind for one in attention_for(denial=denial)}:
                met.setdefault(denial.status.value, []).append(denial.denial_id)
        for outcome, ids in met.items():
            await close_items(work, ids, kind=kind, outcome=outcome, closed_at=at)
    await store.rank_again(work, denials)


def _items(denial: Denial) -> list[WorkItem]:
    assessment = denial.assessment
    return [
        WorkItem(
            kind=one.kind,
            subject_type="denial",
            subject_id=denial.denial_id,
            reason=one.reason,
            priority=assessment.priority,
            priority_terms=assessment.terms,
            value_cents=denial.denied_cents,
            due_on=assessment.work_by_on,
            owner=denial.assigned_to,
            next_actions=one.next_actions,
        )
        for one in attention_for(denial=denial)
    ]


async def reassess(work: Work, *, claim_ids: Collection[UUID]) -> None:
    """Reckon the cases of claims again because time passed; the clock is the work's own."""
    trigger = Trigger(cause=work.cause, at=work.now)
    await settle_claims(work, triggers=dict.fromkeys(claim_ids, trigger))
