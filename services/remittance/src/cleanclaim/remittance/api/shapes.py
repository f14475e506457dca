"""What the API of remittance answers with about remittances and provider adjustments."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.remittance.domain.remittance import Fault
from cleanclaim.remittance.edi_in import ReceivedFile

_REMITTANCE = "01980a60-0000-7000-8000-00000000c001"
_PAYER = "01980a60-0000-7000-8000-00000000c002"


class FaultOut(BaseModel):
    """One thing wrong with a file: rule, place and what to do; never a value."""

    rule: str
    place: str
    message: str

    @classmethod
    def of(cls, fault: Fault) -> "FaultOut":
        return cls(rule=fault.rule, place=fault.place, message=fault.message)


class TakenOut(BaseModel):
    """What became of one ST of a file."""

    remittance_id: UUID
    set_control_number: str
    outcome: Annotated[str, Field(description="posted, held or known_already.")]
    status: Annotated[str, Field(description="How it stands now: posted, held or rejected.")]
    reasons: Annotated[list[str], Field(description="Why it is held.")]
    faults: Annotated[list[FaultOut], Field(description="What forbids posting it.")]
    defects: Annotated[list[FaultOut], Field(description="Untidy, and passed over.")]
    href: Annotated[str, Field(description="Where to read it.")]


class FileOut(BaseModel):
    """The report on one 835 file: every ST in its order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "file_id": "01980a60-0000-7000-8000-00000000c000",
                    "file_digest": "5f" * 32,
                    "faults": [],
                    "remittances": [
                        {
                            "remittance_id": _REMITTANCE,
                            "set_control_number": "0001",
                            "outcome": "posted",
                            "status": "posted",
                            "reasons": [],
                            "faults": [],
                            "defects": [],
                            "href": f"/v1/remittances/{_REMITTANCE}",
                        }
                    ],
                }
            ]
        }
    )

    file_id: UUID
    file_digest: str
    faults: list[FaultOut]
    remittances: list[TakenOut]

    @classmethod
    def of(cls, received: ReceivedFile) -> "FileOut":
        return cls(
            file_id=received.file_id,
            file_digest=received.digest,
            faults=[FaultOut.of(one) for one in received.faults],
            remittances=[
                TakenOut(
                    remittance_id=one.remittance_id,
                    set_control_number=one.set_control_number,
                    outcome=one.outcome,
                    status=one.status,
                    reasons=list(one.reasons),
                    faults=[FaultOut.of(fault) for fault in one.faults],
                    defects=[FaultOut.of(fault) for fault in one.defects],
                    href=f"/v1/remittances/{one.remittance_id}",
                )
                for one in received.remittances
            ],
        )


class FailureOut(BaseModel):
    """One place where an equation does not hold."""

    place: str
    left_cents: int
    right_cents: int
    difference_cents: int


class EquationOut(BaseModel):
    """One of the three equations over the whole remittance, with both sums."""

    name: Annotated[str, Field(description="service_line, claim or transaction.")]
    holds: bool
    left_cents: Annotated[int, Field(description="What follows from charges and adjustments.")]
    right_cents: Annotated[int, Field(description="What the payer states as paid.")]
    tried: int
    failed: int
    failures: Annotated[list[FailureOut], Field(description="The first fifty.")]


class CountsOut(BaseModel):
    """What posting told of the remittance's claim payments."""

    posted_count: int = 0
    posted_paid_cents: int = 0
    reversed_count: int = 0
    reversed_paid_cents: int = 0
    unmatched_count: int = 0
    unmatched_paid_cents: int = 0
    noted_count: Annotated[int, Field(description="CLP02 23 and 25: they post nothing.")] = 0
    denied_count: int = 0


