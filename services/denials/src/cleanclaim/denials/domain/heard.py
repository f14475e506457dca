"""What is heard of a claim beside its refusal: versions sent and decisions made, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.denials.domain.settlement import Decision, SentVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A version that was sent, with what deadlines and plans need of it."""

    claim_id: UUID
    sent: SentVersion
    billing_provider_id: UUID
    other_payer_ids: tuple[UUID, ...]
    total_charge_cents: int
    service_from_on: date
    service_to_on: date
    submitted_at: datetime
    file_by_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecision:
    """A payer's decision, with where it left the claim."""

    claim_id: UUID
    payer_id: UUID
    decision: Decision
    next_payer_id: UUID | None
    forwarded: bool
