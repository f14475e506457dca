"""What the fault tests share: an administrator's connection and the verifier's own addresses."""

import asyncpg
import pytest

from cleanclaim.verify.places import places_in


@pytest.fixture(scope="session")
def places(system):
    return places_in(system.environment())


@pytest.fixture
async def administrator(system):
    connection = await asyncpg.connect(system.database_url)
    yield connection
    await connection.close()
