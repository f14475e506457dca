"""What the doors refuse, repeat, list and remember; a refusal names the place, rule and fix."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.intake.main import PARTS

from .builders import (
    SCOPES,
    Clinic,
    JsonObject,
    a_clinic,
    a_coverage,
    a_line,
    a_patient,
    a_person,
    an_encounter,
    codes,
)

NOBODY = "01980a60-0000-7000-8000-0000000000ff"


UNREADABLE: list[tuple[JsonObject, str, str]] = [
    ({"total_charge_cents": False}, "/total_charge_cents", "int_type"),
    ({"total_charge_cents": "12500"}, "/total_charge_cents", "int_type"),
    ({"total_charge_cents": 125.5}, "/total_charge_cents", "int_type"),
    ({"total_charge_cents": 10**13}, "/total_charge_cents", "less_than_equal"),
    ({"lines": [a_line(charge_cents=True)]}, "/lines/0/charge_cents", "int_type"),
    ({"lines": [a_line(units=1)]}, "/lines/0/units", "string_type"),
    ({"lines": [a_line(charge=12500)]}, "/lines/0/charge", "extra_forbidden"),
    ({"lines": [a_line(), a_line()]}, "/lines/1/line_number", "line_number_repeated"),
    ({"lines": None}, "/lines", "list_type"),
    ({"service_from_on": "2026-02-30"}, "/service_from_on", "date_from_datetime_parsing"),
    ({"service_from_on": "03/02/2026"}, "/service_from_on", "date_parsing"),
    ({"patient_id": "nobody"}, "/patient_id", "uuid_parsing"),
    ({"patient_id": NOBODY}, "/patient_id", "patient_unknown"),
    ({"coverage_ids": [NOBODY]}, "/coverage_ids/0", "coverage_unknown"),
    ({"external_id": ""}, "/external_id", "string_too_short"),
    ({"external_id": "V\x00"}, "/external_id", "text_unstorable"),
    ({"source": "main ehr"}, "/source", "string_pattern_mismatch"),
    ({"claim_type": "institutional"}, "/claim_type", "literal_error"),
    ({"diagnosis": ["I10"]}, "/diagnosis", "extra_forbidden"),
    ({"diagnoses": ["I10\n"]}, "/diagnoses/0", "string_pattern_mismatch"),
    ({"signature_on_file": "Y"}, "/signature_on_file", "bool_type"),
    ({"rendering_provider": {"NPI": "1"}}, "/rendering_provider/NPI", "extra_forbidden"),
]


async def test_what_cannot_be_read_is_refused_where_it_stands(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        clean = an_encounter(await clinic.covered_patient())
        refused = []
        for changes, _, _ in UNREADABLE:
            problem = await clinic.post("/v1/encounters", clean | changes, 422)
            refused.append([(one["pointer"], one["code"]) for one in problem["errors"]])
        assert (await clinic.get("/v1/encounters"))["items"] == []
    assert refused == [[(pointer, code)] for _, pointer, code in UNREADABLE]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"[]", 422, "invalid_request"),
        (b"", 422, "invalid_request"),
        (b'{"external_id": "\xff"}', 400, "malformed_json"),
    ],
)
async def test_bodies_that_are_no_encounter(
    service: ServiceUnderTest, content: bytes, status: int, code: str
) -> None:
    async with a_clinic(service) as clinic:
        response = await clinic.client.post(
            "/v1/encounters", content=content, headers={"Content-Type": "application/json"}
        )
    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_text_that_is_no_unicode_is_refused(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        content = json.dumps(a_patient(last_name="\ud800")).encode()
        response = await clinic.client.post(
            "/v1/patients", content=content, headers={"Content-Type": "application/json"}
        )
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/last_name"


async def test_an_encounter_of_which_nearly_all_is_missing_is_kept(
    service: ServiceUnderTest,
) -> None:
    async with a_clinic(service) as clinic:
        patient = await clinic.post("/v1/patients", {"external_id": "X", "source": "main-ehr"})
        body = {"external_id": "V-1", "source": "main-ehr", "patient_id": patient["patient_id"]}
        held = await clinic.post("/v1/encounters", body)
        version = await clinic.get(f"/v1/encounters/{held['encounter_id']}/versions/1")
    assert held["state"] == "held"
    assert {"name_missing", "service_date_missing", "lines_missing"} <= set(codes(held))
    assert version["lines"] == []


async def test_one_key_sends_once(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        body = an_encounter(await clinic.covered_patient())
        headers = {"Idempotency-Key": "visit-1"}
        first = await clinic.client.post("/v1/encounters", json=body, headers=headers)
        again = await clinic.client.post("/v1/encounters", json=body, headers=headers)
        other = await clinic.client.post(
            "/v1/encounters", json=body | {"external_id": "V-2"}, headers=headers
        )
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == f"/v1/encounters/{first.json()['encounter_id']}"


async def test_a_patient_is_registered_once_and_found_again(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        first = await clinic.post("/v1/patients", a_patient())
        problem = await clinic.post("/v1/patients", a_patient(first_name="Other"), 409)
        found = await clinic.get("/v1/patients", external_id="MRN-1", source="main-ehr")
        nobody = await clinic.get("/v1/patients", external_id="MRN-9", source="main-ehr")
        alike = await clinic.post("/v1/patients", a_patient("MRN-2", last_name="QUILLFEATHER"))
    assert problem["existing_id"] == first["patient_id"]
    assert [one["patient_id"] for one in found["items"]] == [first["patient_id"]]
    assert nobody["items"] == []
    assert alike["possible_matches"] == [first["patient_id"]]


async def test_a_patient_changes_in_versions(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.patient()
        path = f"/v1/patients/{patient_id}"
        changed = await clinic.put(path, a_person(last_name="Underhill"), 1)
        stale = await clinic.put(path, a_person(), 1, status=412)
        response = await clinic.client.get(path)
    assert (changed["patient_version"], changed["last_name"]) == (2, "Underhill")
    assert stale["code"] == "version_overtaken"
    assert (response.headers["ETag"], response.json()["external_id"]) == ('"2"', "MRN-1")


@pytest.mark.parametrize("if_match", [None, "", "1", "*", 'W/"1"', '"0"', '"one"'])
async def test_a_change_names_the_version_it_was_made_for(
    service: ServiceUnderTest, if_match: str | None
) -> None:
    async with a_clinic(service) as clinic:
        path = f"/v1/patients/{await clinic.patient()}"
        headers = {} if if_match is None else {"If-Match": if_match}
        response = await clinic.client.put(path, json=a_person(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "if_match_needed")


async def test_a_coverage_changes_in_versions(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.patient()
        coverage = await clinic.post("/v1/coverages", a_coverage(patient_id))
        path = f"/v1/coverages/{coverage['coverage_id']}"
        body = {k: v for k, v in a_coverage(patient_id).items() if k != "patient_id"}
        changed = await clinic.put(path, body | {"order": "S"}, 1)
        stale = await clinic.put(path, body, 1, status=412)
        read = await clinic.get(path)
        unknown = await clinic.post("/v1/coverages", a_coverage(NOBODY), 422)
        wrong = await clinic.post("/v1/coverages", a_coverage(patient_id, order="primary"), 422)
    assert (changed["coverage_version"], changed["order"]) == (2, "S")
    assert read == changed
    assert (stale["code"], unknown["code"]) == ("version_overtaken", "patient_unknown")
    assert wrong["errors"][0]["pointer"] == "/order"


async def test_a_coverage_of_somebody_else_is_not_billed(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        other = await clinic.patient("MRN-2")
        foreign = await clinic.post("/v1/coverages", a_coverage(other))
        body = an_encounter(patient_id, coverage_ids=[foreign["coverage_id"]])
        problem = await clinic.post("/v1/encounters", body, 422)
    assert problem["code"] == "coverage_unknown"


async def test_the_version_is_what_claims_agreed_to_read(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter = await clinic.encounter(patient_id)
        response = await clinic.client.get(f"/v1/encounters/{encounter['encounter_id']}/versions/1")
        await clinic.get(f"/v1/encounters/{encounter['encounter_id']}/versions/2", expect=404)
    version: dict[str, Any] = response.json()
    (coverage,) = version["coverages"]
    assert response.headers["Cache-Control"] == "no-store"
    assert coverage["subscriber"] == {
        key: version["patient"][key] for key in coverage["subscriber"]
    }
    assert {
        "encounter_id", "encounter_version", "external_id", "source", "claim_type",
        "service_from_on", "service_to_on", "place_of_service", "patient_account_id",
        "billing_provider_npi", "rendering_provider", "referring_provider", "facility",
        "prior_authorization_number", "assignment_of_benefits", "release_of_information",
        "signature_on_file", "patient", "coverages", "diagnoses", "lines", "total_charge_cents",
        "accident",
    } <= version.keys()  # fmt: skip
    (line,) = version["lines"]
    assert (line["units"], line["charge_cents"], line["service_to_on"]) == (
        "1",
        125_00,
        "2026-02-27",
    )


async def _three(clinic: Clinic) -> list[str]:
    patient_id = await clinic.covered_patient()
    made = []
    for number, changes in enumerate(({}, {"diagnoses": []}, {"service_from_on": "2026-02-20"})):
        clinic.service.runtime.move(minutes=1)
        made.append((await clinic.encounter(patient_id, f"V-{number}", **changes))["encounter_id"])
    return made


async def test_encounters_are_listed_by_what_people_search_by(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        first, held, earlier = await _three(clinic)

        async def listed(**query: Any) -> list[str]:
            page = await clinic.get("/v1/encounters", **query)
            return [item["encounter_id"] for item in page["items"]]

        assert await listed() == [first, held, earlier]
        assert await listed(state="held") == [held]
        assert await listed(external_id="V-1", source="main-ehr") == [held]
        assert await listed(service_to_on="2026-02-20") == [earlier]
        assert await listed(service_from_on="2026-02-21") == [first, held]
        assert await listed(updated_since="2026-03-02T14:02:00Z") == [held, earlier]
        for wrong in ({"external_id": "V-1"}, {"state": "lost"}, {"sate": "held"}, {"limit": 0}):
            await clinic.get("/v1/encounters", expect=422, **wrong)


async def test_pages_follow_one_another_while_encounters_come_in(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        made = await _three(clinic)
        first = await clinic.get("/v1/encounters", limit=2)
        service.runtime.move(minutes=1)
        patient_id = await clinic.covered_patient("MRN-2")
        made.append((await clinic.encounter(patient_id, "V-9"))["encounter_id"])
        second = await clinic.get("/v1/encounters", limit=2, page_token=first["next_page_token"])
        wrong = await clinic.get("/v1/encounters", expect=422, page_token="WzEsMl0")
    seen = [item["encounter_id"] for item in (*first["items"], *second["items"])]
    assert seen == made
    assert second["next_page_token"] is None
    assert wrong["code"] == "page_token_invalid"


async def test_every_reading_of_a_person_is_audited(service: ServiceUnderTest) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient()
        encounter_id = (await clinic.encounter(patient_id))["encounter_id"]
        await clinic.get(f"/v1/patients/{patient_id}")
        await clinic.get("/v1/patients", external_id="MRN-1", source="main-ehr")
        await clinic.get(f"/v1/encounters/{encounter_id}/versions/1")
        await clinic.get("/v1/encounters")
    async with service.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(
            text(
                "SELECT action, resource, principal FROM intake.audit_log ORDER BY occurred_at, id"
            )
        )
        seen = {tuple(row) for row in rows}
    assert seen == {
        ("write", "Patient", "tester"),
        ("write", "Coverage", "tester"),
        ("write", "Encounter", "tester"),
        ("read", "Patient", "tester"),
        ("search", "Patient", "tester"),
        ("read", "EncounterVersion", "tester"),
        ("search", "Encounter", "tester"),
    }


async def test_nothing_that_names_a_person_lies_open(
    service: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_clinic(service) as clinic:
        patient_id = await clinic.covered_patient("MRN-77001", member_id="W99 887766")
        await clinic.encounter(patient_id, "V-77002", diagnoses=[])
    rows = []
    async with service.workroom.reading(ORGANIZATION) as work:
        for table in PARTS.metadata.sorted_tables:
            found = await work.connection.execute(text(f"SELECT * FROM {table.fullname}"))  # noqa: S608
            rows += [str(tuple(row)) for row in found]
    lying = " ".join(rows) + caplog.text
    canaries = ("Quillfeather", "MRN-77001", "V-77002", "W99 887766", "1980-02-14", "Alder")
    assert [word for word in canaries if word in lying] == []
    assert str(patient_id) in lying


@pytest.mark.parametrize("scope", SCOPES.split())
async def test_a_scope_opens_its_own_doors_only(service: ServiceUnderTest, scope: str) -> None:
    async with service.client(scope) as client:
        answers = {
            "Patient": (await client.get(f"/v1/patients/{NOBODY}")).status_code,
            "Coverage": (await client.get(f"/v1/coverages/{NOBODY}")).status_code,
            "Encounter": (await client.get(f"/v1/encounters/{NOBODY}")).status_code,
        }
    mine = scope.removeprefix("system/").split(".")[0]
    assert answers == {name: 404 if name == mine else 403 for name in answers}


async def test_every_operation_is_described(service: ServiceUnderTest) -> None:
    async with service.client(SCOPES) as client:
        described = (await client.get("/openapi.json")).json()
    ours = {
        f"{method} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if path.startswith(("/v1/patients", "/v1/coverages", "/v1/encounters"))
    }
    lacking = [
        name
        for name, operation in ours.items()
        if not (operation.get("summary") and operation.get("description"))
        or not {"401", "403", "503"} <= operation["responses"].keys()
    ]
    assert len(ours) == 18
    assert lacking == []
