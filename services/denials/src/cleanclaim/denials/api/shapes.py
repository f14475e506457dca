"""What a denial looks like from outside: in a list, and whole."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.denials.api.examples import DENIAL, SUMMARY

SUBJECT = r"^[A-Za-z0-9][A-Za-z0-9._:@|-]*$"
"""How an identity provider names a person, client or team; never a person's name."""

StatusWord = Literal[
    "open",
    "in_work",
    "corrected",
    "appealed",
    "recovered",
    "partly_recovered",
    "upheld",
    "written_off",
    "billed_to_patient",
    "billed_to_other",
    "superseded",
]


class DenialSummaryOut(BaseModel):
    """A denial in a list: enough to choose what to work on next."""

    model_config = ConfigDict(json_schema_extra={"examples": [SUMMARY]})

    id: UUID
    claim_id: UUID
    claim_version: int
    claim_payment_id: UUID
    patient_account_id: UUID
    payer_id: UUID
    payer_name: str | None
    scope: str
    status: str
    category: str
    group_code: str
    reason_code: str
    reason_meaning: str
    owner_queue: str
    owner_stage: str
    assigned_to: str | None
    action: str
    denied_cents: int
    expected_recovery_cents: int
    recovered_cents: int
    appeal_by_on: date | None
    correct_by_on: date | None
    work_by_on: date | None
    priority: int
    priority_terms: dict[str, int]
    adjudicated_on: date
    opened_at: datetime
    changed_at: datetime
    resolved_on: date | None


class DenialPage(BaseModel):
    """A page of denials, the most urgent first."""

    items: list[DenialSummaryOut]
    next_page_token: str | None = None


class CodeOut(BaseModel):
    """A reason or remark code in our own words."""

    code: str
    meaning: str
    listed: Annotated[bool, Field(description="False where our table does not hold the code.")]


class AdjustmentOut(BaseModel):
    """One adjustment of a refused line."""

    group_code: str
    reason_code: str
    meaning: str
    amount_cents: int
    disposition: str


class DenialLineOut(BaseModel):
    """A refused line, or the claim as a whole where `whole_claim` is true."""

    line_id: UUID | None
    whole_claim: bool
    line_control_number: str | None
    procedure_code: str | None
    modifiers: list[str]
    units: str | None
    service_from_on: date | None
    service_to_on: date | None
    charge_cents: int
    paid_cents: int
    denied_cents: int
    adjustments: list[AdjustmentOut]
    remarks: list[CodeOut]


class RootCauseOut(BaseModel):
    """Why it was refused, by which rule, from which inputs."""

    category: str
    rule_id: str
    rule_version: str
    inputs: dict[str, Any]
    claim_field: str
    evidence: list[str]


class DeadlineOut(BaseModel):
    """A last day and how it was reckoned; `state` is known, unknown or none."""

    state: str
    due_on: date | None
    basis: str
    counted_from_on: date | None
    days: int | None


class PlanOut(BaseModel):
    """What is proposed, and which rules proposed it."""

    action: str
    resend: str | None
    appealable: bool
    because: list[str]


class ExpectedRecoveryOut(BaseModel):
    """Cents expected to come in: `share_percent` of what was refused, and why that share."""

    expected_cents: int
    share_percent: int
    because: str


class StepOut(BaseModel):
    """One step of the history."""

    from_status: str | None
    to_status: str
    because: str
    by: str | None
    at: datetime


class DenialOut(DenialSummaryOut):
    """A denial with all that was found out about it."""

    model_config = ConfigDict(json_schema_extra={"examples": [DENIAL]})

    remittance_id: UUID
    payer_responsibility: str
    payer_claim_control_number: str | None
    claim_status_code: str
    billing_provider_name: str | None
    received_at: datetime
    level: int
    because: str
    root_cause: RootCauseOut
    deadlines: dict[str, DeadlineOut]
    plan: PlanOut
    expected_recovery: ExpectedRecoveryOut
    lines: list[DenialLineOut]
    history: list[StepOut]
    resolved_by_payment_id: UUID | None


class Assign(BaseModel):
    """To whom the denial is given."""

    model_config = ConfigDict(extra="forbid", strict=True)

    assignee: Annotated[
        str,
        Field(
            max_length=200,
            pattern=SUBJECT,
            description="Subject of a person, or a team's name, as the identity provider has it.",
            examples=["denials-team-2"],
        ),
    ]


class Totals(BaseModel):
    """Counts and cents; `expected_recovery_cents` is of the active denials alone."""

    cases: int
    active_cases: int
    denied_cents: int
    expected_recovery_cents: int
    recovered_cents: int


class CategoryTotals(Totals):
    category: str


class ReasonTotals(Totals):
    category: str
    group_code: str
    reason_code: str
    reason_meaning: str


class PayerTotals(Totals):
    payer_id: UUID
    payer_name: str | None


class DenialSummary(BaseModel):
    """What was refused between two days, by cause and by payer, most money first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "opened_from_on": "2026-10-01",
                    "opened_to_on": "2026-10-31",
                    "total": {
                        "cases": 1,
                        "active_cases": 1,
                        "denied_cents": 20000,
                        "expected_recovery_cents": 9000,
                        "recovered_cents": 0,
                    },
                    "by_category": [
                        {
                            "category": "authorization",
                            "cases": 1,
                            "active_cases": 1,
                            "denied_cents": 20000,
                            "expected_recovery_cents": 9000,
                            "recovered_cents": 0,
                        }
                    ],
                    "by_reason": [],
                    "by_payer": [],
                }
            ]
        }
    )

    opened_from_on: date | None
    opened_to_on: date | None
    total: Totals
    by_category: list[CategoryTotals]
    by_reason: list[ReasonTotals]
    by_payer: list[PayerTotals]
