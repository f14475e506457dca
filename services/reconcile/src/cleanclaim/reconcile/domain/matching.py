"""Match: which remittances explain a deposit, by which rule, or why none does yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.reconcile.domain.bank_calendar import within_window
from cleanclaim.reconcile.domain.deposit import Deposit, DepositState
from cleanclaim.reconcile.domain.receipt import ExpectedReceipt
from cleanclaim.reconcile.domain.trace import same_company
from cleanclaim.values.errors import Invalid

BY_TRACE, BY_AMOUNT, BY_PERSON = "trace", "payer_amount_date", "person"


class PayerOfRemittanceUnknown(Invalid):
    """The book keeps clearing by payer, so a remittance without one cannot be matched."""


class PartsDoNotAddUp(Invalid):
    """Several remittances explain a deposit only to the cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPart:
    """What of a deposit one remittance explains, in cents."""

    remittance_id: UUID
    payer_id: UUID
    trace_number: str
    amount_cents: int
    expected_cents: int

    @property
    def difference_cents(self) -> int:
        """What came minus what was still to come."""
        return self.amount_cents - self.expected_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A deposit and the remittances that explain it; `inferred` where no trace agreed."""

    deposit: Deposit
    parts: tuple[MatchPart, ...]
    rule: str

    @property
    def inferred(self) -> bool:
        return self.rule == BY_AMOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why a deposit has no match yet, and the remittances that might be meant."""

    deposit: Deposit
    reason: str
    candidates: tuple[UUID, ...] = ()


Decision = Match | Waiting


def match_deposits(
    deposits: Sequence[Deposit],
    receipts: Iterable[ExpectedReceipt],
    *,
    rivals: Sequence[Deposit] = (),
) -> list[Decision]:
    """Decide each deposit in its turn; one remittance's money is given once.

    `rivals` are other waiting deposits that might claim the same remittances by amount: where
    two could, neither gets it, and a person decides. A deposit that names a trace is matched by
    that trace or not at all, so that a guess never overrides what the bank said.
    """
    open_now = {receipt.remittance_id: receipt for receipt in receipts}
    decisions: list[Decision] = []
    for deposit in sorted(deposits, key=lambda one: (one.trace_number is None, one.deposited_on)):
        decision = _decide(deposit, open_now)
        if isinstance(decision, Match) and decision.inferred:
            decision = _unless_contested(decision, [*deposits, *rivals], open_now)
        if isinstance(decision, Match):
            _take(decision, open_now)
        decisions.append(decision)
    return decisions


def _decide(deposit: Deposit, receipts: Mapping[UUID, ExpectedReceipt]) -> Decision:
    if deposit.state not in {DepositState.UNMATCHED, DepositState.EXPLAINED}:
        return Waiting(deposit=deposit, reason="not_waiting")
    if deposit.amount_cents <= 0:
        return Waiting(deposit=deposit, reason="returned_item")
    if deposit.trace_number is not None:
        return _by_trace(deposit, deposit.trace_number, receipts.values())
    return _by_amount(deposit, receipts.values())


def _by_trace(deposit: Deposit, trace: str, receipts: Iterable[ExpectedReceipt]) -> Decision:
    named = [one for one in receipts if one.trace_number.upper() == trace.upper()]
    if not named:
        return Waiting(deposit=deposit, reason="no_remittance")
    of_company = [one for one in named if _company_agrees(deposit, one)]
    if not of_company:
        return _waiting(deposit, "company_differs", named)
    waiting = [one for one in of_company if one.awaits_money]
    if not waiting:
        return _waiting(deposit, "nothing_open", of_company)
    exact = [one for one in waiting if one.open_cents == deposit.amount_cents]
    chosen = exact or waiting
    if len(chosen) > 1:
        return _waiting(deposit, "several_remittances", chosen)
    if not exact and not _company_proved(deposit, chosen[0]):
        return _waiting(deposit, "company_unproved_and_amount_differs", chosen)
    return _matched(deposit, chosen[0], BY_TRACE)


def _by_amount(deposit: Deposit, receipts: Iterable[ExpectedReceipt]) -> Decision:
    alike = [one for one in receipts if _alike(deposit, one)]
    if deposit.payer_id is None:
        return _waiting(deposit, "payer_unknown", alike)
    of_payer = [one for one in alike if one.payer_id == deposit.payer_id]
    if not of_payer:
        return Waiting(deposit=deposit, reason="no_remittance")
    if len(of_payer) > 1:
        return _waiting(deposit, "several_remittances", of_payer)
    return _matched(deposit, of_payer[0], BY_AMOUNT)


