"""What the fault tests share: an administrator's connection and the verifier's own addresses."""

import asyncpg
import pytest

from cleanclaim.verify.places import places_in

from .world import replay_of


@pytest.fixture(scope="session")
def places(system):
    return places_in(system.environment())


@pytest.fixture
async def administrator(system):
    connection = await asyncpg.connect(system.database_url)
    yield connection
    await connection.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test says with which seed and commit it failed, and how to run it again."""
    report = yield
    if report.failed:
        report.sections.append(("run it again", replay_of(item.originalname)))
    return report
