"""The stream over REST, for integrators without Kafka: the facts of this service, once each."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis import audit, event_feed
from cleanclaim.chassis.caller import Caller, calls
from cleanclaim.chassis.pages import Limit

router = APIRouter(tags=["events"])

MayRead = Annotated[Caller, Depends(calls("cleanclaim/events.read"))]


class EventPage(BaseModel):
    """Facts as they stand on the topics, in the order in which they were told for each key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "event_id": "01980a60-0000-7000-8000-000000000001",
                            "event_type": "cleanclaim.claims.ClaimAcknowledged.v1",
                            "schema_version": "1.0",
                            "occurred_at": "2026-03-02T15:00:00Z",
                            "aggregate_id": "01980a60-0000-7000-8000-000000000002",
                            "aggregate_version": 2,
                        }
                    ],
                    "next_cursor": "b64dXJzb3I",
                    "has_more": False,
                }
            ]
        }
    )

    items: Annotated[
        list[dict[str, Any]],
        Field(
            description="Bodies as their contracts say, by `event_type`: docs/reference/events.md"
            " and the JSON Schemas beside the contracts. New types and fields come without notice."
        ),
    ]
    next_cursor: Annotated[
        str,
        Field(description="Where to go on; it never runs out. Keep it with what you made of this."),
    ]
    has_more: Annotated[bool, Field(description="More is there already: ask again at once.")]


@router.get("/v1/events", response_model=EventPage)
async def list_events(
    caller: MayRead,
    cursor: Annotated[
        str | None,
        Query(
            max_length=event_feed.LONGEST_CURSOR,
            description="`next_cursor` of the answer before; without it the feed begins anew."
            " It holds for this service, your organization and the same `event_type` alone.",
        ),
    ] = None,
    start: Annotated[
        Literal["earliest", "latest"],
        Query(description="Where to begin without a cursor."),
    ] = "earliest",
    event_type: Annotated[
        list[str] | None,
        Query(
            max_length=50,
            description="Only these types, by their full names, such as"
            " `cleanclaim.claims.ClaimHeld.v1`; may be given again. A type that this service does"
            " not tell is refused.",
        ),
    ] = None,
    limit: Limit = 100,
) -> Response:
    """The next facts this service told about your organization; none is left out.

    Keep `next_cursor` with what you made of the items and ask again with it: at once while
    `has_more` is true, else when you like. The same bodies go to the topics; a fact may be read
    again after a cursor was lost, so pass over an `event_id` that you have.
    """
    async with caller.look() as work:
        if cursor is None and start == "latest":
            page = event_feed.FeedPage(
                bodies=(),
                cursor=await event_feed.latest(work, types=event_type or ()),
                has_more=False,
            )
        else:
            page = await event_feed.read_feed(
                work, event_feed.Cursor.of(cursor), types=event_type or (), limit=limit
            )
        if page.bodies:
            await audit.record(work, action="read", resource="events", count=len(page.bodies))
    return Response(_json_of(page), media_type="application/json")


def _json_of(page: event_feed.FeedPage) -> str:
    # the bodies go out as they were validated, byte for byte
    more = "true" if page.has_more else "false"
    return (
        f'{{"items":[{",".join(page.bodies)}],'
        f'"next_cursor":"{page.cursor.as_token()}","has_more":{more}}}'
    )
