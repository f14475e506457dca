"""What a payment that finds no claim moves: its money waits as unapplied insurance cash."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedPayment:
    """Cents as the payer signed them: negative where a reversal found no original."""

    claim_payment_id: UUID
    remittance_id: UUID
    payer_id: UUID
    trace_number: str
    paid_on: date
    paid_cents: int


def entry_for_unmatched(occasion: Occasion, payment: UnmatchedPayment) -> JournalEntry | None:
    """Cash clearing (payer, trace) against unapplied insurance cash (remittance, payment)."""
    money = Posting(
        account=Account.CASH_CLEARING,
        amount_cents=0,
        why="unapplied",
        payer_id=payment.payer_id,
        trace_number=payment.trace_number,
    )
    waiting = Posting(
        account=Account.UNAPPLIED_INSURANCE_CASH,
        amount_cents=0,
        why="unapplied",
        payer_id=payment.payer_id,
        open_item_id=payment.claim_payment_id,
    )
    return entry_or_none(
        occasion,
        effective_on=payment.paid_on,
        place=Place(remittance_id=payment.remittance_id),
        postings=moved(payment.paid_cents, debit=money, credit=waiting),
    )
