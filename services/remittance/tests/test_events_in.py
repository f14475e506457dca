"""Every fact that remittance hears, as the catalogue's example tells it."""

import json

import pytest
from sqlalchemy import func, select

from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.catalog import CATALOG
from cleanclaim.events.claims import (
    ClaimSubmitted,
    OrganizationConfigured,
    PayerConfigured,
    ProviderConfigured,
)
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_of
from cleanclaim.events.remittance import ClaimPaymentPosted
from cleanclaim.remittance.events_in import SUBSCRIPTIONS
from cleanclaim.remittance.main import PARTS
from cleanclaim.remittance.store.tables import PAYERS, PROVIDERS, REFERENCES

from .builders import PAYER, a_claim, a_payer, a_payment, a_remittance, know_everybody, post

TABLES = {PayerConfigured: PAYERS, ProviderConfigured: PROVIDERS, ClaimSubmitted: REFERENCES}


def test_subscriptions_are_what_the_catalogue_says() -> None:
    listened = {entry.type for entry in CATALOG if "remittance" in entry.listeners}
    assert {one.entry.type for one in SUBSCRIPTIONS} == listened


async def _contents(service: ServiceUnderTest) -> dict[str, str]:
    async with service.workroom.reading(ORGANIZATION) as work:
        return {
            table.name: str((await work.connection.execute(table.select())).all())
            for table in PARTS.metadata.sorted_tables
            if table.name not in {"inbox", "audit_log", "data_keys"}
        }


@pytest.mark.parametrize("model", TABLES)
async def test_an_example_is_kept_once_and_by_its_organization_alone(
    service: ServiceUnderTest, model: type[Fact]
) -> None:
    fact = example_of(model).fact
    (envelope,) = await service.deliver(fact)
    before = await _contents(service)
    await service.redeliver(envelope, fact)
    assert await _contents(service) == before
    for organization, count in ((ORGANIZATION, 1), (OTHER_ORGANIZATION, 0)):
        async with service.workroom.reading(organization) as work:
            found = await work.connection.scalar(select(func.count()).select_from(TABLES[model]))
            assert found == count


async def test_an_organization_is_kept(service: ServiceUnderTest) -> None:
    heard = example_of(OrganizationConfigured)
    await service.deliver(heard.fact, organization_id=heard.envelope.organization_id)
    assert len(await service.workroom.organizations()) == 1


async def test_the_newest_entry_of_a_payer_stands(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    versions = json.loads(a_payer().model_dump_json())["versions"]
    await service.deliver(a_payer(versions=[versions[1] | {"originating_company_ids": ["1"]}]))
    async with service.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(select(PAYERS).where(PAYERS.c.id == PAYER))
        (row,) = rows.mappings().all()
    assert row["versions"][0]["originating_company_ids"] == ["1"]


async def test_a_claim_heard_twice_posts_what_waited_once(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await post(service, a_remittance(a_payment()))
    fact = a_claim()
    (envelope,) = await service.deliver(fact)
    await service.redeliver(envelope, fact)
    assert len(await service.told(ClaimPaymentPosted)) == 1


async def test_a_claim_of_another_organization_matches_nothing(service: ServiceUnderTest) -> None:
    await know_everybody(service)
    await post(service, a_remittance(a_payment()))
    await service.deliver(a_claim(), organization_id=OTHER_ORGANIZATION)
    assert await service.told(ClaimPaymentPosted) == []
    assert await service.told(ClaimPaymentPosted, organization_id=OTHER_ORGANIZATION) == []
