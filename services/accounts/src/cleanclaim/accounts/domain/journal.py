"""JournalEntry: a balanced set of postings that one fact caused; refused if unbalanced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from cleanclaim.accounts.domain.chart import Account
from cleanclaim.values.cents import dollars
from cleanclaim.values.errors import Invalid


class UnbalancedEntry(Invalid):
    """Debits and credits differ, or a side is missing or moves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The event that an entry cites; no event is cited twice."""

    event_id: UUID
    event_type: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One side of an entry, in cents: debit positive, credit negative.

    `why` says in one word for which reason the money moved (charge, payment, contractual …), so
    that each cent of a balance can be explained; `reason` is the code behind it (a CARC, say).
    """

    account: Account
    amount_cents: int
    why: str
    payer_id: UUID | None = None
    trace_number: str | None = None
    line_id: UUID | None = None
    open_item_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whom and what an entry touches; `about_id` names its subject where none of these is."""

    patient_account_id: UUID | None = None
    claim_id: UUID | None = None
    encounter_id: UUID | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None
    about_id: UUID | None = None

    @property
    def subject_id(self) -> UUID:
        """The patient's account, else the remittance, else the deposit, else what it is about."""
        named = (self.patient_account_id, self.remittance_id, self.deposit_id, self.about_id)
        for one in named:
            if one is not None:
                return one
        raise UnbalancedEntry(
            "The entry touches no account, remittance or deposit.",
            fix="Name what the fact is about.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Written once and never changed; a correction is a counter-entry.

    Raises:
        UnbalancedEntry: the postings do not add up to 0, are fewer than two, or one moves nothing.
    """

    occasion: Occasion
    effective_on: date
    place: Place
    postings: tuple[Posting, ...]
    counters_entry_id: UUID | None = None

    def __post_init__(self) -> None:
        left_over = sum(posting.amount_cents for posting in self.postings)
        if left_over:
            raise UnbalancedEntry(
                f"The entry of {self.occasion.event_type} leaves {dollars(left_over)} over.",
                fix="Every debit needs its credit.",
            )
        if len(self.postings) < 2 or any(not one.amount_cents for one in self.postings):
            raise UnbalancedEntry(
                f"The entry of {self.occasion.event_type} has a side that moves nothing.",
                fix="Leave out what moves nothing.",
            )


def moved(
    amount_cents: int,
    *,
    debit: Posting,
    credit: Posting,
) -> tuple[Posting, ...]:
    """Two sides of one movement; a negative amount swaps them, 0 moves nothing.

    The amounts of the given sides are templates and are overwritten.
    """
    if not amount_cents:
        return ()
    return (
        replace(debit, amount_cents=amount_cents),
        replace(credit, amount_cents=-amount_cents),
    )


def countered(postings: Iterable[Posting], *, why: str) -> tuple[Posting, ...]:
    """The exact opposite of postings, for a counter-entry."""
    return tuple(
        replace(one, amount_cents=-one.amount_cents, why=why if one.why == "charge" else one.why)
        for one in postings
    )


def entry_or_none(
    occasion: Occasion,
    *,
    effective_on: date,
    place: Place,
    postings: Sequence[Posting],
    counters_entry_id: UUID | None = None,
) -> JournalEntry | None:
    """The entry of these postings; None where the fact moved nothing."""
    if not postings:
        return None
    return JournalEntry(
        occasion=occasion,
        effective_on=effective_on,
        place=place,
        postings=tuple(postings),
        counters_entry_id=counters_entry_id,
    )
