"""What a reversal (CLP02 = 22) moves: the exact opposite of what the reversed payment posted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.accounts.domain.book.payment import cash_leg, place_of
from cleanclaim.accounts.domain.chart import CASH_LEGS
from cleanclaim.accounts.domain.decision import PayerDecision
from cleanclaim.accounts.domain.journal import JournalEntry, Occasion, Posting, entry_or_none, moved


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedPayment:
    """An earlier decision as the book knows it; without an entry it moved nothing."""

    claim_payment_id: UUID
    paid_cents: int
    entry_id: UUID | None
    postings: tuple[Posting, ...] = ()
    reversed_by_id: UUID | None = None


def may_counter(reversal: PayerDecision, original: PostedPayment) -> bool:
    """Whether the money agrees and the original still stands.

    Only the money decides: a reversal whose CAS is wrong or missing is the payer's defect (RFI
    1429) and is countered all the same.
    """
    return original.reversed_by_id is None and original.paid_cents == -reversal.paid_cents


def entry_for_reversal(
    occasion: Occasion, reversal: PayerDecision, original: PostedPayment
) -> JournalEntry | None:
    """Counter-entry of the original, its cash leg on the trace of the reversing 835.

    Where the money differs nothing is countered: the cash is unapplied insurance cash until a
    person has looked (see `may_counter`). What we did since (a write-off, a patient's payment) is
    not countered; it shows as a credit.
    """
    if not may_counter(reversal, original):
        return _unapplied(occasion, reversal)
    return entry_or_none(
        occasion,
        effective_on=reversal.paid_on,
        place=place_of(reversal),
        postings=_opposite(original.postings, cash=cash_leg(reversal)),
        counters_entry_id=original.entry_id,
    )


def _opposite(postings: Sequence[Posting], *, cash: Posting) -> tuple[Posting, ...]:
    return tuple(_one_opposite(one, cash) for one in postings)


def _one_opposite(one: Posting, cash: Posting) -> Posting:
    if one.account in CASH_LEGS:
        return replace(cash, amount_cents=-one.amount_cents, why=one.why, line_id=one.line_id)
    return replace(one, amount_cents=-one.amount_cents)


def _unapplied(occasion: Occasion, reversal: PayerDecision) -> JournalEntry | None:
    if reversal.from_unapplied:  # it stands there already
        return None
    waiting = replace(cash_leg(replace(reversal, from_unapplied=True)), why="unapplied")
    return entry_or_none(
        occasion,
        effective_on=reversal.paid_on,
        place=place_of(reversal),
        postings=moved(
            reversal.paid_cents, debit=replace(cash_leg(reversal), why="unapplied"), credit=waiting
        ),
    )
