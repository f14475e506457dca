"""Encounters from the first request to the claim that goes out: held, ready, billed, voided."""

import asyncio
from datetime import date
from uuid import UUID

from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.intake import EncounterHeld, EncounterReady, PatientRegistered
from cleanclaim.intake import store
from cleanclaim.intake.domain.payer import Payer, PayerTerms

from .builders import (
    MEDICARE,
    PRAIRIE,
    a_clinic,
    a_coverage,
    a_line,
    a_patient,
    a_payer,
    a_person,
    a_sent_claim,
    an_encounter,
    an_organization,
    codes,
)

KNOWN_LATE = Payer(
    payer_id=PRAIRIE,
    terms=(
        PayerTerms(
            effective_from_on=date(2020, 1, 1),
            effective_to_on=None,
            claim_filing_indicator="CI",
            timely_filing_days=180,
        ),
    ),
)


async def test_a_clean_encounter_is_ready_and_told(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter = await clinic.encounter(patient_id)
    assert (encounter["state"], encounter["findings"]) == ("ready", [])
    registered, ready = await service.told(PatientRegistered, EncounterReady)
    assert isinstance(registered, PatientRegistered)
    assert isinstance(ready, EncounterReady)
    assert ready.encounter_id == UUID(encounter["encounter_id"])
    assert ready.patient_account_id == registered.patient_account_id
    assert [(one.payer_id, one.order) for one in ready.coverages] == [(PRAIRIE, 1)]
    assert (ready.total_charge_cents, ready.lines[0].units) == (125_00, "1")


async def test_an_encounter_with_errors_is_kept_held_and_told(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        held = await clinic.encounter(
            patient_id,
            billing_provider_npi=None,
            lines=[a_line(), a_line(2, units="0", procedure_code="85025")],
        )
        items = await clinic.get("/v1/work-items")
    assert held["state"] == "held"
    assert codes(held) == ["billing_npi_missing", "units_unacceptable"]
    (told,) = await service.told(EncounterHeld)
    assert isinstance(told, EncounterHeld)
    assert [(one.rule_id, one.pointer) for one in told.findings] == [
        ("B02", "/billing_provider_npi"),
        ("E01", "/lines/1/units"),
    ]
    assert told.findings[1].charge_id is not None
    (item,) = items["items"]
    assert (item["kind"], item["reason"]) == ("encounter_held", "billing_npi_missing")
    assert item["due_on"] == "2026-08-26"
    assert item["value_cents"] == 250_00
    assert item["priority"] == sum(item["priority_terms"].values())


async def test_a_change_that_puts_things_right_makes_it_ready(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        held = await clinic.encounter(patient_id, diagnoses=["E11"])
        path = f"/v1/encounters/{held['encounter_id']}"
        ready = await clinic.put(path, an_encounter(patient_id), 1)
        first = await clinic.get(f"{path}/versions/1")
        second = await clinic.get(f"{path}/versions/2")
        items = await clinic.get("/v1/work-items")
        timeline = await clinic.get(f"{path}/timeline")
    assert codes(held) == ["diagnosis_not_billable"]
    assert (ready["state"], ready["encounter_version"]) == ("ready", 2)
    assert (first["diagnoses"], second["diagnoses"]) == (["E11"], ["E11.9", "I10"])
    assert first["lines"][0]["charge_id"] == second["lines"][0]["charge_id"]
    assert {item["status"] for item in items["items"]} <= {"closed"}
    assert [entry["event_type"].split(".")[2] for entry in timeline["items"]] == [
        "EncounterHeld",
        "EncounterReady",
    ]
    assert len({entry["correlation_id"] for entry in timeline["items"]}) == 1


async def test_a_stale_change_is_refused(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        path = f"/v1/encounters/{(await clinic.encounter(patient_id))['encounter_id']}"
        await clinic.put(path, an_encounter(patient_id, place_of_service="22"), 1)
        problem = await clinic.put(path, an_encounter(patient_id), 1, status=412)
        missing = await clinic.client.put(path, json=an_encounter(patient_id))
    assert problem["code"] == "version_overtaken"
    assert (missing.status_code, missing.json()["code"]) == (422, "if_match_needed")


async def test_the_same_content_again_makes_no_version(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        path = f"/v1/encounters/{(await clinic.encounter(patient_id))['encounter_id']}"
        again = await clinic.put(path, an_encounter(patient_id), 1)
    assert (again["encounter_version"], again["state"]) == (1, "ready")
    assert len(await service.told(EncounterReady)) == 1


async def test_what_waits_for_a_payer_goes_on_when_it_is_known(service: ServiceUnderTest) -> None:
    async with a_clinic(service, an_organization()) as clinic:
        patient_id = await clinic.covered_patient()
        held = await clinic.encounter(patient_id)
        assert codes(held) == ["payer_unknown"]
        await service.deliver(a_payer())
        ready = await clinic.rechecked(held["encounter_id"])
        version = await clinic.get(f"/v1/encounters/{held['encounter_id']}/versions/2")
    assert (ready["state"], ready["encounter_version"], ready["findings"]) == ("ready", 2, [])
    assert version["coverages"][0]["claim_filing_indicator"] == "CI"


async def test_a_corrected_coverage_frees_what_it_held(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.patient()
        coverage = await clinic.post("/v1/coverages", a_coverage(patient_id, member_id=""))
        held = await clinic.encounter(patient_id)
        body = {k: v for k, v in a_coverage(patient_id).items() if k != "patient_id"}
        await clinic.put(f"/v1/coverages/{coverage['coverage_id']}", body, 1)
        ready = await clinic.rechecked(held["encounter_id"])
        version = await clinic.get(f"/v1/encounters/{held['encounter_id']}/versions/2")
    assert codes(held) == ["member_id_missing"]
    assert (ready["state"], ready["encounter_version"]) == ("ready", 2)
    assert version["coverages"][0]["coverage_version"] == 2
    assert version["coverages"][0]["member_id"] == "W12345678"


async def test_a_corrected_patient_frees_what_they_held(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient("MRN-2")
        await clinic.put(f"/v1/patients/{patient_id}", a_person(sex=None), 1)
        held = await clinic.encounter(patient_id)
        await clinic.put(f"/v1/patients/{patient_id}", a_person(), 2)
        ready = await clinic.rechecked(held["encounter_id"])
    assert codes(held) == ["sex_missing"]
    assert (ready["state"], ready["encounter_version"]) == ("ready", 2)


async def test_a_recheck_that_finds_the_same_tells_nothing(service: ServiceUnderTest) -> None:
    async with a_clinic(service, an_organization()) as clinic:
        patient_id = await clinic.covered_patient()
        held = await clinic.encounter(patient_id)
        await service.deliver(a_payer(MEDICARE, indicator="MB"))
        still = await clinic.rechecked(held["encounter_id"])
    assert (still["state"], still["encounter_version"]) == ("held", 1)
    assert len(await service.told(EncounterHeld)) == 1


async def test_a_person_holds_and_releases(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        path = f"/v1/encounters/{(await clinic.encounter(patient_id))['encounter_id']}"
        held = await clinic.post(f"{path}:hold", {"reason": "awaiting_documentation"}, 200)
        twice = await clinic.post(f"{path}:hold", {"reason": "again"}, 409)
        released = await clinic.post(f"{path}:release", None, 200)
        late = await clinic.post(f"{path}:release", None, 409)
    assert (held["state"], held["hold_reason"]) == ("held", "awaiting_documentation")
    assert (released["state"], released["hold_reason"]) == ("ready", None)
    assert (twice["code"], late["code"]) == ("encounter_already_held", "encounter_not_held")
    told = await service.told(EncounterReady, EncounterHeld)
    assert [type(one).__name__ for one in told] == [
        "EncounterReady",
        "EncounterHeld",
        "EncounterReady",
    ]


async def test_a_released_encounter_with_errors_stays_held(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter = await clinic.encounter(patient_id, diagnoses=[])
        path = f"/v1/encounters/{encounter['encounter_id']}"
        await clinic.post(f"{path}:hold", {"reason": "coding_review"}, 200)
        released = await clinic.post(f"{path}:release", None, 200)
        items = await clinic.get("/v1/work-items", status="open")
    assert released["state"] == "held"
    assert codes(released) == ["diagnosis_missing", "pointer_to_nothing"]
    assert [item["reason"] for item in items["items"]] == ["diagnosis_missing"]


async def test_a_voided_encounter_stays_voided(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        path = f"/v1/encounters/{(await clinic.encounter(patient_id))['encounter_id']}"
        voided = await clinic.post(f"{path}:void", None, 200)
        again = await clinic.post(f"{path}:void", None, 409)
        changed = await clinic.put(path, an_encounter(patient_id), 1, status=409)
    assert voided["state"] == "voided"
    assert again["code"] == changed["code"] == "encounter_is_voided"
    (told,) = await service.told(EncounterHeld)
    assert isinstance(told, EncounterHeld)
    assert told.findings[0].rule_id == "voided_by_person"


async def test_a_sent_claim_bills_its_encounter(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter_id = (await clinic.encounter(patient_id))["encounter_id"]
        await service.deliver(a_sent_claim(encounter_id))
        billed = await clinic.get(f"/v1/encounters/{encounter_id}")
        path = f"/v1/encounters/{encounter_id}"
        voided = await clinic.post(f"{path}:void", None, 409)
        held = await clinic.post(f"{path}:hold", {"reason": "late"}, 409)
    assert (billed["state"], billed["billed_version"]) == ("billed", 1)
    assert voided["code"] == held["code"] == "encounter_already_billed"


async def test_a_billed_encounter_is_corrected_in_a_new_version(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter_id = (await clinic.encounter(patient_id))["encounter_id"]
        await service.deliver(a_sent_claim(encounter_id))
        path = f"/v1/encounters/{encounter_id}"
        same = await clinic.put(path, an_encounter(patient_id), 1)
        corrected = await clinic.put(path, an_encounter(patient_id, diagnoses=["I10"]), 1)
        voided = await clinic.post(f"{path}:void", None, 409)
        unpaid = an_encounter(patient_id, self_pay=True, coverage_ids=[])
        refused = await clinic.put(path, unpaid, 2, status=409)
    assert (same["state"], same["encounter_version"]) == ("billed", 1)
    assert (corrected["state"], corrected["encounter_version"]) == ("ready", 2)
    assert voided["code"] == refused["code"] == "encounter_already_billed"
    told = await service.told(EncounterReady)
    assert [one.encounter_version for one in told] == [1, 2]


async def test_a_claim_sent_for_a_voided_encounter_asks_a_person(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter_id = (await clinic.encounter(patient_id))["encounter_id"]
        await clinic.post(f"/v1/encounters/{encounter_id}:void", None, 200)
        await service.deliver(a_sent_claim(encounter_id))
        items = await clinic.get("/v1/work-items", status="open")
        standing = await clinic.get(f"/v1/encounters/{encounter_id}")
    assert (standing["state"], standing["billed_version"]) == ("voided", 1)
    assert [item["kind"] for item in items["items"]] == ["claim_sent_for_stopped_encounter"]


async def test_self_pay_is_ready_without_a_payer(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.patient()
        encounter = await clinic.encounter(patient_id, self_pay=True)
        nobody_pays = await clinic.encounter(patient_id, "V-2")
    assert encounter["state"] == "ready"
    assert codes(nobody_pays) == ["coverage_missing"]
    (ready,) = await service.told(EncounterReady)
    assert isinstance(ready, EncounterReady)
    assert (ready.self_pay, ready.coverages) == (True, ())


async def test_the_second_sending_names_the_first(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        first = await clinic.encounter(patient_id)
        problem = await clinic.post("/v1/encounters", an_encounter(patient_id), 409)
        checked = await clinic.post("/v1/encounters:validate", an_encounter(patient_id), 409)
        elsewhere = await clinic.encounter(patient_id, source="other-ehr")
    assert problem["existing_id"] == checked["existing_id"] == first["encounter_id"]
    assert problem["code"] == "encounter_already_received"
    assert elsewhere["encounter_id"] != first["encounter_id"]


async def test_validating_finds_the_same_and_keeps_nothing(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        body = an_encounter(patient_id, diagnoses=["E11", "E11"], total_charge_cents=1)
        checked = await clinic.post("/v1/encounters:validate", body, 200)
        listed = await clinic.get("/v1/encounters")
        sent = await clinic.post("/v1/encounters", body)
    for finding in (*checked["findings"], *sent["findings"]):
        finding.pop("charge_id")
    assert checked["findings"] == sent["findings"]
    assert checked["state"] == sent["state"] == "held"
    assert listed["items"] == []


async def test_another_organization_sees_nothing(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter_id = (await clinic.encounter(patient_id))["encounter_id"]
    async with a_clinic(service, organization_id=OTHER_ORGANIZATION) as others:
        for path in (
            f"/v1/patients/{patient_id}",
            f"/v1/encounters/{encounter_id}",
            f"/v1/encounters/{encounter_id}/versions/1",
            f"/v1/encounters/{encounter_id}/findings",
            f"/v1/encounters/{encounter_id}/timeline",
        ):
            await others.get(path, expect=404)
        await others.post(f"/v1/encounters/{encounter_id}:void", None, 404)
        refused = await others.post("/v1/encounters", an_encounter(patient_id), 422)
        assert (await others.get("/v1/encounters"))["items"] == []
        assert (await others.post("/v1/patients", a_patient()))["possible_matches"] == []
    assert refused["code"] == "patient_unknown"


async def test_two_sendings_at_once_make_one_encounter(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        body = an_encounter(await clinic.covered_patient())
        answers = await asyncio.gather(
            *(clinic.client.post("/v1/encounters", json=body) for _ in range(4))
        )
    made = [one.json()["encounter_id"] for one in answers if one.status_code == 201]
    others = [one.json()["existing_id"] for one in answers if one.status_code == 409]
    assert (len(made), others) == (1, made * 3)
    assert len(await service.told(EncounterReady)) == 1


async def test_two_changes_at_once_make_one_version(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        path = f"/v1/encounters/{(await clinic.encounter(patient_id))['encounter_id']}"
        places = ("22", "21", "19")
        answers = await asyncio.gather(
            *(
                clinic.client.put(
                    path,
                    json=an_encounter(patient_id, place_of_service=place),
                    headers={"If-Match": '"1"'},
                )
                for place in places
            )
        )
        standing = await clinic.get(path)
    assert sorted(one.status_code for one in answers) == [200, 412, 412]
    assert standing["encounter_version"] == 2


async def test_a_payer_heard_while_its_encounter_was_judged_still_frees_it(
    service: ServiceUnderTest,
) -> None:
    async with a_clinic(service, an_organization()) as clinic:
        held = await clinic.encounter(await clinic.covered_patient())
        async with service.workroom.work(ORGANIZATION) as work:
            # as if the payer's fact had been committed before the encounter was
            await store.keep_payers(work, [(KNOWN_LATE, 1)])
        ready = await clinic.rechecked(held["encounter_id"])
    assert (held["state"], ready["state"]) == ("held", "ready")
