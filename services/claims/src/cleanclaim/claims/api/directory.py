"""Routes of the directory: organizations, billing providers, payers and connections."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException
from fastapi.responses import Response

from cleanclaim.chassis.caller import Caller, Change, answer, calls
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.claims import commands, queries
from cleanclaim.claims.api.directory_shapes import (
    ConnectionIn,
    ConnectionOut,
    ConnectionPage,
    OrganizationIn,
    OrganizationOut,
    PayerIn,
    PayerOut,
    PayerPage,
    ProviderIn,
    ProviderOut,
    ProviderPage,
)
from cleanclaim.claims.api.problems import CREATES, LISTS, READS, REPLACES
from cleanclaim.claims.domain.directory import Connection, EntryChangedMeanwhile, Payer, Provider
from cleanclaim.values.errors import Conflict

router = APIRouter(tags=["directory"])

MayAdminister = Annotated[Caller, Depends(calls("cleanclaim/directory.admin", organization=False))]
MayReadOrganization = Annotated[Caller, Depends(calls("system/Organization.r"))]
MayCreateProvider = Annotated[Caller, Depends(calls("system/Provider.c"))]
MayReadProvider = Annotated[Caller, Depends(calls("system/Provider.r"))]
MayChangeProvider = Annotated[Caller, Depends(calls("system/Provider.u"))]
MaySearchProviders = Annotated[Caller, Depends(calls("system/Provider.s"))]
MayCreatePayer = Annotated[Caller, Depends(calls("system/Payer.c"))]
MayReadPayer = Annotated[Caller, Depends(calls("system/Payer.r"))]
MayChangePayer = Annotated[Caller, Depends(calls("system/Payer.u"))]
MaySearchPayers = Annotated[Caller, Depends(calls("system/Payer.s"))]
MayCreateConnection = Annotated[Caller, Depends(calls("system/Connection.c"))]
MayReadConnection = Annotated[Caller, Depends(calls("system/Connection.r"))]
MayChangeConnection = Annotated[Caller, Depends(calls("system/Connection.u"))]
MaySearchConnections = Annotated[Caller, Depends(calls("system/Connection.s"))]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="ETag of the version that was read.")
]


class OrganizationExists(Conflict):
    """An organization of that id is configured already."""


class IfMatchUnreadable(HTTPException):
    """The header is no ETag of this API."""


@router.post(
    "/v1/organizations",
    status_code=201,
    response_model=OrganizationOut,
    responses=CREATES,
    summary="Set up an organization",
)
async def configure_organization(body: OrganizationIn, caller: MayAdminister) -> Response:
    """An operator's call: the token needs no organization, and this makes one."""
    new_id = body.organization_id or caller.new_id("organization")
    async with caller.change(organization_id=new_id) as change:
        if await queries.organization_of(change.work) is not None:
            raise OrganizationExists(
                "An organization of this id is configured already.",
                fix="Leave organization_id out; a new Idempotency-Key has another made.",
            )
        await commands.configure_organization(
            change.work,
            name=body.name,
            time_zone=body.time_zone,
            environment=body.environment,
        )
        shown = OrganizationOut(id=new_id, **body.model_dump(exclude={"organization_id"}))
        change.answer(201, shown, headers={"Location": f"/v1/organizations/{new_id}"})
    return change.response


@router.get(
    "/v1/organizations/{organization_id}",
    response_model=OrganizationOut,
    responses=READS,
    summary="Read the token's own organization",
)
async def read_organization(organization_id: UUID, caller: MayReadOrganization) -> Response:
    """Name, time zone and environment; any other organization's id is unknown."""
    async with caller.look() as work:
        row = await queries.organization_of(work)
    if row is None or row["id"] != organization_id:
        raise commands.OrganizationNotConfigured("There is no organization of this id.")
    return answer(OrganizationOut.of(row))


