"""What the fault tests share: an administrator's connection and the verifier's own addresses."""

import asyncio
import os

import asyncpg
import pytest

from cleanclaim.verify.places import places_in

from .small_disk import may_mount
from .world import left_behind, made_whole, replay_of, standing_still

# `make faults` runs all; `make test` leaves out what takes minutes or needs Toxiproxy
collect_ignore = []
if not os.environ.get("CLEANCLAIM_FAULTS_WIDE"):
    collect_ignore += ["test_groups.py", "test_releases.py", "test_rotations.py"]
if not os.environ.get("CLEANCLAIM_TOXIPROXY"):
    collect_ignore += ["test_network.py"]
FULL_DISK_UNTRIED = bool(os.environ.get("CLEANCLAIM_FAULTS_WIDE")) and not may_mount()
if not os.environ.get("CLEANCLAIM_FAULTS_WIDE") or FULL_DISK_UNTRIED:
    collect_ignore += ["test_disk.py"]


def pytest_terminal_summary(terminalreporter):
    """As loudly as for the network's faults."""
    if FULL_DISK_UNTRIED:
        terminalreporter.write_line(
            "=== NOT TRIED: a full disk (tests/faults/test_disk.py), for only root may mount one. ==="
        )


@pytest.fixture(scope="session")
def places(system):
    return places_in(system.environment())


@pytest.fixture
async def administrator(system):
    connection = await asyncpg.connect(system.database_url)
    yield connection
    await connection.close()


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def surroundings():
    """Variables, by part, that every service of a module's tests has beside the usual ones."""
    return {}


@pytest.fixture(autouse=True)
async def whole_again(request, surroundings):
    """The next test meets a whole system, whatever this one did to it and however it ended.

    One that passed must have left nothing that stands still: no key held back, no open breaker.
    """
    if "system" not in request.fixturenames:
        yield
        return
    system = request.getfixturevalue("system")
    before = await standing_still(system)
    yield
    failed = request.node.stash.get(FAILED, False)
    await asyncio.to_thread(made_whole, system, anew=failed, extra=surroundings)
    if not failed:
        assert await left_behind(system, before) == set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test says with which seed and commit it failed, and how to run it again."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
        report.sections.append(("run it again", replay_of(item.originalname)))
    return report
