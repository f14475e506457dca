"""What banking routes take and give: accounts, statements, deposits, matches, variances."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.reconcile.api import examples
from cleanclaim.reconcile.domain.variance import VarianceKind

Reason = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{2,49}$",
        description="A reason code in snake_case; no free text, for it could name a person.",
    ),
]


def _with(example: Mapping[str, Any]) -> dict[str, Any]:
    return {"examples": [dict(example)]}


class BankAccountIn(BaseModel):
    """An account whose statements are to be taken."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra=_with(examples.BANK_ACCOUNT_IN)
    )

    name: Annotated[str, Field(min_length=1, max_length=120, description="Your name of it.")]
    bank_name: Annotated[str, Field(min_length=1, max_length=120)]
    account_number: Annotated[
        str, Field(min_length=4, max_length=40, description="As the bank's files write it; sealed.")
    ]


class BankAccountOut(BaseModel):
    """A bank account; its number shows its last four places only."""

    model_config = ConfigDict(json_schema_extra=_with(examples.BANK_ACCOUNT))

    id: UUID
    name: str
    bank_name: str
    last_four: str
    opened_at: datetime


class StatementFinding(BaseModel):
    """One broken rule of a file: its line (from 1), record type, rule and fix."""

    line: int
    record: str
    rule: str
    message: str
    fix: str


class AccountDay(BaseModel):
    """One account on one day of a statement; cents, balances null where the bank gave none."""

    bank_account_id: UUID
    as_of_on: date
    opening_cents: int | None
    closing_cents: int | None
    credit_count: int
    credit_cents: int
    return_count: int
    return_cents: int
    other_debit_count: int
    other_debit_cents: int


class BankStatementOut(BaseModel):
    """One file of a bank: accepted with its deposits, or refused whole with its findings."""

    model_config = ConfigDict(json_schema_extra=_with(examples.BANK_STATEMENT))

    id: UUID
    format: str
    source: str
    status: str
    findings: list[StatementFinding]
    accounts: list[AccountDay]
    recorded_count: int
    known_count: int
    received_at: datetime
    already_known: bool = False


class DepositOut(BaseModel):
    """Money seen in the bank, in cents; negative where the bank took it back."""

    model_config = ConfigDict(json_schema_extra=_with(examples.DEPOSIT))

    id: UUID
    bank_account_id: UUID
    bank_statement_id: UUID | None
    amount_cents: int
    deposited_on: date
    method: str
    type_code: str
    trace_number: str | None
    originating_company_id: str | None
    payer_id: UUID | None
    state: str
    waiting_reason: str | None
    window_ends_on: date
    recorded_at: datetime


class CandidateOut(BaseModel):
    """A remittance that might explain a deposit."""

    remittance_id: UUID
    payer_id: UUID | None
    trace_number: str
    payment_method: str
    paid_on: date
    payment_cents: int
    open_cents: int


class BankWording(BaseModel):
    """References and text as the bank wrote them; they may name a payer or a patient."""

    bank_reference: str
    customer_reference: str
    text: list[str]


class DepositDetailOut(DepositOut):
    """A deposit with the bank's own words and, while it waits, what might explain it."""

    model_config = ConfigDict(json_schema_extra=_with(examples.DEPOSIT_DETAIL))

    wording: BankWording
    waiting_for: str | None
    candidates: list[CandidateOut]


class MatchIn(BaseModel):
    """The remittances that explain the deposit: one whatever its amount, several to the cent."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra=_with(examples.MATCH_IN)
    )

    remittance_ids: Annotated[
        list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=200)
    ]


class MatchPartOut(BaseModel):
    """What of the deposit one remittance explains, in cents."""

    remittance_id: UUID
    payer_id: UUID
    trace_number: str
    amount_cents: int


class MatchOut(BaseModel):
    """A deposit and what explains it; `inferred` where no trace number agreed."""

    model_config = ConfigDict(json_schema_extra=_with(examples.MATCH))

    id: UUID
    deposit_id: UUID
    rule: str
    inferred: bool
    matched_by: str | None
    matched_at: datetime
    parts: list[MatchPartOut]


class ReasonIn(BaseModel):
    """Why two records of the same money differ."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra=_with(examples.REASON_IN)
    )

    reason: Reason


class VarianceOut(BaseModel):
    """Two records of the same money that do not agree; difference = actual - expected, cents."""

    model_config = ConfigDict(json_schema_extra=_with(examples.VARIANCE))

    id: UUID
    kind: VarianceKind
    status: str
    expected_cents: int
    actual_cents: int
    difference_cents: int
    payer_id: UUID | None
    remittance_id: UUID | None
    deposit_id: UUID | None
    trace_number: str | None
    opened_on: date
    age_days: int
    owner: str | None
    reason: str | None
    written_off_cents: int
    resolved_on: date | None
    resolved_by: str | None


class BankAccountPage(BaseModel):
    """A page of bank accounts."""

    items: list[BankAccountOut]
    next_page_token: str | None


class BankStatementPage(BaseModel):
    """A page of bank statements."""

    items: list[BankStatementOut]
    next_page_token: str | None


class DepositPage(BaseModel):
    """A page of deposits."""

    items: list[DepositOut]
    next_page_token: str | None


class MatchPage(BaseModel):
    """A page of matches."""

    items: list[MatchOut]
    next_page_token: str | None


class VariancePage(BaseModel):
    """A page of variances."""

    items: list[VarianceOut]
    next_page_token: str | None


StatementStatus = Literal["accepted", "refused"]
