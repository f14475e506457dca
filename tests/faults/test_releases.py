"""Two releases side by side, and a migration under traffic: nothing stops, nothing is lost."""

import asyncio
import dataclasses
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from cleanclaim.chassis.versions import versions_in
from cleanclaim.claims.main import PARTS
from cleanclaim.devstack.stack import Stack

from ..journeys.stories import MONDAY, a_scenario, a_story, book
from .test_deliveries import records_of
from .test_replays import replayed
from .world import Driver, judged, sampled

VISITS = 8
NEXT_RELEASE = '''
"""What the next release tells: more fields than this one knows, in a later minor version."""
import cleanclaim.chassis.outbox as outbox

told, headers = outbox.payload_of, outbox.headers_of

def more(envelope, fact):
    return told(envelope, fact)[:-1] + ',"next_release_says":{"many":[1,{"more":"things"}]}}'

def later(envelope):
    kept = headers(envelope)
    schema, _, version = kept["ce_dataschema"].rpartition(":")
    major = version.partition(".")[0]
    return kept | {"ce_dataschema": f"{schema}:{major}.99", "ce_nextrelease": "yes"}

outbox.payload_of, outbox.headers_of = more, later
'''


async def test_two_releases_side_by_side_and_back_understand_each_other(system, places, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(NEXT_RELEASE)
    new = ("intake:api", "claims:api", "claims:worker", "remittance:worker", "accounts:worker")
    extra = {part: {"PYTHONPATH": str(tmp_path)} for part in new}
    async with a_story(system, a_scenario(), "Two releases") as story:
        driver = Driver(story, tmp_path / "journal")
        with (
            system.beside("claims", "worker", name="claims-worker-old"),
            system.beside("remittance", "worker", name="remittance-worker-old"),
        ):
            sending = asyncio.create_task(driver.send(driver.visits(VISITS)))
            await asyncio.to_thread(system.restart, *new, extra=extra)
            await sending
            await _a_day(story, driver, 0)
        # alone: beside it, the old ones may have taken every file
        await _a_day(story, driver, 1)
        # and back, with what the later release told still in the topics
        await asyncio.to_thread(system.restart, *new)
        await _a_day(story, driver, 2)
        await judged(story, places, driver)

        assert (await book(story))["bank"] == 4 * VISITS * 96_00
        told = await records_of(story)
        newer = {
            dict(one.headers)["ce_source"] for one in told if b"next_release_says" in one.value
        }
        assert newer == {f"cleanclaim/{part.partition(':')[0]}".encode() for part in new}
        for service in ("claims", "remittance", "accounts"):
            again, before = await replayed(system, service, story.clinic.organization_id, told)
            assert again == before


async def _a_day(story, driver, day: int) -> None:
    story.day(MONDAY)
    await driver.send(driver.visits(VISITS))
    await story.settled()
    await driver.submit_and_pay(day)
    await story.taken()


MIGRATION = """
from alembic import op

revision = "{next}"
down_revision = "{newest}"


def upgrade() -> None:
    op.execute("ALTER TABLE claims.event_log ADD COLUMN next_release_keeps text")
    op.execute("SELECT pg_sleep({seconds})")
"""
MODULE = """
import sys
from dataclasses import replace
from pathlib import Path

from cleanclaim.chassis.entry import run
from cleanclaim.claims.main import PARTS

sys.exit(run(replace(PARTS, migrations=Path(__file__).parent / "migrations")))
"""
NEXT = "29991231_next"


@dataclasses.dataclass
class NextRelease:
    """The next release's `migrate`, which adds a column to the busiest table of claims."""

    stack: Stack
    folder: Path

    def write(self, seconds: float) -> None:
        migrations = self.folder / "migrations"
        migrations.mkdir(exist_ok=True)
        for file in PARTS.migrations.glob("*.py"):
            (migrations / file.name).write_bytes(file.read_bytes())
        words = {"next": NEXT, "newest": versions_in(PARTS.migrations).newest, "seconds": seconds}
        (migrations / f"{NEXT}.py").write_text(MIGRATION.format(**words))
        (self.folder / "next_claims.py").write_text(MODULE)

    async def migrate(self) -> int:
        """Its exit code."""
        return await asyncio.to_thread(self.stack.run, "claims", "migrate", "--no-topics")


@pytest.fixture
async def next_release(system, administrator, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    stack = Stack(system.places.folder, module="next_{service}")
    yield NextRelease(stack, tmp_path)
    # this release has no way down from a version that it does not know
    await administrator.execute(
        "ALTER TABLE claims.event_log DROP COLUMN IF EXISTS next_release_keeps"
    )
    await administrator.execute(
        "UPDATE claims.alembic_version SET version_num = $1", versions_in(PARTS.migrations).newest
    )


async def _column(administrator) -> bool:
    return await administrator.fetchval(
        "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'claims'"
        " AND table_name = 'event_log' AND column_name = 'next_release_keeps')"
    )


async def test_a_migration_under_traffic_gives_up_dies_and_succeeds(
    system, places, administrator, next_release, tmp_path
):
    async with a_story(system, a_scenario(), "Migrated") as story:
        driver = Driver(story, tmp_path / "journal")
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            looks = group.create_task(sampled(story, places, stop))
            sending = group.create_task(driver.send(driver.visits(4 * VISITS)))
            next_release.write(seconds=0)
            # a reader that takes its time: the migration waits 5 s for its lock and gives up
            async with administrator.transaction():
                await administrator.execute("SELECT count(*) FROM claims.event_log")
                assert await next_release.migrate() != 0
            await _killed_half_way(next_release, administrator)
            assert not await _column(administrator)

            next_release.write(seconds=0)
            assert await next_release.migrate() == 0
            assert await _column(administrator)
            await sending
            await story.settled()
            await driver.submit_and_pay()
            await story.taken()
            stop.set()
        assert looks.result()
        # the release that runs goes on over the later one's schema
        async with httpx.AsyncClient() as client:
            ready = await client.get(f"{system.urls['claims']}/healthz/ready")
        assert ready.status_code == httpx.codes.OK, ready.text
        await judged(story, places, driver)
        assert (await book(story))["bank"] == 4 * VISITS * 96_00


async def _killed_half_way(release: NextRelease, administrator) -> None:
    release.write(seconds=3)
    running = asyncio.create_task(release.migrate())
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        " AND state = 'active'"
    )
    while not await administrator.fetchval(waiting):
        assert not running.done(), "the migration ended before it could be killed"
        await asyncio.sleep(0.05)
    _kill_the_migration()
    assert await running == -signal.SIGKILL


def _kill_the_migration() -> None:
    for process in Path("/proc").glob("[0-9]*"):
        if _is_the_migration(process):
            os.kill(int(process.name), signal.SIGKILL)


def _is_the_migration(process: Path) -> bool:
    try:
        words = process.joinpath("cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[:1] == [sys.executable.encode()] and b"next_claims" in words
