"""HTTP in: 835 files, remittances with their balance reports, provider adjustments."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from cleanclaim.chassis import audit, raw_files
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.errors import problem
from cleanclaim.chassis.fields import Day, Instant
from cleanclaim.chassis.pages import Limit, PageToken, page_token, position_of
from cleanclaim.chassis.problems import problems
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.chassis.vault import Place
from cleanclaim.remittance import commands, queries
from cleanclaim.remittance.api.shapes import (
    BalanceReportOut,
    FileOut,
    ProviderAdjustmentOut,
    ProviderAdjustmentPage,
    RejectIn,
    RemittanceOut,
    RemittancePage,
)
from cleanclaim.remittance.edi_in import Unusable, receive_file, reread

EDI = "application/edi-x12"
router = APIRouter(prefix="/v1", tags=["remittances"])

MayPost = Annotated[Caller, Depends(calls("cleanclaim/remittance.post"))]
MayRead = Annotated[Caller, Depends(calls("system/PaymentReconciliation.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/PaymentReconciliation.s"))]

_EXAMPLE = "ISA*00*          *00*          *ZZ*PRAIRIE        *ZZ*CLINIC         *261002*…~"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {EDI: {"schema": {"type": "string", "format": "binary"}, "example": _EXAMPLE}},
    }
}


@router.post(
    "/remittances",
    status_code=201,
    response_model=FileOut,
    summary="Take an 835 file in",
    openapi_extra=_BODY,
    responses={
        200: {"model": FileOut, "description": "All of it was known already."},
        **problems(409, 413, 415, 422),
    },
)
async def receive_remittances(request: Request, caller: MayPost) -> Response:
    """Post each ST that balances and whose payer and payee are known; hold the others whole.

    Answers 201 with a report of every ST; 200 when all of it was known already. A file that is no
    835 is kept and answered with 422.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != EDI:
        raise HTTPException(415, f"send the file as it is, with Content-Type {EDI}")
    content = await request.body()
    async with caller.change() as change:
        received = await receive_file(
            change.work, caller.context.vault, content=content, source="edi_file"
        )
        fresh = any(one.outcome != commands.KNOWN_ALREADY for one in received.remittances)
        change.answer(201 if fresh else 200, FileOut.of(received))
        if received.unusable is not None:
            change.refuse(_refusal(received.unusable))
    return change.response


def _refusal(unusable: Unusable) -> Response:
    return problem(
        422,
        unusable.code,
        "The request breaks a rule",
        unusable.message,
        errors=unusable.findings(),
    )


@router.get(
    "/remittances",
    response_model=RemittancePage,
    summary="List remittances",
    responses=problems(422),
)
async def list_remittances(  # noqa: PLR0913, PLR0917 - each is a query parameter
    caller: MaySearch,
    status: Annotated[str | None, Query(description="posted, held or rejected.")] = None,
    payer_id: Annotated[UUID | None, Query(description="Our id of the payer.")] = None,
    trace_number: Annotated[
        str | None, Query(max_length=50, description="TRN02: check or transfer number.")
    ] = None,
    paid_from_on: Annotated[Day | None, Query(description="First day of payment.")] = None,
    paid_to_on: Annotated[Day | None, Query(description="Last day of payment.")] = None,
    updated_since: Annotated[Instant | None, Query(description="Changed since then.")] = None,
    limit: Limit = 50,
    page_token_: Annotated[PageToken, Query(alias="page_token")] = None,
) -> Response:
    """The newest first; narrowed by status, payer, trace number, day of payment or change."""
    wanted = queries.RemittanceFilter(
        status=status,
        payer_id=payer_id,
        trace_number=trace_number,
        paid_from_on=paid_from_on,
        paid_to_on=paid_to_on,
        updated_since=updated_since,
    )
    async with caller.look() as work:
        rows = await queries.remittances(
            work, wanted, limit=limit, after=position_of(page_token_, 2)
        )
    items = [RemittanceOut(**RemittanceOut.shown(row)) for row in rows[:limit]]
    return answer(RemittancePage(items=items, next_page_token=_next(rows, limit, "received_at")))


