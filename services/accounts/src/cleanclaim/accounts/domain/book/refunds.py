"""What money that we give back moves: approved, paid, and confirmed by the payer."""

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
class Refund:
    """Cents that go back to a patient (no payer) or to a payer.

    `open_item_id` is the line (payer, payee, reference) that the payer's PLB 72 will clear.
    """

    refund_id: UUID
    place: Place
    on: date
    amount_cents: int
    payer_id: UUID | None = None
    open_item_id: UUID | None = None
    line_id: UUID | None = None
    from_unapplied: bool = False


def entry_for_refund_approved(occasion: Occasion, refund: Refund) -> JournalEntry | None:
    """Refund clearing (payer) or the patient's credit against refunds payable."""
    return _pair(occasion, refund, _credit_given_back(refund), _payable(refund))


def entry_for_refund_paid(occasion: Occasion, refund: Refund) -> JournalEntry | None:
    """Refunds payable against the bank."""
    bank = Posting(account=Account.BANK, amount_cents=0, why="refund")
    return _pair(occasion, refund, _payable(refund), bank)


def entry_for_refund_confirmed(occasion: Occasion, refund: Refund) -> JournalEntry | None:
    """The payer's letter instead of a PLB 72: the claim's credit against refund clearing."""
    owed = Posting(
        account=Account.INSURANCE_RECEIVABLE,
        amount_cents=0,
        why="refund",
        payer_id=refund.payer_id,
        line_id=refund.line_id,
    )
    return _pair(occasion, refund, owed, _clearing(refund))


def _credit_given_back(refund: Refund) -> Posting:
    if refund.payer_id is not None:
        return _clearing(refund)
    account = (
        Account.UNAPPLIED_PATIENT_CASH if refund.from_unapplied else Account.PATIENT_RECEIVABLE
    )
    return Posting(account=account, amount_cents=0, why="refund", line_id=refund.line_id)


def _clearing(refund: Refund) -> Posting:
    return Posting(
        account=Account.REFUND_CLEARING,
        amount_cents=0,
        why="refund",
        payer_id=refund.payer_id,
        open_item_id=refund.open_item_id,
    )


def _payable(refund: Refund) -> Posting:
    return Posting(
        account=Account.REFUNDS_PAYABLE,
        amount_cents=0,
        why="refund",
        open_item_id=refund.refund_id,
    )


def _pair(
    occasion: Occasion, refund: Refund, debit: Posting, credit: Posting
) -> JournalEntry | None:
    return entry_or_none(
        occasion,
        effective_on=refund.on,
        place=refund.place,
        postings=moved(refund.amount_cents, debit=debit, credit=credit),
    )
