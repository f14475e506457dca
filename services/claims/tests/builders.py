"""Invented encounters, providers and payers, as short sentences; nobody here exists."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import httpx

from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.claims.partners import read_encounter
from cleanclaim.events.intake import EncounterCoverage, EncounterLine, EncounterReady
from cleanclaim.values.errors import Missing, Unavailable

NAMES = UUID("01980000-0000-7000-8000-00000000ffff")
NPI = "1234567893"
MARK = "TVPRPV"
"""What the patient control numbers of the tests' organization end with."""
SERVICE_ON = date(2026, 2, 20)
SCOPES = (
    "system/Provider.crus system/Payer.crus system/Connection.crus system/Claim.rus"
    " system/Submission.crs system/Acknowledgement.cr system/Organization.r"
    " cleanclaim/directory.admin"
)


def an_id(name: str) -> UUID:
    return uuid5(NAMES, name)


def an_address(**changes: Any) -> dict[str, Any]:
    return {
        "line1": "12 Elm St",
        "line2": None,
        "city": "Springfield",
        "state": "IL",
        "zip": "62701",
    } | changes


def a_person(
    last_name: str = "Ahlgren", first_name: str = "Nora", **changes: Any
) -> dict[str, Any]:
    return {
        "last_name": last_name,
        "first_name": first_name,
        "middle_name": None,
        "birth_on": "1980-05-04",
        "sex": "F",
        "address": an_address(),
    } | changes


def a_charge(number: int = 1, charge_cents: int = 125_00, **changes: Any) -> dict[str, Any]:
    return {
        "charge_id": str(an_id(f"charge {number}")),
        "line_number": number,
        "procedure_code": "99213",
        "modifiers": [],
        "units": "1",
        "unit": "UN",
        "charge_cents": charge_cents,
        "service_from_on": SERVICE_ON.isoformat(),
        "service_to_on": SERVICE_ON.isoformat(),
        "place_of_service": None,
        "diagnosis_pointers": [1],
    } | changes


def a_coverage(payer_id: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "coverage_id": str(an_id(f"coverage with {payer_id}")),
        "payer_id": str(payer_id),
        "order": "P",
        "member_id": "MBR000001",
        "group_number": None,
        "relationship": "18",
        "claim_filing_indicator": "CI",
        "subscriber": a_person(),
    } | changes


def an_encounter(
    payer_id: UUID, *, name: str = "visit", version: int = 1, **changes: Any
) -> dict[str, Any]:
    """What intake answers for one version of an encounter."""
    lines = changes.pop("lines", [a_charge()])
    total = changes.pop("total_charge_cents", sum(one["charge_cents"] for one in lines))
    return {
        "encounter_id": str(an_id(name)),
        "encounter_version": version,
        "external_id": None,
        "source": "test",
        "claim_type": "professional",
        "service_from_on": SERVICE_ON.isoformat(),
        "service_to_on": SERVICE_ON.isoformat(),
        "place_of_service": "11",
        "patient_account_id": str(an_id(f"account of {name}")),
        "billing_provider_npi": NPI,
        "rendering_provider": {
            "npi": "1999999984",
            "last_name": "Dahl",
            "first_name": "Ivo",
            "taxonomy_code": "207Q00000X",
        },
        "referring_provider": None,
        "facility": None,
        "prior_authorization_number": None,
        "assignment_of_benefits": True,
        "release_of_information": True,
        "signature_on_file": True,
        "patient": {"patient_id": str(an_id("patient")), "patient_version": 1, **a_person()},
        "coverages": [a_coverage(payer_id)],
        "diagnoses": ["E11.9", "I10"],
        "lines": lines,
        "total_charge_cents": total,
        "accident": None,
    } | changes


def ready(encounter: dict[str, Any], *, self_pay: bool = False, **changes: Any) -> EncounterReady:
    """The fact that intake tells of an encounter version."""
    fact = EncounterReady(
        encounter_id=UUID(encounter["encounter_id"]),
        encounter_version=encounter["encounter_version"],
        patient_id=an_id("patient"),
        patient_version=1,
        patient_account_id=UUID(encounter["patient_account_id"]),
        claim_type=encounter["claim_type"],
        self_pay=self_pay,
        coverages=tuple(
            EncounterCoverage(
                coverage_id=UUID(one["coverage_id"]),
                payer_id=UUID(one["payer_id"]),
                order="PST".index(one["order"]) + 1,
            )
            for one in encounter["coverages"]
        ),
        service_from_on=date.fromisoformat(encounter["service_from_on"]),
        service_to_on=date.fromisoformat(encounter["service_to_on"]),
        lines=tuple(_line(one) for one in encounter["lines"]),
        total_charge_cents=encounter["total_charge_cents"],
    )
    return fact.model_copy(update=changes)


