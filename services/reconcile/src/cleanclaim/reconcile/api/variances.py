"""Routes of variances: what does not agree, and how a person ends it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.reconcile import commands, queries
from cleanclaim.reconcile.api.problems import CHANGES, LISTS, READS
from cleanclaim.reconcile.api.shapes import ReasonIn, VarianceOut, VariancePage

router = APIRouter(tags=["variances"])

MayRead = Annotated[Caller, Depends(calls("system/PaymentReconciliation.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/PaymentReconciliation.s"))]
MayChange = Annotated[Caller, Depends(calls("system/PaymentReconciliation.u"))]
# giving money up is another right than explaining where it is
MayWriteOff = Annotated[Caller, Depends(calls("cleanclaim/variance.write-off"))]


@router.get("/v1/variances", response_model=VariancePage, responses=LISTS, summary="List variances")
async def list_variances(
    caller: MaySearch,
    wanted: Annotated[queries.VarianceFilter, Depends()],
    limit: Limit = 50,
    page_token: PageToken = None,
) -> Response:
    """Records of the same money that do not agree, the newest first."""
    async with caller.look() as work:
        rows, following = await queries.variances(
            work, wanted=wanted, limit=limit, token=page_token
        )
        on = await queries.today(work)
    items = [_variance(row, on) for row in rows]
    return answer(VariancePage(items=items, next_page_token=following))


@router.get(
    "/v1/variances/{variance_id}",
    response_model=VarianceOut,
    responses=READS,
    summary="Read a variance",
)
async def read_variance(variance_id: UUID, caller: MayRead) -> Response:
    """What should have been, what was, since when, and who owns it."""
    async with caller.look() as work:
        row = await queries.variance(work, variance_id)
        await audit.record(work, action="read", resource="Variance", resource_id=variance_id)
        on = await queries.today(work)
    return answer(_variance(row, on))


@router.get(
    "/v1/variances/{variance_id}/timeline",
    response_model=Timeline,
    responses=READS,
    summary="Read what happened to a variance",
)
async def read_variance_timeline(variance_id: UUID, caller: MayRead) -> Response:
    """Opened, resolved: when, by whom, caused by what."""
    async with caller.look() as work:
        await queries.variance(work, variance_id)
        await audit.record(work, action="read", resource="Variance", resource_id=variance_id)
        timeline = await timeline_of(work, variance_id)
    return answer(timeline)


@router.post(
    "/v1/variances/{variance_id}:explain",
    response_model=VarianceOut,
    responses=CHANGES,
    summary="Explain a variance",
)
async def explain_variance(variance_id: UUID, body: ReasonIn, caller: MayChange) -> Response:
    """End it by saying why the records differ; nothing is booked."""
    async with caller.change() as change:
        on = await queries.today(change.work)
        await commands.explain_variance(
            change.work, variance_id=variance_id, reason=body.reason, on=on
        )
        change.answer(200, _variance(await queries.variance(change.work, variance_id), on))
    return change.response


@router.post(
    "/v1/variances/{variance_id}:write-off",
    response_model=VarianceOut,
    responses=CHANGES,
    summary="Write a variance off",
)
async def write_off_variance(variance_id: UUID, body: ReasonIn, caller: MayWriteOff) -> Response:
    """End it by giving the whole difference up; accounts books it under the reason."""
    async with caller.change() as change:
        on = await queries.today(change.work)
        await commands.write_off_variance(
            change.work, variance_id=variance_id, reason=body.reason, on=on
        )
        change.answer(200, _variance(await queries.variance(change.work, variance_id), on))
    return change.response


def _variance(row: Mapping[str, Any], on: date) -> VarianceOut:
    known = {name: row[name] for name in VarianceOut.model_fields if name in row}
    until = row["resolved_on"] or on
    return VarianceOut(
        **known,
        difference_cents=row["actual_cents"] - row["expected_cents"],
        age_days=max((until - row["opened_on"]).days, 0),
    )