@router.get(
    "/v1/organizations",
    response_model=OrganizationOut,
    responses=READS,
    summary="Read the token's own organization without knowing its id",
)
async def read_own_organization(caller: MayReadOrganization) -> Response:
    """The organization that the token names, if it is configured here."""
    async with caller.look() as work:
        row = await queries.organization_of(work)
    if row is None:
        raise commands.OrganizationNotConfigured("This organization is not configured.")
    return answer(OrganizationOut.of(row))


@router.post(
    "/v1/providers",
    status_code=201,
    response_model=ProviderOut,
    responses=CREATES,
    summary="Add a billing provider",
)
async def add_provider(body: ProviderIn, caller: MayCreateProvider) -> Response:
    """A billing identity with its dated versions; told to everybody who keeps the directory."""
    async with caller.change() as change:
        provider = body.as_provider(change.work.runtime.new_id(), version=1)
        kept = await _save_provider(caller, change, body, provider, None)
        _created(change, ProviderOut.of(kept), f"/v1/providers/{kept.provider_id}", kept.version)
    return change.response


@router.put(
    "/v1/providers/{provider_id}",
    response_model=ProviderOut,
    responses=REPLACES,
    summary="Replace a billing provider whole",
)
async def replace_provider(
    provider_id: UUID, body: ProviderIn, caller: MayChangeProvider, if_match: IfMatch = None
) -> Response:
    """All versions are sent, the unchanged ones too; `If-Match` refuses an overtaken change."""
    expected = _version_in(if_match)
    try:
        async with caller.change() as change:
            provider = body.as_provider(provider_id, version=0)
            kept = await _save_provider(caller, change, body, provider, expected)
            change.answer(200, ProviderOut.of(kept), headers=_tag(kept.version))
    except EntryChangedMeanwhile as error:
        raise HTTPException(412, error.message) from None
    return change.response


async def _save_provider(
    caller: Caller, change: Change, body: ProviderIn, provider: Provider, expected: int | None
) -> Provider:
    return await commands.save_provider(
        change.work,
        vault=caller.context.vault,
        provider=provider,
        tax_ids=body.ssns(),
        expected=expected,
        changed_at=change.work.now,
    )


@router.get(
    "/v1/providers/{provider_id}",
    response_model=ProviderOut,
    responses=READS,
    summary="Read a billing provider",
)
async def read_provider(provider_id: UUID, caller: MayReadProvider) -> Response:
    """All dated versions; a social security number is not shown."""
    async with caller.look() as work:
        provider = await queries.provider_of(work, provider_id)
    return answer(ProviderOut.of(provider), headers=_tag(provider.version))