@router.get(
    "/remittances/{remittance_id}",
    response_model=BalanceReportOut,
    summary="Read a remittance with its balance report",
    responses=problems(404, 422),
)
async def read_remittance(remittance_id: UUID, caller: MayRead) -> Response:
    """The three equations with both sums each, why it is held, and what was wrong with the file."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Remittance", resource_id=remittance_id)
        row = await queries.remittance(work, remittance_id)
        report = BalanceReportOut.of(row)
    return answer(report, headers={"ETag": f'"{report.version}"'})


@router.get(
    "/remittances/{remittance_id}/x12",
    response_class=Response,
    summary="Read the file that a remittance came in",
    responses={**problems(404, 422), 200: {"content": {EDI: {}}, "description": "The file."}},
)
async def read_remittance_file(remittance_id: UUID, caller: MayRead) -> Response:
    """The bytes as they came, with all its remittances; each reading is audited."""
    async with caller.look() as work:
        row = await queries.remittance(work, remittance_id)
        content = await raw_files.read(
            work, caller.context.vault, row["file_id"], purpose="remittance"
        )
    return Response(content, media_type=EDI)


@router.get(
    "/remittances/{remittance_id}/timeline",
    response_model=Timeline,
    summary="What happened to a remittance",
    responses=problems(404, 422),
)
async def read_timeline(remittance_id: UUID, caller: MayRead) -> Response:
    """The facts that were told of it, oldest first."""
    async with caller.look() as work:
        await queries.remittance(work, remittance_id)
        told = await timeline_of(work, remittance_id)
    return answer(told)


@router.post(
    "/remittances/{remittance_id}:release",
    response_model=BalanceReportOut,
    summary="Judge a held remittance anew",
    responses=problems(404, 409, 422),
)
async def release(remittance_id: UUID, caller: MayPost) -> Response:
    """Post a held remittance if what held it is gone; else 409 says what still does."""
    vault = caller.context.vault
    async with caller.change() as change:
        row = await queries.remittance(change.work, remittance_id)
        content = await reread(change.work, vault, row["file_id"])
        await commands.release_remittance(
            change.work, vault=vault, remittance_id=remittance_id, remittances=content
        )
        change.answer(
            200, BalanceReportOut.of(await queries.remittance(change.work, remittance_id))
        )
    return change.response


@router.post(
    "/remittances/{remittance_id}:reject",
    response_model=BalanceReportOut,
    summary="Put a held remittance away",
    responses=problems(404, 409, 422),
)
async def reject(remittance_id: UUID, body: RejectIn, caller: MayPost) -> Response:
    """None of it will be posted; the file and the reason are kept."""
    async with caller.change() as change:
        await audit.record(
            change.work,
            action="refuse",
            resource="Remittance",
            resource_id=remittance_id,
            purpose=body.reason,
        )
        await commands.reject_remittance(
            change.work, remittance_id=remittance_id, reason=body.reason
        )
        change.answer(
            200, BalanceReportOut.of(await queries.remittance(change.work, remittance_id))
        )
    return change.response


@router.get(
    "/provider-adjustments",
    response_model=ProviderAdjustmentPage,
    summary="List provider adjustments (PLB)",
    responses=problems(422),
)
async def list_provider_adjustments(
    caller: MayRead,
    remittance_id: Annotated[UUID | None, Query(description="Of one remittance.")] = None,
    open_only: Annotated[bool, Query(description="Only those whose item is not 0.")] = False,
    limit: Limit = 50,
    page_token_: Annotated[PageToken, Query(alias="page_token")] = None,
) -> Response:
    """The sub-ledger of money moved outside any claim, the newest first; audited."""
    async with caller.look() as work:
        rows = await queries.provider_adjustments(
            work,
            remittance_id=remittance_id,
            open_only=open_only,
            limit=limit,
            after=position_of(page_token_, 2),
        )
        items = [await _adjustment(work, caller, row) for row in rows[:limit]]
        await audit.record(work, action="search", resource="ProviderAdjustment", count=len(items))
    return answer(
        ProviderAdjustmentPage(items=items, next_page_token=_next(rows, limit, "posted_at"))
    )


async def _adjustment(work: Any, caller: Caller, row: Any) -> ProviderAdjustmentOut:
    reference = None
    if row["reference_sealed"] is not None:
        place = Place("provider_adjustments", "reference_sealed", row["id"])
        sealed = bytes(row["reference_sealed"])
        reference = (await caller.context.vault.open(work, place, sealed)).decode()
    shown = {name: row[name] for name in ProviderAdjustmentOut.model_fields if name in row}
    return ProviderAdjustmentOut(
        **shown, reference=reference, open_item_balance_cents=row["balance_cents"]
    )


def _next(rows: Sequence[Any], limit: int, instant: str) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return page_token([last[instant].isoformat(), str(last["id"])])
