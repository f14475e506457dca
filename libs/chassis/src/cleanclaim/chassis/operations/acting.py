"""What operators do: retry or skip what is parked, rebuild, rewind, republish; each is audited."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import Response

from cleanclaim.chassis import audit, parking
from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.caller import answer
from cleanclaim.chassis.operations import groups, parked, projections, republishing
from cleanclaim.chassis.operations.doors import ACTS, STREAMS, MayAct, Operator, told_as_it_goes
from cleanclaim.chassis.operations.looking import Number, rewound
from cleanclaim.chassis.operations.reports import reporting
from cleanclaim.chassis.operations.shapes import (
    ParkedEventOut,
    Progress,
    RepublishIn,
    RetriedOut,
    RewindIn,
    RewindOut,
    SkipIn,
)
from cleanclaim.chassis.subscriptions import group_of
from cleanclaim.chassis.work import NO_ORGANIZATION

router = APIRouter()


async def _noted(operator: Operator, resource: str, *, purpose: str, count: int = 1) -> None:
    """Write down under no organization what an operator did to the service itself."""
    room = operator.context.workroom
    async with room.work(NO_ORGANIZATION, principal=operator.principal) as work:
        await audit.record(work, action="write", resource=resource, purpose=purpose, count=count)


async def _found(operator: Operator, number: int) -> parked.ParkedRecord:
    async with reporting(operator.context) as connection:
        return await parked.parked_event(connection, operator.context.workroom.tables, number)


@router.post(
    "/v1/platform/parked-events/{number}:retry",
    response_model=RetriedOut,
    responses=ACTS,
    summary="Apply a parked event's key again, in order",
)
async def retry_parked_key(number: Number, operator: MayAct) -> Response:
    """Stops at the first event that fails again; the key is unlocked when all have passed."""
    room = operator.context.workroom
    found = await _found(operator, number)
    applier = BatchApplier(
        workroom=room,
        subscriptions=operator.parts.subscriptions,
        partners=operator.context.partners,
    )
    async with reporting(operator.context) as connection:
        waiting = await parked.count_behind(connection, room.tables, number)
    # first the log: what cannot be written down is not done
    await _noted(operator, f"parked_event:{number}", purpose="retry", count=waiting)
    passed = await parking.retry_key(room, applier, found.organization_id, number)
    async with reporting(operator.context) as connection:
        left = await parked.events_behind(connection, room.tables, number, limit=1)
        waiting = await parked.count_behind(connection, room.tables, number)
    reason = left[0].reason if left else None
    return answer(RetriedOut(applied=passed, still_parked=waiting, reason=reason))


@router.post(
    "/v1/platform/parked-events/{number}:skip",
    response_model=ParkedEventOut,
    responses=ACTS,
    summary="Leave one parked event out for good",
)
async def skip_parked_event(number: Number, body: SkipIn, operator: MayAct) -> Response:
    """Its effect is lost; who did it and why is kept. Retry the key afterwards."""
    found = await _found(operator, number)
    await parking.skip_event(
        operator.context.workroom,
        found.organization_id,
        number,
        by=operator.principal,
        because=body.because,
    )
    return answer(ParkedEventOut.model_validate(await _found(operator, number)))


@router.post(
    "/v1/platform/projections/{name}:rebuild",
    response_model=Progress,
    responses=STREAMS,
    summary="Fill a projection anew from the stream",
)
async def rebuild_projection(name: str, operator: MayAct) -> Response:
    """All in one transaction, which the caller's leaving undoes; a reactor's table refuses."""
    projection = projections.projection_named(operator.parts, name)
    return await told_as_it_goes(_rebuilding(operator, projection))


async def _rebuilding(
    operator: Operator, projection: projections.Projection
) -> AsyncIterator[Progress]:
    async for step in projections.rebuild(operator.context, projection, operator.principal):
        yield Progress(status="running", done=step.read, total=step.total, applied=step.applied)


@router.post(
    "/v1/platform/rewind",
    response_model=RewindOut,
    responses=ACTS,
    summary="Send this service's workers back to an instant",
)
async def rewind_group(body: RewindIn, operator: MayAct) -> Response:
    """Only backwards, and only while no worker runs; what was heard before has no second effect."""
    group = group_of(operator.parts.name)
    servers, topics, to = operator.servers, operator.topics, body.to
    planned = await groups.planned_rewind(servers, group=group, topics=topics, to=to)
    room = operator.context.workroom
    async with room.work(NO_ORGANIZATION, principal=operator.principal) as work:
        # first the log: what cannot be written down is not done, and what is refused not written
        await audit.record(
            work,
            action="write",
            resource=f"group:{group}",
            purpose=f"rewind to {to:%Y-%m-%dT%H:%M:%SZ}",
            count=sum(one.records for one in planned),
        )
        moves = await groups.rewind(servers, group=group, topics=topics, to=to)
    return answer(rewound(group, to, moves))


@router.post(
    "/v1/platform/event-log:republish",
    response_model=Progress,
    responses=STREAMS,
    summary="Send the facts of one topic to a new topic",
)
async def republish_topic(body: RepublishIn, operator: MayAct) -> Response:
    """The same ids and bytes, in order per key; running again sends the same ids again."""
    source = republishing.told_topic(operator.parts.name, body.topic)
    await republishing.prepare_topic(
        operator.context,
        source=source,
        name=body.to_topic,
        partitions=body.partitions or source.partitions,
        existing=body.existing,
    )
    async with reporting(operator.context) as connection:
        kept = await republishing.kept_of(connection, operator.context.workroom.tables, source.name)
    # before the first is sent: a caller who leaves half-way has done it, too
    await _noted(operator, f"topic:{body.topic}", purpose=f"republish to {body.to_topic}",
                 count=kept.facts)  # fmt: skip
    return await told_as_it_goes(_republishing(operator, body))


async def _republishing(operator: Operator, body: RepublishIn) -> AsyncIterator[Progress]:
    async for step in republishing.republish(
        operator.context, topic=body.topic, name=body.to_topic
    ):
        yield Progress(status="running", done=step.sent, total=step.total)
