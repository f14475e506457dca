"""Health and metrics: startup, readiness and liveness mean three different things."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from cleanclaim.chassis import telemetry
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


def database_check(workroom: Workroom, migrations: Path) -> Check:
    """The database answers and its schema has what this release needs, or more."""
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
        return None

    return check
