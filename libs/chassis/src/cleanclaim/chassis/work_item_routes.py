"""The work queue over REST, the same in every service: list, claim, snooze, note, close."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis import work_items
from cleanclaim.chassis.caller import Caller, answer, calls
from cleanclaim.chassis.fields import Instant
from cleanclaim.chassis.pages import Limit, PageToken
from cleanclaim.chassis.problems import problems
from cleanclaim.chassis.vault import Place

router = APIRouter(tags=["work items"])
_PROBLEMS = problems(404, 409)

MayRead = Annotated[Caller, Depends(calls("system/Task.r"))]
MayWork = Annotated[Caller, Depends(calls("system/Task.u"))]


class WorkItemOut(BaseModel):
    """One thing for a person to do: ids and codes only, never PHI."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01980a60-0000-7000-8000-000000000001",
                    "kind": "encounter_held",
                    "subject_type": "encounter",
                    "subject_id": "01980a60-0000-7000-8000-000000000002",
                    "reason": "npi_check_digit",
                    "priority": 120,
                    "priority_terms": {"value": 20, "age": 100},
                    "value_cents": 25000,
                    "due_on": "2026-03-09",
                    "owner": None,
                    "status": "open",
                    "snoozed_until": None,
                    "next_actions": ["correct_and_release"],
                    "opened_at": "2026-03-02T15:00:00Z",
                    "closed_at": None,
                    "outcome": None,
                }
            ]
        }
    )

    id: UUID
    kind: str
    subject_type: str
    subject_id: UUID
    reason: str
    priority: int
    priority_terms: dict[str, int]
    value_cents: int
    due_on: date | None
    owner: str | None
    status: str
    snoozed_until: datetime | None
    next_actions: list[str]
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


class WorkItemPage(BaseModel):
    """A page of the queue, the most urgent first."""

    items: list[WorkItemOut]
    next_page_token: str | None = None


class Snooze(BaseModel):
    """Until when the item shall not be shown."""

    model_config = ConfigDict(extra="forbid", strict=True)
    until: Annotated[Instant, Field(examples=["2026-03-05T08:00:00Z"])]


class Note(BaseModel):
    """What a person found out. It is kept encrypted, because it may hold PHI."""

    model_config = ConfigDict(extra="forbid", strict=True)
    text: Annotated[str, Field(min_length=1, max_length=4000, examples=["Called the payer."])]


class Close(BaseModel):
    """How it ended."""

    model_config = ConfigDict(extra="forbid", strict=True)
    outcome: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$", examples=["corrected"])]


@router.get("/v1/work-items", response_model=WorkItemPage)
async def list_work_items(
    caller: MayRead,
    kind: Annotated[str | None, Query(max_length=64)] = None,
    status: Annotated[str | None, Query(max_length=16)] = None,
    owner: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 50,
    page_token: PageToken = None,
) -> Response:
    """The queue of this service, the most urgent first."""
    filters = {"kind": kind, "status": status, "owner": owner}
    async with caller.look() as work:
        rows, following = await work_items.list_items(
            work, filters=filters, limit=limit, token=page_token
        )
    return answer(WorkItemPage(items=[_out(row) for row in rows], next_page_token=following))


@router.post("/v1/work-items/{item_id}:claim", response_model=WorkItemOut, responses=_PROBLEMS)
async def claim_work_item(item_id: UUID, caller: MayWork) -> Response:
    """Take the item; refused where another person has it."""
    me = caller.principal.subject
    return await _changed(caller, item_id, unless_owned_by_other=me, owner=me, status="in_work")


@router.post("/v1/work-items/{item_id}:snooze", response_model=WorkItemOut, responses=_PROBLEMS)
async def snooze_work_item(item_id: UUID, body: Snooze, caller: MayWork) -> Response:
    """Put the item off."""
    return await _changed(caller, item_id, status="snoozed", snoozed_until=body.until)


@router.post("/v1/work-items/{item_id}:close", response_model=WorkItemOut, responses=_PROBLEMS)
async def close_work_item(item_id: UUID, body: Close, caller: MayWork) -> Response:
    """End the item with its outcome."""
    now = caller.context.runtime.now()
    return await _changed(caller, item_id, status="closed", outcome=body.outcome, closed_at=now)


@router.post(
    "/v1/work-items/{item_id}:note", status_code=204, response_class=Response, responses=_PROBLEMS
)
async def note_on_work_item(item_id: UUID, body: Note, caller: MayWork) -> Response:
    """Write down what was found out."""
    async with caller.change() as change:
        note_id = change.work.runtime.new_id()
        place = Place(table="work_item_notes", column="note", row_id=note_id)
        sealed = await caller.context.vault.seal(change.work, place, body.text.encode())
        await work_items.add_note(
            change.work, item_id, note_id=note_id, sealed=sealed, by=caller.principal.subject
        )
    return Response(status_code=204)


async def _changed(caller: Caller, item_id: UUID, **values: Any) -> Response:
    async with caller.change() as change:
        row = await work_items.change_item(change.work, item_id, **values)
        change.answer(200, _out(row))
    return change.response


def _out(row: Mapping[str, Any]) -> WorkItemOut:
    return WorkItemOut.model_validate({name: row[name] for name in WorkItemOut.model_fields})
