"""Remembers payers, and what other services told: billed claims, heard payments, the book."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile.domain.clearing import ClearingPosting
from cleanclaim.reconcile.domain.payer import PayerIdentity
from cleanclaim.reconcile.store.tables import (
    BILLED_CLAIMS,
    CLEARING_POSTINGS,
    HEARD_PAYMENTS,
    PAYERS,
)


async def time_zone(work: Work) -> ZoneInfo:
    """The organization's time zone; UTC while the directory has not told it."""
    table = work.schema_tables.organizations
    name = await work.connection.scalar(
        select(table.c.time_zone).where(table.c.id == work.organization_id)
    )
    return ZoneInfo(name or "UTC")


async def keep_payers(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest entry of each payer (id, name, names, company_ids, version)."""
    await insert_rows(
        work.connection,
        PAYERS,
        [{"organization_id": work.organization_id, **row} for row in rows],
        on_conflict="(organization_id, id) DO UPDATE SET name = excluded.name,"
        " names = excluded.names, company_ids = excluded.company_ids, version = excluded.version"
        " WHERE payers.version < excluded.version",
    )


async def payer_identities(work: Work) -> list[PayerIdentity]:
    rows = await work.connection.execute(
        select(PAYERS.c.id, PAYERS.c.names, PAYERS.c.company_ids).where(
            PAYERS.c.organization_id == work.organization_id
        )
    )
    return [
        PayerIdentity(
            payer_id=row.id, names=frozenset(row.names), company_ids=frozenset(row.company_ids)
        )
        for row in rows
    ]


async def keep_billed_claims(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the newest version of each claim; the day of its first sending stays."""
    await insert_rows(
        work.connection,
        BILLED_CLAIMS,
        [{"organization_id": work.organization_id, **row} for row in rows],
        on_conflict="(organization_id, id) DO UPDATE SET claim_version = excluded.claim_version,"
        " total_charge_cents = excluded.total_charge_cents, payer_id = excluded.payer_id,"
        " repeats_charges = excluded.repeats_charges,"
        " submitted_on = least(billed_claims.submitted_on, excluded.submitted_on)"
        " WHERE billed_claims.claim_version < excluded.claim_version",
    )


async def keep_payments(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what each claim payment or reversal paid (id, remittance_id, paid_cents, …)."""
    await insert_rows(
        work.connection,
        HEARD_PAYMENTS,
        [{"organization_id": work.organization_id, **row} for row in rows],
        on_conflict="(organization_id, id) DO NOTHING",
    )


async def keep_clearing(work: Work, postings: Sequence[ClearingPosting]) -> None:
    await insert_rows(
        work.connection,
        CLEARING_POSTINGS,
        [
            {
                "organization_id": work.organization_id,
                "id": one.posting_id,
                "entry_id": one.entry_id,
                "payer_id": one.payer_id,
                "trace_number": one.trace_number,
                "amount_cents": one.amount_cents,
                "effective_on": one.effective_on,
                "purpose": one.purpose.value,
            }
            for one in postings
        ],
        on_conflict="(organization_id, id) DO NOTHING",
    )


async def one_at_a_time(work: Work) -> None:
    """Let one transaction of the organization match or judge at once; it ends with this one.

    Two at once could both give the same remittance's money.
    """
    await work.connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"reconcile:{work.organization_id}"},
    )
