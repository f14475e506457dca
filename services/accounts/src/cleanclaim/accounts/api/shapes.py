"""What the answers look like; every amount is whole cents, debit positive."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

_ACCOUNT = "01980a60-0000-7000-8000-00000000a001"
_CLAIM = "01980a60-0000-7000-8000-00000000c001"
_LINE = "01980a60-0000-7000-8000-00000000c011"
_PAYER = "01980a60-0000-7000-8000-00000000d001"
_ENTRY = "01980a60-0000-7000-8000-00000000e001"
_REMITTANCE = "01980a60-0000-7000-8000-00000000f001"


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class Aging(BaseModel):
    """Open cents by age in days since the service; the buckets add up to the open amount."""

    days_0_30: int = 0
    days_31_60: int = 0
    days_61_90: int = 0
    days_91_120: int = 0
    days_over_120: int = 0


class PayerBalance(BaseModel):
    """What one payer still owes; negative is a credit. `payer_name` is empty while unknown."""

    payer_id: UUID
    payer_name: str | None
    open_cents: int


class BalanceOut(BaseModel):
    """billed = paid + patient paid + contractual + capitated + written off + open + other."""

    billed_cents: int
    paid_cents: int
    patient_paid_cents: int
    contractual_cents: int
    capitated_cents: int
    written_off_cents: int
    insurance_open_cents: int
    patient_open_cents: int
    withheld_open_cents: int
    other_cents: int
    difference_cents: int


class ReasonOut(BaseModel):
    """Why some cents are owed: the word, the payer's code, and the entry that booked them."""

    why: str
    reason: str | None
    meaning: str
    amount_cents: int
    payer_id: UUID | None
    effective_on: date
    entry_id: UUID


class AccountLineOut(BaseModel):
    """One service: where its charge went, and why the patient owes what is open.

    `owed_because` adds up to `balance.patient_open_cents`. A line without `line_id` is what was
    decided for the claim as a whole.
    """

    line_id: UUID | None
    claim_id: UUID | None
    procedure_code: str | None
    revenue_code: str | None
    service_from_on: date | None
    balance: BalanceOut
    owed_because: list[ReasonOut]


class PatientAccountOut(BaseModel):
    """What an account owes, by payer and patient, and why; who the patient is, intake says."""

    model_config = _example(
        id=_ACCOUNT,
        patient_id="01980a60-0000-7000-8000-00000000b001",
        opened_at="2026-09-14T13:00:00Z",
        as_of="2026-10-05",
        patient_open_cents=4200,
        insurance_open_cents=20000,
        withheld_open_cents=0,
        by_payer=[{"payer_id": _PAYER, "payer_name": "Prairie Mutual", "open_cents": 20000}],
        patient_aging={"days_0_30": 4200},
        insurance_aging={"days_0_30": 20000},
        lines=[
            {
                "line_id": _LINE,
                "claim_id": _CLAIM,
                "procedure_code": "99214",
                "revenue_code": None,
                "service_from_on": "2026-09-14",
                "balance": {
                    "billed_cents": 30000,
                    "paid_cents": 16800,
                    "patient_paid_cents": 0,
                    "contractual_cents": 9000,
                    "capitated_cents": 0,
                    "written_off_cents": 0,
                    "insurance_open_cents": 0,
                    "patient_open_cents": 4200,
                    "withheld_open_cents": 0,
                    "other_cents": 0,
                    "difference_cents": 0,
                },
                "owed_because": [
                    {
                        "why": "patient_share",
                        "reason": "2",
                        "meaning": "share that the plan leaves to the patient: coinsurance",
                        "amount_cents": 4200,
                        "payer_id": None,
                        "effective_on": "2026-10-02",
                        "entry_id": _ENTRY,
                    }
                ],
            }
        ],
    )

    id: UUID
    patient_id: UUID | None
    opened_at: datetime | None
    as_of: date
    patient_open_cents: int
    insurance_open_cents: int
    withheld_open_cents: int
    by_payer: list[PayerBalance]
    patient_aging: Aging
    insurance_aging: Aging
    lines: list[AccountLineOut]


