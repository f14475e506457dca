"""Remembers what was billed: claims and self-pay encounters by version, and their lines."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Table, select

from cleanclaim.accounts.domain.billed import BilledLine, ReadyEncounter, SubmittedClaim
from cleanclaim.accounts.domain.book.charges import Billing
from cleanclaim.accounts.store.tables import (
    BILLED_LINES,
    CLAIMS,
    PATIENT_ACCOUNTS,
    PAYERS,
    SELF_PAY_ENCOUNTERS,
    among,
)
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work

_BILLING = TypeAdapter(Billing)


async def time_zone(work: Work) -> str | None:
    """The organization's time zone, None as long as its entry has not been heard."""
    table = work.schema_tables.organizations
    zone: str | None = await work.connection.scalar(
        select(table.c.time_zone).where(table.c.id == work.organization_id)
    )
    return zone


async def claim_billings(work: Work, claim_ids: Iterable[UUID]) -> dict[UUID, Billing]:
    """What each claim has on account, by claim."""
    return await _billings(work, CLAIMS, claim_ids)


async def encounter_billings(work: Work, encounter_ids: Iterable[UUID]) -> dict[UUID, Billing]:
    """What each self-pay encounter has on account, by encounter."""
    return await _billings(work, SELF_PAY_ENCOUNTERS, encounter_ids)


async def _billings(work: Work, table: Table, ids: Iterable[UUID]) -> dict[UUID, Billing]:
    rows = await work.connection.execute(
        select(table.c.id, table.c.billing).where(
            table.c.organization_id == work.organization_id, among(table.c.id, ids)
        )
    )
    return {row.id: _BILLING.validate_python(row.billing) for row in rows}


def _billing_json(billing: Billing) -> str:
    return _BILLING.dump_json(billing).decode()


async def keep_claims(work: Work, claims: Sequence[tuple[SubmittedClaim, Billing]]) -> None:
    """Keep the newest version of each claim, and its lines."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": claim.claim_id,
            "patient_account_id": claim.patient_account_id,
            "encounter_id": claim.encounter_id,
            "root_claim_id": claim.related_claim_id or claim.claim_id,
            "payer_id": claim.payer_id,
            "claim_version": claim.claim_version,
            "service_from_on": claim.service_from_on,
            "billing": _billing_json(billing),
        }
        for claim, billing in claims
    ]
    await insert_rows(
        work.connection,
        CLAIMS,
        rows,
        on_conflict="(organization_id, id) DO UPDATE SET root_claim_id = excluded.root_claim_id,"
        " payer_id = excluded.payer_id, claim_version = excluded.claim_version,"
        " service_from_on = excluded.service_from_on, billing = excluded.billing",
    )
    lines = [
        _line_row(work, line, claim.claim_version, claim.encounter_id, claim.patient_account_id)
        | {"claim_id": claim.claim_id}
        for claim, _ in claims
        for line in claim.lines
    ]
    await _keep_lines(work, lines)


async def keep_encounters(work: Work, encounters: Sequence[tuple[ReadyEncounter, Billing]]) -> None:
    """Keep the newest version of each self-pay encounter, and its lines."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": encounter.encounter_id,
            "patient_account_id": encounter.patient_account_id,
            "encounter_version": encounter.encounter_version,
            "billing": _billing_json(billing),
        }
        for encounter, billing in encounters
    ]
    await insert_rows(
        work.connection,
        SELF_PAY_ENCOUNTERS,
        rows,
        on_conflict="(organization_id, id) DO UPDATE SET billing = excluded.billing,"
        " encounter_version = excluded.encounter_version",
    )
    lines = [
        _line_row(work, line, one.encounter_version, one.encounter_id, one.patient_account_id)
        | {"claim_id": None}
        for one, _ in encounters
        if one.self_pay
        for line in one.lines
    ]
    await _keep_lines(work, lines)


def _line_row(
    work: Work, line: BilledLine, version: int, encounter_id: UUID, patient_account_id: UUID
) -> dict[str, Any]:
    return {
        "organization_id": work.organization_id,
        "id": line.line_id,
        "encounter_id": encounter_id,
        "patient_account_id": patient_account_id,
        "version": version,
        "procedure_code": line.procedure_code,
        "revenue_code": line.revenue_code,
        "units": line.units,
        "charge_cents": line.charge_cents,
        "service_from_on": line.service_from_on,
        "service_to_on": line.service_to_on,
    }


async def _keep_lines(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    newest = {row["id"]: row for row in rows}
    await insert_rows(
        work.connection,
        BILLED_LINES,
        list(newest.values()),
        on_conflict="(organization_id, id) DO UPDATE SET version = excluded.version,"
        " procedure_code = excluded.procedure_code, revenue_code = excluded.revenue_code,"
        " units = excluded.units, charge_cents = excluded.charge_cents,"
        " service_from_on = excluded.service_from_on, service_to_on = excluded.service_to_on",
    )


async def open_accounts(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Open patient accounts; one that is open stays as it is, with the patient's newest version."""
    newest = {row["id"]: row for row in rows}
    await insert_rows(
        work.connection,
        PATIENT_ACCOUNTS,
        [{"organization_id": work.organization_id} | row for row in newest.values()],
        on_conflict="(organization_id, id) DO UPDATE SET"
        " patient_version = greatest(patient_accounts.patient_version, excluded.patient_version)",
    )


async def keep_payers(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the newest entry of each payer."""
    newest = {row["id"]: row for row in rows}
    await insert_rows(
        work.connection,
        PAYERS,
        [{"organization_id": work.organization_id} | row for row in newest.values()],
        on_conflict="(organization_id, id) DO UPDATE SET name = excluded.name,"
        " version = excluded.version WHERE payers.version < excluded.version",
    )
