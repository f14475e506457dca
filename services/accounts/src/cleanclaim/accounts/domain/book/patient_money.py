"""What a patient's money moves: paid, banked, returned, or never asked for."""

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

GIVEN_UP = frozenset(
    {
        Account.SELF_PAY_DISCOUNT,
        Account.CHARITY_CARE,
        Account.SMALL_BALANCE_WRITE_OFF,
        Account.BAD_DEBT,
    }
)


class NotGivenUpHere(Invalid):
    """The account is not one on which a patient's balance may be given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMoney:
    """Cents of one patient; `placed` is false while nobody knows which service they are for.

    `batch_id` is the day's till, card batch or lockbox that brings it to the bank.
    """

    place: Place
    on: date
    amount_cents: int
    batch_id: UUID | None = None
    line_id: UUID | None = None
    placed: bool = True


def entry_for_patient_payment(occasion: Occasion, money: PatientMoney) -> JournalEntry | None:
    """Cash (batch) against patient receivable, or unapplied until placed."""
    return _pair(occasion, money, _cash(money), _owed(money, "patient_payment"))


def entry_for_patient_batch(
    occasion: Occasion, money: PatientMoney, *, fee_cents: int = 0
) -> JournalEntry | None:
    """Bank, and the card's fee, against cash (batch); `amount_cents` is what patients paid."""
    why = "deposit"
    banked = moved(
        money.amount_cents - fee_cents,
        debit=Posting(account=Account.BANK, amount_cents=0, why=why),
        credit=_cash(money),
    )
    fees = moved(
        fee_cents,
        debit=Posting(account=Account.CARD_FEES, amount_cents=0, why=why),
        credit=_cash(money),
    )
    return entry_or_none(occasion, effective_on=money.on, place=money.place, postings=banked + fees)


def entry_for_returned_payment(occasion: Occasion, money: PatientMoney) -> JournalEntry | None:
    """A bounced check, ACH return or chargeback: the patient owes it again."""
    bank = Posting(account=Account.BANK, amount_cents=0, why="returned")
    return _pair(occasion, money, _owed(money, "returned"), bank)


def entry_for_given_up(
    occasion: Occasion, money: PatientMoney, *, account: Account
) -> JournalEntry | None:
    """Discount, charity, small balance or bad debt against patient receivable.

    Raises:
        NotGivenUpHere: another account.
    """
    if account not in GIVEN_UP:
        raise NotGivenUpHere(
            f"A patient's balance is not given up on {account}.",
            fix="Choose self-pay discount, charity care, small balance or bad debt.",
        )
    given_up = Posting(account=account, amount_cents=0, why="given_up", line_id=money.line_id)
    return _pair(occasion, money, given_up, _owed(money, "given_up"))


def _cash(money: PatientMoney) -> Posting:
    return Posting(
        account=Account.CASH,
        amount_cents=0,
        why="patient_payment",
        open_item_id=money.batch_id,
        line_id=money.line_id,
    )


def _owed(money: PatientMoney, why: str) -> Posting:
    account = Account.PATIENT_RECEIVABLE if money.placed else Account.UNAPPLIED_PATIENT_CASH
    return Posting(account=account, amount_cents=0, why=why, line_id=money.line_id)


def _pair(
    occasion: Occasion, money: PatientMoney, debit: Posting, credit: Posting
) -> JournalEntry | None:
    return entry_or_none(
        occasion,
        effective_on=money.on,
        place=money.place,
        postings=moved(money.amount_cents, debit=debit, credit=credit),
    )
