"""Runs a service's jobs: each on its own rhythm, for each organization, by one worker at a time."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.context import Job, ServiceContext
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.operations.reports import reporting
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.relay import lock_namespace

LEAST_PAUSE_SECONDS = 0.5
"""Between two rounds, where a job takes longer than its rhythm."""

log = logger(__name__)


class JobRound:
    """Goes through the jobs whose time has come and through the organizations of each."""

    def __init__(self, context: ServiceContext, jobs: Sequence[Job]) -> None:
        self._context = context
        self._jobs = jobs
        self._next = dict.fromkeys((job.name for job in jobs), 0.0)

    async def run(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            rest = await self.run_once()
            await self._context.runtime.wait(max(rest, LEAST_PAUSE_SECONDS), stopping)

    async def run_once(self) -> float:
        """Run the jobs whose time has come; return the seconds until the next one's has."""
        runtime = self._context.runtime
        now = runtime.monotonic()
        for job in self._jobs:
            if self._next[job.name] <= now:
                self._next[job.name] = now + job.every_seconds
                await self._run_everywhere(job)
        return min(self._next.values()) - runtime.monotonic()

    async def _run_everywhere(self, job: Job) -> None:
        try:
            organizations = await self._with_work(job)
        except Exception as error:  # noqa: BLE001 - one job's trouble must not end the others
            if is_infrastructure(error):
                log.event("jobs_wait", error_type=type(error).__name__)
                return
            log.failure("job_failed", error)
            telemetry.metrics.job_runs.labels(self._context.service, job.name, "failed").inc()
            return
        for organization_id in organizations:
            await self._run_for(job, organization_id)

    async def _with_work(self, job: Job) -> Sequence[UUID]:
        """The organizations that the job is to be run for.

        Which of them has work is asked as the reporter, who alone sees across organizations; a
        worker that was given no such connection runs the job for each, which finds out by itself.
        """
        if job.due is None or self._context.reports is None:
            return [one["id"] for one in await self._context.workroom.organizations()]
        known = self._context.workroom.tables.organizations.c.id
        async with reporting(self._context) as connection:
            found = await connection.scalars(
                select(known).where(job.due(self._context, known)).order_by(known)
            )
            return found.all()

    async def _run_for(self, job: Job, organization_id: UUID) -> None:
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
