"""What answers about sub-ledgers and claims look like; every amount is whole cents."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from cleanclaim.accounts.api.shapes import BalanceOut, PayerBalance

_CLAIM = "01980a60-0000-7000-8000-00000000c001"
_PAYER = "01980a60-0000-7000-8000-00000000d001"
_BALANCE: JsonDict = {
    "billed_cents": 50000,
    "paid_cents": 16800,
    "patient_paid_cents": 0,
    "contractual_cents": 9000,
    "capitated_cents": 0,
    "written_off_cents": 0,
    "insurance_open_cents": 20000,
    "patient_open_cents": 4200,
    "withheld_open_cents": 0,
    "other_cents": 0,
    "difference_cents": 0,
}


class SubledgerLineOut(BaseModel):
    """One line of an account's sub-ledger: 0 or an open item, debit positive."""

    id: UUID
    account: str
    payer_id: UUID | None
    trace_number: str | None
    patient_account_id: UUID | None
    claim_id: UUID | None
    line_id: UUID | None
    remittance_id: UUID | None
    deposit_id: UUID | None
    open_item_id: UUID | None
    amount_cents: int
    since_on: date


class SubledgerPage(BaseModel):
    """A page of lines; `account_cents` is the whole account, which all its lines add up to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "account": "cash_clearing",
                    "account_cents": 1800,
                    "items": [
                        {
                            "id": "01980a60-0000-7000-8000-000000000901",
                            "account": "cash_clearing",
                            "payer_id": _PAYER,
                            "trace_number": "EFT20261002001",
                            "patient_account_id": None,
                            "claim_id": None,
                            "line_id": None,
                            "remittance_id": None,
                            "deposit_id": None,
                            "open_item_id": None,
                            "amount_cents": 1800,
                            "since_on": "2026-10-02",
                        }
                    ],
                    "next_page_token": None,
                }
            ]
        }
    )

    account: str
    account_cents: int
    items: list[SubledgerLineOut]
    next_page_token: str | None


class ClaimLineBalance(BaseModel):
    """The balance of one line; without `line_id` what was decided for the claim as a whole."""

    line_id: UUID | None
    balance: BalanceOut


class ClaimBalanceOut(BaseModel):
    """Where every cent billed for these services stands, whichever claim for them moved it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "claim_id": _CLAIM,
                    "root_claim_id": _CLAIM,
                    "claim_ids": [_CLAIM],
                    "balance": _BALANCE,
                    "by_payer": [
                        {"payer_id": _PAYER, "payer_name": "Prairie Mutual", "open_cents": 20000}
                    ],
                    "lines": [
                        {
                            "line_id": "01980a60-0000-7000-8000-00000000c011",
                            "balance": _BALANCE,
                        }
                    ],
                }
            ]
        }
    )

    claim_id: UUID
    root_claim_id: UUID
    claim_ids: list[UUID]
    balance: BalanceOut
    by_payer: list[PayerBalance]
    lines: list[ClaimLineBalance]
