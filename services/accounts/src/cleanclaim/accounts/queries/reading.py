"""Small shapes of answers that several questions share."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cleanclaim.accounts.domain.days import local_day
from cleanclaim.accounts.store.tables import PAYERS, among
from cleanclaim.chassis.pages import PageTokenInvalid, position_of
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


def place_in(token: str | None, *readers: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The place that a page token names, read by one reader for each part; None: the first page.

    Raises:
        PageTokenInvalid: the token was not made by this API.
    """
    parts = position_of(token, len(readers))
    if parts is None:
        return None
    try:
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))
    except (ValueError, TypeError, AttributeError):
        raise PageTokenInvalid(
            "page_token is not one that this API made",
            pointer="/page_token",
            fix="send next_page_token of the page before, or leave it out",
        ) from None
