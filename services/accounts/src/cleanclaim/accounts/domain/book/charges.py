"""What a submitted claim and a self-pay encounter put into the book: the charges."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.journal import (
    JournalEntry,
    Occasion,
    Place,
    Posting,
    countered,
    entry_or_none,
    moved,
)

VOID = "8"
"""CLM05-3: void of a prior claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One billed line; `line_id` is the claim's line, or the charge of a self-pay encounter."""

    line_id: UUID
    charge_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """What one version of a claim or encounter puts on account; no payer: the patient owes it."""

    version: int
    payer_id: UUID | None
    charges: tuple[Charge, ...]
    entry_id: UUID | None = None

    def same_money(self, other: "Billing") -> bool:
        return self.payer_id == other.payer_id and self.charges == other.charges


def charges_to_book(
    *, frequency_code: str, related_claim_id: UUID | None, charges: tuple[Charge, ...]
) -> tuple[Charge, ...]:
    """The charges of a claim's version that enter the book.

    None for a void, which takes the services away, and none for a claim that names an earlier one
    for the same services: charges are booked from the first claim alone.
    """
    if frequency_code == VOID or related_claim_id is not None:
        return ()
    return charges


def entry_for_charges(
    occasion: Occasion,
    *,
    effective_on: date,
    place: Place,
    before: Billing | None,
    now: Billing,
) -> JournalEntry | None:
    """Receivable against gross charges; an earlier version is countered first.

    None where nothing changes: the same charges sent again, or a version that a later one has
    overtaken.
    """
    if before is not None and (before.version >= now.version or before.same_money(now)):
        return None
    taken_back = countered(_charged(before), why="charge_taken_back") if before else ()
    return entry_or_none(
        occasion,
        effective_on=effective_on,
        place=place,
        postings=(*taken_back, *_charged(now)),
        counters_entry_id=before.entry_id if before and taken_back else None,
    )


def _charged(billing: Billing) -> tuple[Posting, ...]:
    account = Account.INSURANCE_RECEIVABLE if billing.payer_id else Account.PATIENT_RECEIVABLE
    postings: list[Posting] = []
    for charge in billing.charges:
        owed = Posting(
            account=account,
            amount_cents=0,
            why="charge",
            payer_id=billing.payer_id,
            line_id=charge.line_id,
        )
        earned = Posting(
            account=Account.GROSS_CHARGES, amount_cents=0, why="charge", line_id=charge.line_id
        )
        postings += moved(charge.charge_cents, debit=owed, credit=earned)
    return tuple(postings)
