"""Requests and facts with defaults that read like a sentence; the people in them are invented."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx

from cleanclaim.chassis.rounds import JobRound
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.claims import ClaimSubmitted, OrganizationConfigured, PayerConfigured
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_body
from cleanclaim.intake import jobs

PRAIRIE = UUID("01980a60-0000-7000-8000-00000000f001")
MEDICARE = UUID("01980a60-0000-7000-8000-00000000f002")
SCOPES = "system/Patient.cruds system/Coverage.cruds system/Encounter.cruds system/Task.ru"
JsonObject = dict[str, Any]


def _fact(model: type[Fact], **changes: Any) -> Any:
    body = {
        name: value for name, value in example_body(model).items() if name in model.model_fields
    }
    return model.model_validate_json(json.dumps(body | changes, default=str))


def an_organization(environment: str = "test", **changes: Any) -> OrganizationConfigured:
    return _fact(
        OrganizationConfigured,
        organization_id=ORGANIZATION,
        environment=environment,
        time_zone="America/New_York",
        **changes,
    )


def a_payer(
    payer_id: UUID = PRAIRIE, *, indicator: str = "CI", name: str = "Prairie Mutual"
) -> PayerConfigured:
    version = {
        "effective_from_on": "2020-01-01",
        "name": name,
        "payer_identifier": "PMH01",
        "claim_filing_indicator": indicator,
        "timely_filing_days": 180,
        "takes_replacement": True,
    }
    return _fact(PayerConfigured, payer_id=payer_id, versions=[version])


def a_sent_claim(encounter_id: str, version: int = 1, **changes: Any) -> ClaimSubmitted:
    return _fact(ClaimSubmitted, encounter_id=encounter_id, encounter_version=version, **changes)


def a_person(**changes: Any) -> JsonObject:
    return {
        "last_name": "Quillfeather",
        "first_name": "Ada",
        "middle_name": None,
        "birth_on": "1980-02-14",
        "sex": "F",
        "address": {
            "line1": "12 Alder Street",
            "line2": None,
            "city": "Boston",
            "state": "MA",
            "zip": "02118",
        },
    } | changes


def a_patient(external_id: str = "MRN-1", **changes: Any) -> JsonObject:
    return {"external_id": external_id, "source": "main-ehr"} | a_person() | changes


def a_coverage(patient_id: str, payer_id: UUID = PRAIRIE, **changes: Any) -> JsonObject:
    return {
        "patient_id": patient_id,
        "payer_id": str(payer_id),
        "order": "P",
        "member_id": "W12345678",
        "group_number": "GRP100",
        "relationship": "18",
        "claim_filing_indicator": None,
    } | changes


def a_line(number: int = 1, **changes: Any) -> JsonObject:
    return {
        "line_number": number,
        "procedure_code": "99213",
        "modifiers": ["25"],
        "units": "1",
        "charge_cents": 125_00,
        "diagnosis_pointers": [1],
    } | changes


def an_encounter(patient_id: str, external_id: str = "V-1", **changes: Any) -> JsonObject:
    return {
        "external_id": external_id,
        "source": "main-ehr",
        "patient_id": patient_id,
        "service_from_on": "2026-02-27",
        "place_of_service": "11",
        "billing_provider_npi": "1234567893",
        "rendering_provider": {
            "npi": "1245319599",
            "last_name": "Garrowby",
            "first_name": "Hugo",
            "taxonomy_code": "207Q00000X",
        },
        "assignment_of_benefits": True,
        "release_of_information": True,
        "signature_on_file": True,
        "diagnoses": ["E11.9", "I10"],
        "lines": [a_line()],
    } | changes


class Clinic:
    """A hospital's system in front of intake."""

    def __init__(self, service: ServiceUnderTest, client: httpx.AsyncClient) -> None:
        self.service = service
        self.client = client

    async def post(self, path: str, body: Any = None, status: int = 201) -> JsonObject:
        response = await self.client.post(path, json=body)
        assert response.status_code == status, response.text
        return response.json()

    async def get(self, path: str, expect: int = 200, **query: Any) -> JsonObject:
        response = await self.client.get(path, params=query)
        assert response.status_code == expect, response.text
        return response.json()

    async def put(self, path: str, body: Any, version: int, status: int = 200) -> JsonObject:
        response = await self.client.put(path, json=body, headers={"If-Match": f'"{version}"'})
        assert response.status_code == status, response.text
        return response.json()

    async def patient(self, external_id: str = "MRN-1", **changes: Any) -> str:
        return (await self.post("/v1/patients", a_patient(external_id, **changes)))["patient_id"]

    async def covered_patient(self, external_id: str = "MRN-1", **changes: Any) -> str:
        patient_id = await self.patient(external_id)
        await self.post("/v1/coverages", a_coverage(patient_id, **changes))
        return patient_id

    async def encounter(
        self, patient_id: str, external_id: str = "V-1", **changes: Any
    ) -> JsonObject:
        return await self.post("/v1/encounters", an_encounter(patient_id, external_id, **changes))

    async def rechecked(self, encounter_id: str) -> JsonObject:
        """Where the encounter stands after the job that examines held ones again."""
        await JobRound(self.service.context, jobs.JOBS).run_once()
        return await self.get(f"/v1/encounters/{encounter_id}")


@asynccontextmanager
async def a_clinic(
    service: ServiceUnderTest, *known: Fact, organization_id: UUID = ORGANIZATION
) -> AsyncIterator[Clinic]:
    """A clinic whose intake has heard of its organization and of Prairie Mutual."""
    await service.deliver(*(known or (an_organization(), a_payer())))
    async with service.client(SCOPES, organization_id=organization_id) as client:
        yield Clinic(service, client)


def codes(answer: JsonObject, severity: str = "error") -> list[str]:
    """The codes of the findings of that severity."""
    return [one["code"] for one in answer["findings"] if one["severity"] == severity]
