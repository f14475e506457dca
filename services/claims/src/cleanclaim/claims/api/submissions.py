"""Routes of submissions and of the answers to them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.claims import commands, edi_in, queries
from cleanclaim.claims.api.claim_shapes import (
    AcknowledgementOut,
    SubmissionOut,
    SubmissionPage,
    SubmissionsCut,
    SubmissionWithClaims,
)
from cleanclaim.claims.api.problems import CREATES, LISTS, READS, UPLOADS

router = APIRouter(tags=["submissions"])

MaySubmit = Annotated[Caller, Depends(calls("system/Submission.c"))]
MayRead = Annotated[Caller, Depends(calls("system/Submission.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/Submission.s"))]
MayUpload = Annotated[Caller, Depends(calls("system/Acknowledgement.c"))]
MayReadAnswers = Annotated[Caller, Depends(calls("system/Acknowledgement.r"))]
_X12_TYPES = frozenset({"application/edi-x12", "application/x12", "text/plain"})
_X12_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/edi-x12": {
                "schema": {"type": "string", "format": "binary"},
                "example": "ISA*00*          *00*          *ZZ*CLEARHOUSE     *…~GS*FA*…~…",
            }
        },
    }
}


@router.post(
    "/v1/submissions",
    status_code=201,
    response_model=SubmissionsCut,
    responses=CREATES,
    summary="Cut the files of all clean claims now",
)
async def cut_submissions(caller: MaySubmit) -> Response:
    """One file per connection (more where there are very many claims); none where none is clean."""
    async with caller.change() as change:
        way_out = commands.way_out(caller.context, caller.organization_id, caller.principal)
        sent = await commands.send_clean_claims(way_out)
        rows = await queries.submissions_with(change.work, sent)
        change.answer(201, SubmissionsCut(items=[SubmissionOut.of(row) for row in rows]))
    return change.response


@router.get(
    "/v1/submissions",
    response_model=SubmissionPage,
    responses=LISTS,
    summary="List submissions",
)
async def list_submissions(
    caller: MaySearch, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """Newest first."""
    async with caller.look() as work:
        rows, following = await queries.list_submissions(work, limit=limit, token=page_token)
    items = [SubmissionOut.of(row) for row in rows]
    return answer(SubmissionPage(items=items, next_page_token=following))


@router.get(
    "/v1/submissions/{submission_id}",
    response_model=SubmissionWithClaims,
    responses=READS,
    summary="Read a submission with its claims",
)
async def read_submission(submission_id: UUID, caller: MayRead) -> Response:
    """Its control numbers, what was answered to its sets, and the claims that went with it."""
    async with caller.look() as work:
        row, claim_ids = await queries.submission_of(work, submission_id)
        await audit.record(
            work,
            action="read",
            resource="Submission",
            resource_id=submission_id,
            count=len(claim_ids),
        )
    shown = SubmissionOut.of(row).model_dump()
    return answer(SubmissionWithClaims(**shown, claim_ids=list(claim_ids)))


@router.post(
    "/v1/acknowledgements",
    status_code=201,
    response_model=AcknowledgementOut,
    responses=UPLOADS,
    openapi_extra=_X12_BODY,
    summary="Upload a 999, TA1 or 277CA",
)
async def upload_acknowledgement(caller: MayUpload) -> Response:
    """Raw X12 in the body. The same bytes a second time change nothing and answer the same."""
    kind = caller.request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in _X12_TYPES:
        raise HTTPException(415, "send the file as Content-Type: application/edi-x12")
    content = await caller.request.body()
    async with caller.change() as change:
        acknowledgement_id, _ = await edi_in.take_content(
            change.work, caller.context.vault, content=content, source="upload"
        )
        row = await queries.acknowledgement_of(change.work, acknowledgement_id)
        place = {"Location": f"/v1/acknowledgements/{acknowledgement_id}"}
        change.answer(201, AcknowledgementOut.of(row), headers=place)
    return change.response


@router.get(
    "/v1/acknowledgements/{acknowledgement_id}",
    response_model=AcknowledgementOut,
    responses=READS,
    summary="Read what a file of answers did",
)
async def read_acknowledgement(acknowledgement_id: UUID, caller: MayReadAnswers) -> Response:
    """Counts by outcome, the submissions it spoke of, and what in it was not ours."""
    async with caller.look() as work:
        await audit.record(
            work, action="read", resource="Acknowledgement", resource_id=acknowledgement_id
        )
        row = await queries.acknowledgement_of(work, acknowledgement_id)
    return answer(AcknowledgementOut.of(row))
