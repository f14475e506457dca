"""The operators' questions: organizations, lag, outbox, parked keys, and what a step would do."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from sqlalchemy import select

from cleanclaim.chassis import pages
from cleanclaim.chassis.caller import answer
from cleanclaim.chassis.fields import Instant
from cleanclaim.chassis.operations import backlog, groups, lag, parked, projections, republishing
from cleanclaim.chassis.operations.doors import FINDS, LOOKS, MayLook
from cleanclaim.chassis.operations.reports import reporting
from cleanclaim.chassis.operations.shapes import (
    KeptOut,
    LagOut,
    MoveOut,
    OrganizationSeen,
    OrganizationsSeen,
    OutboxOut,
    ParkedEventOut,
    ParkedEventPage,
    ParkedKeyOut,
    ParkedKeyPage,
    PartitionLagOut,
    ProjectionOut,
    ProjectionsOut,
    RewindOut,
)
from cleanclaim.chassis.pages import Limit, PageToken, place_in
from cleanclaim.chassis.subscriptions import group_of

router = APIRouter()
T = TypeVar("T")
Number = Annotated[int, Path(ge=1, lt=2**63, description="The number that a list shows.")]


@router.get(
    "/v1/platform/organizations",
    response_model=OrganizationsSeen,
    responses=LOOKS,
    summary="List the organizations that this service knows",
)
async def list_organizations(
    operator: MayLook, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """By id. An organization that is missing here has not been heard of yet."""
    after = place_in(page_token, UUID)
    table = operator.context.workroom.tables.organizations
    statement = select(table).order_by(table.c.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(table.c.id > after[0])
    async with reporting(operator.context) as connection:
        rows = list((await connection.execute(statement)).mappings())
    kept, following = _cut(rows, limit, lambda row: str(row["id"]))
    items = [OrganizationSeen.model_validate(dict(row)) for row in kept]
    return answer(OrganizationsSeen(items=items, next_page_token=following))


@router.get(
    "/v1/platform/lag",
    response_model=LagOut,
    responses=LOOKS,
    summary="How far this service is behind the stream",
)
async def read_lag(operator: MayLook) -> Response:
    """In records and in seconds, for each partition of every topic that it hears."""
    group = group_of(operator.parts.name)
    found = await lag.lag_of(
        operator.servers,
        group=group,
        topics=operator.topics,
        now=operator.context.runtime.wall_now(),
    )
    return answer(
        LagOut(
            group=group,
            records=sum(one.records for one in found),
            seconds=max((one.seconds for one in found if one.seconds is not None), default=0),
            partitions=[PartitionLagOut.model_validate(one) for one in found],
        )
    )


@router.get(
    "/v1/platform/outbox",
    response_model=OutboxOut,
    responses=LOOKS,
    summary="What this service has told and not yet sent",
)
async def read_outbox(operator: MayLook) -> Response:
    """How many facts wait, in how many buckets, and since when the oldest."""
    async with reporting(operator.context) as connection:
        found = await backlog.backlog_of(connection, operator.context.workroom.tables)
    seconds = 0
    if found.oldest_at is not None:
        age = operator.context.runtime.wall_now() - found.oldest_at
        seconds = max(0, int(age.total_seconds()))
    return answer(
        OutboxOut(
            pending=found.pending,
            buckets=found.buckets,
            oldest_at=found.oldest_at,
            oldest_seconds=seconds,
        )
    )


@router.get(
    "/v1/platform/parked-keys",
    response_model=ParkedKeyPage,
    responses=LOOKS,
    summary="List the keys that are held back",
)
async def list_parked_keys(
    operator: MayLook, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """Of all organizations, the one that has waited longest first."""
    tables, after = operator.context.workroom.tables, _number_in(page_token)
    async with reporting(operator.context) as connection:
        found = await parked.parked_keys(connection, tables, limit=limit + 1, after=after)
    kept, following = _cut(found, limit, attrgetter("first"))
    items = [ParkedKeyOut.model_validate(one) for one in kept]
    return answer(ParkedKeyPage(items=items, next_page_token=following))


@router.get(
    "/v1/platform/parked-events/{number}",
    response_model=ParkedEventOut,
    responses=FINDS,
    summary="Show one parked event",
)
async def read_parked_event(number: Number, operator: MayLook) -> Response:
    """Where it came from and how it stands; what it says is never shown."""
    async with reporting(operator.context) as connection:
        found = await parked.parked_event(connection, operator.context.workroom.tables, number)
    return answer(ParkedEventOut.model_validate(found))


@router.get(
    "/v1/platform/parked-events/{number}/key",
    response_model=ParkedEventPage,
    responses=FINDS,
    summary="List the events that wait behind one parked event's key",
)
async def list_parked_events(
    number: Number, operator: MayLook, limit: Limit = 50, page_token: PageToken = None
) -> Response:
    """In the order in which a retry will apply them."""
    tables, after = operator.context.workroom.tables, _number_in(page_token)
    async with reporting(operator.context) as connection:
        found = await parked.events_behind(connection, tables, number, limit=limit + 1, after=after)
    kept, following = _cut(found, limit, attrgetter("id"))
    items = [ParkedEventOut.model_validate(one) for one in kept]
    return answer(ParkedEventPage(items=items, next_page_token=following))


def _number_in(token: str | None) -> int:
    """The number of a parked event after which a page begins; 0 before all."""
    place = place_in(token, int)
    return place[0] if place else 0


def _cut(found: list[T], limit: int, place: Callable[[T], int | str]) -> tuple[list[T], str | None]:
    """At most `limit` of what was found, and the token of the page after, if there is one."""
    kept = found[:limit]
    return kept, pages.page_token([place(kept[-1])]) if len(found) > limit else None


@router.get(
    "/v1/platform/projections",
    response_model=ProjectionsOut,
    responses=LOOKS,
    summary="What this service can fill anew from the stream",
)
async def list_projections(operator: MayLook) -> Response:
    """Its projections; the listeners of all other types refuse a replay."""
    known = projections.projections_of(operator.parts).values()
    refuse = sorted(one.entry.type for one in operator.parts.subscriptions if one.fills is None)
    return answer(
        ProjectionsOut(
            projections=[ProjectionOut.model_validate(one) for one in known],
            refuse_replay=refuse,
        )
    )


@router.get(
    "/v1/platform/rewind",
    response_model=RewindOut,
    responses=LOOKS,
    summary="What a rewind to an instant would do",
)
async def plan_rewind(
    operator: MayLook,
    to: Annotated[Instant, Query(description="With a time zone.")],
) -> Response:
    """Nothing is moved."""
    group = group_of(operator.parts.name)
    moves = await groups.planned_rewind(
        operator.servers, group=group, topics=operator.topics, to=to
    )
    return answer(rewound(group, to, moves))


def rewound(group: str, to: datetime, moves: list[groups.Move]) -> RewindOut:
    """The answer about a rewind, planned or done."""
    return RewindOut(
        group=group,
        to=to,
        records=sum(one.records for one in moves),
        moves=[MoveOut.model_validate(one) for one in moves],
    )


@router.get(
    "/v1/platform/event-log",
    response_model=KeptOut,
    responses=FINDS,
    summary="What this service's log holds of one topic",
)
async def read_event_log(
    operator: MayLook, topic: Annotated[str, Query(max_length=200)]
) -> Response:
    """How many facts of how many keys a republishing would send."""
    told = republishing.told_topic(operator.parts.name, topic)
    async with reporting(operator.context) as connection:
        found = await republishing.kept_of(connection, operator.context.workroom.tables, told.name)
    return answer(KeptOut.model_validate(found))
