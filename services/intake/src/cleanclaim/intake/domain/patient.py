"""A patient: one record for each person and source, kept in immutable versions."""

from dataclasses import dataclass
from uuid import UUID

from cleanclaim.intake.domain.person import Person
from cleanclaim.values.errors import Conflict, Invalid, Missing


class NoSuchPatient(Missing):
    """The organization has no patient of this id."""


class PatientUnknown(Invalid):
    """A request names a patient that the organization does not have."""


class PatientAlreadyRegistered(Conflict):
    """The source sent this external id before; `existing_id` is the patient it became."""

    def __init__(self, existing_id: UUID) -> None:
        super().__init__(
            f"A patient of this source and external id is registered already, as {existing_id}.",
            pointer="/external_id",
            fix=f"Read it at /v1/patients/{existing_id}, or change it there with PUT.",
        )
        self.existing_id = existing_id


class VersionOvertaken(Conflict):
    """Somebody changed the thing after the caller read it (If-Match no longer holds)."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Patient:
    """A version of a patient; `version` counts from 1, `patient_account_id` stays for ever."""

    patient_id: UUID
    patient_account_id: UUID
    version: int
    external_id: str
    source: str
    person: Person


def require_version(stands: int, wanted: int) -> None:
    """The caller changes what it has read. Raises VersionOvertaken."""
    if stands != wanted:
        raise VersionOvertaken(
            f"Version {stands} stands now, and the change was made for version {wanted}.",
            fix="Read it again, make the change to that version and send its ETag as If-Match.",
        )
