"""Claims on a real database of its own, empty before each test, beside an intake that is asked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cleanclaim.chassis.testing import MONDAY, ServiceUnderTest, service_under_test
from cleanclaim.claims.main import PARTS

from .builders import SCOPES, FakeIntake, Office


@pytest.fixture(scope="session")
async def running(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(PARTS, admin_url=admin_url) as service:
        yield service


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    return tmp_path / "mailbox"


@pytest.fixture
async def service(running: ServiceUnderTest, mailbox: Path) -> ServiceUnderTest:
    await running.empty()
    running.runtime.instant = MONDAY
    running.runtime.fail_points.clear()
    running.context.settings = running.context.settings.model_copy(update={"mailbox_root": mailbox})
    running.context.partners = FakeIntake()
    running._sequences.clear()
    return running


@pytest.fixture
def intake(service: ServiceUnderTest) -> FakeIntake:
    partners: FakeIntake = service.context.partners
    return partners


@pytest.fixture
async def office(service: ServiceUnderTest, intake: FakeIntake) -> AsyncIterator[Office]:
    async with service.client(SCOPES) as client:
        yield await Office(service, intake, client).open()
