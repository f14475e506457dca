"""HTTP in: claim payments, and those that wait for a claim."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.pages import Limit, PageToken, page_token, position_of
from cleanclaim.chassis.problems import problems
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.chassis.vault import Place
from cleanclaim.chassis.work import Work
from cleanclaim.remittance import commands, queries
from cleanclaim.remittance.api.payment_shapes import (
    CandidateOut,
    ClaimPaymentOut,
    ClaimPaymentPage,
    MatchIn,
    UnmatchedOut,
)
from cleanclaim.remittance.domain.matching import candidates

router = APIRouter(prefix="/v1", tags=["claim payments"])
_MOST_CANDIDATES = 20

MayRead = Annotated[Caller, Depends(calls("system/ExplanationOfBenefit.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/ExplanationOfBenefit.s"))]
MayPost = Annotated[Caller, Depends(calls("cleanclaim/remittance.post"))]


@router.get(
    "/remittances/{remittance_id}/claim-payments",
    response_model=ClaimPaymentPage,
    summary="List the claim payments of a remittance",
    responses=problems(404, 422),
)
async def list_claim_payments(
    remittance_id: UUID,
    caller: MaySearch,
    status: Annotated[str | None, Query(description="posted, unmatched or noted.")] = None,
    limit: Limit = 50,
    page_token_: Annotated[PageToken, Query(alias="page_token")] = None,
) -> Response:
    """In the order of the file; empty while the remittance is held. Audited."""
    async with caller.look() as work:
        await queries.remittance(work, remittance_id)
        wanted = queries.PaymentFilter(remittance_id=remittance_id, status=status)
        rows = await queries.claim_payments(
            work, wanted, limit=limit, after=position_of(page_token_, 3)
        )
        return await _page(work, rows, limit)


@router.get(
    "/claim-payments/{claim_payment_id}",
    response_model=ClaimPaymentOut,
    summary="Read a claim payment",
    responses=problems(404, 422),
)
async def read_claim_payment(claim_payment_id: UUID, caller: MayRead) -> Response:
    """The payer's decision, with the disposition of every adjustment. Audited."""
    async with caller.look() as work:
        await _audited(work, "read", claim_payment_id)
        row = await queries.claim_payment(work, claim_payment_id)
    return answer(ClaimPaymentOut.of(row))


@router.get(
    "/claim-payments/{claim_payment_id}/timeline",
    response_model=Timeline,
    summary="What was told of the claim of a claim payment",
    responses=problems(404, 422),
)
async def read_timeline(claim_payment_id: UUID, caller: MayRead) -> Response:
    """The facts told of its claim, or of its remittance while it waits. Audited."""
    async with caller.look() as work:
        await _audited(work, "read", claim_payment_id)
        row = await queries.claim_payment(work, claim_payment_id)
        told = await timeline_of(work, row["claim_id"] or row["remittance_id"])
    return answer(told)


@router.get(
    "/unmatched-payments",
    response_model=ClaimPaymentPage,
    summary="List payments that wait for a claim",
    responses=problems(422),
)
async def list_unmatched_payments(
    caller: MaySearch,
    limit: Limit = 50,
    page_token_: Annotated[PageToken, Query(alias="page_token")] = None,
) -> Response:
    """Payments that found no claim, and reversals that found no original. Audited."""
    async with caller.look() as work:
        rows = await queries.unmatched_payments(
            work, limit=limit, after=position_of(page_token_, 3)
        )
        return await _page(work, rows, limit)


@router.get(
    "/unmatched-payments/{claim_payment_id}",
    response_model=UnmatchedOut,
    summary="Read a payment that waits, with candidates",
    responses=problems(404, 422),
)
async def read_unmatched_payment(claim_payment_id: UUID, caller: MayRead) -> Response:
    """Claims that it may be meant for, each with its reasons, the likeliest first. Audited."""
    async with caller.look() as work:
        await _audited(work, "read", claim_payment_id)
        row = await queries.unmatched_payment(work, claim_payment_id)
        payment, near = await queries.near_claims(work, row)
        number = await _control_number(work, caller, row)
    found = candidates(payment, row["payer_id"], near)[:_MOST_CANDIDATES]
    shown = ClaimPaymentOut.of(row).model_dump()
    return answer(
        UnmatchedOut(
            **shown,
            patient_control_number=number,
            candidates=[CandidateOut.of(one) for one in found],
        )
    )


@router.post(
    "/unmatched-payments/{claim_payment_id}:match",
    response_model=ClaimPaymentOut,
    summary="Match a waiting payment to a claim",
    responses=problems(404, 409, 422),
)
async def match(claim_payment_id: UUID, body: MatchIn, caller: MayPost) -> Response:
    """Posts it to the claim, under the id it had; its money leaves unapplied cash."""
    async with caller.change() as change:
        await _audited(change.work, "write", claim_payment_id)
        await commands.match_payment(
            change.work, claim_payment_id=claim_payment_id, claim_id=body.claim_id
        )
        row = await queries.claim_payment(change.work, claim_payment_id)
        change.answer(200, ClaimPaymentOut.of(row))
    return change.response


async def _control_number(work: Work, caller: Caller, row: Any) -> str | None:
    if row["control_sealed"] is None:
        return None
    place = Place("claim_payments", "control_sealed", row["id"])
    return (await caller.context.vault.open(work, place, bytes(row["control_sealed"]))).decode()


async def _audited(work: Work, action: audit.Action, claim_payment_id: UUID) -> None:
    await audit.record(work, action=action, resource="ClaimPayment", resource_id=claim_payment_id)


async def _page(work: Work, rows: Sequence[Any], limit: int) -> Response:
    items = [ClaimPaymentOut.of(row) for row in rows[:limit]]
    await audit.record(work, action="search", resource="ClaimPayment", count=len(items))
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = page_token([str(last["remittance_id"]), last["position"], str(last["id"])])
    return answer(ClaimPaymentPage(items=items, next_page_token=following))
