"""SubmittedClaim and ReadyEncounter: what was billed, or is the patient's to pay, by line."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.accounts.domain.book.charges import Billing, Charge, charges_to_book


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """One line, its charge in cents, its units as decimal text."""

    line_id: UUID
    charge_cents: int
    units: str
    service_from_on: date
    service_to_on: date
    procedure_code: str | None = None
    revenue_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedClaim:
    """One version of a claim as it was sent to its payer."""

    claim_id: UUID
    claim_version: int
    encounter_id: UUID
    patient_account_id: UUID
    payer_id: UUID
    frequency_code: str
    service_from_on: date
    lines: tuple[BilledLine, ...]
    related_claim_id: UUID | None = None

    def billing(self) -> Billing:
        """What it puts on account: nothing for a void, or where an earlier claim carries it."""
        charges = charges_to_book(
            frequency_code=self.frequency_code,
            related_claim_id=self.related_claim_id,
            charges=_charges(self.lines),
        )
        return Billing(version=self.claim_version, payer_id=self.payer_id, charges=charges)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyEncounter:
    """One version of an encounter that can be billed; only self-pay puts anything on account."""

    encounter_id: UUID
    encounter_version: int
    patient_account_id: UUID
    self_pay: bool
    lines: tuple[BilledLine, ...]

    def billing(self) -> Billing:
        """What the patient owes for it: all charges, or nothing where a payer is billed."""
        charges = _charges(self.lines) if self.self_pay else ()
        return Billing(version=self.encounter_version, payer_id=None, charges=charges)


def _charges(lines: tuple[BilledLine, ...]) -> tuple[Charge, ...]:
    return tuple(Charge(line_id=one.line_id, charge_cents=one.charge_cents) for one in lines)
