"""A job is run for the organizations that have work, by one worker at a time, on its rhythm."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, exists, select, text
from sqlalchemy.dialects import postgresql

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.context import Job, ServiceContext
from cleanclaim.chassis.db import has_row
from cleanclaim.chassis.relay import lock_namespace
from cleanclaim.chassis.rounds import LEAST_PAUSE_SECONDS, JobRound
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest

from . import toy as toys
from .organizations import kept

UNKNOWN_ORGANIZATION = UUID("01980000-0000-7000-8000-0000000000c3")


def has_things(_: ServiceContext, organization_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    return has_row(toys.THINGS.c.organization_id == organization_id)


class Runs:
    """A job that notes for whom it was run; its question can be any."""

    def __init__(self, toy: ServiceUnderTest, *, seconds: int = 2, due=has_things) -> None:
        self.toy = toy
        self.of: list[UUID] = []
        self.job = Job(name="look", every_seconds=seconds, run=self._run, due=due)
        self.round = JobRound(toy.context, (self.job,))

    async def _run(self, _: ServiceContext, organization_id: UUID) -> None:
        self.of.append(organization_id)

    async def again(self) -> list[UUID]:
        """For whom it is run in the next round."""
        before = len(self.of)
        self.toy.runtime.move(seconds=self.job.every_seconds)
        await self.round.run_once()
        return self.of[before:]


@pytest.fixture
async def runs(toy: ServiceUnderTest) -> Runs:
    await kept(toy, ORGANIZATION, OTHER_ORGANIZATION)
    return Runs(toy)


async def has_work(toy: ServiceUnderTest, organization: UUID) -> None:
    async with toy.workroom.work(organization) as work:
        await toys.keep_thing(work, name="one", cents=1)


def failed() -> float:
    labels = {"service": "toy", "job": "look", "outcome": "failed"}
    found = telemetry.metrics.registry.get_sample_value("cleanclaim_job_runs_total", labels)
    return found or 0.0


async def test_a_job_is_run_only_for_organizations_that_have_work(runs: Runs) -> None:
    assert await runs.again() == []
    await has_work(runs.toy, OTHER_ORGANIZATION)
    assert await runs.again() == [OTHER_ORGANIZATION]
    await has_work(runs.toy, ORGANIZATION)
    assert await runs.again() == [ORGANIZATION, OTHER_ORGANIZATION]


async def test_the_question_is_answered_by_a_look_for_each_organization_never_by_a_join(
    toy: ServiceUnderTest,
) -> None:
    known = toy.workroom.tables.organizations.c.id

    async def plan(condition: ColumnElement[bool]) -> str:
        asked = select(known).where(condition)
        words = asked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        async with toy.workroom.database.connect() as connection:
            rows = await connection.execute(text(f"EXPLAIN {words}"))
            return "\n".join(row[0] for row in rows)

    mine = toys.THINGS.c.organization_id == known
    assert "SubPlan" not in await plan(exists().where(mine)), "what has_row is there to avoid"
    looked_up = await plan(has_row(mine))
    assert "SubPlan" in looked_up
    assert "hashed" not in looked_up


async def test_it_is_not_run_for_an_organization_that_is_not_known(runs: Runs) -> None:
    await has_work(runs.toy, UNKNOWN_ORGANIZATION)
    assert await runs.again() == []


async def test_without_a_question_it_is_run_for_each(toy: ServiceUnderTest) -> None:
    await kept(toy, ORGANIZATION, OTHER_ORGANIZATION)
    assert await Runs(toy, due=None).again() == [ORGANIZATION, OTHER_ORGANIZATION]


async def test_a_worker_that_cannot_see_across_organizations_runs_it_for_each(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs.toy.context, "reports", None)
    assert await runs.again() == [ORGANIZATION, OTHER_ORGANIZATION]


async def test_what_another_worker_runs_is_left_to_it(runs: Runs) -> None:
    for organization in (ORGANIZATION, OTHER_ORGANIZATION):
        await has_work(runs.toy, organization)
    async with runs.toy.workroom.database.connect() as sibling, sibling.begin():
        await sibling.execute(
            text("SELECT pg_advisory_xact_lock(:space, hashtext(:name))"),
            {"space": lock_namespace("toy"), "name": f"job:look:{ORGANIZATION}"},
        )
        assert await runs.again() == [OTHER_ORGANIZATION]
    assert await runs.again() == [ORGANIZATION, OTHER_ORGANIZATION]


async def test_each_job_keeps_its_own_rhythm(toy: ServiceUnderTest) -> None:
    await kept(toy, ORGANIZATION)
    often, seldom = Runs(toy, seconds=2, due=None), Runs(toy, seconds=10, due=None)
    jobs = JobRound(toy.context, (often.job, Job(**_but(seldom.job, name="seldom"))))
    rests = []
    for _ in range(6):
        rests.append(await jobs.run_once())
        toy.runtime.move(seconds=2)
    assert (len(often.of), len(seldom.of)) == (6, 2)
    assert rests == [2.0] * 6


def _but(job: Job, **changes: object) -> dict:
    names = ("name", "every_seconds", "run", "due")
    return {name: getattr(job, name) for name in names} | changes


async def test_a_question_that_fails_ends_neither_the_round_nor_other_jobs(
    toy: ServiceUnderTest,
) -> None:
    def broken(_: ServiceContext, __: ColumnElement[UUID]) -> ColumnElement[bool]:
        return text("no_such_column")  # type: ignore[return-value]

    await kept(toy, ORGANIZATION)
    bad, good = Runs(toy, due=broken), Runs(toy, due=None)
    before = failed()
    jobs = JobRound(toy.context, (bad.job, Job(**_but(good.job, name="good"))))
    await jobs.run_once()
    assert (bad.of, good.of, failed() - before) == ([], [ORGANIZATION], 1)


async def test_it_rests_until_the_next_job_and_ends_when_told(runs: Runs) -> None:
    stopping = asyncio.Event()

    async def stop(_: ServiceContext, __: UUID) -> None:
        stopping.set()

    await has_work(runs.toy, ORGANIZATION)
    ending = Job(name="end", every_seconds=7, run=stop, due=None)
    before = len(runs.toy.runtime.slept)
    await JobRound(runs.toy.context, (ending,)).run(stopping)
    assert runs.toy.runtime.slept[before:] == []
    stopping.clear()
    late = Job(name="late", every_seconds=0, run=_stops_at_third(stopping), due=None)
    await JobRound(runs.toy.context, (late,)).run(stopping)
    assert runs.toy.runtime.slept[before:] == [LEAST_PAUSE_SECONDS] * 2


def _stops_at_third(stopping: asyncio.Event):
    calls: list[UUID] = []

    async def run(_: ServiceContext, organization_id: UUID) -> None:
        calls.append(organization_id)
        if calls.count(ORGANIZATION) == 3:
            stopping.set()

    return run