class RemittanceOut(BaseModel):
    """One ST of an 835: the payment, what became of it, and whether it sums up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _REMITTANCE,
                    "status": "held",
                    "reasons": ["unknown_payer"],
                    "rejected_reason": None,
                    "payer_id": None,
                    "payer_name": "PRAIRIE MUTUAL HEALTH PLAN",
                    "payee_provider_id": _PAYER,
                    "payee_npi": "1234567893",
                    "payment_cents": 16800,
                    "payment_method": "ACH",
                    "paid_on": "2026-10-02",
                    "trace_number": "EFT20261002001",
                    "originating_company_id": "1999999999",
                    "produced_on": "2026-09-30",
                    "claim_count": 1,
                    "charge_cents": 50000,
                    "paid_cents": 16800,
                    "patient_responsibility_cents": 4200,
                    "provider_adjustment_cents": 0,
                    "counts": CountsOut().model_dump(),
                    "source": "edi_file",
                    "mailbox": None,
                    "set_control_number": "0001",
                    "received_at": "2026-10-02T11:30:00Z",
                    "posted_at": None,
                    "updated_at": "2026-10-02T11:30:00Z",
                    "version": 1,
                }
            ]
        }
    )

    id: UUID
    status: str
    reasons: list[str]
    rejected_reason: str | None
    payer_id: UUID | None
    payer_name: str
    payee_provider_id: UUID | None
    payee_npi: str | None
    payment_cents: int | None
    payment_method: str | None
    paid_on: date | None
    trace_number: str | None
    originating_company_id: str | None
    produced_on: date | None
    claim_count: int
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int
    provider_adjustment_cents: int
    counts: CountsOut
    source: str
    mailbox: str | None
    set_control_number: str
    received_at: datetime
    posted_at: datetime | None
    updated_at: datetime
    version: int

    @classmethod
    def shown(cls, row: Any) -> dict[str, Any]:
        """The columns of a row that this shape has."""
        return {name: row[name] for name in RemittanceOut.model_fields if name in row}


class BalanceReportOut(RemittanceOut):
    """A remittance with the three equations, both sums of each, and what is wrong with it."""

    equations: list[EquationOut]
    faults: list[FaultOut]
    defects: list[FaultOut]

    @classmethod
    def of(cls, row: Any) -> "BalanceReportOut":
        equations = [
            EquationOut(
                **{**one, "failures": [_failure(f) for f in one["failures"]]},
                holds=one["failed"] == 0,
            )
            for one in row["equations"]
        ]
        return cls(
            **cls.shown(row),
            equations=equations,
            faults=[FaultOut(**one) for one in row["faults"]],
            defects=[FaultOut(**one) for one in row["defects"]],
        )


def _failure(one: dict[str, Any]) -> FailureOut:
    return FailureOut(**one, difference_cents=one["left_cents"] - one["right_cents"])


class RemittancePage(BaseModel):
    """A page of remittances, the newest first."""

    items: list[RemittanceOut]
    next_page_token: str | None


class RejectIn(BaseModel):
    """Why a held remittance is put away for good."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"reason": "resent_by_payer"}]},
    )

    reason: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9_]{2,59}$",
            description="A code in snake_case; free text has no place here.",
        ),
    ]


class ProviderAdjustmentOut(BaseModel):
    """Money that a payer moved outside any claim (PLB), and the balance of its open item now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01980a60-0000-7000-8000-00000000c005",
                    "remittance_id": _REMITTANCE,
                    "payer_id": _PAYER,
                    "payee_provider_id": "01980a60-0000-7000-8000-00000000c006",
                    "code": "WO",
                    "account": "payer_recoupment",
                    "amount_cents": 1800,
                    "fiscal_period_ends_on": "2026-12-31",
                    "paid_on": "2026-10-02",
                    "trace_number": "EFT20261002001",
                    "reference": "TAKEBACK 77",
                    "claim_id": None,
                    "open_item_id": "01980a60-0000-7000-8000-00000000c007",
                    "open_item_balance_cents": 0,
                    "inferred": False,
                    "posted_at": "2026-10-02T11:31:00Z",
                }
            ]
        }
    )

    id: UUID
    remittance_id: UUID
    payer_id: UUID
    payee_provider_id: UUID
    code: str
    account: str
    amount_cents: Annotated[int, Field(description="Positive lowers the payment.")]
    fiscal_period_ends_on: date
    paid_on: date
    trace_number: str
    reference: Annotated[str | None, Field(description="As the payer wrote it; may be PHI.")]
    claim_id: UUID | None
    open_item_id: UUID
    open_item_balance_cents: Annotated[int, Field(description="0 when it is settled.")]
    inferred: Annotated[bool, Field(description="Paired by amount, not by reference.")]
    posted_at: datetime


class ProviderAdjustmentPage(BaseModel):
    """A page of provider adjustments, the newest first."""

    items: list[ProviderAdjustmentOut]
    next_page_token: str | None
