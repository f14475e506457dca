"""What remittance keeps of a claim that was sent, so that an answer finds it."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

# SBR01 in the order in which payers answer (005010X222A1 2000B SBR01).
RESPONSIBILITIES = ("P", "S", "T", "A", "B", "C", "D", "E", "F", "G", "H")


def rank(responsibility: str) -> int:
    """The place of a payer in the order, 0 for the primary; an unknown letter comes last."""
    if responsibility in RESPONSIBILITIES:
        return RESPONSIBILITIES.index(responsibility)
    return len(RESPONSIBILITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLine:
    """One line as sent; `control_number` is its REF*6R."""

    line_id: UUID
    control_number: str
    code: str
    modifiers: tuple[str, ...] = ()
    charge_cents: int
    service_from_on: date
    service_to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherPayer:
    """Another payer on file for the same services, with its place in the order."""

    payer_id: UUID
    responsibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReference:
    """One version of a claim as sent. `case_claim_id` is the first claim for the same services.

    `cause` is the thread that the claim's own story hangs on; nobody here looks into it.
    """

    claim_id: UUID
    claim_version: int
    case_claim_id: UUID
    patient_control_number: str
    claim_type: str
    patient_account_id: UUID
    payer_id: UUID
    responsibility: str
    further_payers: tuple[FurtherPayer, ...] = ()
    lines: tuple[ReferenceLine, ...] = ()
    charge_cents: int
    service_from_on: date
    service_to_on: date
    cause: dict[str, Any]

    @property
    def is_professional(self) -> bool:
        return self.claim_type == "professional"

    def next_payer_after(self, responsibility: str) -> UUID | None:
        """The payer on file that comes next after this place in the order, or None."""
        on_file = (FurtherPayer(payer_id=self.payer_id, responsibility=self.responsibility),)
        later = [
            one
            for one in (*self.further_payers, *on_file)
            if rank(one.responsibility) > rank(responsibility)
        ]
        return min(later, key=lambda one: rank(one.responsibility)).payer_id if later else None


def normalised(control_number: str) -> str:
    """A patient control number as it is compared: payers change its case and pad it."""
    return control_number.strip().upper()


def digest(organization_id: UUID, purpose: str, number: str) -> bytes:
    """What a number of the payer's is found by where it may not stand in clear; 32 bytes.

    It is salted with organization and purpose, so it tells the number only to whoever has it.
    """
    salt = organization_id.bytes + purpose.encode() + b"\x00"
    return hashlib.sha256(salt + normalised(number).encode()).digest()
