"""What a resolved variance moves: only a write-off moves money, onto an account of its own."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.journal import (
    JournalEntry,
    Occasion,
    Place,
    Posting,
    entry_or_none,
    moved,
)
from cleanclaim.values.errors import Invalid

OF_THE_CLAIM = frozenset({"claim_underpaid"})
"""Paid against expected: the allowance was booked as the payer gave it, so nothing stands open."""
OF_THE_BANK = frozenset({"deposit_without_remittance", "deposit_returned"})
"""Stands in unidentified deposits; every other kind stands in cash clearing of its trace."""


class VarianceWithoutPlace(Invalid):
    """Money was written off and the fact names neither a trace nor a deposit to take it from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedVariance:
    """Cents written off, signed as actual minus expected: negative is money that never came."""

    variance_id: UUID
    kind: str
    outcome: str
    written_off_cents: int
    resolved_on: date
    reason: str | None = None
    payer_id: UUID | None = None
    trace_number: str | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None


def entry_for_variance(occasion: Occasion, variance: ResolvedVariance) -> JournalEntry | None:
    """Variance write-off (reason) against where the difference stands; None where nothing moves.

    Raises:
        VarianceWithoutPlace: nothing says where the difference stands.
    """
    if variance.outcome != "written_off" or variance.kind in OF_THE_CLAIM:
        return None
    write_off = Posting(
        account=Account.VARIANCE_WRITE_OFF,
        amount_cents=0,
        why="variance_write_off",
        payer_id=variance.payer_id,
        reason=variance.reason,
    )
    return entry_or_none(
        occasion,
        effective_on=variance.resolved_on,
        place=Place(
            remittance_id=variance.remittance_id,
            deposit_id=variance.deposit_id,
            about_id=variance.variance_id,
        ),
        postings=moved(
            -variance.written_off_cents, debit=write_off, credit=_where_it_stands(variance)
        ),
    )


def _where_it_stands(variance: ResolvedVariance) -> Posting:
    why = "variance_write_off"
    if variance.kind not in OF_THE_BANK and variance.payer_id and variance.trace_number:
        return Posting(
            account=Account.CASH_CLEARING,
            amount_cents=0,
            why=why,
            payer_id=variance.payer_id,
            trace_number=variance.trace_number,
            reason=variance.reason,
        )
    if variance.kind in OF_THE_BANK and variance.deposit_id:
        return Posting(
            account=Account.UNIDENTIFIED_DEPOSITS, amount_cents=0, why=why, reason=variance.reason
        )
    raise VarianceWithoutPlace(
        "A variance was written off and names neither its trace nor its deposit.",
        pointer="/trace_number",
        fix="Tell payer and trace of the remittance, or the deposit.",
    )
