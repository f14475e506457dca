"""Patients and coverages: what is sealed, what can be searched by, and the newest of each."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, select, update

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.patient import Patient
from cleanclaim.intake.domain.person import likeness
from cleanclaim.intake.store.records import (
    coverage_of,
    coverage_record,
    person_of,
    person_record,
)
from cleanclaim.intake.store.tables import (
    COVERAGE_VERSIONS,
    COVERAGES,
    PATIENT_VERSIONS,
    PATIENTS,
)


async def external_index(
    work: Work, vault: Vault, *, noun: str, source: str, external_id: str
) -> bytes:
    """The blind index of what a source calls a thing; it may be a record number of a person."""
    return await vault.blind(work, f"{noun}.external_id", f"{source}\n{external_id}")


async def add_patient(work: Work, vault: Vault, patient: Patient) -> UUID | None:
    """Keep a new patient; None if kept, else the id of the one of that source and external id."""
    index = await external_index(
        work, vault, noun="patient", source=patient.source, external_id=patient.external_id
    )
    row = {
        "organization_id": work.organization_id,
        "id": patient.patient_id,
        "patient_account_id": patient.patient_account_id,
        "source": patient.source,
        "external_index": index,
        "likeness_index": await _likeness_index(work, vault, patient),
        "version": patient.version,
        "updated_at": work.now,
    }
    kept = await insert_rows(
        work.connection,
        PATIENTS,
        [row],
        on_conflict="(organization_id, external_index) DO NOTHING",
        returning=("id",),
    )
    if not kept:
        return await patient_id_of(work, index)
    await _add_patient_version(work, vault, patient)
    return None


async def patient_id_of(work: Work, index: bytes) -> UUID | None:
    """The patient of a blind index of source and external id."""
    found = await work.connection.scalar(
        select(PATIENTS.c.id).where(_mine(work, PATIENTS), PATIENTS.c.external_index == index)
    )
    return found if isinstance(found, UUID) else None


async def patients_like(work: Work, vault: Vault, patient: Patient) -> list[UUID]:
    """Other patients of the same last name and birth date, the oldest first."""
    index = await _likeness_index(work, vault, patient)
    if index is None:
        return []
    rows = await work.connection.execute(
        select(PATIENTS.c.id)
        .where(
            _mine(work, PATIENTS),
            PATIENTS.c.likeness_index == index,
            PATIENTS.c.id != patient.patient_id,
        )
        .order_by(PATIENTS.c.id)
        .limit(20)
    )
    return list(rows.scalars())


async def change_patient(work: Work, vault: Vault, patient: Patient) -> None:
    """Keep a further version of a patient who is locked by `patient_of(lock=True)`."""
    await work.connection.execute(
        update(PATIENTS)
        .where(_mine(work, PATIENTS), PATIENTS.c.id == patient.patient_id)
        .values(
            version=patient.version,
            likeness_index=await _likeness_index(work, vault, patient),
            updated_at=work.now,
        )
    )
    await _add_patient_version(work, vault, patient)


async def patient_of(
    work: Work, vault: Vault, patient_id: UUID, *, lock: bool = False
) -> Patient | None:
    """The newest version of a patient; None if the organization has none of this id."""
    statement = (
        select(PATIENTS, PATIENT_VERSIONS.c.id.label("record_id"), PATIENT_VERSIONS.c.record)
        .join(
            PATIENT_VERSIONS,
            (PATIENT_VERSIONS.c.organization_id == PATIENTS.c.organization_id)
            & (PATIENT_VERSIONS.c.patient_id == PATIENTS.c.id)
            & (PATIENT_VERSIONS.c.version == PATIENTS.c.version),
        )
        .where(_mine(work, PATIENTS), PATIENTS.c.id == patient_id)
    )
    if lock:
        await _lock(work, PATIENTS, patient_id)
    row = (await work.connection.execute(statement)).mappings().first()
    return None if row is None else await _patient(work, vault, row)


async def _patient(work: Work, vault: Vault, row: RowMapping) -> Patient:
    record = await vault.open_json(
        work, _place(PATIENT_VERSIONS, "record", row["record_id"]), row["record"]
    )
    return Patient(
        patient_id=row["id"],
        patient_account_id=row["patient_account_id"],
        version=row["version"],
        external_id=record["external_id"],
        source=row["source"],
        person=person_of(record),
    )


async def _add_patient_version(work: Work, vault: Vault, patient: Patient) -> None:
    record = {"external_id": patient.external_id, **person_record(patient.person)}
    await _add_version(
        work, vault, PATIENT_VERSIONS, "patient", patient.patient_id, patient.version, record
    )


async def add_coverage(work: Work, vault: Vault, *, patient_id: UUID, coverage: Coverage) -> None:
    """Keep a new coverage of a patient."""
    row = {
        "organization_id": work.organization_id,
        "id": coverage.coverage_id,
        "patient_id": patient_id,
        "payer_id": coverage.payer_id,
        "version": coverage.version,
        "updated_at": work.now,
    }
    await insert_rows(work.connection, COVERAGES, [row])
    await _add_coverage_version(work, vault, coverage)


async def change_coverage(work: Work, vault: Vault, coverage: Coverage) -> None:
    """Keep a further version of a coverage that is locked by `coverage_of_id(lock=True)`."""
    await work.connection.execute(
        update(COVERAGES)
        .where(_mine(work, COVERAGES), COVERAGES.c.id == coverage.coverage_id)
        .values(payer_id=coverage.payer_id, version=coverage.version, updated_at=work.now)
    )
    await _add_coverage_version(work, vault, coverage)


async def coverage_of_id(
    work: Work, vault: Vault, coverage_id: UUID, *, lock: bool = False
) -> tuple[UUID, Coverage] | None:
    """The patient's id and the newest version of a coverage."""
    if lock:
        await _lock(work, COVERAGES, coverage_id)
    found = await _coverages(work, vault, COVERAGES.c.id == coverage_id)
    return found[0] if found else None


