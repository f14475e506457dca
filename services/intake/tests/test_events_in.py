"""What intake hears changes it once, in any order, and for one organization alone."""

from uuid import UUID

import pytest
from sqlalchemy import text

from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.catalog import heard_by
from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_of
from cleanclaim.events.intake import EncounterReady
from cleanclaim.intake import queries
from cleanclaim.intake.events_in import SUBSCRIPTIONS

from .builders import (
    MEDICARE,
    a_clinic,
    a_payer,
    a_sent_claim,
    an_encounter,
    an_organization,
    codes,
)

HEARD = [subscription.model for subscription in SUBSCRIPTIONS]


def test_the_catalogue_names_exactly_what_is_heard() -> None:
    assert {entry.model for entry in heard_by("intake")} == set(HEARD)


async def _everything(
    service: ServiceUnderTest, whose: UUID = ORGANIZATION
) -> dict[str, list[tuple[object, ...]]]:
    """The rows of all tables of ours, as organizations see them."""
    seen = {}
    for organization_id in (whose, OTHER_ORGANIZATION):
        async with service.workroom.reading(organization_id) as work:
            for table in ("payers", "encounters", "work_items", "organizations"):
                rows = await work.connection.execute(
                    text(f"SELECT * FROM intake.{table} ORDER BY id")  # noqa: S608
                )
                seen[f"{organization_id} {table}"] = [tuple(row) for row in rows]
    return seen


@pytest.mark.parametrize("model", HEARD, ids=lambda model: model.__name__)
async def test_an_example_heard_twice_changes_things_once(
    service: ServiceUnderTest, model: type[Fact]
) -> None:
    example = example_of(model)
    whose = example.envelope.organization_id
    (envelope,) = await service.deliver(example.fact, organization_id=whose)
    once = await _everything(service, whose)
    await service.redeliver(envelope, example.fact)
    assert await _everything(service, whose) == once
    assert once[f"{OTHER_ORGANIZATION} payers"] == []


async def test_a_sent_claim_heard_twice_bills_once(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        encounter_id = (await clinic.encounter(await clinic.covered_patient()))["encounter_id"]
        fact = a_sent_claim(encounter_id)
        (envelope,) = await service.deliver(fact)
        once = await _everything(service)
        service.runtime.move(days=1)
        await service.redeliver(envelope, fact)
        await service.deliver(a_sent_claim(encounter_id, 1))
        items = await clinic.get("/v1/work-items")
    assert await _everything(service) == once
    assert items["items"] == []


async def test_a_void_claim_bills_nothing(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        encounter_id = (await clinic.encounter(await clinic.covered_patient()))["encounter_id"]
        await service.deliver(a_sent_claim(encounter_id, frequency_code="8"))
        standing = await clinic.get(f"/v1/encounters/{encounter_id}")
    assert standing["state"] == "ready"


async def test_a_claim_for_an_earlier_version_asks_a_person(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter_id = (await clinic.encounter(patient_id))["encounter_id"]
        path = f"/v1/encounters/{encounter_id}"
        await clinic.put(path, an_encounter(patient_id, place_of_service="22"), 1)
        await service.deliver(a_sent_claim(encounter_id, 1))
        standing = await clinic.get(path)
        items = await clinic.get("/v1/work-items", status="open")
        await service.deliver(a_sent_claim(encounter_id, 2))
        billed = await clinic.get(path)
    assert (standing["state"], standing["billed_version"]) == ("ready", 1)
    assert [item["reason"] for item in items["items"]] == ["encounter_ready"]
    assert (billed["state"], billed["billed_version"]) == ("billed", 2)


async def test_an_older_payer_changes_nothing(service: ServiceUnderTest) -> None:
    newer = a_payer(indicator="BL")
    await service.deliver(a_payer(indicator="CI"), newer)
    async with a_clinic(service, an_organization()) as clinic:
        encounter = await clinic.encounter(await clinic.covered_patient())
        path = f"/v1/encounters/{encounter['encounter_id']}/versions/1"
        version = await clinic.get(path)
    assert version["coverages"][0]["claim_filing_indicator"] == "BL"


async def test_an_organization_that_becomes_known_frees_what_waited(
    service: ServiceUnderTest,
) -> None:
    async with a_clinic(service, a_payer(MEDICARE, indicator="MB")) as clinic:
        patient_id = await clinic.covered_patient(payer_id=MEDICARE, member_id="1S00E00AA02")
        held = await clinic.encounter(patient_id)
        await service.deliver(an_organization("test"))
        ready = await clinic.rechecked(held["encounter_id"])
    assert codes(held) == ["environment_not_known"]
    assert ready["state"] == "ready"


async def test_an_encounter_is_told_on_one_thread_however_long_it_takes(
    service: ServiceUnderTest,
) -> None:
    async with a_clinic(service, an_organization()) as clinic:
        held = await clinic.encounter(await clinic.covered_patient())
        service.runtime.move(days=2)
        await service.deliver(a_payer())
        await clinic.rechecked(held["encounter_id"])
        timeline = await clinic.get(f"/v1/encounters/{held['encounter_id']}/timeline")
    assert len({entry["correlation_id"] for entry in timeline["items"]}) == 1
    assert [entry["occurred_at"][:10] for entry in timeline["items"]] == [
        "2026-03-02",
        "2026-03-04",
    ]


async def test_a_claim_for_an_encounter_of_nobody_is_left_alone(service: ServiceUnderTest) -> None:
    await service.deliver(example_of(ClaimSubmitted).fact)
    async with service.workroom.reading(ORGANIZATION) as work:
        assert await queries.to_recheck(work, limit=10) == []
    assert await service.told(EncounterReady) == []
