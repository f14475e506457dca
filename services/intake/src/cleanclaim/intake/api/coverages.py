"""Routes of coverages: under which payer a patient is covered, in which order, and when."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Day
from cleanclaim.intake import commands, queries
from cleanclaim.intake.api.person_shapes import (
    CLOSED,
    PersonBody,
    ShortCode,
    Text60,
    person_body,
)
from cleanclaim.intake.api.problems import (
    CHANGES,
    LISTS,
    READS,
    IfMatch,
    etag,
    overtaken,
    version_named,
)
from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.patient import VersionOvertaken

router = APIRouter(tags=["coverages"])
MayCreate = Annotated[Caller, Depends(calls("system/Coverage.c"))]
MayRead = Annotated[Caller, Depends(calls("system/Coverage.r"))]
MayChange = Annotated[Caller, Depends(calls("system/Coverage.u"))]

_SAID: dict[str, Any] = {
    "payer_id": "01980a60-0000-7000-8000-000000000010",
    "order": "P",
    "member_id": "W12345678",
    "group_number": "GRP100",
    "relationship": "18",
    "claim_filing_indicator": "CI",
    "subscriber": None,
    "effective_from_on": "2026-01-01",
    "effective_to_on": None,
}
_WHOSE: dict[str, Any] = {"patient_id": "01980a60-0000-7000-8000-000000000001"}


class ChangedCoverage(BaseModel):
    """What the coverage is to say from now on, whole.

    `relationship` is X12's code of the patient to the subscriber (18 self); `subscriber` is left
    out where the patient is the subscriber. A payer that nobody knows yet is taken, too.
    """

    model_config = CLOSED | ConfigDict(json_schema_extra={"examples": [_SAID]})

    payer_id: Annotated[UUID, Field(strict=False)]
    order: Literal["P", "S", "T"]
    member_id: Text60 | None = None
    group_number: Text60 | None = None
    relationship: ShortCode | None = None
    claim_filing_indicator: ShortCode | None = None
    subscriber: PersonBody | None = None
    effective_from_on: Day | None = None
    effective_to_on: Day | None = None

    def value(self, coverage_id: UUID) -> Coverage:
        return Coverage(
            coverage_id=coverage_id,
            version=1,
            payer_id=self.payer_id,
            order=self.order,
            member_id=self.member_id,
            group_number=self.group_number,
            relationship=self.relationship,
            claim_filing_indicator=self.claim_filing_indicator,
            subscriber=self.subscriber.value() if self.subscriber else None,
            effective_from_on=self.effective_from_on,
            effective_to_on=self.effective_to_on,
        )


class CoverageBody(ChangedCoverage):
    """A new coverage of a patient."""

    model_config = CLOSED | ConfigDict(json_schema_extra={"examples": [_WHOSE | _SAID]})

    patient_id: Annotated[UUID, Field(strict=False)]


class CoverageOut(BaseModel):
    """A version of a coverage."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "coverage_id": "01980a60-0000-7000-8000-000000000003",
                    "coverage_version": 1,
                    **_WHOSE,
                    **_SAID,
                }
            ]
        }
    )

    coverage_id: UUID
    coverage_version: int
    patient_id: UUID
    payer_id: UUID
    order: str
    member_id: str | None
    group_number: str | None
    relationship: str | None
    claim_filing_indicator: str | None
    subscriber: PersonBody | None
    effective_from_on: date | None
    effective_to_on: date | None

    @classmethod
    def of(cls, patient_id: UUID, coverage: Coverage) -> "CoverageOut":
        subscriber = coverage.subscriber
        return cls(
            coverage_id=coverage.coverage_id,
            coverage_version=coverage.version,
            patient_id=patient_id,
            payer_id=coverage.payer_id,
            order=coverage.order,
            member_id=coverage.member_id,
            group_number=coverage.group_number,
            relationship=coverage.relationship,
            claim_filing_indicator=coverage.claim_filing_indicator,
            subscriber=person_body(subscriber) if subscriber else None,
            effective_from_on=coverage.effective_from_on,
            effective_to_on=coverage.effective_to_on,
        )


@router.post(
    "/v1/coverages",
    status_code=201,
    response_model=CoverageOut,
    responses=LISTS,
    summary="Register a coverage",
)
async def register_coverage(body: CoverageBody, caller: MayCreate) -> Response:
    """Keeps the coverage as given; what is wrong with it shows at encounters."""
    async with caller.change() as change:
        coverage = await commands.register_coverage(
            change.work,
            vault=caller.context.vault,
            patient_id=body.patient_id,
            coverage=body.value(change.work.runtime.new_id()),
        )
        location = {"Location": f"/v1/coverages/{coverage.coverage_id}"}
        change.answer(
            201,
            CoverageOut.of(body.patient_id, coverage),
            headers=location | etag(coverage.version),
        )
    return change.response


@router.get(
    "/v1/coverages/{coverage_id}",
    response_model=CoverageOut,
    responses=READS,
    summary="Read a coverage",
)
async def read_coverage(coverage_id: UUID, caller: MayRead) -> Response:
    """The newest version, with its ETag."""
    async with caller.look() as work:
        patient_id, coverage = await queries.the_coverage(work, caller.context.vault, coverage_id)
        await audit.record(work, action="read", resource="Coverage", resource_id=coverage_id)
    return answer(CoverageOut.of(patient_id, coverage), headers=etag(coverage.version))


@router.put(
    "/v1/coverages/{coverage_id}",
    response_model=CoverageOut,
    responses=CHANGES,
    summary="Change a coverage",
)
async def change_coverage(
    coverage_id: UUID, body: ChangedCoverage, caller: MayChange, if_match: IfMatch = None
) -> Response:
    """Makes a new version; held encounters of the patient are examined again shortly after."""
    from_version = version_named(if_match)
    try:
        async with caller.change() as change:
            patient_id, coverage = await commands.change_coverage(
                change.work,
                vault=caller.context.vault,
                coverage=body.value(coverage_id),
                from_version=from_version,
            )
            change.answer(200, CoverageOut.of(patient_id, coverage), headers=etag(coverage.version))
    except VersionOvertaken as error:
        return overtaken(error)
    return change.response
