"""Goes through answers in order with all that was posted before, and tells what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem, close_items, open_items
from cleanclaim.remittance import events_out, store
from cleanclaim.remittance.domain import attention
from cleanclaim.remittance.domain.claim_reference import ClaimReference, normalised
from cleanclaim.remittance.domain.decision import Decision
from cleanclaim.remittance.domain.kept import Statement
from cleanclaim.remittance.domain.matching import find_claim
from cleanclaim.remittance.domain.posting import (
    Answer,
    Posted,
    Verdict,
    Waiting,
    judge,
    judge_found,
)

AT_A_STRETCH = 200
"""How many claim payments are worked on before other requests of the process get their turn."""


@dataclass(slots=True)
class Cases:
    """All that was posted to the claims at hand, by case; grows while answers are judged."""

    decisions: dict[UUID, list[Decision]] = field(default_factory=dict)

    def of(self, references: Sequence[ClaimReference]) -> list[Decision]:
        return self.decisions.get(references[0].case_claim_id, []) if references else []

    def add(self, posted: Posted) -> None:
        case = self.decisions.setdefault(posted.decision.reference.case_claim_id, [])
        if posted.superseded is not None:
            case.append(posted.superseded)
        case.append(posted.decision)

    def judge(self, answer: Answer, bearing: Sequence[ClaimReference]) -> Verdict:
        verdict = judge(answer, bearing, self.of(bearing))
        if isinstance(verdict, Posted):
            self.add(verdict)
        return verdict

    async def judge_all(
        self, work: Work, answers: Sequence[tuple[Answer, Sequence[ClaimReference]]]
    ) -> list[Verdict]:
        """Reversals first, as the guide wants them (RFI 791); those without original once more.

        A long remittance lets other requests of the process in between.
        """
        verdicts: dict[UUID, Verdict] = {}
        bearing = {answer.claim_payment_id: found for answer, found in answers}
        in_order = sorted(answers, key=lambda one: not one[0].payment.is_reversal)
        for number, (answer, found) in enumerate(in_order, 1):
            work.runtime.fail_point(FailPoint.POSTING_EVERY_CLAIM)
            if number % AT_A_STRETCH == 0:
                await work.runtime.sleep(0)
            verdicts[answer.claim_payment_id] = self.judge(answer, found)
        for key, verdict in list(verdicts.items()):
            if isinstance(verdict, Waiting) and verdict.claim_id is not None:
                del verdicts[key]
                verdicts[key] = self.judge(verdict.answer, bearing[key])
        return list(verdicts.values())

    def judge_for(self, answer: Answer, reference: ClaimReference) -> Verdict:
        """The same where a person, or an earlier look, has named the claim."""
        found = find_claim(answer.payment, answer.payer_id, [reference])
        if found.reference is None:
            found = type(found)(reference=reference, responsibility=reference.responsibility)
        verdict = judge_found(answer, found, self.of([reference]))
        if isinstance(verdict, Posted):
            self.add(verdict)
        return verdict


async def open_cases(work: Work, *, references: Iterable[ClaimReference]) -> Cases:
    """What was posted so far to the claims of these references."""
    cases = {one.case_claim_id for one in references}
    return Cases(decisions=await store.decisions_of_cases(work, cases))


async def retry_reversals(
    work: Work,
    *,
    cases: Cases,
    references: Mapping[UUID, ClaimReference],
) -> list[Posted]:
    """Judge anew the reversals that wait for an original on these claims; tell what follows.

    `references` are the claims that something was posted to just now, by claim id.
    """
    parked = await store.parked_of_claims(work, references)
    posted: list[Posted] = []
    for one in parked:
        if one.claim_id is None:
            continue
        verdict = cases.judge_for(one.answer, references[one.claim_id])
        if isinstance(verdict, Posted):
            posted.append(verdict)
    if posted:
        await settle(work, posted=posted, matched_by="original")
    return posted


async def settle(
    work: Work,
    *,
    posted: Sequence[Posted],
    matched_by: str,
    causes: Mapping[UUID, Cause] | None = None,
) -> None:
    """Write and tell answers that waited and are posted now; `causes` by claim id, if any."""
    if not posted:
        return
    await store.settle_parked(work, posted, matched_by=matched_by)
    extra = [Posted(decision=one.superseded) for one in posted if one.superseded is not None]
    await store.add_verdicts(work, extra, {})
    about = await store.statements(work, {one.decision.remittance_id for one in posted})
    for one in posted:
        statement = about[one.decision.remittance_id]
        cause = (causes or {}).get(one.decision.reference.claim_id)
        tell_posted(work, one, statement, from_unapplied=True, cause=cause)
    await close_items(
        work,
        [one.decision.claim_payment_id for one in posted],
        kind=attention.PAYMENT_UNMATCHED,
        outcome="matched",
        closed_at=work.now,
    )
    await open_troubles(work, posted=posted, about=about)


def tell_posted(
    work: Work,
    posted: Posted,
    statement: Statement,
    *,
    from_unapplied: bool = False,
    cause: Cause | None = None,
) -> None:
    """Tell a decision, the old answer it replaces and the denial in it, as the claim's own story.

    Without a cause the facts hang on the thread that was kept with the claim.
    """
    decision = posted.decision
    thread = cause or Cause.from_json(
        decision.reference.cause | {"event_id": None, "actor_id": work.actor_id}
    )
    if posted.superseded is not None:
        replaced = events_out.decided(posted.superseded, statement, from_unapplied=False)
        work.tell(replaced, cause=thread)
    work.tell(events_out.decided(decision, statement, from_unapplied=from_unapplied), cause=thread)
    if posted.denial is not None:
        work.tell(events_out.denied(decision, posted.denial, statement), cause=thread)


async def open_troubles(
    work: Work, *, posted: Sequence[Posted], about: Mapping[UUID, Statement]
) -> None:
    """Open a work item for whatever a posted decision leaves to a person."""
    items = [
        work_item(work, trouble, about[one.decision.remittance_id])
        for one in posted
        for trouble in attention.troubles_in(one.decision)
    ]
    await open_items(work, items, opened_at=work.now)


async def open_waiting(work: Work, *, waiting: Sequence[Waiting], statement: Statement) -> None:
    """Open a work item for each answer that waits."""
    items = [
        work_item(
            work,
            attention.Trouble(
                kind=attention.PAYMENT_UNMATCHED,
                subject_type="claim_payment",
                subject_id=one.answer.claim_payment_id,
                reason=one.reason,
                value_cents=one.answer.payment.paid_cents,
            ),
            statement,
        )
        for one in waiting
    ]
    await open_items(work, items, opened_at=work.now)


def work_item(work: Work, trouble: attention.Trouble, statement: Statement | None) -> WorkItem:
    """A trouble as a work item; its age counts from the payment, or from now."""
    today = work.now.date()
    since = statement.paid_on if statement else today
    terms = attention.priority(trouble, since_on=since, today=today)
    return WorkItem(
        kind=trouble.kind,
        subject_type=trouble.subject_type,
        subject_id=trouble.subject_id,
        reason=trouble.reason,
        priority=sum(terms.values()),
        priority_terms=terms,
        value_cents=abs(trouble.value_cents),
        next_actions=attention.NEXT_ACTIONS[trouble.kind],
    )


def bearing(
    references: Mapping[str, Sequence[ClaimReference]], answer: Answer
) -> Sequence[ClaimReference]:
    """The claim versions that bear the number which the payer returned."""
    return references.get(normalised(answer.payment.patient_control_number), ())
