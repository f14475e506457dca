"""What claims does when it hears: builds claims, and takes over what payers decided."""

from uuid import UUID

import pytest

from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.claims.events_in import SUBSCRIPTIONS
from cleanclaim.events.catalog import heard_by
from cleanclaim.events.claims import ClaimHeld, ClaimSubmitted
from cleanclaim.events.examples import example_of
from cleanclaim.events.intake import EncounterReady
from cleanclaim.events.remittance import ClaimPaymentPosted, ClaimPaymentReversed
from cleanclaim.values.errors import Unavailable

from .builders import MARK, FakeIntake, Office, a_charge, a_coverage, an_encounter, an_id, ready


def test_it_hears_what_the_catalogue_says() -> None:
    assert {one.model for one in SUBSCRIPTIONS} == {entry.model for entry in heard_by("claims")}


async def test_an_encounter_becomes_a_clean_claim(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    assert claim["state"] == "clean"
    assert claim["total_charge_cents"] == 125_00
    shown = await office.claim(claim["id"])
    [version] = shown["versions"]
    assert version["findings"] == []
    assert version["patient_control_number"] == f"C000000001V01{MARK}"
    assert version["lines"][0]["line_control_number"] == "C000000001L1"
    assert version["diagnosis_codes"] == ["E11.9", "I10"]
    assert shown["file_by_on"] == "2026-08-19"


async def test_the_same_event_twice_changes_nothing(office: Office) -> None:
    fact = ready(office.encounter())
    [envelope] = await office.service.deliver(fact)
    before = await office.claims()
    await office.service.redeliver(envelope, fact)
    assert await office.claims() == before


async def test_a_batch_builds_each_claim_under_its_own_number(office: Office) -> None:
    encounters = [office.encounter(name=f"visit {n}") for n in range(5)]
    claims = await office.has_ready(*encounters)
    numbers = {claim["claim_number"] for claim in claims}
    assert numbers == {f"C{n:09d}" for n in range(1, 6)}
    assert {claim["state"] for claim in claims} == {"clean"}


async def test_a_claim_without_its_payer_is_held_told_and_given_to_a_person(
    office: Office,
) -> None:
    encounter = office.encounter(coverages=[a_coverage(an_id("unknown payer"))])
    [claim] = await office.has_ready(encounter)
    assert claim["state"] == "held"
    [held] = await office.service.told(ClaimHeld)
    assert isinstance(held, ClaimHeld)
    assert "payer.unknown" in {one.rule_id for one in held.findings}
    assert held.claim_id == UUID(claim["id"])
    items = await _work_items(office)
    assert [(one["kind"], one["reason"]) for one in items] == [("claim_held", "payer.unknown")]
    assert items[0]["priority"] == sum(items[0]["priority_terms"].values())


async def test_the_held_fact_keeps_the_story_of_its_encounter(office: Office) -> None:
    story = an_id("story")
    encounter = office.encounter(coverages=[a_coverage(an_id("unknown payer"))])
    [envelope] = await office.service.deliver(ready(encounter), correlation_id=story)
    [claim] = await office.claims()
    timeline = (await office.get(f"/v1/claims/{claim['id']}/timeline"))["items"]
    assert [one["correlation_id"] for one in timeline] == [str(story)]
    assert [one["caused_by"] for one in timeline] == [str(envelope.event_id)]


async def test_a_newer_version_rebuilds_a_claim_that_was_not_sent(office: Office) -> None:
    await office.has_ready(office.encounter())
    changed = office.encounter(version=2, lines=[a_charge(charge_cents=90_00)])
    [claim] = await office.has_ready(changed)
    assert (claim["encounter_version"], claim["current_version"]) == (2, 1)
    assert claim["total_charge_cents"] == 90_00


async def test_a_newer_version_mends_a_held_claim_and_closes_its_item(office: Office) -> None:
    wrong = office.encounter(coverages=[a_coverage(an_id("unknown payer"))])
    await office.has_ready(wrong)
    [claim] = await office.has_ready(office.encounter(version=2))
    assert claim["state"] == "clean"
    assert await _work_items(office) == []


async def test_an_older_version_that_comes_late_is_overtaken(office: Office) -> None:
    newer = office.encounter(version=2, lines=[a_charge(charge_cents=90_00)])
    await office.has_ready(newer)
    [claim] = await office.has_ready(office.encounter(version=1))
    assert claim["encounter_version"] == 2


async def test_a_newer_version_waits_while_the_claim_is_out(office: Office) -> None:
    await office.has_ready(office.encounter())
    await office.submit_all()
    [claim] = await office.has_ready(office.encounter(version=2))
    assert claim["state"] == "submitted"
    assert (claim["encounter_version"], claim["newest_encounter_version"]) == (1, 2)
    [item] = await _work_items(office)
    assert (item["kind"], item["reason"]) == ("claim_change_waits", "encounter_changed")


async def test_self_pay_builds_no_claim_and_asks_nobody(office: Office) -> None:
    await office.service.deliver(ready(office.encounter(), self_pay=True))
    assert await office.claims() == []
    assert office.intake.asked == []


async def test_an_unsent_claim_of_an_encounter_that_turns_self_pay_is_voided(
    office: Office,
) -> None:
    await office.has_ready(office.encounter())
    await office.service.deliver(ready(office.encounter(version=2), self_pay=True))
    [claim] = await office.claims()
    assert claim["state"] == "voided"
    assert await office.submit_all() == []


async def test_an_institutional_encounter_is_left_to_people(office: Office) -> None:
    encounter = office.encounter(claim_type="institutional")
    await office.service.deliver(ready(encounter))
    assert await office.claims() == []
    [item] = await _work_items(office)
    assert (item["kind"], item["reason"]) == ("encounter_not_built", "institutional")
    assert item["subject_id"] == encounter["encounter_id"]


async def test_an_encounter_without_a_primary_coverage_is_left_to_people(office: Office) -> None:
    only = a_coverage(office.payer_id, order="S")
    await office.has_ready(office.encounter(coverages=[only]))
    assert await office.claims() == []
    [item] = await _work_items(office)
    assert item["reason"] == "primary_coverage_missing"


async def test_only_the_primary_payer_is_billed_and_the_others_are_named(office: Office) -> None:
    second = a_coverage(an_id("second payer"), order="S")
    encounter = office.encounter(coverages=[second, a_coverage(office.payer_id)])
    [claim] = await office.has_ready(encounter)
    assert claim["payer_id"] == str(office.payer_id)
    await office.submit_all()
    [told] = await office.service.told(ClaimSubmitted)
    assert isinstance(told, ClaimSubmitted)
    assert [(one.payer_id, one.payer_responsibility) for one in told.other_payers] == [
        (an_id("second payer"), "S")
    ]


async def test_while_intake_is_down_nothing_is_lost(office: Office) -> None:
    office.intake.is_down = True
    fact = ready(office.encounter())
    with pytest.raises(Unavailable):
        await office.service.deliver(fact)
    office.intake.is_down = False
    await office.service.deliver(fact)
    assert len(await office.claims()) == 1


async def test_another_organization_sees_nothing_of_it(office: Office) -> None:
    [claim] = await office.has_ready(office.encounter())
    async with office.service.client(
        "system/Claim.rs", organization_id=OTHER_ORGANIZATION
    ) as client:
        assert (await client.get("/v1/claims")).json()["items"] == []
        assert (await client.get(f"/v1/claims/{claim['id']}")).status_code == 404


async def test_the_catalogue_example_of_an_encounter_is_built(
    service: ServiceUnderTest, intake: FakeIntake
) -> None:
    fact = example_of(EncounterReady).fact
    assert isinstance(fact, EncounterReady)
    lines = [
        a_charge(
            number,
            one.charge_cents,
            charge_id=str(one.charge_id),
            procedure_code=one.procedure_code,
            service_from_on=one.service_from_on.isoformat(),
            service_to_on=one.service_to_on.isoformat(),
        )
        for number, one in enumerate(fact.lines, 1)
    ]
    encounter = an_encounter(fact.coverages[0].payer_id, lines=lines)
    encounter |= {
        "encounter_id": str(fact.encounter_id),
        "encounter_version": fact.encounter_version,
        "service_from_on": fact.service_from_on.isoformat(),
        "service_to_on": fact.service_to_on.isoformat(),
    }
    intake.has(encounter)
    [envelope] = await service.deliver(fact)
    await service.redeliver(envelope, fact)
    [held] = await service.told(ClaimHeld)
    assert isinstance(held, ClaimHeld)
    assert held.encounter_id == fact.encounter_id


async def test_a_payment_of_a_claim_that_is_not_here_is_kept_for_a_person(
    office: Office,
) -> None:
    fact = example_of(ClaimPaymentPosted).fact
    [envelope] = await office.service.deliver(fact)
    await office.service.redeliver(envelope, fact)
    [item] = await _work_items(office)
    assert (item["kind"], item["reason"]) == ("payment_unknown", "claim_unknown")


async def test_a_payment_adjudicates_the_claim_and_its_reversal_reopens_it(
    office: Office,
) -> None:
    claim_id = await _submitted(office)
    posted = _posted(claim_id)
    await office.service.deliver(posted)
    claim = await office.claim(claim_id)
    assert (claim["state"], claim["claim_status_code"]) == ("adjudicated", "1")
    assert claim["payer_claim_control_number"] == posted.payer_claim_control_number
    await office.service.deliver(_reversed(posted))
    assert (await office.claim(claim_id))["state"] == "accepted"


async def test_a_reversal_before_its_original_takes_it_away_when_it_comes(
    office: Office,
) -> None:
    claim_id = await _submitted(office)
    posted = _posted(claim_id)
    await office.service.deliver(_reversed(posted))
    assert (await office.claim(claim_id))["state"] == "submitted"
    await office.service.deliver(posted)
    assert (await office.claim(claim_id))["state"] == "submitted"


async def test_a_correction_after_a_reversal_adjudicates_again(office: Office) -> None:
    claim_id = await _submitted(office)
    posted = _posted(claim_id)
    corrected = posted.model_copy(update={"claim_payment_id": an_id("correction")})
    await office.service.deliver(posted, _reversed(posted), corrected)
    assert (await office.claim(claim_id))["state"] == "adjudicated"


async def test_a_predetermination_decides_nothing(office: Office) -> None:
    claim_id = await _submitted(office)
    await office.service.deliver(_posted(claim_id).model_copy(update={"claim_status_code": "25"}))
    assert (await office.claim(claim_id))["state"] == "submitted"


async def _submitted(office: Office) -> str:
    [claim] = await office.has_ready(office.encounter())
    await office.submit_all()
    return str(claim["id"])


def _posted(claim_id: str) -> ClaimPaymentPosted:
    fact = example_of(ClaimPaymentPosted).fact
    assert isinstance(fact, ClaimPaymentPosted)
    return fact.model_copy(update={"claim_id": UUID(claim_id), "claim_status_code": "1"})


def _reversed(posted: ClaimPaymentPosted) -> ClaimPaymentReversed:
    fact = example_of(ClaimPaymentReversed).fact
    assert isinstance(fact, ClaimPaymentReversed)
    return fact.model_copy(
        update={"claim_id": posted.claim_id, "reverses_claim_payment_id": posted.claim_payment_id}
    )


async def _work_items(office: Office) -> list[dict[str, object]]:
    async with office.service.workroom.reading(ORGANIZATION) as work:
        table = work.schema_tables.work_items
        rows = await work.connection.execute(
            table.select().where(table.c.status != "closed").order_by(table.c.id)
        )
        items = [dict(row) for row in rows.mappings()]
    return [{**one, "subject_id": str(one["subject_id"])} for one in items]
