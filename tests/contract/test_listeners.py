"""Every listener takes every golden record of all it hears, three times, on a real database."""

from collections.abc import AsyncIterator
from contextlib import suppress
from importlib import import_module

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError

from cleanclaim.chassis.db import plain_url
from cleanclaim.chassis.testing import ServiceUnderTest, service_under_test
from cleanclaim.claims.domain.encounter import (
    EncounterCharge,
    EncounterCoverage,
    EncounterVersion,
    Person,
)
from cleanclaim.events.catalog import CATALOG
from cleanclaim.events.claims import OrganizationConfigured
from cleanclaim.events.examples import example_of, golden_records
from cleanclaim.events.intake import EncounterReady
from cleanclaim.events.majors import lineage
from cleanclaim.events.wire import WireRecord

from ..agreed import disagreements

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")

# an encounter that intake never took in; one that the patient does not pay alone
WITHOUT_EFFECT = {
    ("intake", "cleanclaim.claims.ClaimSubmitted.v1"),
    ("accounts", "cleanclaim.intake.EncounterReady.v1"),
}
TELL_OF_WHAT_THEY_HEAR = {"claims", "denials", "accounts"}


class IntakeOnFile:
    """What claims asks intake for: the version that the example tells of, with its coverage."""

    async def encounter_versions(self, _, wanted):
        told = example_of(EncounterReady).fact
        patient = Person(last_name="Example", first_name="Ada")
        kept = EncounterVersion(
            encounter_id=told.encounter_id,
            encounter_version=told.encounter_version,
            claim_type=told.claim_type,
            service_from_on=told.service_from_on,
            service_to_on=told.service_to_on,
            place_of_service="11",
            patient_account_id=told.patient_account_id,
            billing_provider_npi="1999999984",
            patient=patient,
            coverages=tuple(
                EncounterCoverage(
                    coverage_id=one.coverage_id,
                    payer_id=one.payer_id,
                    order="P",
                    member_id="M1",
                    relationship="18",
                    subscriber=patient,
                )
                for one in told.coverages
            ),
            charges=tuple(
                EncounterCharge(
                    charge_id=one.charge_id,
                    line_number=number,
                    procedure_code=one.procedure_code,
                    charge_cents=one.charge_cents,
                    service_from_on=one.service_from_on,
                    service_to_on=one.service_to_on,
                )
                for number, one in enumerate(told.lines, start=1)
            ),
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
    """A digest of each table's rows, but for what only says that something was heard."""
    connection = await asyncpg.connect(plain_url(listener.admin_url))
    digests = {}
    for table in listener.parts.metadata.sorted_tables:
        if table.name != "inbox":
            query = f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table.fullname} t"  # noqa: S608
            digests[table.name] = await connection.fetchval(query)
    await connection.close()
    return digests


async def forget(listener: ServiceUnderTest) -> int:
    """Empty the memory of what was heard, as pruning does; return how much was in it."""
    connection = await asyncpg.connect(plain_url(listener.admin_url))
    done = await connection.execute(f"DELETE FROM {listener.parts.name}.inbox")  # noqa: S608
    await connection.close()
    return int(done.split()[-1])


def golden_records_for(listener: ServiceUnderTest) -> list[WireRecord]:
    """Every golden record of every version and major of all that it hears."""
    return [
        record
        for subscription in listener.parts.subscriptions
        for told_as in lineage(subscription.entry)
        for record in golden_records(told_as.model)
    ]


async def test_a_listener_takes_each_golden_record_to_one_effect_however_often_it_comes(listener):
    """The second time the memory of what was heard stops it, the third time the handlers alone."""
    records = golden_records_for(listener)
    assert records
    for record in records:
        nothing = await everything_in(listener)
        await listener.hear(record)
        once = await everything_in(listener)
        told_as = dict(record.headers)["ce_type"].decode()
        assert (once != nothing) == ((listener.parts.name, told_as) not in WITHOUT_EFFECT), told_as

        await listener.hear(record)
        assert await everything_in(listener) == once

        assert await forget(listener) > 0
        with suppress(IntegrityError):  # the keys of a book refuse what is booked
            await listener.hear(record)
        assert await everything_in(listener) == once

    organization = example_of(OrganizationConfigured).envelope.organization_id
    told, wrong = await disagreements(
        plain_url(listener.admin_url), listener.parts.name, organization
    )
    assert wrong == []
    assert (told > 0) == (listener.parts.name in TELL_OF_WHAT_THEY_HEAR)


async def test_a_listener_hears_what_the_catalogue_says_of_it(listener):
    said = {entry.type for entry in CATALOG if listener.parts.name in entry.listeners}
    heard = {older.type for one in listener.parts.subscriptions for older in lineage(one.entry)}
    assert heard == said
