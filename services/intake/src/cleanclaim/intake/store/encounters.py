"""Encounters: where each stands, its sealed versions, its charges and what was found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Table, delete, select, update

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import has_row, insert_rows
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.intake.domain.encounter import Encounter, EncounterState, EncounterVersion
from cleanclaim.intake.domain.finding import DataEntryFinding, Severity
from cleanclaim.intake.store.records import version_of, version_record
from cleanclaim.intake.store.tables import CHARGES, ENCOUNTER_VERSIONS, ENCOUNTERS, FINDINGS


@dataclass(frozen=True, slots=True)
class KeptEncounter:
    """Where an encounter stands, and the thread on which its facts are told."""

    encounter: Encounter
    cause: Cause


async def add_encounter(
    work: Work, vault: Vault, *, encounter: Encounter, version: EncounterVersion, index: bytes
) -> UUID | None:
    """Keep a new encounter; None if kept, else the id of the one of that blind index."""
    row = _row(encounter) | {
        "organization_id": work.organization_id,
        "external_index": index,
        "cause": work.cause.as_json(),
        # a payer or coverage that came in while this was judged could not flag it: look once more
        "recheck": encounter.state is EncounterState.HELD,
        "received_at": encounter.received_at,
    }
    kept = await insert_rows(
        work.connection,
        ENCOUNTERS,
        [row],
        on_conflict="(organization_id, external_index) DO NOTHING",
        returning=("id",),
    )
    if not kept:
        return await encounter_id_of(work, index)
    await keep_version(work, vault, version)
    await _add_charges(work, version)
    return None


async def encounter_id_of(work: Work, index: bytes) -> UUID | None:
    """The encounter of a blind index of source and external id."""
    found = await work.connection.scalar(
        select(ENCOUNTERS.c.id).where(_mine(work, ENCOUNTERS), ENCOUNTERS.c.external_index == index)
    )
    return found if isinstance(found, UUID) else None


async def change_encounter(work: Work, encounter: Encounter) -> None:
    """Write where a locked encounter stands now; whatever asked for a recheck is settled."""
    await work.connection.execute(
        update(ENCOUNTERS)
        .where(_mine(work, ENCOUNTERS), ENCOUNTERS.c.id == encounter.encounter_id)
        .values(recheck=False, **_row(encounter))
    )


async def keep_version(work: Work, vault: Vault, version: EncounterVersion) -> None:
    """Seal a version; it is never changed afterwards."""
    row_id = derived_id(version.encounter_id, f"version:{version.version}")
    row = {
        "organization_id": work.organization_id,
        "id": row_id,
        "encounter_id": version.encounter_id,
        "version": version.version,
        "patient_version": version.patient.version,
        "received_on": version.received_on,
        "document": await vault.seal_json(work, _place(row_id), version_record(version)),
        "recorded_at": work.now,
        "recorded_by": work.actor_id,
    }
    await insert_rows(work.connection, ENCOUNTER_VERSIONS, [row])


async def keep_charges(work: Work, version: EncounterVersion) -> None:
    """The charges of the newest version stand in place of those before."""
    await work.connection.execute(
        delete(CHARGES).where(_mine(work, CHARGES), CHARGES.c.encounter_id == version.encounter_id)
    )
    await _add_charges(work, version)


async def _add_charges(work: Work, version: EncounterVersion) -> None:
    rows = [
        {
            "organization_id": work.organization_id,
            "id": charge.charge_id,
            "encounter_id": version.encounter_id,
            "encounter_version": version.version,
            "line_number": charge.line_number,
            "procedure_code": charge.procedure_code,
            "modifiers": list(charge.modifiers),
            "units": charge.units,
            "charge_cents": charge.charge_cents,
            "service_from_on": charge.service_from_on,
            "service_to_on": charge.service_to_on,
        }
        for charge in version.content.charges
    ]
    await insert_rows(work.connection, CHARGES, rows)


async def keep_findings(
    work: Work, version: EncounterVersion, findings: Sequence[DataEntryFinding], *, again: bool
) -> None:
    """What was found in a version; `again` replaces what an earlier examination of it found."""
    if again:
        await work.connection.execute(
            delete(FINDINGS).where(
                _mine(work, FINDINGS),
                FINDINGS.c.encounter_id == version.encounter_id,
                FINDINGS.c.encounter_version == version.version,
            )
        )
    rows = [
        {
            "organization_id": work.organization_id,
            "id": work.runtime.new_id(),
            "encounter_id": version.encounter_id,
            "encounter_version": version.version,
            "position": position,
            "found_at": work.now,
        }
        | asdict(finding)
        for position, finding in enumerate(findings)
    ]
    await insert_rows(work.connection, FINDINGS, rows)


async def findings_of(work: Work, encounter_id: UUID, version: int) -> tuple[DataEntryFinding, ...]:
    """What the last examination of a version found, in the order of the rule book."""
    names = [name for name in DataEntryFinding.__slots__ if name != "severity"]
    rows = await work.connection.execute(
        select(FINDINGS)
        .where(
            _mine(work, FINDINGS),
            FINDINGS.c.encounter_id == encounter_id,
            FINDINGS.c.encounter_version == version,
        )
        .order_by(FINDINGS.c.position)
    )
    return tuple(
        DataEntryFinding(severity=Severity(row["severity"]), **{name: row[name] for name in names})
        for row in rows.mappings()
    )


async def kept_encounter(
    work: Work, encounter_id: UUID, *, lock: bool = False
) -> KeptEncounter | None:
    """Where an encounter stands; None if the organization has none of this id."""
    statement = select(ENCOUNTERS).where(_mine(work, ENCOUNTERS), ENCOUNTERS.c.id == encounter_id)
    if lock:
        statement = statement.with_for_update()
    row = (await work.connection.execute(statement)).mappings().first()
    if row is None:
        return None
    return KeptEncounter(encounter_from(row), Cause.from_json(row["cause"]))


async def version_document(
    work: Work, vault: Vault, encounter_id: UUID, version: int
) -> dict[str, Any] | None:
    """The document of a version as it was sealed; None if there is no such version."""
    row_id = derived_id(encounter_id, f"version:{version}")
    sealed = await work.connection.scalar(
        select(ENCOUNTER_VERSIONS.c.document).where(
            _mine(work, ENCOUNTER_VERSIONS), ENCOUNTER_VERSIONS.c.id == row_id
        )
    )
    if sealed is None:
        return None
    document: dict[str, Any] = await vault.open_json(work, _place(row_id), bytes(sealed))
    return document


async def encounter_version(
    work: Work, vault: Vault, encounter_id: UUID, version: int
) -> EncounterVersion | None:
    """A version as a value."""
    document = await version_document(work, vault, encounter_id, version)
    return None if document is None else version_of(document)


async def flag_recheck(work: Work, which: Any) -> None:
    """Ask for a new examination of held encounters that this condition names."""
    await work.connection.execute(
        update(ENCOUNTERS)
        .where(_mine(work, ENCOUNTERS), ENCOUNTERS.c.state == EncounterState.HELD.value, which)
        .values(recheck=True)
    )


async def flag_patient(work: Work, patient_id: UUID) -> None:
    """The patient, or a coverage of theirs, has changed."""
    await flag_recheck(work, ENCOUNTERS.c.patient_id == patient_id)


async def flag_found(work: Work, rule_ids: Sequence[str]) -> None:
    """What these rules need has come or changed."""
    found = select(FINDINGS.c.encounter_id).where(
        _mine(work, FINDINGS), FINDINGS.c.rule_id.in_(rule_ids)
    )
    await flag_recheck(work, ENCOUNTERS.c.id.in_(found))


async def flagged(work: Work, *, limit: int) -> list[UUID]:
    """Held encounters that wait for a new examination, the oldest first."""
    rows = await work.connection.execute(
        select(ENCOUNTERS.c.id)
        .where(_mine(work, ENCOUNTERS), ENCOUNTERS.c.recheck)
        .order_by(ENCOUNTERS.c.id)
        .limit(limit)
    )
    return list(rows.scalars())


def has_flagged(organization_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether any of an organization's encounters waits for a new examination."""
    return has_row(ENCOUNTERS.c.organization_id == organization_id, ENCOUNTERS.c.recheck)


def encounter_from(row: RowMapping) -> Encounter:
    """Where an encounter stands, read from its row."""
    same = {name: row[name] for name in Encounter.__slots__ if name in row}
    return Encounter(**same | {"encounter_id": row["id"], "state": EncounterState(row["state"])})


def _row(encounter: Encounter) -> dict[str, Any]:
    row = asdict(encounter)
    del row["received_at"]
    return row | {"id": row.pop("encounter_id"), "state": encounter.state.value}


def _mine(work: Work, table: Table) -> Any:
    return table.c.organization_id == work.organization_id


def _place(row_id: UUID) -> Place:
    return Place(table="encounter_versions", column="document", row_id=row_id)
