"""Claims, submissions and acknowledgements as JSON."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.claims.domain.claim import ClaimVersion
from cleanclaim.claims.domain.edits import Finding

_CLAIM_ID = "01980000-0000-7000-8000-000000000c01"
_CLAIM = {
    "id": _CLAIM_ID,
    "claim_number": "C000000042",
    "state": "clean",
    "current_version": 1,
    "encounter_id": "01980000-0000-7000-8000-000000000e01",
    "encounter_version": 1,
    "newest_encounter_version": 1,
    "payer_id": "01980000-0000-7000-8000-0000000000e1",
    "claim_type": "professional",
    "total_charge_cents": 12500,
    "service_from_on": "2026-02-20",
    "service_to_on": "2026-02-20",
    "file_by_on": "2026-08-19",
    "hold_reason": None,
    "submission_id": None,
    "payer_claim_control_number": None,
    "claim_status_code": None,
    "built_at": "2026-03-02T14:00:00Z",
    "changed_at": "2026-03-02T14:00:00Z",
}
_FINDING = {
    "rule_id": "payer.unknown",
    "severity": "error",
    "message": "The payer of the primary coverage is not in the directory.",
    "fix": "Add the payer, or correct the coverage in intake; then release the claim.",
    "pointer": "/payer_id",
    "line_id": None,
}
_SUBMISSION = {
    "id": "01980000-0000-7000-8000-000000000f01",
    "connection_id": "01980000-0000-7000-8000-0000000000c1",
    "status": "sent",
    "usage": "T",
    "interchange_control_number": "000000001",
    "group_control_number": "1",
    "file_name": "837P_000000001.x12",
    "sets": [{"control_number": "0001", "status": "sent"}],
    "claim_count": 1,
    "total_charge_cents": 12500,
    "prepared_at": "2026-03-02T14:05:00Z",
    "sent_at": "2026-03-02T14:05:00Z",
}


def _example(example: Mapping[Any, Any]) -> ConfigDict:
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [dict(example)]})


class FindingOut(BaseModel):
    """What an edit found; an error holds the claim."""

    model_config = _example(_FINDING)

    rule_id: str
    severity: str
    message: str
    fix: str
    pointer: str | None
    line_id: UUID | None


class ClaimSummary(BaseModel):
    model_config = _example(_CLAIM)

    id: UUID
    claim_number: str
    state: str
    current_version: int
    encounter_id: UUID
    encounter_version: Annotated[int, Field(description="Version that the claim bills.")]
    newest_encounter_version: Annotated[int, Field(description="Newest that was heard of.")]
    payer_id: UUID
    claim_type: str
    total_charge_cents: int
    service_from_on: date
    service_to_on: date
    file_by_on: date | None
    hold_reason: str | None
    submission_id: UUID | None
    payer_claim_control_number: str | None
    claim_status_code: str | None
    built_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "ClaimSummary":
        return cls(**{name: row[name] for name in ClaimSummary.model_fields})


class ClaimPage(BaseModel):
    model_config = _example({"items": [_CLAIM], "next_page_token": None})

    items: list[ClaimSummary]
    next_page_token: str | None


class LineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    line_id: UUID
    line_control_number: str
    procedure_code: str
    modifiers: list[str]
    diagnosis_pointers: list[int]
    units: str
    unit_code: str
    charge_cents: int
    service_from_on: date
    service_to_on: date


class VersionOut(BaseModel):
    """One version as built or sent: codes, days and money; the people are intake's to show."""

    version: int
    encounter_version: int
    frequency_code: str
    patient_control_number: str
    coverage_id: UUID
    payer_responsibility: str
    billing_provider_npi: str
    rendering_provider_npi: str | None
    facility_code: str
    diagnosis_codes: list[str]
    authorization_present: bool
    total_charge_cents: int
    lines: list[LineOut]
    findings: list[FindingOut]
    built_at: datetime
    submission_id: UUID | None
    set_control_number: str | None
    submitted_at: datetime | None

    @classmethod
    def of(
        cls, row: Mapping[Any, Any], claim: ClaimVersion, findings: Sequence[Finding]
    ) -> "VersionOut":
        kept = ("built_at", "submission_id", "set_control_number", "submitted_at")
        said = set(cls.model_fields) - {*kept, "lines", "findings", "diagnosis_codes"}
        return cls(
            **{name: row[name] for name in kept},
            **{name: getattr(claim, name) for name in said},
            diagnosis_codes=list(claim.diagnosis_codes),
            lines=[LineOut.model_validate(one) for one in claim.lines],
            findings=[FindingOut.model_validate(one) for one in findings],
        )


