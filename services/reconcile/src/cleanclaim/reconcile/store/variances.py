"""Remembers variances."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.reconcile.domain.variance import (
    NoSuchVariance,
    Variance,
    VarianceKind,
)
from cleanclaim.reconcile.store.tables import VARIANCES


async def add_variances(
    work: Work, variances: Sequence[tuple[Variance, Cause]]
) -> list[tuple[Variance, Cause]]:
    """Add variances with their threads; those that were not known before."""
    added = await insert_rows(
        work.connection,
        VARIANCES,
        [_row(work, variance, cause) for variance, cause in variances],
        on_conflict="(organization_id, id) DO NOTHING",
        returning=("id",),
    )
    new = {row["id"] for row in added}
    return [one for one in variances if one[0].variance_id in new]


def _row(work: Work, variance: Variance, cause: Cause) -> dict[str, Any]:
    return {
        "organization_id": work.organization_id,
        "id": variance.variance_id,
        "kind": variance.kind.value,
        "expected_cents": variance.expected_cents,
        "actual_cents": variance.actual_cents,
        "payer_id": variance.payer_id,
        "remittance_id": variance.remittance_id,
        "deposit_id": variance.deposit_id,
        "trace_number": variance.trace_number,
        "opened_on": variance.opened_on,
        "status": variance.status,
        "reason": variance.reason,
        "written_off_cents": variance.written_off_cents,
        "resolved_on": variance.resolved_on,
        "cause": cause.as_json(),
    }


async def variance_for_change(work: Work, variance_id: UUID) -> tuple[Variance, Cause]:
    """One variance with its thread, locked until the transaction ends.

    Raises:
        NoSuchVariance: the organization has none of that id.
    """
    rows = await work.connection.execute(
        select(VARIANCES)
        .where(VARIANCES.c.organization_id == work.organization_id, VARIANCES.c.id == variance_id)
        .with_for_update()
    )
    row = rows.mappings().first()
    if row is None:
        raise NoSuchVariance("There is no variance of this id.", fix="List variances.")
    return variance_of(row), Cause.from_json(row["cause"])


async def open_variances(
    work: Work,
    *,
    kinds: Iterable[VarianceKind],
    remittance_ids: Sequence[UUID] = (),
    deposit_ids: Sequence[UUID] = (),
) -> list[tuple[Variance, Cause]]:
    """Open variances of these kinds that concern one of these remittances or deposits."""
    rows = await work.connection.execute(
        select(VARIANCES)
        .where(
            VARIANCES.c.organization_id == work.organization_id,
            VARIANCES.c.status == "open",
            VARIANCES.c.kind.in_([kind.value for kind in kinds]),
            or_(
                VARIANCES.c.remittance_id.in_(list(remittance_ids)),
                VARIANCES.c.deposit_id.in_(list(deposit_ids)),
            ),
        )
        .order_by(VARIANCES.c.id)
        .with_for_update()
    )
    return [(variance_of(row), Cause.from_json(row["cause"])) for row in rows.mappings()]


async def all_open(work: Work, *, kind: VarianceKind) -> list[UUID]:
    """The remittances of all open variances of a kind."""
    rows = await work.connection.scalars(
        select(VARIANCES.c.remittance_id).where(
            VARIANCES.c.organization_id == work.organization_id,
            VARIANCES.c.status == "open",
            VARIANCES.c.kind == kind.value,
        )
    )
    return [one for one in rows if one is not None]


async def save_resolved(
    work: Work, variances: Sequence[Variance], *, resolved_by: str | None
) -> None:
    for variance in variances:
        await work.connection.execute(
            update(VARIANCES)
            .where(
                VARIANCES.c.organization_id == work.organization_id,
                VARIANCES.c.id == variance.variance_id,
            )
            .values(
                status=variance.status,
                reason=variance.reason,
                written_off_cents=variance.written_off_cents,
                resolved_on=variance.resolved_on,
                resolved_by=resolved_by,
            )
        )


def variance_of(row: RowMapping) -> Variance:
    return Variance(
        variance_id=row["id"],
        kind=VarianceKind(row["kind"]),
        expected_cents=row["expected_cents"],
        actual_cents=row["actual_cents"],
        payer_id=row["payer_id"],
        remittance_id=row["remittance_id"],
        deposit_id=row["deposit_id"],
        trace_number=row["trace_number"],
        opened_on=row["opened_on"],
        status=row["status"],
        reason=row["reason"],
        written_off_cents=row["written_off_cents"],
        resolved_on=row["resolved_on"],
    )
