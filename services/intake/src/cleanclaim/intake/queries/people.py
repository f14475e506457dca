"""Questions about patients and coverages."""

from uuid import UUID

from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake import store
from cleanclaim.intake.domain.coverage import Coverage, NoSuchCoverage
from cleanclaim.intake.domain.patient import NoSuchPatient, Patient


async def the_patient(work: Work, vault: Vault, patient_id: UUID) -> Patient:
    """The newest version of a patient. Raises NoSuchPatient."""
    patient = await store.patient_of(work, vault, patient_id)
    if patient is None:
        raise NoSuchPatient("There is no patient of this id.")
    return patient


async def find_patient(
    work: Work, vault: Vault, *, source: str, external_id: str
) -> Patient | None:
    """The patient that a source calls by this id, found by its blind index."""
    index = await store.external_index(
        work, vault, noun="patient", source=source, external_id=external_id
    )
    patient_id = await store.patient_id_of(work, index)
    return None if patient_id is None else await store.patient_of(work, vault, patient_id)


async def the_coverage(work: Work, vault: Vault, coverage_id: UUID) -> tuple[UUID, Coverage]:
    """The patient's id and the newest version of a coverage. Raises NoSuchCoverage."""
    found = await store.coverage_of_id(work, vault, coverage_id)
    if found is None:
        raise NoSuchCoverage("There is no coverage of this id.")
    return found
