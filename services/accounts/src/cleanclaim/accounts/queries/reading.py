"""Small shapes of answers that several questions share."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cleanclaim.accounts.domain.days import local_day
from cleanclaim.accounts.store.tables import PAYERS, among
from cleanclaim.chassis.work import Work


async def payer_names(work: Work, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of the payers that have been heard of."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = await work.connection.execute(
        select(PAYERS.c.id, PAYERS.c.name).where(
            PAYERS.c.organization_id == work.organization_id, among(PAYERS.c.id, wanted)
        )
    )
    return {row.id: row.name for row in rows}


async def today(work: Work) -> date:
    """The organization's day now."""
    table = work.schema_tables.organizations
    zone: str | None = await work.connection.scalar(
        select(table.c.time_zone).where(table.c.id == work.organization_id)
    )
    return local_day(work.now, zone)


def is_of(work: Work, table: Any) -> Any:
    """The condition that every statement names beside row-level security."""
    return table.c.organization_id == work.organization_id
