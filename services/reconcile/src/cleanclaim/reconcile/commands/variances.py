"""Opens and ends variances: each told once, each with a work item of its own while it is open."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from cleanclaim.chassis import audit, work_items
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import events_out, store
from cleanclaim.reconcile.domain import variance as rules
from cleanclaim.reconcile.domain.deposit import DepositState
from cleanclaim.reconcile.domain.posting import of_incomplete
from cleanclaim.reconcile.domain.priorities import next_actions, priority_terms
from cleanclaim.reconcile.domain.variance import Outcome, Variance, VarianceKind


async def open_all(
    work: Work, *, variances: Sequence[tuple[Variance, Cause]]
) -> list[tuple[Variance, Cause]]:
    """Open variances that are not known yet; tell each and give it a work item."""
    new = await store.add_variances(work, variances)
    for variance, cause in new:
        work.tell(events_out.variance_opened(variance), cause=cause)
    await work_items.open_items(work, [_item(one) for one, _ in new], opened_at=work.now)
    return new


def _item(variance: Variance) -> work_items.WorkItem:
    terms = priority_terms(variance, as_of=variance.opened_on)
    return work_items.WorkItem(
        kind=variance.kind.value,
        subject_type="variance",
        subject_id=variance.variance_id,
        reason=variance.kind.value,
        priority=sum(terms.values()),
        priority_terms=terms,
        value_cents=abs(variance.difference_cents),
        next_actions=next_actions(variance.kind),
    )


async def correct_all(
    work: Work,
    *,
    kinds: Iterable[VarianceKind],
    remittance_ids: Sequence[UUID] = (),
    deposit_ids: Sequence[UUID] = (),
    on: date,
) -> None:
    """End the open variances of these kinds, because what they waited for has come."""
    found = await store.open_variances(
        work, kinds=kinds, remittance_ids=remittance_ids, deposit_ids=deposit_ids
    )
    ended = [(rules.corrected(variance, resolved_on=on), cause) for variance, cause in found]
    await _end(work, ended, by=None, on=on)


async def _end(
    work: Work, ended: Sequence[tuple[Variance, Cause]], *, by: str | None, on: date
) -> None:
    if not ended:
        return
    await store.save_resolved(work, [variance for variance, _ in ended], resolved_by=by)
    for variance, cause in ended:
        work.tell(events_out.variance_resolved(variance, resolved_on=on), cause=cause)
    for outcome in {variance.status for variance, _ in ended}:
        ids = [variance.variance_id for variance, _ in ended if variance.status == outcome]
        await work_items.close_items(work, ids, outcome=outcome, closed_at=work.now)


async def explain_variance(work: Work, *, variance_id: UUID, reason: str, on: date) -> Variance:
    """A person says why two records differ; nothing is booked.

    Raises:
        NoSuchVariance, VarianceAlreadyResolved.
    """
    variance, cause = await store.variance_for_change(work, variance_id)
    ended = rules.explained(variance, reason=reason, resolved_on=on)
    await _end_by_person(work, ended, cause, on=on)
    return ended


async def write_off_variance(work: Work, *, variance_id: UUID, reason: str, on: date) -> Variance:
    """A person gives the difference up; accounts books it from the fact.

    Raises:
        NoSuchVariance, VarianceAlreadyResolved, VarianceNotWritableOff.
    """
    await store.one_at_a_time(work)
    variance, cause = await store.variance_for_change(work, variance_id)
    ended = rules.written_off(variance, reason=reason, resolved_on=on)
    if ended.kind in rules.OF_A_RECEIPT and ended.remittance_id is not None:
        await store.add_written_off(work, {ended.remittance_id: ended.written_off_cents})
    await _end_by_person(work, ended, cause, on=on)
    return ended


async def _end_by_person(work: Work, ended: Variance, cause: Cause, *, on: date) -> None:
    await _end(work, [(ended, cause)], by=work.actor_id, on=on)
    if ended.kind is VarianceKind.DEPOSIT_WITHOUT_REMITTANCE and ended.deposit_id is not None:
        explained = ended.status == Outcome.EXPLAINED
        state = DepositState.EXPLAINED if explained else DepositState.WRITTEN_OFF
        await store.set_state(work, [ended.deposit_id], state)
    await audit.record(
        work,
        action="approve",
        resource="Variance",
        resource_id=ended.variance_id,
        purpose=ended.reason,
    )


async def judge_windows(work: Work, *, as_of: date) -> int:
    """Open what is overdue on this day, end what has become whole; how many were opened.

    Safe to run again and again: a variance that is known is neither opened nor told twice.
    """
    await store.one_at_a_time(work)
    thread = work.cause
    receipts = await store.overdue_receipts(work, before=as_of)
    deposits = await store.overdue_deposits(work, before=as_of)
    unposted = await store.incomplete_postings(work, before=as_of)
    ids = [one.remittance_id for one in receipts] + [one.remittance_id for one in unposted]
    threads = await store.threads_of(work, ids)
    found = [rules.of_overdue_receipt(one, opened_on=as_of) for one in receipts]
    found += [of_incomplete(one, opened_on=as_of) for one in unposted]
    found += [rules.of_overdue_deposit(one, opened_on=as_of) for one in deposits]
    opened = await open_all(
        work,
        variances=[
            (one, threads.get(one.remittance_id, thread) if one.remittance_id else thread)
            for one in found
        ],
    )
    await end_completed_postings(work, on=as_of)
    return len(opened)


async def end_completed_postings(work: Work, *, on: date) -> None:
    """End the variances of remittances that have been posted whole since."""
    open_ids = await store.all_open(work, kind=VarianceKind.REMITTANCE_INCOMPLETE)
    totals = await store.posted_totals(work, ids=open_ids)
    whole = [one.remittance_id for one in totals if one.complete]
    await correct_all(work, kinds=[VarianceKind.REMITTANCE_INCOMPLETE], remittance_ids=whole, on=on)
