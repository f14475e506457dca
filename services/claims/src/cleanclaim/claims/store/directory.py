"""How the directory is remembered: organizations, providers, payers and connections."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.engine import RowMapping

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.claims.domain.directory import (
    Connection,
    Directory,
    Payer,
    PayerVersion,
    Provider,
    ProviderVersion,
)
from cleanclaim.claims.store.records import as_json, from_json
from cleanclaim.claims.store.tables import CONNECTIONS, PAYERS, PROVIDERS

_CONNECTION_FIELDS = (
    "version", "name", "kind", "purpose", "sender_id", "receiver_id", "sender_qualifier",
    "receiver_qualifier", "usage", "submitter_name", "receiver_name", "contact_name",
    "contact_phone",
)  # fmt: skip


async def save_organization(work: Work, *, name: str, time_zone: str, environment: str) -> int:
    """Keep the work's own organization; returns its version."""
    table = work.schema_tables.organizations
    rows = await insert_rows(
        work.connection,
        table,
        [
            {
                "id": work.organization_id,
                "name": name,
                "time_zone": time_zone,
                "environment": environment,
                "version": 1,
            }
        ],
        on_conflict="(id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone,"
        " environment = excluded.environment, version = organizations.version + 1",
        returning=("version",),
    )
    return int(rows[0]["version"])


async def organization(work: Work) -> RowMapping | None:
    """The work's own organization: id, name, time_zone, environment, version."""
    table = work.schema_tables.organizations
    rows = await work.connection.execute(select(table).where(table.c.id == work.organization_id))
    return rows.mappings().first()


async def save_provider(
    work: Work, provider: Provider, *, sealed_tax_ids: bytes | None, changed_at: datetime
) -> None:
    row = {
        "organization_id": work.organization_id,
        "id": provider.provider_id,
        "version": provider.version,
        "npis": sorted({one.npi for one in provider.versions}),
        "versions": as_json(provider.versions),
        "sealed_tax_ids": sealed_tax_ids,
        "changed_at": changed_at,
    }
    await _replace(work, PROVIDERS, row)


async def save_payer(work: Work, payer: Payer, *, changed_at: datetime) -> None:
    row = {
        "organization_id": work.organization_id,
        "id": payer.payer_id,
        "version": payer.version,
        "connection_id": payer.connection_id,
        "versions": as_json(payer.versions),
        "changed_at": changed_at,
    }
    await _replace(work, PAYERS, row)


async def save_connection(work: Work, connection: Connection, *, changed_at: datetime) -> None:
    """Keep a connection; its control numbers go on where they were."""
    row = {name: getattr(connection, name) for name in _CONNECTION_FIELDS}
    row |= {
        "organization_id": work.organization_id,
        "id": connection.connection_id,
        "last_interchange": 0,
        "last_group": 0,
        "changed_at": changed_at,
    }
    await _replace(work, CONNECTIONS, row, except_for=("last_interchange", "last_group"))


async def _replace(
    work: Work, table: Any, row: Mapping[Any, Any], except_for: tuple[str, ...] = ()
) -> None:
    kept = {"organization_id", "id", *except_for}
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in kept)
    await insert_rows(
        work.connection,
        table,
        [row],
        on_conflict=f"(organization_id, id) DO UPDATE SET {changes}",
    )


async def provider_of(work: Work, provider_id: UUID, *, for_update: bool = False) -> Any:
    """The provider's row, or None; `read_provider` makes the value of it."""
    return await _row(work, PROVIDERS, provider_id, for_update=for_update)


async def payer_of(work: Work, payer_id: UUID, *, for_update: bool = False) -> Any:
    return await _row(work, PAYERS, payer_id, for_update=for_update)


async def connection_of(work: Work, connection_id: UUID, *, for_update: bool = False) -> Any:
    return await _row(work, CONNECTIONS, connection_id, for_update=for_update)


async def _row(work: Work, table: Any, entry_id: UUID, *, for_update: bool) -> Any:
    statement = select(table).where(
        table.c.organization_id == work.organization_id, table.c.id == entry_id
    )
    if for_update:
        statement = statement.with_for_update()
    return (await work.connection.execute(statement)).mappings().first()


