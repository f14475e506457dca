"""Claims as sent, payers and billing providers: kept from the stream, read when a payer answers."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter
from sqlalchemy import select

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.claim_reference import (
    ClaimReference,
    FurtherPayer,
    ReferenceLine,
    normalised,
)
from cleanclaim.remittance.domain.directory import PayerReference, ProviderReference
from cleanclaim.remittance.store.tables import PAYERS, PROVIDERS, REFERENCES

_LINES = TypeAdapter(tuple[ReferenceLine, ...])
_FURTHER = TypeAdapter(tuple[FurtherPayer, ...])
_PAYERS = TypeAdapter(tuple[PayerReference, ...])
_PROVIDERS = TypeAdapter(tuple[ProviderReference, ...])
_NEWEST = (
    "(organization_id, id) DO UPDATE SET versions = excluded.versions, version = excluded.version"
)


async def keep_payers(
    work: Work, known: Iterable[tuple[UUID, int, tuple[PayerReference, ...]]]
) -> None:
    """Keep the newest entry of each payer: (id, number of the telling, dated versions)."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": payer_id,
            "versions": _PAYERS.dump_json(versions).decode(),
            "version": version,
        }
        for payer_id, version, versions in known
    ]
    newer = f"{_NEWEST} WHERE payer_references.version < excluded.version"
    await insert_rows(work.connection, PAYERS, rows, on_conflict=newer)


async def keep_providers(
    work: Work, known: Iterable[tuple[UUID, int, tuple[ProviderReference, ...]]]
) -> None:
    """Keep the newest entry of each billing provider: (id, number, dated versions)."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": provider_id,
            "versions": _PROVIDERS.dump_json(versions).decode(),
            "version": version,
        }
        for provider_id, version, versions in known
    ]
    newer = f"{_NEWEST} WHERE provider_references.version < excluded.version"
    await insert_rows(work.connection, PROVIDERS, rows, on_conflict=newer)


async def payers(work: Work) -> list[PayerReference]:
    """Every dated version of every payer of the organization."""
    rows = await work.connection.execute(
        select(PAYERS.c.versions).where(PAYERS.c.organization_id == work.organization_id)
    )
    return [one for row in rows for one in _PAYERS.validate_python(row.versions)]


async def providers(work: Work) -> list[ProviderReference]:
    """Every dated version of every billing provider of the organization."""
    rows = await work.connection.execute(
        select(PROVIDERS.c.versions).where(PROVIDERS.c.organization_id == work.organization_id)
    )
    return [one for row in rows for one in _PROVIDERS.validate_python(row.versions)]


async def keep_references(work: Work, references: Sequence[ClaimReference]) -> None:
    """Keep claim versions as sent; one that is there already stays as it is."""
    rows = [_row(work, one) for one in references]
    await insert_rows(
        work.connection, REFERENCES, rows, on_conflict="(organization_id, id) DO NOTHING"
    )


async def references_by_control_number(
    work: Work, numbers: Iterable[str]
) -> dict[str, list[ClaimReference]]:
    """The claim versions that bear these patient control numbers, by number as compared."""
    wanted = list({normalised(number) for number in numbers})
    found: dict[str, list[ClaimReference]] = {}
    for one in await _read(work, REFERENCES.c.patient_control_number.in_(wanted)):
        found.setdefault(one.patient_control_number, []).append(one)
    return found


async def reference_of(work: Work, claim_id: UUID) -> ClaimReference | None:
    """The newest version of a claim that was sent."""
    found = await _read(work, REFERENCES.c.claim_id == claim_id)
    return max(found, key=lambda one: one.claim_version, default=None)


async def cases_of(work: Work, claim_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The case (first claim for the same services) of each of these claims that is known."""
    rows = await work.connection.execute(
        select(REFERENCES.c.claim_id, REFERENCES.c.case_claim_id).where(
            REFERENCES.c.organization_id == work.organization_id,
            REFERENCES.c.claim_id.in_(list(set(claim_ids))),
        )
    )
    return {row.claim_id: row.case_claim_id for row in rows}


async def references_of_versions(
    work: Work, versions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], ClaimReference]:
    """Claim versions by (claim_id, claim_version)."""
    ids = [reference_id(claim_id, version) for claim_id, version in set(versions)]
    found = await _read(work, REFERENCES.c.id.in_(ids))
    return {(one.claim_id, one.claim_version): one for one in found}


async def _read(work: Work, condition: Any) -> list[ClaimReference]:
    rows = await work.connection.execute(
        select(REFERENCES)
        .where(REFERENCES.c.organization_id == work.organization_id, condition)
        .order_by(REFERENCES.c.claim_id, REFERENCES.c.claim_version)
    )
    return [reference_in(row) for row in rows.mappings()]


def reference_in(row: Any) -> ClaimReference:
    """The claim version in a row."""
    return ClaimReference(
        claim_id=row["claim_id"],
        claim_version=row["claim_version"],
        case_claim_id=row["case_claim_id"],
        patient_control_number=row["patient_control_number"],
        claim_type=row["claim_type"],
        patient_account_id=row["patient_account_id"],
        payer_id=row["payer_id"],
        responsibility=row["responsibility"],
        further_payers=_FURTHER.validate_python(row["further_payers"]),
        lines=_LINES.validate_python(row["lines"]),
        charge_cents=row["charge_cents"],
        service_from_on=row["service_from_on"],
        service_to_on=row["service_to_on"],
        cause=row["cause"],
    )


def reference_id(claim_id: UUID, claim_version: int) -> UUID:
    """The id of the row that keeps one version of a claim."""
    return uuid5(claim_id, f"reference:{claim_version}")


def _row(work: Work, one: ClaimReference) -> dict[str, Any]:
    return {
        "organization_id": work.organization_id,
        "id": reference_id(one.claim_id, one.claim_version),
        "claim_id": one.claim_id,
        "claim_version": one.claim_version,
        "case_claim_id": one.case_claim_id,
        "patient_control_number": one.patient_control_number,
        "claim_type": one.claim_type,
        "patient_account_id": one.patient_account_id,
        "payer_id": one.payer_id,
        "responsibility": one.responsibility,
        "further_payers": _FURTHER.dump_json(one.further_payers).decode(),
        "lines": _LINES.dump_json(one.lines).decode(),
        "charge_cents": one.charge_cents,
        "service_from_on": one.service_from_on,
        "service_to_on": one.service_to_on,
        "cause": one.cause,
    }
