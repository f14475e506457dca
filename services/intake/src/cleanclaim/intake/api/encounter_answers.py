"""Where an encounter stands and what was found in it, as an answer carries it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from cleanclaim.intake.api.encounter_shapes import A_LINE, AN_ENCOUNTER, AccidentBody
from cleanclaim.intake.api.person_shapes import (
    A_PERSON,
    FacilityBody,
    PersonBody,
    PractitionerBody,
)
from cleanclaim.intake.domain.encounter import Encounter
from cleanclaim.intake.domain.finding import DataEntryFinding

A_FINDING: dict[str, Any] = {
    "rule_id": "C03",
    "rule_version": 1,
    "severity": "error",
    "code": "diagnosis_not_billable",
    "pointer": "/diagnoses/0",
    "message": "The code is a header: report a more specific one.",
    "expected": "A more specific code under this header, with all its characters.",
    "queue": "coding",
    "value": "E11",
    "charge_id": None,
    "source_table": "ICD-10-CM",
    "source_release": "ICD-10-CM 2025-10",
}
_ID = "01980a60-0000-7000-8000-000000000005"
A_STANDING: dict[str, Any] = {
    "encounter_id": _ID,
    "encounter_version": 1,
    "state": "held",
    "patient_id": "01980a60-0000-7000-8000-000000000001",
    "source": "main-ehr",
    "claim_type": "professional",
    "self_pay": False,
    "payer_id": "01980a60-0000-7000-8000-000000000010",
    "service_from_on": "2026-03-02",
    "service_to_on": "2026-03-02",
    "total_charge_cents": 12500,
    "error_count": 1,
    "warning_count": 0,
    "hold_reason": None,
    "billed_version": None,
    "received_at": "2026-03-02T14:00:00Z",
    "updated_at": "2026-03-02T14:00:00Z",
}


class FindingOut(BaseModel):
    """What one rule found. `value` is given for codes only, never for what names a person."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_FINDING]})

    rule_id: str
    rule_version: int
    severity: str
    code: str
    pointer: str
    message: str
    expected: str
    queue: str
    value: str | None
    charge_id: UUID | None
    source_table: str | None
    source_release: str | None


class FindingPage(BaseModel):
    """All findings of one version, in the order of the rule book."""

    encounter_version: int
    items: list[FindingOut]


class StandingOut(BaseModel):
    """Where an encounter stands: received, held, ready, billed or voided (more may come)."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_STANDING]})

    encounter_id: UUID
    encounter_version: int
    state: str
    patient_id: UUID
    source: str
    claim_type: str
    self_pay: bool
    payer_id: UUID | None
    service_from_on: date | None
    service_to_on: date | None
    total_charge_cents: int
    error_count: int
    warning_count: int
    hold_reason: str | None
    billed_version: int | None
    received_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, encounter: Encounter) -> "StandingOut":
        return cls(**_standing(encounter))


class EncounterOut(StandingOut):
    """An encounter with what was found in its newest version."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [A_STANDING | {"external_id": "V-2026-000123", "findings": [A_FINDING]}]
        }
    )

    external_id: str
    findings: list[FindingOut]

    @classmethod
    def found(
        cls, encounter: Encounter, external_id: str, findings: Sequence[DataEntryFinding]
    ) -> "EncounterOut":
        return cls(
            **_standing(encounter),
            external_id=external_id,
            findings=[finding_out(one) for one in findings],
        )


class ValidationOut(BaseModel):
    """What POST /v1/encounters would have answered, with nothing kept."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "held", "findings": [A_FINDING]}]}
    )

    state: str
    findings: list[FindingOut]


class EncounterPage(BaseModel):
    """A page of encounters by the time of their last change, oldest first."""

    items: list[StandingOut]
    next_page_token: str | None = None


class VersionPatient(PersonBody):
    """The patient as this version has them."""

    patient_id: UUID
    patient_version: int
    external_id: str
    source: str


class VersionCoverage(BaseModel):
    """A coverage as this version has it, primary first."""

    coverage_id: UUID
    coverage_version: int
    payer_id: UUID
    order: str
    member_id: str | None
    group_number: str | None
    relationship: str | None
    claim_filing_indicator: str | None
    effective_from_on: date | None
    effective_to_on: date | None
    subscriber: PersonBody | None
    subscriber_given: bool


class VersionLine(BaseModel):
    """A charge as this version has it."""

    charge_id: UUID
    line_number: int
    procedure_code: str | None
    modifiers: list[str]
    units: str | None
    unit: str
    charge_cents: int | None
    service_from_on: date | None
    service_to_on: date | None
    place_of_service: str | None
    diagnosis_pointers: list[int]


_EXAMPLE_COVERAGE: dict[str, Any] = {
    "coverage_id": "01980a60-0000-7000-8000-000000000003",
    "coverage_version": 1,
    "payer_id": "01980a60-0000-7000-8000-000000000010",
    "order": "P",
    "member_id": "W12345678",
    "group_number": "GRP100",
    "relationship": "18",
    "claim_filing_indicator": "CI",
    "effective_from_on": None,
    "effective_to_on": None,
    "subscriber": A_PERSON,
    "subscriber_given": False,
}


class EncounterVersionOut(BaseModel):
    """One immutable version of an encounter, whole: what a claim is built from.

    `total_charge_cents` is the sum of the lines, `stated_total_charge_cents` what the source said.
    Where the patient is the subscriber, the subscriber is the patient's own record.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **{name: AN_ENCOUNTER[name] for name in AN_ENCOUNTER if name != "patient_id"},
                    "encounter_id": _ID,
                    "encounter_version": 1,
                    "received_on": "2026-03-02",
                    "patient_account_id": "01980a60-0000-7000-8000-000000000002",
                    "patient": {
                        "patient_id": "01980a60-0000-7000-8000-000000000001",
                        "patient_version": 1,
                        "external_id": "MRN-1001",
                        "source": "main-ehr",
                        **A_PERSON,
                    },
                    "coverages": [_EXAMPLE_COVERAGE],
                    "lines": [{"charge_id": "01980a60-0000-7000-8000-000000000006", **A_LINE}],
                    "stated_total_charge_cents": 12500,
                }
            ]
        }
    )

    encounter_id: UUID
    encounter_version: int
    received_on: date
    external_id: str
    source: str
    claim_type: str
    self_pay: bool
    service_from_on: date | None
    service_to_on: date | None
    place_of_service: str | None
    patient_account_id: UUID
    billing_provider_npi: str | None
    rendering_provider: PractitionerBody | None
    referring_provider: PractitionerBody | None
    facility: FacilityBody | None
    prior_authorization_number: str | None
    assignment_of_benefits: bool | None
    release_of_information: bool | None
    signature_on_file: bool | None
    patient: VersionPatient
    coverages: list[VersionCoverage]
    coverage_ids: list[UUID] | None
    diagnoses: list[str]
    lines: list[VersionLine]
    total_charge_cents: int
    stated_total_charge_cents: int | None
    accident: AccidentBody | None


def finding_out(finding: DataEntryFinding) -> FindingOut:
    return FindingOut(**asdict(finding))


def _standing(encounter: Encounter) -> dict[str, Any]:
    fields = asdict(encounter)
    return fields | {
        "encounter_version": fields.pop("version"),
        "state": encounter.state.value,
    }
