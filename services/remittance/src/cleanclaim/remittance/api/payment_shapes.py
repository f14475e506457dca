"""What the API of remittance answers with about claim payments and those that wait."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.remittance.domain.matching import Candidate

_PAYMENT = "01980a60-0000-7000-8000-00000000c010"
_CLAIM = "01980a60-0000-7000-8000-00000000c011"


class AdjustmentOut(BaseModel):
    """One triple of a CAS; `disposition` is empty while the payment waits."""

    group: str
    reason: str
    amount_cents: int
    quantity: str | None
    disposition: str


class LineOut(BaseModel):
    """One SVC; `matched_by` says how our line was found."""

    number: int
    line_id: UUID | None
    matched_by: str | None
    control_number: str | None
    qualifier: str
    code: str
    modifiers: list[str]
    units: str | None
    submitted_code: str | None
    charge_cents: int
    paid_cents: int
    allowed_cents: int | None
    service_from_on: date | None
    service_to_on: date | None
    adjustments: list[AdjustmentOut]
    remark_codes: list[str]


_EXAMPLE: dict[str, Any] = {
    "id": _PAYMENT,
    "remittance_id": "01980a60-0000-7000-8000-00000000c001",
    "status": "posted",
    "reason": None,
    "claim_status_code": "1",
    "claim_id": _CLAIM,
    "claim_version": 1,
    "payer_id": "01980a60-0000-7000-8000-00000000c002",
    "responsibility": "P",
    "sequence": 1,
    "next_payer_id": None,
    "forwarded_to_payer_id": None,
    "reverses_claim_payment_id": None,
    "payer_claim_control_number": "PMH26275000123",
    "trace_number": "EFT20261002001",
    "payment_method": "ACH",
    "paid_on": "2026-10-02",
    "charge_cents": 10000,
    "paid_cents": 8000,
    "denied_cents": 0,
    "patient_responsibility_cents": 0,
    "from_unapplied": False,
    "matched_by": None,
    "defects": [],
    "adjustments": [],
    "remark_codes": [],
    "lines": [
        {
            "number": 1,
            "line_id": "01980a60-0000-7000-8000-00000000c012",
            "matched_by": "line_control_number",
            "control_number": "L1",
            "qualifier": "HC",
            "code": "99213",
            "modifiers": [],
            "units": "1",
            "submitted_code": None,
            "charge_cents": 10000,
            "paid_cents": 8000,
            "allowed_cents": 8000,
            "service_from_on": "2026-09-14",
            "service_to_on": "2026-09-14",
            "adjustments": [
                {
                    "group": "CO",
                    "reason": "45",
                    "amount_cents": 2000,
                    "quantity": None,
                    "disposition": "contractual",
                }
            ],
            "remark_codes": [],
        }
    ],
    "created_at": "2026-10-02T11:31:00Z",
    "posted_at": "2026-10-02T11:31:00Z",
}


class ClaimPaymentOut(BaseModel):
    """A payer's decision on one claim: posted, waiting (unmatched) or only noted."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    remittance_id: UUID
    status: str
    reason: str | None
    claim_status_code: str
    claim_id: UUID | None
    claim_version: int | None
    payer_id: UUID
    responsibility: str | None
    sequence: int | None
    next_payer_id: UUID | None
    forwarded_to_payer_id: UUID | None
    reverses_claim_payment_id: UUID | None
    payer_claim_control_number: str | None
    trace_number: str | None
    payment_method: str | None
    paid_on: date | None
    charge_cents: int
    paid_cents: int
    denied_cents: int
    patient_responsibility_cents: int | None
    from_unapplied: bool
    matched_by: str | None
    defects: list[str]
    adjustments: list[AdjustmentOut]
    remark_codes: list[str]
    lines: list[LineOut]
    created_at: datetime
    posted_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "ClaimPaymentOut":
        payment = row["payment"]
        shown = {name: row[name] for name in cls.model_fields if name in row}
        return cls.model_validate(
            shown
            | {
                "reverses_claim_payment_id": row["reverses_id"],
                "patient_responsibility_cents": payment["patient_responsibility_cents"],
                "adjustments": payment["adjustments"],
                "remark_codes": payment["remark_codes"],
                "lines": payment["lines"],
            }
        )


class ClaimPaymentPage(BaseModel):
    """A page of claim payments in the order of their remittance."""

    items: list[ClaimPaymentOut]
    next_page_token: str | None


class CandidateOut(BaseModel):
    """A claim that the payment may be meant for, and what speaks for it."""

    claim_id: UUID
    claim_version: int
    payer_id: UUID
    charge_cents: int
    service_from_on: date
    score: int
    reasons: list[str]

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        reference = candidate.reference
        return cls(
            claim_id=reference.claim_id,
            claim_version=reference.claim_version,
            payer_id=reference.payer_id,
            charge_cents=reference.charge_cents,
            service_from_on=reference.service_from_on,
            score=candidate.score,
            reasons=list(candidate.reasons),
        )


class UnmatchedOut(ClaimPaymentOut):
    """A payment that waits, with the number the payer gave it (PHI) and likely claims."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _EXAMPLE
                | {
                    "status": "unmatched",
                    "reason": "no_claim",
                    "claim_id": None,
                    "claim_version": None,
                    "posted_at": None,
                    "patient_control_number": "OLDSYSTEM-1",
                    "candidates": [
                        {
                            "claim_id": _CLAIM,
                            "claim_version": 1,
                            "payer_id": "01980a60-0000-7000-8000-00000000c002",
                            "charge_cents": 10000,
                            "service_from_on": "2026-09-14",
                            "score": 95,
                            "reasons": ["charge", "service_day", "payer", "procedures"],
                        }
                    ],
                }
            ]
        }
    )

    patient_control_number: str | None
    candidates: list[CandidateOut]


class MatchIn(BaseModel):
    """The claim that a waiting payment is meant for."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"claim_id": _CLAIM}]}
    )

    claim_id: Annotated[UUID, Field(strict=False)]