class AnswerOut(BaseModel):
    """One answer to a version; `changed_state` is false where a higher answer stood."""

    acknowledgement_id: UUID
    claim_version: int
    answer: str
    answered_by: str
    outcome: str
    changed_state: bool
    findings: list[dict[str, Any]]
    payer_claim_control_number: str | None
    answered_at: datetime

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "AnswerOut":
        return cls(**{name: row[name] for name in cls.model_fields})


class ClaimOut(ClaimSummary):
    """A claim with all its versions and the answers to them."""

    model_config = _example({**_CLAIM, "versions": [], "acknowledgements": []})

    versions: list[VersionOut]
    acknowledgements: list[AnswerOut]


class OutcomeOut(BaseModel):
    """What became, or would become, of a claim; `submission_ids` where files were cut."""

    model_config = _example(
        {"claim_id": _CLAIM_ID, "state": "held", "version": 1, "findings": [_FINDING],
         "submission_ids": []}
    )  # fmt: skip

    claim_id: UUID
    state: str
    version: int
    findings: list[FindingOut]
    submission_ids: list[UUID] = []


class HoldIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"reason": "under_review"}]}
    )

    reason: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", description="A code, never free text.")
    ]


class SetOut(BaseModel):
    control_number: str
    status: str


class SubmissionOut(BaseModel):
    """One file of claims; its status is that of its sets once they were answered."""

    model_config = _example(_SUBMISSION)

    id: UUID
    connection_id: UUID
    status: str
    usage: str
    interchange_control_number: str
    group_control_number: str
    file_name: str
    sets: list[SetOut]
    claim_count: int
    total_charge_cents: int
    prepared_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "SubmissionOut":
        return cls(**{name: row[name] for name in SubmissionOut.model_fields})


class SubmissionWithClaims(SubmissionOut):
    model_config = _example({**_SUBMISSION, "claim_ids": [_CLAIM_ID]})

    claim_ids: list[UUID]


class SubmissionPage(BaseModel):
    model_config = _example({"items": [_SUBMISSION], "next_page_token": None})

    items: list[SubmissionOut]
    next_page_token: str | None


class SubmissionsCut(BaseModel):
    """The files that this request had cut, perhaps none."""

    model_config = _example({"items": [_SUBMISSION]})

    items: list[SubmissionOut]


class ReportOut(BaseModel):
    """What a file of answers did; counts are of claim versions, except `unknown`."""

    matched: int
    acknowledged: int
    received: int
    accepted: int
    rejected: int
    unchanged: int
    unknown: int
    unreadable: int
    submission_ids: list[UUID]
    unknown_control_numbers: list[str]
    findings: list[str]


class AcknowledgementOut(BaseModel):
    model_config = _example(
        {
            "id": "01980000-0000-7000-8000-00000000ac01",
            "kinds": ["999"],
            "source": "upload",
            "received_at": "2026-03-02T15:00:00Z",
            "report": {
                "matched": 1, "acknowledged": 1, "received": 0, "accepted": 0, "rejected": 0,
                "unchanged": 0, "unknown": 0, "unreadable": 0,
                "submission_ids": ["01980000-0000-7000-8000-000000000f01"],
                "unknown_control_numbers": [], "findings": [],
            },
        }
    )  # fmt: skip

    id: UUID
    kinds: list[str]
    source: str
    received_at: datetime
    report: ReportOut

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "AcknowledgementOut":
        fields = {name: row[name] for name in cls.model_fields if name != "report"}
        return cls(**fields, report=ReportOut(**row["report"]))


State = Literal[
    "held", "clean", "submitted", "acknowledged", "received", "accepted", "adjudicated",
    "closed", "rejected", "voided",
]  # fmt: skip
