"""Routes of deposits and their matches."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from cleanclaim.chassis import audit
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.chassis.vault import Place
from cleanclaim.reconcile import commands, queries
from cleanclaim.reconcile.api.problems import CHANGES, LISTS, READS
from cleanclaim.reconcile.api.shapes import (
    CandidateOut,
    DepositDetailOut,
    DepositOut,
    DepositPage,
    MatchIn,
    MatchOut,
    MatchPage,
    MatchPartOut,
)

router = APIRouter(tags=["deposits"])

MayRead = Annotated[Caller, Depends(calls("system/PaymentReconciliation.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/PaymentReconciliation.s"))]
MayChange = Annotated[Caller, Depends(calls("system/PaymentReconciliation.u"))]


@router.get("/v1/deposits", response_model=DepositPage, responses=LISTS, summary="List deposits")
async def list_deposits(
    caller: MaySearch,
    wanted: Annotated[queries.DepositFilter, Depends()],
    limit: Limit = 50,
    page_token: PageToken = None,
) -> Response:
    """Money seen in the bank, the newest day first; without the bank's wording."""
    async with caller.look() as work:
        rows, following = await queries.deposits(work, wanted=wanted, limit=limit, token=page_token)
        await audit.record(work, action="search", resource="Deposit", count=len(rows))
    return answer(DepositPage(items=[_deposit(row) for row in rows], next_page_token=following))


@router.get(
    "/v1/deposits/{deposit_id}",
    response_model=DepositDetailOut,
    responses=READS,
    summary="Read a deposit",
)
async def read_deposit(deposit_id: UUID, caller: MayRead) -> Response:
    """The deposit with the bank's wording and, while it waits, the remittances it might pay."""
    async with caller.look() as work:
        row = await queries.deposit(work, deposit_id)
        await audit.record(work, action="read", resource="Deposit", resource_id=deposit_id)
        place = Place("deposits", "sealed_text", deposit_id)
        wording = await caller.context.vault.open_json(work, place, bytes(row["sealed_text"]))
        reason, candidates = await queries.candidates(work, deposit_id)
    waits = row["state"] != "matched"
    return answer(
        DepositDetailOut(
            **_deposit(row).model_dump(),
            wording=wording,
            waiting_for=reason if waits else None,
            candidates=[_candidate(one) for one in candidates] if waits else [],
        )
    )


@router.get(
    "/v1/deposits/{deposit_id}/timeline",
    response_model=Timeline,
    responses=READS,
    summary="Read what happened to a deposit",
)
async def read_deposit_timeline(deposit_id: UUID, caller: MayRead) -> Response:
    """Recorded, matched: when, by whom, caused by what."""
    async with caller.look() as work:
        await queries.deposit(work, deposit_id)
        await audit.record(work, action="read", resource="Deposit", resource_id=deposit_id)
        timeline = await timeline_of(work, deposit_id)
    return answer(timeline)


@router.post(
    "/v1/deposits/{deposit_id}:match",
    response_model=MatchOut,
    responses=CHANGES,
    summary="Match a deposit by hand",
)
async def match_deposit(deposit_id: UUID, body: MatchIn, caller: MayChange) -> Response:
    """Say which remittances the deposit pays.

    One remittance is taken whatever its amount, and the difference becomes a variance; several
    must add up to the deposit to the cent.
    """
    async with caller.change() as change:
        await commands.match_by_person(
            change.work,
            deposit_id=deposit_id,
            remittance_ids=list(dict.fromkeys(body.remittance_ids)),
            on=await queries.today(change.work),
        )
        rows, _ = await queries.matches(change.work, deposit_id=deposit_id, limit=1, token=None)
        change.answer(200, _match(rows[0]))
    return change.response


@router.get("/v1/matches", response_model=MatchPage, responses=LISTS, summary="List matches")
async def list_matches(
    caller: MaySearch,
    deposit_id: UUID | None = None,
    remittance_id: UUID | None = None,
    limit: Limit = 50,
    page_token: PageToken = None,
) -> Response:
    """Deposits with the remittances that explain them, the newest match first."""
    async with caller.look() as work:
        rows, following = await queries.matches(
            work,
            deposit_id=deposit_id,
            remittance_id=remittance_id,
            limit=limit,
            token=page_token,
        )
    return answer(MatchPage(items=[_match(row) for row in rows], next_page_token=following))


def _deposit(row: Mapping[str, Any]) -> DepositOut:
    return DepositOut.model_validate({name: row[name] for name in DepositOut.model_fields})


def _candidate(row: Mapping[str, Any]) -> CandidateOut:
    return CandidateOut(
        remittance_id=row["id"],
        payer_id=row["payer_id"],
        trace_number=row["trace_number"],
        payment_method=row["payment_method"],
        paid_on=row["paid_on"],
        payment_cents=row["payment_cents"],
        open_cents=row["payment_cents"] + row["written_off_cents"] - row["matched_cents"],
    )


def _match(row: Mapping[str, Any]) -> MatchOut:
    parts = [
        MatchPartOut(**{name: part[name] for name in MatchPartOut.model_fields})
        for part in row["parts"]
    ]
    known = {name: row[name] for name in MatchOut.model_fields if name != "parts"}
    return MatchOut(**known, parts=parts)
