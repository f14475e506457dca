"""What money in the bank moves: unidentified at first, then out of cash clearing by its match."""

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
class Deposit:
    """Money that the bank showed, in cents; negative where the bank took it back."""

    deposit_id: UUID
    amount_cents: int
    deposited_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedPart:
    """What of a deposit one remittance explains, in cents."""

    remittance_id: UUID
    payer_id: UUID
    trace_number: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositMatch:
    """A deposit explained, in whole or in part, by remittances."""

    deposit_id: UUID
    deposited_on: date
    parts: Sequence[MatchedPart]


_UNIDENTIFIED = Posting(account=Account.UNIDENTIFIED_DEPOSITS, amount_cents=0, why="deposit")


def entry_for_deposit(occasion: Occasion, deposit: Deposit) -> JournalEntry | None:
    """Bank against unidentified deposits, where it stays as long as nobody explains it."""
    return entry_or_none(
        occasion,
        effective_on=deposit.deposited_on,
        place=Place(deposit_id=deposit.deposit_id),
        postings=moved(
            deposit.amount_cents,
            debit=Posting(account=Account.BANK, amount_cents=0, why="deposit"),
            credit=_UNIDENTIFIED,
        ),
    )


def entry_for_match(occasion: Occasion, match: DepositMatch) -> JournalEntry | None:
    """Unidentified deposits against cash clearing (payer, trace), part by part.

    With the deposit's own entry the sum is bank against cash clearing, whichever comes first.
    """
    postings: list[Posting] = []
    for part in match.parts:
        clearing = Posting(
            account=Account.CASH_CLEARING,
            amount_cents=0,
            why="deposit_match",
            payer_id=part.payer_id,
            trace_number=part.trace_number,
        )
        explained = replace(_UNIDENTIFIED, why="deposit_match")
        postings += moved(part.amount_cents, debit=explained, credit=clearing)
    remittances = {part.remittance_id for part in match.parts}
    return entry_or_none(
        occasion,
        effective_on=match.deposited_on,
        place=Place(
            deposit_id=match.deposit_id,
            remittance_id=remittances.pop() if len(remittances) == 1 else None,
        ),
        postings=postings,
    )