async def coverages_of(work: Work, vault: Vault, patient_id: UUID) -> list[Coverage]:
    """The newest versions of a patient's coverages, in the order of their registration."""
    found = await _coverages(work, vault, COVERAGES.c.patient_id == patient_id)
    return [coverage for _, coverage in found]


async def _coverages(work: Work, vault: Vault, which: Any) -> list[tuple[UUID, Coverage]]:
    statement = (
        select(
            COVERAGES.c.patient_id,
            COVERAGE_VERSIONS.c.id.label("record_id"),
            COVERAGE_VERSIONS.c.record,
        )
        .join(
            COVERAGE_VERSIONS,
            (COVERAGE_VERSIONS.c.organization_id == COVERAGES.c.organization_id)
            & (COVERAGE_VERSIONS.c.coverage_id == COVERAGES.c.id)
            & (COVERAGE_VERSIONS.c.version == COVERAGES.c.version),
        )
        .where(_mine(work, COVERAGES), which)
        .order_by(COVERAGES.c.id)
    )
    rows = (await work.connection.execute(statement)).mappings().all()
    return [
        (
            row["patient_id"],
            coverage_of(
                await vault.open_json(
                    work, _place(COVERAGE_VERSIONS, "record", row["record_id"]), row["record"]
                )
            ),
        )
        for row in rows
    ]


async def _add_coverage_version(work: Work, vault: Vault, coverage: Coverage) -> None:
    await _add_version(
        work,
        vault,
        COVERAGE_VERSIONS,
        "coverage",
        coverage.coverage_id,
        coverage.version,
        coverage_record(coverage),
    )


async def _add_version(  # noqa: PLR0913, PLR0917 - one row, written in two places
    work: Work,
    vault: Vault,
    table: Table,
    noun: str,
    subject_id: UUID,
    version: int,
    record: dict[str, Any],
) -> None:
    row_id = derived_id(subject_id, f"version:{version}")
    row = {
        "organization_id": work.organization_id,
        "id": row_id,
        f"{noun}_id": subject_id,
        "version": version,
        "record": await vault.seal_json(work, _place(table, "record", row_id), record),
        "recorded_at": work.now,
        "recorded_by": work.actor_id,
    }
    await insert_rows(work.connection, table, [row])


async def _likeness_index(work: Work, vault: Vault, patient: Patient) -> bytes | None:
    alike = likeness(patient.person)
    return None if alike is None else await vault.blind(work, "patient.likeness", alike)


async def _lock(work: Work, table: Table, row_id: UUID) -> None:
    await work.connection.execute(
        select(table.c.id).where(_mine(work, table), table.c.id == row_id).with_for_update()
    )


def _mine(work: Work, table: Table) -> Any:
    return table.c.organization_id == work.organization_id


def _place(table: Table, column: str, row_id: UUID) -> Place:
    return Place(table=table.name, column=column, row_id=row_id)