def _line(charge: dict[str, Any]) -> EncounterLine:
    return EncounterLine(
        charge_id=UUID(charge["charge_id"]),
        procedure_code=charge["procedure_code"],
        modifiers=tuple(charge["modifiers"]),
        units=charge["units"],
        charge_cents=charge["charge_cents"],
        service_from_on=date.fromisoformat(charge["service_from_on"]),
        service_to_on=date.fromisoformat(charge["service_to_on"]),
    )


class FakeIntake:
    """Answers as intake does, for the encounters that a test put here."""

    def __init__(self) -> None:
        self.answers: dict[tuple[UUID, int], dict[str, Any]] = {}
        self.asked: list[tuple[UUID, UUID, int]] = []
        self.is_down = False

    def has(self, *encounters: dict[str, Any]) -> None:
        for one in encounters:
            self.answers[UUID(one["encounter_id"]), one["encounter_version"]] = one

    async def encounter_versions(
        self, organization_id: UUID, wanted: Iterable[tuple[UUID, int]]
    ) -> dict[tuple[UUID, int], Any]:
        if self.is_down:
            raise Unavailable("intake cannot be asked for now")
        found = {}
        for key in wanted:
            self.asked.append((organization_id, *key))
            if key not in self.answers:
                raise Missing("intake knows no such thing", code="partner_missing")
            found[key] = read_encounter(self.answers[key])
        return found


def a_provider_body(**changes: Any) -> dict[str, Any]:
    version = {
        "effective_from_on": "2020-01-01",
        "npi": NPI,
        "tin": "371234567",
        "name": "Prairie Family Clinic",
        "taxonomy_code": "207Q00000X",
        "address": {
            "street": "100 Main St",
            "city": "Springfield",
            "state": "IL",
            "postal_code": "627010001",
        },
    } | changes
    return {"versions": [version]}


def a_connection_body(**changes: Any) -> dict[str, Any]:
    return {
        "name": "clearinghouse",
        "purpose": "clearinghouse",
        "sender_id": "PRAIRIE01",
        "receiver_id": "CLEARHOUSE",
        "receiver_name": "Clear House",
        "contact_name": "Billing office",
        "contact_phone": "2175550100",
    } | changes


def a_payer_body(connection_id: str | None, **changes: Any) -> dict[str, Any]:
    version = {
        "effective_from_on": "2020-01-01",
        "name": "Prairie Mutual Health",
        "payer_identifier": "PMH01",
        "claim_filing_indicator": "CI",
        "timely_filing_days": 180,
        "takes_replacement": True,
    } | changes
    return {"connection_id": connection_id, "versions": [version]}


class Office:
    """An organization with a provider, a connection and a payer, and what it does every day."""

    def __init__(
        self, service: ServiceUnderTest, intake: FakeIntake, client: httpx.AsyncClient
    ) -> None:
        self.service = service
        self.intake = intake
        self.client = client
        self.payer_id = an_id("nobody")
        self.provider_id = an_id("nobody")
        self.connection_id = an_id("nobody")

    async def open(self, *, environment: str = "test") -> "Office":
        organization = {
            "organization_id": str(ORGANIZATION),
            "name": "Prairie Family Clinic",
            "time_zone": "America/Chicago",
            "environment": environment,
        }
        await self.post("/v1/organizations", organization)
        self.connection_id = UUID((await self.post("/v1/connections", a_connection_body()))["id"])
        payer = a_payer_body(str(self.connection_id))
        self.payer_id = UUID((await self.post("/v1/payers", payer))["id"])
        self.provider_id = UUID((await self.post("/v1/providers", a_provider_body()))["id"])
        return self

    async def post(
        self, path: str, body: Any = None, *, status: int | tuple[int, ...] = (200, 201)
    ) -> Any:
        answer = await self.client.post(path, json=body)
        wanted = (status,) if isinstance(status, int) else status
        assert answer.status_code in wanted, answer.text
        return answer.json()

    async def get(self, path: str, *, status: int = 200, **params: Any) -> Any:
        answer = await self.client.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def upload(self, content: bytes) -> Any:
        answer = await self.client.post(
            "/v1/acknowledgements",
            content=content,
            headers={"Content-Type": "application/edi-x12"},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def encounter(self, **changes: Any) -> dict[str, Any]:
        made = an_encounter(self.payer_id, **changes)
        self.intake.has(made)
        return made

    async def has_ready(self, *encounters: dict[str, Any]) -> list[Any]:
        """Intake tells of these encounters; the claims that there are after it."""
        self.intake.has(*encounters)
        await self.service.deliver(*(ready(one) for one in encounters))
        return await self.claims()

    async def claims(self, **params: Any) -> list[Any]:
        return (await self.get("/v1/claims", **params))["items"]

    async def claim(self, claim_id: str) -> Any:
        return await self.get(f"/v1/claims/{claim_id}")

    async def submit_all(self) -> list[Any]:
        return (await self.post("/v1/submissions"))["items"]


ORGANIZATION = UUID("01980000-0000-7000-8000-0000000000a1")


def without(encounter: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in encounter.items() if name not in names}
