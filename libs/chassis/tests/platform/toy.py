"""A service as small as can be, on which the platform's promises are tested."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, Column, Table, Text, Uuid, select

from cleanclaim.chassis import audit
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.context import ServiceParts
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.directory import keep_organizations
from cleanclaim.chassis.environment import ServiceSettings, settings_config
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.tables import service_metadata
from cleanclaim.chassis.work import Work
from cleanclaim.events.claims import OrganizationConfigured, PayerConfigured
from cleanclaim.events.intake import PatientRegistered
from cleanclaim.events.wire import Heard
from cleanclaim.values.errors import Conflict, Invalid, Missing

POISON = "Poison"
OPERATOR = Principal(
    subject="operator-1",
    client_id="tests",
    organization_id=None,
    scopes=frozenset({"cleanclaim/platform.write"}),
    token_id="1",
)
METADATA = service_metadata("toy")
THINGS = Table(
    "things",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
)
PAYERS = Table(
    "payers",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)


class ThingRefused(Invalid):
    """A toy's rule."""


class ThingGone(Missing):
    """No such thing."""


class ThingAlreadyThere(Conflict):
    """Overtaken."""


class ThingIn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: Annotated[str, Field(min_length=1, max_length=20)]
    amount_cents: Annotated[int, Field(ge=0)]


class ThingOut(BaseModel):
    id: UUID
    name: str
    amount_cents: int


router = APIRouter()
MayCreate = Annotated[Caller, Depends(calls("system/Basic.c"))]
MayRead = Annotated[Caller, Depends(calls("system/Basic.r"))]


@router.post("/v1/things", status_code=201, response_model=ThingOut)
async def make_thing(body: ThingIn, caller: MayCreate) -> Response:
    async with caller.change() as change:
        thing_id = await keep_thing(change.work, name=body.name, cents=body.amount_cents)
        change.answer(201, ThingOut(id=thing_id, name=body.name, amount_cents=body.amount_cents))
    return change.response


@router.get("/v1/things/{thing_id}", response_model=ThingOut)
async def read_thing(thing_id: UUID, caller: MayRead) -> Response:
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Basic", resource_id=thing_id)
        rows = await work.connection.execute(select(THINGS).where(THINGS.c.id == thing_id))
        row = rows.mappings().first()
        if row is None:
            raise ThingGone("no such thing")
    return answer(ThingOut.model_validate(dict(row)))


async def keep_thing(work: Work, *, name: str, cents: int) -> UUID:
    if name == "refused":
        raise ThingRefused("this name is refused", pointer="/name", fix="choose another")
    if name == "broken":
        raise ZeroDivisionError(name)
    thing_id = work.runtime.new_id()
    row = {"organization_id": work.organization_id, "id": thing_id, "name": name,
           "amount_cents": cents}  # fmt: skip
    await insert_rows(work.connection, THINGS, [row])
    work.tell(a_fact(thing_id))
    return thing_id


def a_fact(patient_id: UUID) -> PatientRegistered:
    return PatientRegistered(
        patient_id=patient_id,
        patient_version=1,
        patient_account_id=derived_id(patient_id, "account"),
    )


async def keep_payers(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
    for one in heard:
        name = one.fact.versions[0].name
        if name == POISON:
            raise ZeroDivisionError
        if name == "Overtaken":
            raise ThingAlreadyThere("overtaken")
        version = 10**30 if name == "Beyond" else one.envelope.aggregate_version
        row = {"organization_id": work.organization_id, "id": one.fact.payer_id, "name": name,
               "version": version}  # fmt: skip
        await insert_rows(
            work.connection,
            PAYERS,
            [row],
            on_conflict="(organization_id, id) DO UPDATE SET name = excluded.name,"
            " version = payers.version + 1",
        )
        work.tell(a_fact(one.fact.payer_id), cause=Cause.of(one.envelope))


class Settings(ServiceSettings):
    model_config = settings_config("toy")


PARTS = ServiceParts(
    name="toy",
    title="Toy",
    summary="A toy.",
    metadata=METADATA,
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    routers=(router,),
    subscriptions=(
        Subscription(
            model=OrganizationConfigured,
            apply=keep_organizations,
            kind="projector",
            fills="organizations",
        ),
        Subscription(model=PayerConfigured, apply=keep_payers, kind="reactor"),
    ),
)


def a_payer(payer_id: UUID, name: str = "Prairie Mutual", **changes: Any) -> PayerConfigured:
    version = {
        "effective_from_on": "2020-01-01",
        "name": name,
        "payer_identifier": "PMH01",
        "claim_filing_indicator": "CI",
        "timely_filing_days": 180,
        "takes_replacement": True,
    } | changes
    return PayerConfigured.model_validate_json(
        __import__("json").dumps({"payer_id": str(payer_id), "versions": [version]})
    )
