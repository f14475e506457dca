"""The toy service on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test

from .toy import PARTS


@pytest.fixture(scope="session")
async def toy_service(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(PARTS, admin_url=admin_url) as running:
        yield running


@pytest.fixture
async def toy(toy_service: ServiceUnderTest) -> ServiceUnderTest:
    await toy_service.empty()
    return toy_service
