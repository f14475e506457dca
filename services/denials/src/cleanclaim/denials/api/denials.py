"""Routes of denials: the queue, one case whole, its timeline, and what people do with it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Day, Instant
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.chassis.work import Work
from cleanclaim.denials import commands, queries
from cleanclaim.denials.api import words
from cleanclaim.denials.api.problems import CHANGES, LISTS, READS
from cleanclaim.denials.api.shapes import SUBJECT, Assign, DenialOut, DenialPage, StatusWord

router = APIRouter(tags=["denials"])

MayRead = Annotated[Caller, Depends(calls("system/Denial.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/Denial.s"))]
MayWork = Annotated[Caller, Depends(calls("system/Denial.u"))]
Word = Annotated[str | None, Query(max_length=60, pattern=r"^[A-Za-z0-9_]+$")]


def _filter(  # noqa: PLR0913 - one for each parameter of the query
    *,
    active: Annotated[bool | None, Query(description="Still to be worked, or ended.")] = None,
    status: Annotated[StatusWord | None, Query(description="One state.")] = None,
    category: Word = None,
    reason_code: Word = None,
    payer_id: UUID | None = None,
    claim_id: UUID | None = None,
    owner_queue: Word = None,
    owner_stage: Word = None,
    assigned_to: Annotated[str | None, Query(max_length=200, pattern=SUBJECT)] = None,
    deadline_before: Annotated[
        Day | None, Query(description="To be worked before this day; unknown days are left out.")
    ] = None,
    updated_since: Annotated[
        Instant | None, Query(description="Changed at this instant or later.")
    ] = None,
) -> queries.CaseFilter:
    return queries.CaseFilter(
        active=active,
        status=status,
        category=category,
        reason_code=reason_code,
        payer_id=payer_id,
        claim_id=claim_id,
        owner_queue=owner_queue,
        owner_stage=owner_stage,
        assigned_to=assigned_to,
        deadline_before_on=deadline_before,
        updated_since=updated_since,
    )


@router.get(
    "/v1/denials",
    response_model=DenialPage,
    responses=LISTS,
    summary="List denials, the most urgent first",
)
async def list_denials(
    caller: MaySearch,
    wanted: Annotated[queries.CaseFilter, Depends(_filter)],
    limit: Limit = 50,
    page_token: PageToken = None,
) -> Response:
    """Each with its cause, its last days, its money and the terms of its priority."""
    async with caller.look() as work:
        rows, following = await queries.page_of_cases(
            work, wanted=wanted, limit=limit, token=page_token
        )
        payers, _ = await queries.party_names(work, payer_ids={row["payer_id"] for row in rows})
        await audit.record(work, action="search", resource="Denial", count=len(rows))
    items = [words.in_list(row, payers.get(row["payer_id"])) for row in rows]
    return answer(DenialPage(items=items, next_page_token=following))


@router.get(
    "/v1/denials/{denial_id}",
    response_model=DenialOut,
    responses=READS,
    summary="Read why it was refused, by when to act, and what to do",
)
async def read_denial(denial_id: UUID, caller: MayRead) -> Response:
    """Lines and codes in our own words, the rule and its inputs, deadlines with their reckoning."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Denial", resource_id=denial_id)
        found = await _whole(work, denial_id)
    return answer(found)


@router.get(
    "/v1/denials/{denial_id}/timeline",
    response_model=Timeline,
    responses=READS,
    summary="Read what was told of a denial, oldest first",
)
async def read_timeline(denial_id: UUID, caller: MayRead) -> Response:
    """The facts this service told of the denial, with what caused them."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Denial", resource_id=denial_id)
        denial = await queries.one_case(work, denial_id)
        told = await timeline_of(work, denial.origin.claim_id)
    # facts of a denial are told under their claim, where other denials may stand too
    mine = [one for one in told.items if one.facts.get("denial_id") == str(denial_id)]
    return answer(Timeline(items=mine))


@router.post(
    "/v1/denials/{denial_id}:start",
    response_model=DenialOut,
    responses=CHANGES,
    summary="Take an open denial into work",
)
async def start_denial(denial_id: UUID, caller: MayWork) -> Response:
    """Whoever starts it has it, unless it was given to somebody before."""
    async with caller.change() as change:
        await audit.record(change.work, action="write", resource="Denial", resource_id=denial_id)
        await commands.start_denial(change.work, denial_id=denial_id, by=caller.principal.subject)
        change.answer(200, await _whole(change.work, denial_id))
    return change.response


@router.post(
    "/v1/denials/{denial_id}:assign",
    response_model=DenialOut,
    responses=CHANGES,
    summary="Give a denial to a person or a team",
)
async def assign_denial(denial_id: UUID, body: Assign, caller: MayWork) -> Response:
    """The open work items of the denial get the same owner."""
    async with caller.change() as change:
        await audit.record(change.work, action="write", resource="Denial", resource_id=denial_id)
        await commands.assign_denial(change.work, denial_id=denial_id, assignee=body.assignee)
        change.answer(200, await _whole(change.work, denial_id))
    return change.response


async def _whole(work: Work, denial_id: UUID) -> DenialOut:
    denial = await queries.one_case(work, denial_id)
    row = await queries.kept_case(work, denial_id)
    payers, providers = await queries.party_names(
        work, payer_ids={denial.origin.payer_id}, claim_ids={denial.origin.claim_id}
    )
    return words.whole(
        row,
        denial,
        await queries.case_steps(work, denial_id),
        payer_name=payers.get(denial.origin.payer_id),
        provider_name=providers.get(denial.origin.claim_id),
    )