class PatientAccountSummary(BaseModel):
    """One account of the list."""

    id: UUID
    patient_id: UUID
    opened_at: datetime
    patient_open_cents: int
    insurance_open_cents: int
    patient_aging: Aging
    insurance_aging: Aging


class PatientAccountPage(BaseModel):
    """A page of accounts."""

    model_config = _example(
        items=[
            {
                "id": _ACCOUNT,
                "patient_id": "01980a60-0000-7000-8000-00000000b001",
                "opened_at": "2026-09-14T13:00:00Z",
                "patient_open_cents": 4200,
                "insurance_open_cents": 20000,
                "patient_aging": {"days_0_30": 4200},
                "insurance_aging": {"days_0_30": 20000},
            }
        ],
        as_of="2026-10-05",
        next_page_token=None,
    )

    items: list[PatientAccountSummary]
    as_of: date
    next_page_token: str | None


class PostingOut(BaseModel):
    """One side of an entry: debit positive, credit negative."""

    account: str
    amount_cents: int
    why: str
    reason: str | None
    payer_id: UUID | None
    trace_number: str | None
    line_id: UUID | None
    open_item_id: UUID | None


class JournalEntryOut(BaseModel):
    """A balanced entry with the event that caused it; it is never changed, only countered."""

    model_config = _example(
        id=_ENTRY,
        cause_event_id="5332e35e-35d2-5d05-840a-fab6bace23c0",
        cause_event_type="cleanclaim.remittance.ClaimPaymentPosted.v1",
        effective_on="2026-10-02",
        recorded_at="2026-10-02T11:31:01Z",
        counters_entry_id=None,
        patient_account_id=_ACCOUNT,
        claim_id=_CLAIM,
        encounter_id=None,
        remittance_id=_REMITTANCE,
        deposit_id=None,
        postings=[
            {
                "account": "cash_clearing",
                "amount_cents": 16800,
                "why": "payment",
                "reason": None,
                "payer_id": _PAYER,
                "trace_number": "EFT20261002001",
                "line_id": _LINE,
                "open_item_id": None,
            },
            {
                "account": "insurance_receivable",
                "amount_cents": -16800,
                "why": "payment",
                "reason": None,
                "payer_id": _PAYER,
                "trace_number": None,
                "line_id": _LINE,
                "open_item_id": None,
            },
        ],
    )

    id: UUID
    cause_event_id: UUID
    cause_event_type: str
    effective_on: date
    recorded_at: datetime
    counters_entry_id: UUID | None
    patient_account_id: UUID | None
    claim_id: UUID | None
    encounter_id: UUID | None
    remittance_id: UUID | None
    deposit_id: UUID | None
    postings: list[PostingOut]


class JournalEntryPage(BaseModel):
    """A page of entries, the newest effective day first."""

    items: list[JournalEntryOut]
    next_page_token: str | None


class TrialBalanceRow(BaseModel):
    """One account: its balance on the side where it stands."""

    account: str
    normal_side: str
    debit_cents: int
    credit_cents: int


class TrialBalanceOut(BaseModel):
    """All accounts at the end of a day; debits and credits are equal, or the book is wrong."""

    model_config = _example(
        as_of="2026-10-05",
        accounts=[
            {
                "account": "bank",
                "normal_side": "debit",
                "debit_cents": 15000,
                "credit_cents": 0,
            },
            {
                "account": "gross_charges",
                "normal_side": "credit",
                "debit_cents": 0,
                "credit_cents": 15000,
            },
        ],
        debit_cents=15000,
        credit_cents=15000,
        balanced=True,
    )

    as_of: date
    accounts: list[TrialBalanceRow]
    debit_cents: int
    credit_cents: int
    balanced: bool