def _alike(deposit: Deposit, receipt: ExpectedReceipt) -> bool:
    """Amount to the cent, untouched so far, and within the method's window either way."""
    return (
        receipt.awaits_money
        and receipt.matched_cents == 0
        and receipt.open_cents == deposit.amount_cents
        and within_window(receipt.paid_on, deposit.deposited_on, receipt.payment_method)
    )


def _unless_contested(
    match: Match, deposits: Sequence[Deposit], receipts: Mapping[UUID, ExpectedReceipt]
) -> Decision:
    wanted = receipts[match.parts[0].remittance_id]
    for rival in deposits:
        if rival.deposit_id != match.deposit.deposit_id and _wants(rival, wanted):
            return _waiting(match.deposit, "several_deposits", [wanted])
    return match


def _wants(rival: Deposit, receipt: ExpectedReceipt) -> bool:
    return (
        rival.state is DepositState.UNMATCHED
        and rival.trace_number is None
        and rival.payer_id == receipt.payer_id
        and _alike(rival, receipt)
    )


def _company_agrees(deposit: Deposit, receipt: ExpectedReceipt) -> bool:
    ours, theirs = deposit.originating_company_id, receipt.originating_company_id
    return ours is None or theirs is None or same_company(ours, theirs)


def _company_proved(deposit: Deposit, receipt: ExpectedReceipt) -> bool:
    ours, theirs = deposit.originating_company_id, receipt.originating_company_id
    return ours is not None and theirs is not None


def _matched(deposit: Deposit, receipt: ExpectedReceipt, rule: str) -> Decision:
    if receipt.payer_id is None:
        return _waiting(deposit, "payer_of_remittance_unknown", [receipt])
    part = _part(receipt, receipt.payer_id, deposit.amount_cents)
    return Match(deposit=deposit, parts=(part,), rule=rule)


def _part(receipt: ExpectedReceipt, payer_id: UUID, amount_cents: int) -> MatchPart:
    return MatchPart(
        remittance_id=receipt.remittance_id,
        payer_id=payer_id,
        trace_number=receipt.trace_number,
        amount_cents=amount_cents,
        expected_cents=receipt.open_cents,
    )


def match_by_person(deposit: Deposit, receipts: Sequence[ExpectedReceipt]) -> Match:
    """The match that a person names: one remittance whatever its amount, or several to the cent.

    Raises:
        PayerOfRemittanceUnknown: a remittance has no payer yet.
        PartsDoNotAddUp: several remittances do not add up to the deposit.
    """
    parts = []
    for receipt in receipts:
        if receipt.payer_id is None:
            raise PayerOfRemittanceUnknown(
                "The remittance's payer is not recognized yet.",
                pointer="/remittance_ids",
                fix="Recognize the payer of the remittance first, then match.",
            )
        alone = len(receipts) == 1
        amount = deposit.amount_cents if alone else receipt.open_cents
        parts.append(_part(receipt, receipt.payer_id, amount))
    if sum(part.amount_cents for part in parts) != deposit.amount_cents:
        raise PartsDoNotAddUp(
            "What these remittances still expect does not add up to the deposit.",
            pointer="/remittance_ids",
            fix="Name remittances whose open amounts sum to the deposit, or only one.",
        )
    return Match(deposit=deposit, parts=tuple(parts), rule=BY_PERSON)


def candidates_for(deposit: Deposit, receipts: Iterable[ExpectedReceipt]) -> list[Decision]:
    """What the rules say of one deposit now: for a person who looks at it."""
    return match_deposits([deposit], receipts)


def _take(match: Match, receipts: dict[UUID, ExpectedReceipt]) -> None:
    for part in match.parts:
        receipt = receipts[part.remittance_id]
        matched = receipt.matched_cents + part.amount_cents
        receipts[part.remittance_id] = replace(receipt, matched_cents=matched)


def _waiting(deposit: Deposit, reason: str, receipts: Iterable[ExpectedReceipt]) -> Waiting:
    ids = tuple(receipt.remittance_id for receipt in receipts)
    return Waiting(deposit=deposit, reason=reason, candidates=ids)


def parts_by_remittance(matches: Iterable[Match]) -> dict[UUID, list[MatchPart]]:
    """The parts of several matches, remittance by remittance."""
    parts: dict[UUID, list[MatchPart]] = defaultdict(list)
    for match in matches:
        for part in match.parts:
            parts[part.remittance_id].append(part)
    return dict(parts)
