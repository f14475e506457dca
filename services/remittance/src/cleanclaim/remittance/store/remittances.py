"""Remittances as they stand: what they said of the payment, and what became of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select, update

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.remittance.domain.balancing import Equation
from cleanclaim.remittance.domain.holding import Namesake
from cleanclaim.remittance.domain.kept import KeptRemittance, Statement
from cleanclaim.remittance.domain.remittance import Fault, Remittance
from cleanclaim.remittance.store.tables import REMITTANCES

_EQUATIONS = TypeAdapter(tuple[Equation, ...])
_FAULTS = TypeAdapter(tuple[Fault, ...])


async def add_remittance(work: Work, kept: KeptRemittance) -> None:
    """Remember one remittance; its content is unique in the organization."""
    content, head = kept.remittance, kept.remittance.head
    row = {
        "organization_id": work.organization_id,
        "id": kept.remittance_id,
        "file_id": kept.file_id,
        "set_number": content.set_number,
        "set_control_number": content.set_control_number,
        "content_hash": content.content_hash,
        "faults": _FAULTS.dump_json(content.faults).decode(),
        "defects": _FAULTS.dump_json(content.defects).decode(),
        "payment_cents": head.payment_cents if head else None,
        "payment_method": head.method if head else None,
        "paid_on": head.paid_on if head else None,
        "trace_number": head.trace_number if head else None,
        "originating_company_id": head.originating_company_id if head else None,
        "produced_on": head.produced_on if head else None,
        "payer_name": content.payer.name,
        "payee_npi": content.payee.npi,
        "claim_count": len(content.payments),
        "charge_cents": content.charge_cents,
        "paid_cents": content.paid_cents,
        "patient_responsibility_cents": content.patient_responsibility_cents,
        "provider_adjustment_cents": content.adjusted_cents,
        "counts": {},
        "source": kept.source,
        "mailbox": kept.mailbox,
        "received_at": kept.received_at,
        **_standing(kept, work.now),
    }
    await insert_rows(work.connection, REMITTANCES, [row])


async def change_remittance(work: Work, kept: KeptRemittance, **values: Any) -> None:
    """Write anew what was decided about a remittance; `values` are further columns."""
    standing = _standing(kept, work.now)
    standing["equations"] = _EQUATIONS.dump_python(kept.equations, mode="json")
    await work.connection.execute(
        update(REMITTANCES)
        .where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.id == kept.remittance_id,
        )
        .values(version=REMITTANCES.c.version + 1, **(standing | values))
    )


async def put_away(work: Work, remittance_id: UUID, *, status: str, reason: str) -> None:
    """Write that a remittance is done with, and why."""
    await work.connection.execute(
        update(REMITTANCES)
        .where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.id == remittance_id,
        )
        .values(
            status=status,
            rejected_reason=reason,
            updated_at=work.now,
            version=REMITTANCES.c.version + 1,
        )
    )


def _standing(kept: KeptRemittance, now: datetime) -> dict[str, Any]:
    return {
        "status": kept.status,
        "reasons": list(kept.reasons),
        "equations": _EQUATIONS.dump_json(kept.equations).decode(),
        "payer_id": kept.payer_id,
        "payee_provider_id": kept.payee_provider_id,
        "posted_at": now if kept.status == "posted" else None,
        "updated_at": now,
    }


async def remittance_with_content(work: Work, content_hash: bytes) -> Any | None:
    """The row (id, status, reasons) of the remittance with this content, or None."""
    rows = await work.connection.execute(
        select(REMITTANCES.c.id, REMITTANCES.c.status, REMITTANCES.c.reasons).where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.content_hash == content_hash,
        )
    )
    return rows.mappings().first()


async def namesakes_of(
    work: Work, remittance: Remittance, *, but: UUID | None = None
) -> list[Namesake]:
    """Other remittances with the same TRN03, TRN02, BPR02 and BPR16."""
    head = remittance.head
    if head is None:
        return []
    rows = await work.connection.execute(
        select(REMITTANCES.c.id, REMITTANCES.c.status, REMITTANCES.c.reasons).where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.originating_company_id == head.originating_company_id,
            REMITTANCES.c.trace_number == head.trace_number,
            REMITTANCES.c.payment_cents == head.payment_cents,
            REMITTANCES.c.paid_on == head.paid_on,
        )
    )
    return [
        Namesake(remittance_id=row.id, status=row.status, reasons=tuple(row.reasons))
        for row in rows
        if row.id != but
    ]


async def one_remittance(work: Work, remittance_id: UUID) -> Any | None:
    """The row of a remittance, locked until the end of the work; None where there is none."""
    rows = await work.connection.execute(
        select(REMITTANCES)
        .where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.id == remittance_id,
        )
        .with_for_update()
    )
    return rows.mappings().first()


async def statements(work: Work, remittance_ids: Iterable[UUID]) -> dict[UUID, Statement]:
    """What claim payments of these posted remittances need to know of them."""
    rows = await work.connection.execute(
        select(REMITTANCES).where(
            REMITTANCES.c.organization_id == work.organization_id,
            REMITTANCES.c.id.in_(list(set(remittance_ids))),
        )
    )
    return {
        row["id"]: Statement(
            remittance_id=row["id"],
            payer_id=row["payer_id"],
            trace_number=row["trace_number"],
            payment_method=row["payment_method"],
            paid_on=row["paid_on"],
            adjudicated_on=row["produced_on"] or row["paid_on"],
            received_at=row["received_at"],
        )
        for row in rows.mappings()
    }
