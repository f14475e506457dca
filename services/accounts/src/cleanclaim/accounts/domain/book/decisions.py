"""What our own decisions on a claim move: written off, billed elsewhere, take-back placed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
class LineAmount:
    """Cents of one line; without `line_id` the claim's own row."""

    line_id: UUID | None
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided for lines of a claim that a payer owes."""

    place: Place
    decided_on: date
    payer_id: UUID
    amounts: Sequence[LineAmount]
    reason: str | None = None


def entry_for_write_off(occasion: Occasion, decided: Decided) -> JournalEntry | None:
    """Denial write-off (reason) against insurance receivable."""
    return _from_insurance(occasion, decided, Account.DENIAL_WRITE_OFF, "write_off")


def entry_for_billed_to_patient(occasion: Occasion, decided: Decided) -> JournalEntry | None:
    """Patient receivable against insurance receivable."""
    return _from_insurance(occasion, decided, Account.PATIENT_RECEIVABLE, "billed_to_patient")


def entry_for_billed_to_other(
    occasion: Occasion, decided: Decided, *, other_payer_id: UUID
) -> JournalEntry | None:
    """Insurance receivable of the other payer against that of the one who does not owe it."""
    postings: list[Posting] = []
    for amount in decided.amounts:
        owed = _receivable(decided, amount.line_id, "billed_to_other")
        postings += moved(
            amount.amount_cents, debit=replace(owed, payer_id=other_payer_id), credit=owed
        )
    return _entry(occasion, decided, postings)


def entry_for_coverage_found(occasion: Occasion, decided: Decided) -> JournalEntry | None:
    """Insurance receivable of the payer found later against patient receivable."""
    postings: list[Posting] = []
    for amount in decided.amounts:
        owed = _receivable(decided, amount.line_id, "coverage_found")
        patient = replace(owed, account=Account.PATIENT_RECEIVABLE, payer_id=None)
        postings += moved(amount.amount_cents, debit=owed, credit=patient)
    return _entry(occasion, decided, postings)


def entry_for_take_back(
    occasion: Occasion, decided: Decided, *, open_item_id: UUID | None
) -> JournalEntry | None:
    """A take-back without a reversal, its claim found: what the payer took is owed again."""
    postings: list[Posting] = []
    for amount in decided.amounts:
        owed = _receivable(decided, amount.line_id, "take_back")
        taken = replace(
            owed, account=Account.PAYER_RECOUPMENT, line_id=None, open_item_id=open_item_id
        )
        postings += moved(amount.amount_cents, debit=owed, credit=taken)
    return _entry(occasion, decided, postings)


def write_off_restored(written_off: Sequence[LineAmount], *, paid_cents: int) -> list[LineAmount]:
    """The part of a write-off that a later payment takes back first: up to the payment."""
    left = max(paid_cents, 0)
    restored = []
    for one in written_off:
        part = min(one.amount_cents, left)
        left -= part
        if part > 0:
            restored.append(LineAmount(line_id=one.line_id, amount_cents=-part))
    return restored


def _from_insurance(
    occasion: Occasion, decided: Decided, account: Account, why: str
) -> JournalEntry | None:
    postings: list[Posting] = []
    for amount in decided.amounts:
        owed = _receivable(decided, amount.line_id, why)
        payer_id = None if account is Account.PATIENT_RECEIVABLE else decided.payer_id
        debit = replace(owed, account=account, payer_id=payer_id)
        postings += moved(amount.amount_cents, debit=debit, credit=owed)
    return _entry(occasion, decided, postings)


def _receivable(decided: Decided, line_id: UUID | None, why: str) -> Posting:
    return Posting(
        account=Account.INSURANCE_RECEIVABLE,
        amount_cents=0,
        why=why,
        payer_id=decided.payer_id,
        line_id=line_id,
        reason=decided.reason,
    )


def _entry(
    occasion: Occasion, decided: Decided, postings: Sequence[Posting]
) -> JournalEntry | None:
    return entry_or_none(
        occasion, effective_on=decided.decided_on, place=decided.place, postings=postings
    )
