"""ClearingPosting: what the book says of money between a remittance and the bank."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

CASH_CLEARING = "cash_clearing"


class ClearingPurpose(StrEnum):
    BOOKED = "booked"
    BANKED = "banked"
    WRITTEN_OFF = "written_off"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingPosting:
    """One side of an entry on cash clearing, in cents: debit positive."""

    posting_id: UUID
    entry_id: UUID
    payer_id: UUID | None
    trace_number: str | None
    amount_cents: int
    effective_on: date
    purpose: ClearingPurpose


def purpose_of(cause_event_type: str) -> ClearingPurpose:
    """Why cash clearing moved, from the type of the event that caused the entry."""
    teller, _, name = (
        cause_event_type.removeprefix("cleanclaim.").rpartition(".v")[0].partition(".")
    )
    if teller == "remittance":
        return ClearingPurpose.BOOKED
    if name == "DepositMatched":
        return ClearingPurpose.BANKED
    if name == "VarianceResolved":
        return ClearingPurpose.WRITTEN_OFF
    return ClearingPurpose.OTHER
