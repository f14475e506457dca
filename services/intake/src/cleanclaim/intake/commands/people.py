"""Registering and changing patients and coverages; each change is a new version."""

from dataclasses import replace
from uuid import UUID

from cleanclaim.chassis import audit
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake import events_out, store
from cleanclaim.intake.domain.coverage import Coverage, NoSuchCoverage
from cleanclaim.intake.domain.patient import (
    NoSuchPatient,
    Patient,
    PatientAlreadyRegistered,
    PatientUnknown,
    require_version,
)
from cleanclaim.intake.domain.person import Person


async def register_patient(
    work: Work, *, vault: Vault, external_id: str, source: str, person: Person
) -> tuple[Patient, list[UUID]]:
    """Keep a new patient and give them an account; also tells whom they may be already.

    The second answer names patients of the same last name and birth date.

    Raises:
        PatientAlreadyRegistered: the source has sent this external id before.
    """
    patient_id = work.runtime.new_id()
    patient = Patient(
        patient_id=patient_id,
        patient_account_id=derived_id(patient_id, "account"),
        version=1,
        external_id=external_id,
        source=source,
        person=person,
    )
    existing = await store.add_patient(work, vault, patient)
    if existing is not None:
        raise PatientAlreadyRegistered(existing)
    alike = await store.patients_like(work, vault, patient)
    await audit.record(work, action="write", resource="Patient", resource_id=patient_id)
    work.tell(events_out.patient_registered(patient))
    return patient, alike


async def change_patient(
    work: Work, *, vault: Vault, patient_id: UUID, from_version: int, person: Person
) -> Patient:
    """Keep the person as a new version; held encounters of theirs are examined again.

    Raises:
        NoSuchPatient: the organization has none of this id.
        VersionOvertaken: `from_version` no longer stands.
    """
    patient = await store.patient_of(work, vault, patient_id, lock=True)
    if patient is None:
        raise NoSuchPatient("There is no patient of this id.")
    require_version(patient.version, from_version)
    changed = replace(patient, version=patient.version + 1, person=person)
    await store.change_patient(work, vault, changed)
    await store.flag_patient(work, patient_id)
    await audit.record(work, action="write", resource="Patient", resource_id=patient_id)
    return changed


async def register_coverage(
    work: Work, *, vault: Vault, patient_id: UUID, coverage: Coverage
) -> Coverage:
    """Keep a new coverage of a patient; held encounters of theirs are examined again.

    Raises:
        PatientUnknown: the organization has no patient of this id.
    """
    if await store.patient_of(work, vault, patient_id) is None:
        raise PatientUnknown(
            "The organization has no patient of this id.",
            pointer="/patient_id",
            fix="Register the patient first, at POST /v1/patients.",
        )
    await store.add_coverage(work, vault, patient_id=patient_id, coverage=coverage)
    await store.flag_patient(work, patient_id)
    await audit.record(work, action="write", resource="Coverage", resource_id=coverage.coverage_id)
    return coverage


async def change_coverage(
    work: Work, *, vault: Vault, coverage: Coverage, from_version: int
) -> tuple[UUID, Coverage]:
    """Keep a coverage as a new version; answers the patient's id and the version kept.

    Raises:
        NoSuchCoverage: the organization has none of this id.
        VersionOvertaken: `from_version` no longer stands.
    """
    found = await store.coverage_of_id(work, vault, coverage.coverage_id, lock=True)
    if found is None:
        raise NoSuchCoverage("There is no coverage of this id.")
    patient_id, stands = found
    require_version(stands.version, from_version)
    changed = replace(coverage, version=stands.version + 1)
    await store.change_coverage(work, vault, changed)
    await store.flag_patient(work, patient_id)
    await audit.record(work, action="write", resource="Coverage", resource_id=coverage.coverage_id)
    return patient_id, changed
