"""Routes of reconciliation itself: a day's equations, its exceptions, and judging windows."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Day
from cleanclaim.reconcile import commands, queries
from cleanclaim.reconcile.api.day_shapes import (
    DayOut,
    ExceptionOut,
    ExceptionsOut,
    RunIn,
    RunOut,
)
from cleanclaim.reconcile.api.problems import LISTS, WRITES

router = APIRouter(tags=["reconciliation"])

MayRead = Annotated[Caller, Depends(calls("system/PaymentReconciliation.r"))]
MayChange = Annotated[Caller, Depends(calls("system/PaymentReconciliation.u"))]


@router.post(
    "/v1/reconciliation:run",
    response_model=RunOut,
    responses=WRITES,
    summary="Judge what is overdue on a day",
)
async def run_reconciliation(body: RunIn, caller: MayChange) -> Response:
    """Open a variance for all money whose window ended before the day; the job does it hourly.

    Run twice, the second opens nothing.
    """
    async with caller.change() as change:
        as_of = body.as_of or await queries.today(change.work)
        opened = await commands.judge_windows(change.work, as_of=as_of)
        change.answer(200, RunOut(as_of=as_of, opened_count=opened))
    return change.response


@router.get(
    "/v1/reconciliation/days/{on}",
    response_model=DayOut,
    responses=LISTS,
    summary="Read a day's equations",
)
async def read_day(on: Day, caller: MayRead) -> Response:
    """Remitted, posted, booked and banked up to the end of the day, to the cent."""
    async with caller.look() as work:
        day = await queries.day(work, on=on)
        flow = await queries.flow_of(work, on=on)
    return answer(DayOut.of(day, flow))


@router.get(
    "/v1/reconciliation/days/{on}/exceptions",
    response_model=ExceptionsOut,
    responses=LISTS,
    summary="List a day's exceptions",
)
async def read_exceptions(on: Day, caller: MayRead) -> Response:
    """All that stands in the way of the day's equations, by name, age and owner."""
    async with caller.look() as work:
        day = await queries.day(work, on=on)
        await audit.record(work, action="search", resource="Variance", count=len(day.exceptions))
    return answer(ExceptionsOut(items=[ExceptionOut.of(one, on) for one in day.exceptions]))