async def provider_with_npi(work: Work, npi: str) -> UUID | None:
    """The provider that has this NPI in one of its versions."""
    found: UUID | None = await work.connection.scalar(
        select(PROVIDERS.c.id).where(
            PROVIDERS.c.organization_id == work.organization_id,
            PROVIDERS.c.npis.op("@>")(func.jsonb_build_array(npi)),
        )
    )
    return found


async def connection_named(work: Work, name: str) -> UUID | None:
    found: UUID | None = await work.connection.scalar(
        select(CONNECTIONS.c.id).where(
            CONNECTIONS.c.organization_id == work.organization_id, CONNECTIONS.c.name == name
        )
    )
    return found


async def directory_of(work: Work, *, npis: Iterable[str], payer_ids: Iterable[UUID]) -> Directory:
    """The providers with these NPIs, these payers, and all connections of the organization."""
    providers: dict[str, Provider] = {}
    for row in await _providers_with(work, sorted(set(npis))):
        provider = read_provider(row)
        providers |= dict.fromkeys((one.npi for one in provider.versions), provider)
    payers = await work.connection.execute(
        select(PAYERS).where(
            PAYERS.c.organization_id == work.organization_id,
            PAYERS.c.id.in_(sorted(set(payer_ids))),
        )
    )
    connections = await work.connection.execute(
        select(CONNECTIONS).where(CONNECTIONS.c.organization_id == work.organization_id)
    )
    return Directory(
        organization_id=work.organization_id,
        providers=providers,
        payers={row["id"]: read_payer(row) for row in payers.mappings()},
        connections={row["id"]: read_connection(row) for row in connections.mappings()},
    )


async def _providers_with(work: Work, npis: list[str]) -> list[RowMapping]:
    if not npis:
        return []
    has_one = or_(*(PROVIDERS.c.npis.op("@>")(func.jsonb_build_array(npi)) for npi in npis))
    rows = await work.connection.execute(
        select(PROVIDERS).where(PROVIDERS.c.organization_id == work.organization_id, has_one)
    )
    return list(rows.mappings())


async def sealed_tax_ids_of(work: Work, provider_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The sealed social security numbers of those providers that bill under one."""
    rows = await work.connection.execute(
        select(PROVIDERS.c.id, PROVIDERS.c.sealed_tax_ids).where(
            PROVIDERS.c.organization_id == work.organization_id,
            PROVIDERS.c.id.in_(sorted(set(provider_ids))),
            PROVIDERS.c.sealed_tax_ids.is_not(None),
        )
    )
    return {row.id: bytes(row.sealed_tax_ids) for row in rows}


async def take_control_numbers(
    work: Work, connection_id: UUID, interchange: int, group: int
) -> None:
    """Remember the last numbers given; the caller holds the connection's row."""
    await work.connection.execute(
        update(CONNECTIONS)
        .where(
            CONNECTIONS.c.organization_id == work.organization_id,
            CONNECTIONS.c.id == connection_id,
        )
        .values(last_interchange=interchange, last_group=group)
    )


async def lock_name(work: Work, name: str) -> None:
    """Wait for whoever else adds something of that name to this organization."""
    await work.connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"claims:{work.organization_id}:{name}"},
    )


def read_provider(row: Mapping[Any, Any]) -> Provider:
    versions = tuple(from_json(ProviderVersion, one) for one in row["versions"])
    return Provider(provider_id=row["id"], version=row["version"], versions=versions)


def read_payer(row: Mapping[Any, Any]) -> Payer:
    return Payer(
        payer_id=row["id"],
        version=row["version"],
        connection_id=row["connection_id"],
        versions=tuple(from_json(PayerVersion, one) for one in row["versions"]),
    )


def read_connection(row: Mapping[Any, Any]) -> Connection:
    fields = {name: row[name] for name in _CONNECTION_FIELDS}
    return Connection(connection_id=row["id"], **fields)
