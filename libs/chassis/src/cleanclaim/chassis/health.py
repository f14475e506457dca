"""Health and metrics: startup, readiness and liveness mean three different things."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.db import Database
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.versions import current_version, versions_in
from cleanclaim.chassis.work import Workroom

Check = Callable[[], Awaitable[str | None]]
"""Returns what is wrong, in a few words, or None."""

Hung = Callable[[], str | None]
"""Returns what in this process does not go on and will not without a restart, or None."""


def health_router(checks: Mapping[str, Check], hung: Hung | None = None) -> APIRouter:
    """The three probes and /metrics. Only readiness asks the database; no probe asks the broker.

    A broker or database that is down must never restart a process: so liveness answers whenever
    the event loop turns, unless `hung` (a watchdog's judgement) names what does not go on.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz/live")
    async def live() -> Response:
        trouble = hung() if hung is not None else None
        if trouble:
            return JSONResponse({"status": "hangs", "consumer": trouble}, 503)
        return JSONResponse({"status": "ok"})

    @router.get("/healthz/startup")
    async def startup() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get("/healthz/ready")
    async def ready() -> Response:
        found = {name: await check() for name, check in checks.items()}
        wrong = {name: trouble for name, trouble in found.items() if trouble}
        status = {"status": "not ready" if wrong else "ok"} | wrong
        return JSONResponse(status, 503 if wrong else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(telemetry.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def answers(workroom: Workroom) -> Check:
    """The database answers at all."""

    async def check() -> str | None:
        try:
            async with workroom.database.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:
            if not is_infrastructure(error):
                raise
            return f"no answer: {type(error).__name__}"
        return None

    return check


# 64 kB in pages that are not there yet; a statement that fits in old pages would tell nothing
_TAKE_ROOM = text(
    "CREATE TEMPORARY TABLE room_taken ON COMMIT DROP AS"
    " SELECT repeat('x', 1000) AS filling FROM generate_series(1, 64)"
)


async def no_room(database: Database) -> str | None:
    """Whether a statement that found the disk full would still; asked only after one did."""
    if not database.out_of_room:
        return None
    try:
        async with database.connect() as connection:
            await connection.execute(_TAKE_ROOM)
    except Exception as error:
        if not is_infrastructure(error):
            raise
        return "no room on its disk: what is written is refused"
    database.out_of_room = False
    return None


def database_check(workroom: Workroom, migrations: Path) -> Check:
    """The database answers, has room, and its schema has what this release needs, or more."""
    known = versions_in(migrations)

    async def check() -> str | None:
        try:
            async with workroom.database.connect() as connection:
                version = await connection.run_sync(current_version, workroom.service)
        except Exception as error:
            if not is_infrastructure(error):
                raise
            return f"no answer: {type(error).__name__}"
        if version in known.lacking:
            return f"schema is at {version}, this release needs {known.newest}: run migrate"
        return await no_room(workroom.database)

    return check