@router.get(
    "/v1/providers",
    response_model=ProviderPage,
    responses=LISTS,
    summary="List billing providers",
)
async def list_providers(
    caller: MaySearchProviders, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """In the order in which they were added."""
    async with caller.look() as work:
        entries, following = await queries.list_entries(
            work, "providers", limit=limit, token=page_token
        )
    items = [ProviderOut.of(one) for one in entries if isinstance(one, Provider)]
    return answer(ProviderPage(items=items, next_page_token=following))


@router.post(
    "/v1/payers",
    status_code=201,
    response_model=PayerOut,
    responses=CREATES,
    summary="Add a payer",
)
async def add_payer(body: PayerIn, caller: MayCreatePayer) -> Response:
    """A payer with its dated policies and the connection that its claims go through."""
    async with caller.change() as change:
        payer = body.as_payer(change.work.runtime.new_id(), version=1)
        kept = await commands.save_payer(
            change.work, payer=payer, expected=None, changed_at=change.work.now
        )
        _created(change, PayerOut.of(kept), f"/v1/payers/{kept.payer_id}", kept.version)
    return change.response


@router.put(
    "/v1/payers/{payer_id}",
    response_model=PayerOut,
    responses=REPLACES,
    summary="Replace a payer whole",
)
async def replace_payer(
    payer_id: UUID, body: PayerIn, caller: MayChangePayer, if_match: IfMatch = None
) -> Response:
    """All versions are sent, the unchanged ones too; `If-Match` refuses an overtaken change."""
    expected = _version_in(if_match)
    try:
        async with caller.change() as change:
            kept = await commands.save_payer(
                change.work,
                payer=body.as_payer(payer_id, version=0),
                expected=expected,
                changed_at=change.work.now,
            )
            change.answer(200, PayerOut.of(kept), headers=_tag(kept.version))
    except EntryChangedMeanwhile as error:
        raise HTTPException(412, error.message) from None
    return change.response


@router.get(
    "/v1/payers/{payer_id}", response_model=PayerOut, responses=READS, summary="Read a payer"
)
async def read_payer(payer_id: UUID, caller: MayReadPayer) -> Response:
    """All dated versions."""
    async with caller.look() as work:
        payer = await queries.payer_of(work, payer_id)
    return answer(PayerOut.of(payer), headers=_tag(payer.version))


@router.get("/v1/payers", response_model=PayerPage, responses=LISTS, summary="List payers")
async def list_payers(
    caller: MaySearchPayers, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """In the order in which they were added."""
    async with caller.look() as work:
        entries, following = await queries.list_entries(
            work, "payers", limit=limit, token=page_token
        )
    items = [PayerOut.of(one) for one in entries if isinstance(one, Payer)]
    return answer(PayerPage(items=items, next_page_token=following))


@router.post(
    "/v1/connections",
    status_code=201,
    response_model=ConnectionOut,
    responses=CREATES | READS,
    summary="Add a connection",
)
async def add_connection(body: ConnectionIn, caller: MayCreateConnection) -> Response:
    """A mailbox to a clearinghouse or a bank; a test organization's files are marked T."""
    async with caller.change() as change:
        kept = await commands.save_connection(
            change.work,
            connection=body.as_connection(change.work.runtime.new_id(), version=1),
            usage=body.usage,
            expected=None,
            changed_at=change.work.now,
        )
        place = f"/v1/connections/{kept.connection_id}"
        _created(change, ConnectionOut.of(kept), place, kept.version)
    return change.response


@router.put(
    "/v1/connections/{connection_id}",
    response_model=ConnectionOut,
    responses=REPLACES,
    summary="Replace a connection whole",
)
async def replace_connection(
    connection_id: UUID, body: ConnectionIn, caller: MayChangeConnection, if_match: IfMatch = None
) -> Response:
    """Its control numbers go on where they were."""
    expected = _version_in(if_match)
    try:
        async with caller.change() as change:
            kept = await commands.save_connection(
                change.work,
                connection=body.as_connection(connection_id, version=0),
                usage=body.usage,
                expected=expected,
                changed_at=change.work.now,
            )
            change.answer(200, ConnectionOut.of(kept), headers=_tag(kept.version))
    except EntryChangedMeanwhile as error:
        raise HTTPException(412, error.message) from None
    return change.response


@router.get(
    "/v1/connections/{connection_id}",
    response_model=ConnectionOut,
    responses=READS,
    summary="Read a connection",
)
async def read_connection(connection_id: UUID, caller: MayReadConnection) -> Response:
    """What stands in the envelope of its files."""
    async with caller.look() as work:
        connection = await queries.connection_of(work, connection_id)
    return answer(ConnectionOut.of(connection), headers=_tag(connection.version))


@router.get(
    "/v1/connections", response_model=ConnectionPage, responses=LISTS, summary="List connections"
)
async def list_connections(
    caller: MaySearchConnections, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """In the order in which they were added."""
    async with caller.look() as work:
        entries, following = await queries.list_entries(
            work, "connections", limit=limit, token=page_token
        )
    items = [ConnectionOut.of(one) for one in entries if isinstance(one, Connection)]
    return answer(ConnectionPage(items=items, next_page_token=following))


def _created(
    change: Change, body: ProviderOut | PayerOut | ConnectionOut, place: str, version: int
) -> None:
    change.answer(201, body, headers={"Location": place, **_tag(version)})


def _tag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def _version_in(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    text = if_match.strip('"')
    if not (text.isascii() and text.isdigit()):
        raise IfMatchUnreadable(412, "If-Match is no ETag that this API gave")
    return int(text)
