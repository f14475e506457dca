"""PayerDecision: what a payer decided on one claim, as far as the book needs it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

NOT_OURS = "23"
PREDETERMINATION = "25"
"""CLP02 23 (not our claim, forwarded) and 25 (predetermination only) move no money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One reason why less was paid, with remittance's judgement; cents as the payer wrote them."""

    reason_code: str
    amount_cents: int
    disposition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLine:
    """One service line; without `line_id` it is booked on the claim's own row."""

    line_id: UUID | None
    paid_cents: int
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerDecision:
    """A payment (or its reversal, where `reverses_id` is set); cents as the payer signed them.

    `from_unapplied`: it was booked as unapplied insurance cash before, under the same id.
    """

    claim_payment_id: UUID
    remittance_id: UUID
    claim_id: UUID
    patient_account_id: UUID
    payer_id: UUID
    claim_status_code: str
    trace_number: str
    paid_on: date
    paid_cents: int
    next_payer_id: UUID | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[DecidedLine, ...] = ()
    from_unapplied: bool = False
    reverses_id: UUID | None = None

    @property
    def moves_nothing(self) -> bool:
        return self.claim_status_code in {NOT_OURS, PREDETERMINATION}

    def all_adjustments(self) -> tuple[Adjustment, ...]:
        """Those of the claim and those of its lines."""
        of_lines = (one for line in self.lines for one in line.adjustments)
        return (*self.adjustments, *of_lines)
