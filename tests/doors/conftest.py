"""What the doors' tests share: one busy office, furnished once, and what its neighbour may ask."""

import pytest

from .world import an_office


@pytest.fixture(scope="session")
async def office(system):
    async with an_office(system, "Busy office") as furnished:
        yield furnished
