"""Routes of patients: registered once for each source and external id, changed in versions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.intake import commands, queries
from cleanclaim.intake.api.person_shapes import (
    A_PERSON,
    CLOSED,
    ExternalId,
    PersonBody,
    Source,
    person_body,
)
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
from cleanclaim.intake.domain.patient import Patient, PatientAlreadyRegistered, VersionOvertaken

router = APIRouter(tags=["patients"])
MayCreate = Annotated[Caller, Depends(calls("system/Patient.c"))]
MayRead = Annotated[Caller, Depends(calls("system/Patient.r"))]
MayChange = Annotated[Caller, Depends(calls("system/Patient.u"))]
MaySearch = Annotated[Caller, Depends(calls("system/Patient.s"))]

_NAMED = {"external_id": "MRN-1001", "source": "main-ehr"}


class PatientBody(PersonBody):
    """A new patient as the source knows them."""

    model_config = CLOSED | ConfigDict(json_schema_extra={"examples": [_NAMED | A_PERSON]})

    external_id: ExternalId
    source: Source


class ChangedPatient(PersonBody):
    """What the patient's record is to say from now on, whole."""

    model_config = CLOSED | ConfigDict(json_schema_extra={"examples": [A_PERSON]})


class PatientOut(PersonBody):
    """A version of a patient; `patient_account_id` is the account that accounts keeps."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "patient_id": "01980a60-0000-7000-8000-000000000001",
                    "patient_version": 1,
                    "patient_account_id": "01980a60-0000-7000-8000-000000000002",
                    "possible_matches": [],
                    **_NAMED,
                    **A_PERSON,
                }
            ]
        }
    )

    patient_id: UUID
    patient_version: int
    patient_account_id: UUID
    external_id: str
    source: str
    possible_matches: Annotated[list[UUID], Field(default_factory=list)]
    """Patients of the same last name and birth date, told once when a patient is registered."""

    @classmethod
    def of(cls, patient: Patient, possible_matches: list[UUID] | None = None) -> "PatientOut":
        return cls(
            patient_id=patient.patient_id,
            patient_version=patient.version,
            patient_account_id=patient.patient_account_id,
            external_id=patient.external_id,
            source=patient.source,
            possible_matches=possible_matches or [],
            **dict(person_body(patient.person)),
        )


class PatientPage(BaseModel):
    """The patient that was asked for, or nobody."""

    items: list[PatientOut]
    next_page_token: str | None = None


@router.post(
    "/v1/patients",
    status_code=201,
    response_model=PatientOut,
    responses=CREATES,
    summary="Register a patient",
)
async def register_patient(body: PatientBody, caller: MayCreate) -> Response:
    """Keeps the patient as given and makes their account; what is wrong shows at encounters."""
    try:
        async with caller.change() as change:
            patient, alike = await commands.register_patient(
                change.work,
                vault=caller.context.vault,
                external_id=body.external_id,
                source=body.source,
                person=body.value(),
            )
            location = {"Location": f"/v1/patients/{patient.patient_id}"}
            change.answer(
                201, PatientOut.of(patient, alike), headers=location | etag(patient.version)
            )
    except PatientAlreadyRegistered as error:
        return there_already(error, error.existing_id)
    return change.response


@router.get(
    "/v1/patients",
    response_model=PatientPage,
    responses=LISTS,
    summary="Find a patient by source and external id",
)
async def find_patient(
    caller: MaySearch,
    external_id: Annotated[str, Query(min_length=1, max_length=100)],
    source: Annotated[str, Query(min_length=1, max_length=40)],
) -> Response:
    """At most one patient; both parameters are needed."""
    async with caller.look() as work:
        patient = await queries.find_patient(
            work, caller.context.vault, source=source, external_id=external_id
        )
        found = [PatientOut.of(patient)] if patient else []
        await audit.record(work, action="search", resource="Patient", count=len(found))
    return answer(PatientPage(items=found))


@router.get(
    "/v1/patients/{patient_id}",
    response_model=PatientOut,
    responses=READS,
    summary="Read a patient",
)
async def read_patient(patient_id: UUID, caller: MayRead) -> Response:
    """The newest version, with its ETag."""
    async with caller.look() as work:
        patient = await queries.the_patient(work, caller.context.vault, patient_id)
        await audit.record(work, action="read", resource="Patient", resource_id=patient_id)
    return answer(PatientOut.of(patient), headers=etag(patient.version))


@router.put(
    "/v1/patients/{patient_id}",
    response_model=PatientOut,
    responses=CHANGES,
    summary="Change a patient",
)
async def change_patient(
    patient_id: UUID, body: ChangedPatient, caller: MayChange, if_match: IfMatch = None
) -> Response:
    """Makes a new version; held encounters of the patient are examined again shortly after."""
    from_version = version_named(if_match)
    try:
        async with caller.change() as change:
            patient = await commands.change_patient(
                change.work,
                vault=caller.context.vault,
                patient_id=patient_id,
                from_version=from_version,
                person=body.value(),
            )
            change.answer(200, PatientOut.of(patient), headers=etag(patient.version))
    except VersionOvertaken as error:
        return overtaken(error)
    return change.response
