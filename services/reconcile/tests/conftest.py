"""Reconcile on a real database of its own, empty before each test."""

from collections.abc import AsyncIterator

import pytest

from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.reconcile.main import PARTS


@pytest.fixture(scope="session")
async def running(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(PARTS, admin_url=admin_url) as service:
        yield service


@pytest.fixture
async def service(running: ServiceUnderTest) -> ServiceUnderTest:
    await running.empty()
    running.runtime.__init__()
    return running
