"""Runs a service's jobs: each on its own rhythm, for each organization, by one worker at a time."""

import asyncio
import contextlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.context import Job, ServiceContext
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.relay import lock_namespace

log = logger(__name__)


class JobRound:
    """Goes through the jobs that are due and through the organizations of each."""

    def __init__(self, context: ServiceContext, jobs: Sequence[Job]) -> None:
        self._context = context
        self._jobs = jobs
        self._due = dict.fromkeys((job.name for job in jobs), 0.0)

    async def run(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            now = self._context.runtime.monotonic()
            for job in self._jobs:
                if self._due[job.name] <= now:
                    self._due[job.name] = now + job.every_seconds
                    await self._run_everywhere(job)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await stopping.wait()

    async def _run_everywhere(self, job: Job) -> None:
        try:
            organizations = await self._context.workroom.organizations()
        except Exception as error:
            if not is_infrastructure(error):
                raise
            log.event("jobs_wait", error_type=type(error).__name__)
            return
        for organization in organizations:
            await self._run_once(job, organization["id"])

    async def _run_once(self, job: Job, organization_id: UUID) -> None:
        """Run a job unless another worker runs it now; its failure is logged, not fatal."""
        service, runtime = self._context.service, self._context.runtime
        started, outcome = runtime.monotonic(), "ok"
        try:
            database = self._context.workroom.database
            async with database.connect() as connection, connection.begin():
                mine = await connection.scalar(
                    text("SELECT pg_try_advisory_xact_lock(:space, hashtext(:name))"),
                    {
                        "space": lock_namespace(service),
                        "name": f"job:{job.name}:{organization_id}",
                    },
                )
                if not mine:
                    return
                await job.run(self._context, organization_id)
        except Exception as error:  # noqa: BLE001 - one job's trouble must not end the others
            log.failure("job_failed", error)
            outcome = "failed"
        telemetry.metrics.job_runs.labels(service, job.name, outcome).inc()
        telemetry.metrics.job_seconds.labels(service, job.name).observe(
            runtime.monotonic() - started
        )
