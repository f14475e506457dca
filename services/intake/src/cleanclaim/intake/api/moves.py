"""Routes by which a person holds, releases or voids an encounter."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis.caller import Caller, calls
from cleanclaim.intake import commands
from cleanclaim.intake.api.encounter_answers import EncounterOut, StandingOut
from cleanclaim.intake.api.person_shapes import CLOSED
from cleanclaim.intake.api.problems import MOVES, etag

router = APIRouter(tags=["encounters"])
MayChange = Annotated[Caller, Depends(calls("system/Encounter.u"))]


class HoldBody(BaseModel):
    """Why a person holds it: a code of the organization's own, never words about a patient."""

    model_config = CLOSED | ConfigDict(
        json_schema_extra={"examples": [{"reason": "awaiting_documentation"}]}
    )

    reason: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


@router.post(
    "/v1/encounters/{encounter_id}:hold",
    response_model=StandingOut,
    responses=MOVES,
    summary="Hold an encounter",
)
async def hold_encounter(encounter_id: UUID, body: HoldBody, caller: MayChange) -> Response:
    """It stays held, whatever rules find, until a person releases it."""
    async with caller.change() as change:
        encounter = await commands.hold_encounter(
            change.work, vault=caller.context.vault, encounter_id=encounter_id, reason=body.reason
        )
        change.answer(200, StandingOut.of(encounter), headers=etag(encounter.version))
    return change.response


@router.post(
    "/v1/encounters/{encounter_id}:release",
    response_model=EncounterOut,
    responses=MOVES,
    summary="Release a held encounter",
)
async def release_encounter(encounter_id: UUID, caller: MayChange) -> Response:
    """Takes a person's hold away and examines again; it stays held where errors remain."""
    async with caller.change() as change:
        encounter, examined = await commands.release_encounter(
            change.work, vault=caller.context.vault, encounter_id=encounter_id
        )
        external_id = examined.version.content.external_id
        change.answer(
            200,
            EncounterOut.found(encounter, external_id, examined.findings),
            headers=etag(encounter.version),
        )
    return change.response


@router.post(
    "/v1/encounters/{encounter_id}:void",
    response_model=StandingOut,
    responses=MOVES,
    summary="Void an encounter",
)
async def void_encounter(encounter_id: UUID, caller: MayChange) -> Response:
    """Takes it back for good; one that was billed cannot be voided here."""
    async with caller.change() as change:
        encounter = await commands.void_encounter(
            change.work, vault=caller.context.vault, encounter_id=encounter_id
        )
        change.answer(200, StandingOut.of(encounter), headers=etag(encounter.version))
    return change.response
