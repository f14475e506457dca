"""Provider adjustments (PLB) and the open items of their sub-ledger."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.open_item import OpenItem
from cleanclaim.remittance.store.tables import ADJUSTMENTS, OPEN_ITEMS


async def open_items(work: Work, *, payer_id: UUID, payee_provider_id: UUID) -> list[OpenItem]:
    """All items of a payer and a payee, settled ones too: a reference may come up again."""
    rows = await work.connection.execute(
        select(OPEN_ITEMS).where(
            OPEN_ITEMS.c.organization_id == work.organization_id,
            OPEN_ITEMS.c.payer_id == payer_id,
            OPEN_ITEMS.c.payee_provider_id == payee_provider_id,
        )
    )
    return [
        OpenItem(
            id=row["id"],
            account=row["account"],
            reference_digest=bytes(row["reference_digest"]),
            balance_cents=row["balance_cents"],
            opened_on=row["opened_on"],
        )
        for row in rows.mappings()
    ]


async def put_open_items(
    work: Work, items: Sequence[OpenItem], *, payer_id: UUID, payee_provider_id: UUID
) -> None:
    """Write items with their balances as they are now."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": one.id,
            "payer_id": payer_id,
            "payee_provider_id": payee_provider_id,
            "account": one.account,
            "reference_digest": one.reference_digest,
            "balance_cents": one.balance_cents,
            "opened_on": one.opened_on,
        }
        for one in items
    ]
    await insert_rows(
        work.connection,
        OPEN_ITEMS,
        rows,
        on_conflict="(organization_id, id) DO UPDATE SET balance_cents = excluded.balance_cents",
    )


async def add_adjustments(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Remember posted provider adjustments; they are never changed afterwards."""
    given = [{"organization_id": work.organization_id, **row} for row in rows]
    await insert_rows(work.connection, ADJUSTMENTS, given)
