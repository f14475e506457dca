"""Every listener takes every example of all it hears, in each major, twice, on a real database."""

from collections.abc import AsyncIterator
from importlib import import_module

import asyncpg
import pytest

from cleanclaim.chassis.db import plain_url
from cleanclaim.chassis.parking import parked_events
from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.claims.domain.encounter import EncounterVersion, Person
from cleanclaim.events.catalog import CATALOG
from cleanclaim.events.examples import example_of
from cleanclaim.events.intake import EncounterReady
from cleanclaim.events.majors import lineage

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")


class IntakeOnFile:
    """What claims asks intake for: the version that the example tells of."""

    async def encounter_versions(self, _, wanted):
        told = example_of(EncounterReady).fact
        kept = EncounterVersion(
            encounter_id=told.encounter_id,
            encounter_version=told.encounter_version,
            claim_type=told.claim_type,
            service_from_on=told.service_from_on,
            service_to_on=told.service_to_on,
            place_of_service="11",
            patient_account_id=told.patient_account_id,
            billing_provider_npi="1999999984",
            patient=Person(last_name="Example", first_name="Ada"),
            total_charge_cents=told.total_charge_cents,
        )
        return dict.fromkeys(wanted, kept)


PARTNERS = {"claims": IntakeOnFile()}


@pytest.fixture(scope="module", params=SERVICES)
async def listener(request, admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    parts = import_module(f"cleanclaim.{request.param}.main").PARTS
    partners = PARTNERS.get(request.param)
    async with service_under_test(parts, admin_url=admin_url, partners=partners) as running:
        yield running


async def everything_in(listener: ServiceUnderTest) -> dict[str, str]:
    """A digest of each table's rows."""
    connection = await asyncpg.connect(plain_url(listener.admin_url))
    digests = {}
    for table in listener.parts.metadata.sorted_tables:
        query = f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table.fullname} t"  # noqa: S608
        digests[table.name] = await connection.fetchval(query)
    await connection.close()
    return digests


async def test_a_listener_takes_each_example_twice_to_one_effect(listener):
    assert listener.parts.subscriptions
    for subscription in listener.parts.subscriptions:
        for told_as in lineage(subscription.entry):
            example = example_of(told_as.model)
            whose = example.envelope.organization_id
            (envelope,) = await listener.deliver(example.fact, organization_id=whose)
            once = await everything_in(listener)
            await listener.redeliver(envelope, example.fact)

            assert await parked_events(listener.workroom, whose) == []
            assert once["inbox"] is not None
            assert await everything_in(listener) == once


async def test_a_listener_hears_what_the_catalogue_says_of_it(listener):
    said = {entry.type for entry in CATALOG if listener.parts.name in entry.listeners}
    heard = {older.type for one in listener.parts.subscriptions for older in lineage(one.entry)}
    assert heard == said
