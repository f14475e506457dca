"""Payers, providers and the organization's time zone, as last told by the directory."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.work import Work
from cleanclaim.denials.domain.policy import PayerPolicy
from cleanclaim.denials.store.tables import PAYERS, PROVIDERS

_POLICIES = TypeAdapter(tuple[PayerPolicy, ...])
_NEWER = "WHERE {table}.version < excluded.version"


async def keep_payers(work: Work, payers: Mapping[UUID, tuple[int, Sequence[PayerPolicy]]]) -> None:
    """Keep each payer's dated policies with the fact's version; an older one changes nothing."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": payer_id,
            "version": version,
            "name": policies[-1].name,
            "policies": _POLICIES.dump_python(tuple(policies), mode="json"),
        }
        for payer_id, (version, policies) in payers.items()
    ]
    await insert_rows(
        work.connection,
        PAYERS,
        rows,
        on_conflict="(organization_id, id) DO UPDATE SET version = excluded.version,"
        f" name = excluded.name, policies = excluded.policies {_NEWER.format(table='payers')}",
    )


async def keep_providers(work: Work, providers: Mapping[UUID, tuple[int, str, str]]) -> None:
    """Keep (version, name, NPI) of each billing provider as it is now."""
    rows = [
        {
            "organization_id": work.organization_id,
            "id": provider_id,
            "version": version,
            "name": name,
            "npi": npi,
        }
        for provider_id, (version, name, npi) in providers.items()
    ]
    await insert_rows(
        work.connection,
        PROVIDERS,
        rows,
        on_conflict="(organization_id, id) DO UPDATE SET version = excluded.version,"
        f" name = excluded.name, npi = excluded.npi {_NEWER.format(table='providers')}",
    )


async def policies_of(
    work: Work, payer_ids: Collection[UUID]
) -> dict[UUID, tuple[PayerPolicy, ...]]:
    """The dated policies of payers; a payer that was not heard of yet is left out."""
    rows = await work.connection.execute(
        select(PAYERS.c.id, PAYERS.c.policies).where(
            PAYERS.c.organization_id == work.organization_id, PAYERS.c.id.in_(list(payer_ids))
        )
    )
    return {row.id: _POLICIES.validate_python(row.policies) for row in rows}


async def time_zone(work: Work) -> str | None:
    """The organization's IANA time zone, None until it was heard."""
    table = work.schema_tables.organizations
    zone: str | None = await work.connection.scalar(
        select(table.c.time_zone).where(table.c.id == work.organization_id)
    )
    return zone
