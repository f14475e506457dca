"""PatientAccount: what one patient owes is kept under it; intake makes its id at registration."""

from dataclasses import dataclass
from uuid import UUID

from cleanclaim.values.errors import Missing


class NoSuchPatientAccount(Missing):
    """The organization has no patient account of that id."""


class NoSuchEntry(Missing):
    """The organization has no journal entry of that id."""


class NoSuchClaim(Missing):
    """Nothing has been billed or booked under that claim id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAccount:
    """Opened once; who the patient is, is asked of intake."""

    patient_account_id: UUID
    patient_id: UUID
    patient_version: int
