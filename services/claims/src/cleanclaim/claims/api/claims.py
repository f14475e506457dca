"""Routes of claims: find, read, check, hold, release, submit and resend them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis import audit, raw_files
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Instant
from cleanclaim.chassis.timeline import Timeline, timeline_of
from cleanclaim.claims import commands, edi_out, queries
from cleanclaim.claims.api.claim_shapes import (
    AnswerOut,
    ClaimOut,
    ClaimPage,
    ClaimSummary,
    FindingOut,
    HoldIn,
    OutcomeOut,
    State,
    VersionOut,
)
from cleanclaim.claims.api.problems import CHANGES, LISTS, READS
from cleanclaim.claims.domain.claim import NoSuchClaim
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.domain.states import ClaimState, ClaimStateForbids
from cleanclaim.values.cents import PLAUSIBLE_CENTS
from cleanclaim.values.errors import Conflict, Detail

router = APIRouter(tags=["claims"])

MayRead = Annotated[Caller, Depends(calls("system/Claim.r"))]
MaySearch = Annotated[Caller, Depends(calls("system/Claim.s"))]
MayChange = Annotated[Caller, Depends(calls("system/Claim.u"))]
X12 = "application/edi-x12"

Version = Annotated[int, Path(ge=1, le=1_000_000)]


class VersionNotSent(Conflict):
    """There is no file yet that says this version."""


class ClaimQuestion(BaseModel):
    """Which claims are asked for; an unknown parameter is refused, for a typo would widen it."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    payer_id: UUID | None = None
    encounter_id: UUID | None = None
    older_than_days: int | None = Field(
        default=None, ge=0, le=3650, description="First service is longer ago than this."
    )
    min_charge_cents: int | None = Field(default=None, ge=0, le=PLAUSIBLE_CENTS)
    max_charge_cents: int | None = Field(default=None, ge=0, le=PLAUSIBLE_CENTS)
    updated_since: Instant | None = Field(
        default=None, description="A feed: claims changed since then, oldest change first."
    )
    limit: int = Field(default=50, ge=1, le=500)
    page_token: str | None = Field(default=None, max_length=500)

    def as_filters(self, today: date) -> queries.ClaimFilters:
        before = self.older_than_days
        return queries.ClaimFilters(
            **self.model_dump(exclude={"older_than_days", "limit", "page_token"}),
            service_before_on=None if before is None else today - timedelta(days=before),
        )


@router.get("/v1/claims", response_model=ClaimPage, responses=LISTS, summary="List claims")
async def list_claims(caller: MaySearch, asked: Annotated[ClaimQuestion, Query()]) -> Response:
    """Newest first; with `updated_since` by time of change, so that a reader can go on there."""
    async with caller.look() as work:
        rows, following = await queries.list_claims(
            work, asked.as_filters(work.now.date()), limit=asked.limit, token=asked.page_token
        )
        await audit.record(work, action="search", resource="Claim", count=len(rows))
    return answer(
        ClaimPage(items=[ClaimSummary.of(row) for row in rows], next_page_token=following)
    )


