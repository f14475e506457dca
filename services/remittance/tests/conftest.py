"""Remittance on a database of its own, with a payer, a clinic and a claim that was sent."""

from collections.abc import AsyncIterator

import pytest

from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.remittance.main import PARTS


@pytest.fixture(scope="session")
async def service(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(PARTS, admin_url=admin_url) as running:
        yield running


@pytest.fixture(autouse=True)
async def _empty(request: pytest.FixtureRequest) -> None:
    if "service" in request.fixturenames:
        await request.getfixturevalue("service").empty()
