"""Changes the directory: every change keeps the entry whole and tells it whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleanclaim.chassis import audit
from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.claims import events_out
from cleanclaim.claims.domain.directory import (
    Connection,
    Directory,
    EntryChangedMeanwhile,
    NameTaken,
    NoSuchEntry,
    Payer,
    Provider,
    in_order,
    usage_for,
)
from cleanclaim.claims.store import directory
from cleanclaim.values.errors import Invalid, Missing


class TimeZoneUnknown(Invalid):
    """The time zone is none of the IANA database."""


class OrganizationNotConfigured(Missing):
    """The organization of the token was never configured here."""


async def configure_organization(
    work: Work, *, name: str, time_zone: str, environment: str
) -> None:
    """Make or change the work's organization. Raises TimeZoneUnknown."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise TimeZoneUnknown(
            "time_zone is no name of the IANA database.",
            pointer="/time_zone",
            fix="Send for example America/Chicago.",
        ) from None
    await directory.save_organization(work, name=name, time_zone=time_zone, environment=environment)
    await audit.record(
        work, action="write", resource="Organization", resource_id=work.organization_id
    )
    work.tell(
        events_out.organization_configured(
            work.organization_id, name=name, time_zone=time_zone, environment=environment
        )
    )


async def save_provider(
    work: Work,
    *,
    vault: Vault,
    provider: Provider,
    tax_ids: Sequence[str | None],
    expected: int | None,
    changed_at: datetime,
) -> Provider:
    """Add a provider, or replace one whole; `tax_ids` are the SSNs of its versions, or None.

    Raises:
        NameTaken: another provider has one of the NPIs.
        NoSuchEntry, EntryChangedMeanwhile: see `_next`.
        DatedVersionsOverlap: two versions hold on one day.
    """
    pairs = dict(zip(provider.versions, tax_ids, strict=True))
    ordered = in_order(provider.versions)
    for npi in sorted({one.npi for one in ordered}):
        await directory.lock_name(work, f"npi:{npi}")
        owner = await directory.provider_with_npi(work, npi)
        if owner not in {None, provider.provider_id}:
            raise NameTaken(
                "Another provider of the directory has this NPI.",
                pointer="/versions",
                fix=f"Change provider {owner} instead.",
            )
    row = await directory.provider_of(work, provider.provider_id, for_update=True)
    version = _next(row["version"] if row else None, provider.version, expected)
    kept = replace(provider, version=version, versions=ordered)
    sealed = await _sealed(work, vault, kept.provider_id, [pairs[one] for one in ordered])
    await directory.save_provider(work, kept, sealed_tax_ids=sealed, changed_at=changed_at)
    await audit.record(work, action="write", resource="Provider", resource_id=kept.provider_id)
    work.tell(events_out.provider_configured(kept))
    return kept


async def _sealed(
    work: Work, vault: Vault, provider_id: UUID, tax_ids: Sequence[str | None]
) -> bytes | None:
    if not any(tax_ids):
        return None
    return await vault.seal_json(work, tax_id_place(provider_id), list(tax_ids))


def tax_id_place(provider_id: UUID) -> Place:
    return Place("providers", "sealed_tax_ids", provider_id)


async def ssns_of(work: Work, *, vault: Vault, known: Directory) -> dict[tuple[UUID, date], str]:
    """The numbers of sole proprietors by provider and first day of the version that uses them."""
    providers = {one.provider_id: one for one in known.providers.values()}
    found: dict[tuple[UUID, date], str] = {}
    for provider_id, sealed in (await directory.sealed_tax_ids_of(work, providers)).items():
        numbers = await vault.open_json(work, tax_id_place(provider_id), sealed)
        for one, number in zip(providers[provider_id].versions, numbers, strict=True):
            if number:
                found[provider_id, one.effective_from_on] = number
    return found


async def save_payer(
    work: Work, *, payer: Payer, expected: int | None, changed_at: datetime
) -> Payer:
    """Add a payer, or replace one whole.

    Raises:
        NoSuchEntry: the payer, or the connection that it names, is not there.
        EntryChangedMeanwhile, DatedVersionsOverlap: as for a provider.
    """
    if payer.connection_id is not None:
        row = await directory.connection_of(work, payer.connection_id)
        if row is None or row["purpose"] != "clearinghouse":
            raise Invalid(
                "connection_id names no connection of purpose clearinghouse.",
                code="connection_unknown",
                pointer="/connection_id",
                fix="Make the connection first, or leave it out.",
            )
    known = await directory.payer_of(work, payer.payer_id, for_update=True)
    version = _next(known["version"] if known else None, payer.version, expected)
    kept = replace(payer, version=version, versions=in_order(payer.versions))
    await directory.save_payer(work, kept, changed_at=changed_at)
    await audit.record(work, action="write", resource="Payer", resource_id=kept.payer_id)
    work.tell(events_out.payer_configured(kept))
    return kept


async def save_connection(
    work: Work,
    *,
    connection: Connection,
    usage: str | None,
    expected: int | None,
    changed_at: datetime,
) -> Connection:
    """Add a connection, or replace one whole; nothing of it is told, for nobody else needs it.

    Raises:
        OrganizationNotConfigured: there is no organization to connect.
        UsageNotAllowed: T and P do not fit the organization's environment.
        NameTaken, NoSuchEntry, EntryChangedMeanwhile: as for a provider.
    """
    organization = await directory.organization(work)
    if organization is None:
        raise OrganizationNotConfigured(
            "This organization is not configured.", fix="Ask an operator to POST it first."
        )
    await directory.lock_name(work, f"connection:{connection.name}")
    owner = await directory.connection_named(work, connection.name)
    if owner not in {None, connection.connection_id}:
        raise NameTaken(
            "Another connection has this name.", pointer="/name", fix="Choose another name."
        )
    row = await directory.connection_of(work, connection.connection_id, for_update=True)
    kept = replace(
        connection,
        version=_next(row["version"] if row else None, connection.version, expected),
        usage=usage_for(organization["environment"], usage),
        submitter_name=connection.submitter_name or organization["name"],
    )
    await directory.save_connection(work, kept, changed_at=changed_at)
    await audit.record(work, action="write", resource="Connection", resource_id=kept.connection_id)
    return kept


def _next(known: int | None, version: int, expected: int | None) -> int:
    """The entry's next version; `version` 0 says that it must be there already.

    Raises:
        NoSuchEntry: it is not there.
        EntryChangedMeanwhile: it is not the version that the caller has read.
    """
    if known is None:
        if version == 0:
            raise NoSuchEntry("The directory has no entry of this id.", fix="Check the id.")
        return 1
    if expected is not None and expected != known:
        raise EntryChangedMeanwhile(
            "Somebody else changed this entry since it was read.",
            fix="Read it again, and send the change with its new ETag.",
        )
    return known + 1
