"""What the fault tests share: an administrator's connection and the verifier's own addresses."""

import os

import asyncpg
import pytest

from cleanclaim.verify.places import places_in

from .world import made_whole, replay_of

# `make faults` runs all; `make test` leaves out what takes minutes or needs Toxiproxy
collect_ignore = []
if not os.environ.get("CLEANCLAIM_FAULTS_WIDE"):
    collect_ignore += ["test_groups.py", "test_releases.py"]
if not os.environ.get("CLEANCLAIM_TOXIPROXY"):
    collect_ignore += ["test_network.py"]


@pytest.fixture(scope="session")
def places(system):
    return places_in(system.environment())


@pytest.fixture
async def administrator(system):
    connection = await asyncpg.connect(system.database_url)
    yield connection
    await connection.close()


FAILED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def whole_again(request):
    """The next test meets a whole system, whatever this one did to it and however it ended."""
    yield
    if "system" in request.fixturenames:
        failed = request.node.stash.get(FAILED, False)
        made_whole(request.getfixturevalue("system"), anew=failed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test says with which seed and commit it failed, and how to run it again."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
        report.sections.append(("run it again", replay_of(item.originalname)))
    return report
