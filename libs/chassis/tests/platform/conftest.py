"""The toy service on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from cleanclaim.chassis.broker import create_topics
from cleanclaim.chassis.testing import ServiceUnderTest, hear_from_now_on, service_under_test
from cleanclaim.events.catalog import TOPICS

from .toy import PARTS
from .workers import Forge


@pytest.fixture(scope="session")
async def toy_service(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(PARTS, admin_url=admin_url) as running:
        yield running


@pytest.fixture
async def toy(toy_service: ServiceUnderTest) -> ServiceUnderTest:
    await toy_service.empty()
    return toy_service


@pytest.fixture(scope="session")
async def broker(kafka: str) -> str:
    """The tests' broker, where the toy has heard all that tests of other packages left there."""
    topics = list(TOPICS.values())
    await create_topics(kafka, topics)
    await hear_from_now_on(kafka, "toy", [topic.name for topic in topics])
    return kafka


@pytest.fixture
async def forge(toy: ServiceUnderTest, broker: str) -> AsyncIterator[Forge]:
    opened = Forge(toy, broker)
    yield opened
    await opened.end()
    opened.close()
