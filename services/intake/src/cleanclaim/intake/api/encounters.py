"""Routes of encounters: received whatever their findings, read, listed and changed in versions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Day, Instant
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.intake import commands, queries
from cleanclaim.intake.api.encounter_answers import (
    EncounterOut,
    EncounterPage,
    EncounterVersionOut,
    FindingPage,
    StandingOut,
    ValidationOut,
    finding_out,
)
from cleanclaim.intake.api.encounter_shapes import EncounterBody
from cleanclaim.intake.api.problems import (
    CHANGES,
    CREATES,
    LISTS,
    READS,
    IfMatch,
    etag,
    overtaken,
    there_already,
    version_named,
)
from cleanclaim.intake.domain.encounter import EncounterAlreadyReceived, EncounterState
from cleanclaim.intake.domain.patient import VersionOvertaken

router = APIRouter(tags=["encounters"])
MayCreate = Annotated[Caller, Depends(calls("system/Encounter.c"))]
MayRead = Annotated[Caller, Depends(calls("system/Encounter.r"))]
MayChange = Annotated[Caller, Depends(calls("system/Encounter.u"))]
MaySearch = Annotated[Caller, Depends(calls("system/Encounter.s"))]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


class Search(BaseModel):
    """What a list of encounters is narrowed by."""

    model_config = ConfigDict(extra="forbid")

    state: EncounterState | None = None
    external_id: Annotated[str | None, Field(max_length=100)] = None
    source: Annotated[str | None, Field(max_length=40)] = None
    patient_id: UUID | None = None
    service_from_on: Annotated[Day | None, Field(description="Service on this day or later.")] = (
        None
    )
    service_to_on: Annotated[Day | None, Field(description="Service on this day or earlier.")] = (
        None
    )
    updated_since: Annotated[
        Instant | None, Field(description="Changed at this moment or later.")
    ] = None
    limit: Limit = 50
    page_token: PageToken = None


@router.post(
    "/v1/encounters",
    status_code=201,
    response_model=EncounterOut,
    responses=CREATES,
    summary="Send an encounter",
)
async def receive_encounter(body: EncounterBody, caller: MayCreate) -> Response:
    """Keeps whatever can be read; errors hold it, and the answer says where and why."""
    try:
        async with caller.change() as change:
            encounter_id = change.work.runtime.new_id()
            encounter, examined = await commands.receive_encounter(
                change.work,
                vault=caller.context.vault,
                encounter_id=encounter_id,
                patient_id=body.patient_id,
                content=body.content(encounter_id),
            )
            location = {"Location": f"/v1/encounters/{encounter_id}"}
            change.answer(
                201,
                EncounterOut.found(encounter, body.external_id, examined.findings),
                headers=location | etag(encounter.version),
            )
    except EncounterAlreadyReceived as error:
        return there_already(error, error.existing_id)
    return change.response


@router.post(
    "/v1/encounters:validate",
    response_model=ValidationOut,
    responses=CREATES,
    summary="Check an encounter without sending it",
)
async def validate_encounter(body: EncounterBody, caller: MayCreate) -> Response:
    """The same findings as sending it would bring; nothing is kept."""
    try:
        async with caller.look() as work:
            encounter_id = work.runtime.new_id()
            encounter, examined = await commands.validate_encounter(
                work,
                vault=caller.context.vault,
                encounter_id=encounter_id,
                patient_id=body.patient_id,
                content=body.content(encounter_id),
            )
    except EncounterAlreadyReceived as error:
        return there_already(error, error.existing_id)
    found = [finding_out(one) for one in examined.findings]
    return answer(ValidationOut(state=encounter.state.value, findings=found))


@router.get(
    "/v1/encounters",
    response_model=EncounterPage,
    responses=LISTS,
    summary="List encounters",
)
async def list_encounters(caller: MaySearch, search: Annotated[Search, Query()]) -> Response:
    """By the time of the last change, oldest first, so that `updated_since` makes a feed."""
    wanted = search.model_dump(exclude={"limit", "page_token"})
    async with caller.look() as work:
        page, following = await queries.encounter_page(
            work,
            caller.context.vault,
            queries.Filters(**wanted),
            limit=search.limit,
            token=search.page_token,
        )
        await audit.record(work, action="search", resource="Encounter", count=len(page))
    items = [StandingOut.of(one) for one in page]
    return answer(EncounterPage(items=items, next_page_token=following))


@router.get(
    "/v1/encounters/{encounter_id}",
    response_model=EncounterOut,
    responses=READS,
    summary="Read where an encounter stands",
)
async def read_encounter(encounter_id: UUID, caller: MayRead) -> Response:
    """With the findings of its newest version, and the ETag that a change has to name."""
    vault = caller.context.vault
    async with caller.look() as work:
        encounter = await queries.encounter_standing(work, encounter_id)
        version = encounter.version
        document = await queries.version_document(work, vault, encounter_id, version)
        findings = await queries.findings_of_version(work, encounter_id, version)
        await audit.record(work, action="read", resource="Encounter", resource_id=encounter_id)
    found = EncounterOut.found(encounter, document["external_id"], findings)
    return answer(found, headers=etag(version))


@router.put(
    "/v1/encounters/{encounter_id}",
    response_model=EncounterOut,
    responses=CHANGES,
    summary="Change an encounter",
)
async def change_encounter(
    encounter_id: UUID, body: EncounterBody, caller: MayChange, if_match: IfMatch = None
) -> Response:
    """Makes a new version of the whole and examines it; a voided one stays as it is.

    After a claim was sent the change waits for the payer's first answer; where the claim was
    rejected it is sent again at once, as an original.
    """
    from_version = version_named(if_match)
    try:
        async with caller.change() as change:
            encounter, examined = await commands.change_encounter(
                change.work,
                vault=caller.context.vault,
                encounter_id=encounter_id,
                patient_id=body.patient_id,
                content=body.content(encounter_id),
                from_version=from_version,
            )
            change.answer(
                200,
                EncounterOut.found(encounter, body.external_id, examined.findings),
                headers=etag(encounter.version),
            )
    except VersionOvertaken as error:
        return overtaken(error)
    return change.response


@router.get(
    "/v1/encounters/{encounter_id}/versions/{version}",
    response_model=EncounterVersionOut,
    responses=READS,
    summary="Read one immutable version of an encounter, whole",
)
async def read_version(encounter_id: UUID, version: Version, caller: MayRead) -> Response:
    """What a claim is built from: patient, coverages, diagnoses and lines as they were kept."""
    async with caller.look() as work:
        document = await queries.version_document(work, caller.context.vault, encounter_id, version)
        await audit.record(
            work, action="read", resource="EncounterVersion", resource_id=encounter_id
        )
    # A version never changes, but what it says is PHI: nobody between us keeps it.
    return JSONResponse(document, headers={"Cache-Control": "no-store"} | etag(version))


@router.get(
    "/v1/encounters/{encounter_id}/findings",
    response_model=FindingPage,
    responses=READS,
    summary="Read what was found in an encounter",
)
async def read_findings(encounter_id: UUID, caller: MayRead) -> Response:
    """The findings of the newest version."""
    async with caller.look() as work:
        encounter = await queries.encounter_standing(work, encounter_id)
        findings = await queries.findings_of_version(work, encounter_id, encounter.version)
    items = [finding_out(one) for one in findings]
    return answer(FindingPage(encounter_version=encounter.version, items=items))


@router.get(
    "/v1/encounters/{encounter_id}/timeline",
    response_model=Timeline,
    responses=READS,
    summary="Read what happened to an encounter",
)
async def read_timeline(encounter_id: UUID, caller: MayRead) -> Response:
    """What intake told of it, oldest first."""
    async with caller.look() as work:
        await queries.encounter_standing(work, encounter_id)
        timeline = await timeline_of(work, encounter_id)
    return answer(timeline)
