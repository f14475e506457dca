"""Every listener takes the catalogue's example of everything it hears, twice, on a real database."""

from collections.abc import AsyncIterator
from importlib import import_module

import pytest

from cleanclaim.chassis.parking import parked_events
from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.events.catalog import CATALOG
from cleanclaim.events.examples import example_of

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")


@pytest.fixture(scope="module", params=SERVICES)
async def listener(request, admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    parts = import_module(f"cleanclaim.{request.param}.main").PARTS
    async with service_under_test(parts, admin_url=admin_url) as running:
        yield running


async def test_a_listener_takes_each_example_twice(listener):
    # what needs another service's answer first is tested with that answer where it is heard
    heard = [one for one in listener.parts.subscriptions if one.fetch is None]
    assert heard
    for subscription in heard:
        example = example_of(subscription.model)
        whose = example.envelope.organization_id
        (envelope,) = await listener.deliver(example.fact, organization_id=whose)
        await listener.redeliver(envelope, example.fact)
        assert await parked_events(listener.workroom, whose) == []


async def test_a_listener_hears_what_the_catalogue_says_of_it(listener):
    said = {entry.type for entry in CATALOG if listener.parts.name in entry.listeners}
    assert {one.entry.type for one in listener.parts.subscriptions} == said
