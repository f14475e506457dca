"""Matches deposits with remittances: by rule whenever either side grows, or by a person."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from cleanclaim.chassis import audit
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile import events_out, store
from cleanclaim.reconcile.commands import variances
from cleanclaim.reconcile.domain import matching
from cleanclaim.reconcile.domain.deposit import (
    Deposit,
    DepositAlreadyMatched,
    DepositNotMatchable,
    DepositState,
    NoSuchDeposit,
)
from cleanclaim.reconcile.domain.matching import Match, Waiting
from cleanclaim.reconcile.domain.receipt import NoSuchRemittance
from cleanclaim.reconcile.domain.variance import OF_A_RECEIPT, VarianceKind, of_match

Threads = Mapping[UUID, Cause]
"""Remittance → the thread on which to tell of its match."""


async def match_deposits(
    work: Work, *, deposits: Sequence[Deposit], on: date, threads: Threads | None = None
) -> None:
    """Match what can be matched now and note why the others wait.

    `threads` are events being heard right now; other remittances keep the thread they came on.
    The caller has taken `store.one_at_a_time`.
    """
    if not deposits:
        return
    ids = [deposit.deposit_id for deposit in deposits]
    receipts = await store.receipts_for(work, ids)
    claimants = await store.waiting_for(work, [one.remittance_id for one in receipts])
    rivals = [one for one in claimants if one.deposit_id not in set(ids)]
    decisions = matching.match_deposits(deposits, receipts, rivals=rivals)
    waiting = [one for one in decisions if isinstance(one, Waiting)]
    matches = [one for one in decisions if isinstance(one, Match)]
    await store.note_waiting(work, waiting)
    await _settle(work, matches, on=on, threads=threads or {}, by=None)


async def _settle(
    work: Work, matches: Sequence[Match], *, on: date, threads: Threads, by: str | None
) -> None:
    """Keep matches, tell them, end the variances they answer and open those they leave."""
    if not matches:
        return
    remittance_ids = [part.remittance_id for match in matches for part in match.parts]
    deposit_ids = [match.deposit.deposit_id for match in matches]
    known = {**await store.threads_of(work, remittance_ids), **threads}
    await store.add_matches(work, matches, matched_at=work.now, matched_by=by)
    await store.set_state(work, deposit_ids, DepositState.MATCHED)
    for match in matches:
        fact = events_out.deposit_matched(match, match_id=store.match_id_of(match))
        work.tell(fact, cause=known.get(match.parts[0].remittance_id))
    await variances.correct_all(
        work,
        kinds=[*OF_A_RECEIPT, VarianceKind.DEPOSIT_WITHOUT_REMITTANCE],
        remittance_ids=remittance_ids,
        deposit_ids=deposit_ids,
        on=on,
    )
    found = [
        (variance, known.get(part.remittance_id, work.cause))
        for match in matches
        for part in match.parts
        if (variance := of_match(match, part, opened_on=on)) is not None
    ]
    await variances.open_all(work, variances=found)


async def match_by_person(
    work: Work, *, deposit_id: UUID, remittance_ids: Sequence[UUID], on: date
) -> UUID:
    """Match a deposit with the remittances that a person names; the match's id.

    Raises:
        NoSuchDeposit, NoSuchRemittance, DepositAlreadyMatched, DepositNotMatchable,
        PayerOfRemittanceUnknown, PartsDoNotAddUp.
    """
    await store.one_at_a_time(work)
    found = await store.deposits(work, [deposit_id])
    if not found:
        raise NoSuchDeposit("There is no deposit of this id.", fix="List deposits.")
    deposit = _matchable(found[0])
    by_id = {one.remittance_id: one for one in await store.receipts(work, remittance_ids)}
    if set(remittance_ids) - set(by_id):
        raise NoSuchRemittance(
            "No remittance of this id was heard of.",
            pointer="/remittance_ids",
            fix="Take the id from remittance; a new one is heard within seconds.",
        )
    match = matching.match_by_person(deposit, [by_id[one] for one in remittance_ids])
    await _settle(work, [match], on=on, threads={}, by=work.actor_id)
    await audit.record(work, action="approve", resource="Deposit", resource_id=deposit_id)
    return store.match_id_of(match)


def _matchable(deposit: Deposit) -> Deposit:
    if deposit.state is DepositState.MATCHED:
        raise DepositAlreadyMatched("The deposit is matched already.", fix="Read its match.")
    if deposit.amount_cents <= 0 or deposit.state is DepositState.WRITTEN_OFF:
        raise DepositNotMatchable(
            "A returned or written-off deposit has no money to give.",
            fix="Explain its variance instead.",
        )
    return deposit


async def match_again(
    work: Work, *, remittance_ids: Sequence[UUID], on: date, threads: Threads
) -> None:
    """Look whether money that waits belongs to these remittances."""
    await store.one_at_a_time(work)
    deposits = await store.waiting_for(work, remittance_ids)
    await match_deposits(work, deposits=deposits, on=on, threads=threads)
