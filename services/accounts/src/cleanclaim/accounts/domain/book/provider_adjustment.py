"""What a PLB amount moves: the account that its reason names against the cash of that 835."""

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
from cleanclaim.codes.provider_adjustments import plb_reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdjustment:
    """Money outside any claim; cents as the PLB carries them: positive lowers the payment.

    `open_item_id` stands for (payer, payee, reference), the line of the sub-ledger.
    """

    remittance_id: UUID
    payer_id: UUID
    code: str
    amount_cents: int
    trace_number: str
    paid_on: date
    claim_id: UUID | None = None
    open_item_id: UUID | None = None


def account_of(code: str, amount_cents: int) -> Account:
    """The account of a PLB reason; an unknown reason goes to suspense, never away."""
    return Account(plb_reasons().reason(code).account_for(amount_cents).value)


def entry_for_provider_adjustment(
    occasion: Occasion, adjustment: ProviderAdjustment
) -> JournalEntry | None:
    """Debit the reason's account and credit cash clearing (payer, trace); negative swaps them.

    The 835 subtracts PLB amounts: BPR02 = sum of CLP04 - sum of PLB (005010X221A1).
    """
    why = "provider_adjustment"
    account = Posting(
        account=account_of(adjustment.code, adjustment.amount_cents),
        amount_cents=0,
        why=why,
        payer_id=adjustment.payer_id,
        open_item_id=adjustment.open_item_id,
        reason=adjustment.code,
    )
    money = Posting(
        account=Account.CASH_CLEARING,
        amount_cents=0,
        why=why,
        payer_id=adjustment.payer_id,
        trace_number=adjustment.trace_number,
        reason=adjustment.code,
    )
    return entry_or_none(
        occasion,
        effective_on=adjustment.paid_on,
        place=Place(remittance_id=adjustment.remittance_id, claim_id=adjustment.claim_id),
        postings=moved(adjustment.amount_cents, debit=account, credit=money),
    )
