"""A remittance beside its content: where it came from, and what was decided about it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.remittance.domain.balancing import Equation
from cleanclaim.remittance.domain.remittance import Remittance


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRemittance:
    """One remittance and its standing; `file_id` is the sealed file that it came in."""

    remittance_id: UUID
    file_id: UUID
    remittance: Remittance
    equations: tuple[Equation, ...]
    status: str
    reasons: tuple[str, ...]
    payer_id: UUID | None
    payee_provider_id: UUID | None
    source: str
    mailbox: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a claim payment needs to know of the remittance that it stands in."""

    remittance_id: UUID
    payer_id: UUID
    trace_number: str
    payment_method: str
    paid_on: date
    adjudicated_on: date
    received_at: datetime


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts and cents of what was told of one remittance."""

    posted_count: int = 0
    posted_paid_cents: int = 0
    reversed_count: int = 0
    reversed_paid_cents: int = 0
    unmatched_count: int = 0
    unmatched_paid_cents: int = 0
    noted_count: int = 0
    denied_count: int = 0

    def posted(self, cents: int) -> None:
        self.posted_count += 1
        self.posted_paid_cents += cents

    def taken_back(self, cents: int) -> None:
        self.reversed_count += 1
        self.reversed_paid_cents += cents

    def unmatched(self, cents: int) -> None:
        self.unmatched_count += 1
        self.unmatched_paid_cents += cents