@router.get(
    "/v1/claims/{claim_id}", response_model=ClaimOut, responses=READS, summary="Read a claim"
)
async def read_claim(claim_id: UUID, caller: MayRead) -> Response:
    """All versions with their lines and findings, and every answer that came to them."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Claim", resource_id=claim_id)
        row = await queries.claim_of(work, claim_id)
        versions = await queries.claim_versions(work, claim_id)
        answers = await queries.answers_to(work, claim_id)
    return answer(
        ClaimOut(
            **ClaimSummary.of(row).model_dump(),
            versions=[
                VersionOut.of(one, queries.content_of(one), queries.findings_in(one))
                for one in versions
            ],
            acknowledgements=[AnswerOut.of(one) for one in answers],
        )
    )


@router.get(
    "/v1/claims/{claim_id}/timeline",
    response_model=Timeline,
    responses=READS,
    summary="Read what happened to a claim",
)
async def read_claim_timeline(claim_id: UUID, caller: MayRead) -> Response:
    """What was told of it: when, by whom, caused by what."""
    async with caller.look() as work:
        await audit.record(work, action="read", resource="Claim", resource_id=claim_id)
        await queries.claim_of(work, claim_id)
        timeline = await timeline_of(work, claim_id)
    return answer(timeline)


@router.get(
    "/v1/claims/{claim_id}/versions/{version}/x12",
    response_class=Response,
    responses={
        **CHANGES,
        200: {
            "description": "The version's segments as they were sent, in their envelope.",
            "content": {X12: {"example": "ISA*00*          *00*…~GS*HC*…~ST*837*0001*…~…"}},
        },
    },
    summary="Read the 837 that said a version",
)
async def read_claim_x12(claim_id: UUID, version: Version, caller: MayRead) -> Response:
    """Cut out of the sealed file; each reading is audited."""
    async with caller.look() as work:
        row, submission = await queries.submission_of_version(work, claim_id, version)
        if submission is None:
            raise VersionNotSent(
                "No file says this version yet.", fix="Read it after it was submitted."
            )
        await audit.record(work, action="read", resource="Claim", resource_id=claim_id)
        content = await raw_files.read(
            work, caller.context.vault, submission["raw_file_id"], purpose="claim_x12"
        )
    part = edi_out.excerpt(content, row["patient_control_number"])
    if part is None:
        raise NoSuchClaim("The file of this version does not hold it.")
    return Response(part, media_type=X12)


@router.post(
    "/v1/claims/{claim_id}:check",
    response_model=OutcomeOut,
    responses=CHANGES,
    summary="Say what the edits would say",
)
async def check_claim(claim_id: UUID, caller: MayChange) -> Response:
    """Submit without sending: the newest encounter version is read and judged, nothing is kept."""
    encounter = await _encounter(caller, claim_id, newest=True)
    async with caller.change() as change:
        outcome = await commands.check_claim(
            change.work, claim_id=claim_id, encounter=encounter, checked_at=change.work.now
        )
        change.answer(200, _shown(claim_id, outcome))
    return change.response


@router.post(
    "/v1/claims/{claim_id}:hold",
    response_model=OutcomeOut,
    responses=CHANGES,
    summary="Hold a claim that was not sent",
)
async def hold_claim(claim_id: UUID, body: HoldIn, caller: MayChange) -> Response:
    """It stays here until somebody releases it."""
    async with caller.change() as change:
        outcome = await commands.hold_claim(
            change.work, claim_id=claim_id, reason=body.reason, held_at=change.work.now
        )
        change.answer(200, _shown(claim_id, outcome))
    return change.response


@router.post(
    "/v1/claims/{claim_id}:release",
    response_model=OutcomeOut,
    responses=CHANGES,
    summary="Build a held claim anew and let it go",
)
async def release_claim(claim_id: UUID, caller: MayChange) -> Response:
    """With the directory as it is now; it stays held where an edit still finds an error."""
    encounter = await _encounter(caller, claim_id, newest=True)
    async with caller.change() as change:
        outcome = await commands.release_claim(
            change.work, claim_id=claim_id, encounter=encounter, released_at=change.work.now
        )
        change.answer(200, _shown(claim_id, outcome))
    return change.response


@router.post(
    "/v1/claims/{claim_id}:resend",
    response_model=OutcomeOut,
    responses=CHANGES,
    summary="Resend a rejected claim as an original",
)
async def resend_claim(claim_id: UUID, caller: MayChange) -> Response:
    """A new version of the newest encounter version; the rejected one never entered the payer."""
    encounter = await _encounter(caller, claim_id, newest=True)
    async with caller.change() as change:
        outcome = await commands.resend_claim(
            change.work, claim_id=claim_id, encounter=encounter, resent_at=change.work.now
        )
        change.answer(200, _shown(claim_id, outcome))
    return change.response


@router.post(
    "/v1/claims/{claim_id}:submit",
    response_model=OutcomeOut,
    responses=CHANGES,
    summary="Send a clean claim now",
)
async def submit_claim(claim_id: UUID, caller: MayChange) -> Response:
    """Cuts a file with this claim alone, without waiting for the next batch."""
    async with caller.change() as change:
        row = await queries.claim_of(change.work, claim_id)
        versions = await queries.claim_versions(change.work, claim_id)
        _must_be_clean(row["state"], queries.findings_in(versions[-1]))
        way_out = commands.way_out(caller.context, caller.organization_id, caller.principal)
        sent = await commands.send_clean_claims(way_out, claim_ids=[claim_id])
        after = await queries.claim_of(change.work, claim_id)
        found = queries.findings_in((await queries.claim_versions(change.work, claim_id))[-1])
        outcome = commands.Outcome(ClaimState(after["state"]), after["current_version"], found)
        shown = _shown(claim_id, outcome)
        mine = after["submission_id"]
        shown.submission_ids = [mine] if mine in sent else []
        change.answer(200, shown)
    return change.response


def _must_be_clean(state: str, findings: Sequence[object]) -> None:
    if state == ClaimState.CLEAN:
        return
    shown = [FindingOut.model_validate(one) for one in findings] if state == "held" else []
    raise ClaimStateForbids(
        f"The claim is {state}; only a clean one can be submitted.",
        fix="Correct what the findings say and release it.",
        details=tuple(Detail(one.rule_id, one.message, one.pointer, one.fix) for one in shown),
    )


async def _encounter(caller: Caller, claim_id: UUID, *, newest: bool) -> EncounterVersion:
    """Ask intake before the transaction opens."""
    async with caller.look() as work:
        key = await queries.encounter_to_bill(work, claim_id, newest=newest)
    partners = caller.context.partners
    found = await partners.encounter_versions(caller.organization_id, [key])
    encounter: EncounterVersion = found[key]
    return encounter


def _shown(claim_id: UUID, outcome: commands.Outcome) -> OutcomeOut:
    return OutcomeOut(
        claim_id=claim_id,
        state=str(outcome.state),
        version=outcome.version,
        findings=[FindingOut.model_validate(one) for one in outcome.findings],
    )
