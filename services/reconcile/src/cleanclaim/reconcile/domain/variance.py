"""Variance: two records of the same money that do not agree, from its opening to its end."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from cleanclaim.reconcile.domain.deposit import Deposit
from cleanclaim.reconcile.domain.matching import Match, MatchPart
from cleanclaim.reconcile.domain.receipt import ExpectedReceipt
from cleanclaim.values.errors import Conflict, Missing


class NoSuchVariance(Missing):
    """The organization has no variance of that id."""


class VarianceAlreadyResolved(Conflict):
    """What was explained, corrected or written off stays as it was resolved."""


class VarianceKind(StrEnum):
    DEPOSIT_SHORT = "deposit_short"
    DEPOSIT_OVER = "deposit_over"
    DEPOSIT_RETURNED = "deposit_returned"
    REMITTANCE_WITHOUT_DEPOSIT = "remittance_without_deposit"
    DEPOSIT_WITHOUT_REMITTANCE = "deposit_without_remittance"
    REMITTANCE_INCOMPLETE = "remittance_incomplete"


class Outcome(StrEnum):
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    WRITTEN_OFF = "written_off"


OF_A_RECEIPT = frozenset(
    {
        VarianceKind.DEPOSIT_SHORT,
        VarianceKind.DEPOSIT_OVER,
        VarianceKind.REMITTANCE_WITHOUT_DEPOSIT,
    }
)
OF_A_DEPOSIT = frozenset({VarianceKind.DEPOSIT_WITHOUT_REMITTANCE, VarianceKind.DEPOSIT_RETURNED})
WRITABLE_OFF = OF_A_RECEIPT | OF_A_DEPOSIT
"""An incomplete posting is corrected by posting the rest; no money stands open in the bank."""


class VarianceNotWritableOff(Conflict):
    """Postings that are missing are posted; writing them off would hide them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variance:
    """What should have been, what was (cents), and whom and what it concerns."""

    variance_id: UUID
    kind: VarianceKind
    expected_cents: int
    actual_cents: int
    opened_on: date
    payer_id: UUID | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None
    trace_number: str | None = None
    status: str = "open"
    reason: str | None = None
    written_off_cents: int = 0
    resolved_on: date | None = None

    @property
    def difference_cents(self) -> int:
        return self.actual_cents - self.expected_cents

    @property
    def subject_id(self) -> UUID:
        """The deposit where the trouble is the bank's line, else the remittance."""
        of_deposit = self.deposit_id if self.kind in OF_A_DEPOSIT else None
        return of_deposit or self.remittance_id or self.variance_id


def of_match(match: Match, part: MatchPart, *, opened_on: date) -> Variance | None:
    """Short or over by whatever cents came less or more than were still expected; else None."""
    if part.difference_cents == 0:
        return None
    short = part.difference_cents < 0
    kind = VarianceKind.DEPOSIT_SHORT if short else VarianceKind.DEPOSIT_OVER
    return Variance(
        # one deposit may be short for one remittance once
        variance_id=uuid5(match.deposit.deposit_id, f"{kind}:{part.remittance_id}"),
        kind=kind,
        expected_cents=part.expected_cents,
        actual_cents=part.amount_cents,
        payer_id=part.payer_id,
        remittance_id=part.remittance_id,
        deposit_id=match.deposit.deposit_id,
        trace_number=part.trace_number,
        opened_on=opened_on,
    )


def of_returned(deposit: Deposit, *, opened_on: date) -> Variance:
    """Money that the bank took back: nothing was expected to go."""
    return _of_deposit(deposit, VarianceKind.DEPOSIT_RETURNED, opened_on=opened_on)


def of_overdue_deposit(deposit: Deposit, *, opened_on: date) -> Variance:
    """Money whose remittance did not come within the window."""
    return _of_deposit(deposit, VarianceKind.DEPOSIT_WITHOUT_REMITTANCE, opened_on=opened_on)


def _of_deposit(deposit: Deposit, kind: VarianceKind, *, opened_on: date) -> Variance:
    return Variance(
        variance_id=uuid5(deposit.deposit_id, kind),
        kind=kind,
        expected_cents=0,
        actual_cents=deposit.amount_cents,
        payer_id=deposit.payer_id,
        deposit_id=deposit.deposit_id,
        trace_number=deposit.trace_number,
        opened_on=opened_on,
    )


def of_overdue_receipt(receipt: ExpectedReceipt, *, opened_on: date) -> Variance:
    """A remittance whose money did not come within the window."""
    return Variance(
        variance_id=uuid5(receipt.remittance_id, VarianceKind.REMITTANCE_WITHOUT_DEPOSIT),
        kind=VarianceKind.REMITTANCE_WITHOUT_DEPOSIT,
        expected_cents=receipt.payment_cents,
        actual_cents=receipt.matched_cents,
        payer_id=receipt.payer_id,
        remittance_id=receipt.remittance_id,
        trace_number=receipt.trace_number,
        opened_on=opened_on,
    )


def corrected(variance: Variance, *, resolved_on: date) -> Variance:
    """What was missing came: both records agree now, or a newer variance says how they differ."""
    return _resolved(variance, Outcome.CORRECTED, None, resolved_on)


def explained(variance: Variance, *, reason: str, resolved_on: date) -> Variance:
    """A person knows why the records differ and that nobody owes anything for it.

    Raises:
        VarianceAlreadyResolved: it is not open.
    """
    return _resolved(variance, Outcome.EXPLAINED, reason, resolved_on)


def written_off(variance: Variance, *, reason: str, resolved_on: date) -> Variance:
    """The whole difference is given up (or kept, where too much came).

    Raises:
        VarianceAlreadyResolved: it is not open.
        VarianceNotWritableOff: postings are missing, not money.
    """
    if variance.kind not in WRITABLE_OFF:
        raise VarianceNotWritableOff(
            "A remittance that is not posted whole is posted, not written off.",
            fix="Release or post the remittance; the variance closes by itself.",
        )
    resolved = _resolved(variance, Outcome.WRITTEN_OFF, reason, resolved_on)
    return replace(resolved, written_off_cents=variance.difference_cents)


def _resolved(
    variance: Variance, outcome: Outcome, reason: str | None, resolved_on: date
) -> Variance:
    if variance.status != "open":
        raise VarianceAlreadyResolved(
            f"The variance is {variance.status.replace('_', ' ')} already.",
            fix="Read it again; a new difference opens a new variance.",
        )
    return replace(variance, status=outcome.value, reason=reason, resolved_on=resolved_on)
