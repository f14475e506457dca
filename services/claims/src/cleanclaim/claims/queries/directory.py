"""What can be asked of the directory."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from cleanclaim.chassis.pages import page_token, position_of
from cleanclaim.chassis.work import Work
from cleanclaim.claims.domain.directory import Connection, NoSuchEntry, Payer, Provider
from cleanclaim.claims.store import directory
from cleanclaim.claims.store.tables import CONNECTIONS, PAYERS, PROVIDERS

_READ = {
    "providers": (PROVIDERS, directory.read_provider),
    "payers": (PAYERS, directory.read_payer),
    "connections": (CONNECTIONS, directory.read_connection),
}


async def organization_of(work: Work) -> Mapping[Any, Any] | None:
    """The work's own organization, None before it is configured."""
    return await directory.organization(work)


async def provider_of(work: Work, provider_id: UUID) -> Provider:
    """Raises NoSuchEntry."""
    return directory.read_provider(_there(await directory.provider_of(work, provider_id)))


async def payer_of(work: Work, payer_id: UUID) -> Payer:
    """Raises NoSuchEntry."""
    return directory.read_payer(_there(await directory.payer_of(work, payer_id)))


async def connection_of(work: Work, connection_id: UUID) -> Connection:
    """Raises NoSuchEntry."""
    return directory.read_connection(_there(await directory.connection_of(work, connection_id)))


def _there(row: Any) -> Any:
    if row is None:
        raise NoSuchEntry("The directory has no entry of this id.", fix="Check the id.")
    return row


async def list_entries(
    work: Work,
    kind: Literal["providers", "payers", "connections"],
    *,
    limit: int,
    token: str | None,
) -> tuple[list[Any], str | None]:
    """A page of entries in the order in which they were added."""
    table, read = _READ[kind]
    statement = (
        select(table)
        .where(table.c.organization_id == work.organization_id)
        .order_by(table.c.id)
        .limit(limit + 1)
    )
    after = position_of(token, 1)
    if after is not None:
        statement = statement.where(table.c.id > UUID(after[0]))
    rows = list((await work.connection.execute(statement)).mappings())
    following = page_token([str(rows[limit - 1]["id"])]) if len(rows) > limit else None
    return [read(row) for row in rows[:limit]], following
