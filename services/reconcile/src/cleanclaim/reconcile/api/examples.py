"""Examples of requests and answers, with invented payers and banks only."""

from typing import Any

_ACCOUNT_ID = "01980a60-0000-7000-8000-0000000000ba"
_STATEMENT_ID = "5c0f3b9e-6a3f-5d0a-9a55-0d6a9c0a6a11"
_DEPOSIT_ID = "3e067875-f5a6-5e66-8d93-c4a46aa7dcfa"
_REMITTANCE_ID = "ae454f59-11b8-5f6b-878f-e9d72b848630"
_PAYER_ID = "629e4f93-6ddc-56c7-a74c-3b6121a5e357"
_MATCH_ID = "8b12dacd-109f-5e23-9ba1-e3c6967cbf17"

BANK_ACCOUNT_IN: dict[str, Any] = {
    "name": "Patient and payer receipts",
    "bank_name": "Cottonwood Bank",
    "account_number": "0012345678",
}
BANK_ACCOUNT: dict[str, Any] = {
    "id": _ACCOUNT_ID,
    "name": "Patient and payer receipts",
    "bank_name": "Cottonwood Bank",
    "last_four": "5678",
    "opened_at": "2026-03-02T14:00:00Z",
}
BANK_STATEMENT_TEXT = (
    "01,COTTONWD,PRAIRIECL,260303,0600,1,80,,2/\n"
    "02,PRAIRIECL,COTTONWD,1,260302,2400,USD,2/\n"
    "03,0012345678,USD,015,15000,,/\n"
    "16,165,15000,Z,FT0001,,PRAIRIE MUTUAL HCCLAIMPMT\n"
    "88,TRN*1*EFT20260302001*1999999999\\\n"
    "49,30000,4/\n"
    "98,30000,1,6/\n"
    "99,30000,1,8/\n"
)
BANK_STATEMENT: dict[str, Any] = {
    "id": _STATEMENT_ID,
    "format": "BAI2",
    "source": "mailbox:bank",
    "status": "accepted",
    "findings": [],
    "accounts": [
        {
            "bank_account_id": _ACCOUNT_ID,
            "as_of_on": "2026-03-02",
            "opening_cents": None,
            "closing_cents": 15000,
            "credit_count": 1,
            "credit_cents": 15000,
            "return_count": 0,
            "return_cents": 0,
            "other_debit_count": 0,
            "other_debit_cents": 0,
        }
    ],
    "recorded_count": 1,
    "known_count": 0,
    "received_at": "2026-03-03T12:00:00Z",
    "already_known": False,
}
DEPOSIT: dict[str, Any] = {
    "id": _DEPOSIT_ID,
    "bank_account_id": _ACCOUNT_ID,
    "bank_statement_id": _STATEMENT_ID,
    "amount_cents": 15000,
    "deposited_on": "2026-03-02",
    "method": "ACH",
    "type_code": "165",
    "trace_number": "EFT20260302001",
    "originating_company_id": "1999999999",
    "payer_id": _PAYER_ID,
    "state": "matched",
    "waiting_reason": None,
    "window_ends_on": "2026-03-06",
    "recorded_at": "2026-03-03T12:00:00Z",
}
DEPOSIT_DETAIL: dict[str, Any] = DEPOSIT | {
    "wording": {
        "bank_reference": "FT0001",
        "customer_reference": "",
        "text": ["PRAIRIE MUTUAL HCCLAIMPMT", "TRN*1*EFT20260302001*1999999999\\"],
    },
    "waiting_for": None,
    "candidates": [],
}
MATCH_IN: dict[str, Any] = {"remittance_ids": [_REMITTANCE_ID]}
MATCH: dict[str, Any] = {
    "id": _MATCH_ID,
    "deposit_id": _DEPOSIT_ID,
    "rule": "trace",
    "inferred": False,
    "matched_by": None,
    "matched_at": "2026-03-03T12:00:00Z",
    "parts": [
        {
            "remittance_id": _REMITTANCE_ID,
            "payer_id": _PAYER_ID,
            "trace_number": "EFT20260302001",
            "amount_cents": 15000,
        }
    ],
}
REASON_IN: dict[str, Any] = {"reason": "card_fee"}
VARIANCE: dict[str, Any] = {
    "id": "cc29597c-201a-5acc-8d80-e75512bc2ae5",
    "kind": "deposit_short",
    "status": "open",
    "expected_cents": 5500,
    "actual_cents": 5000,
    "difference_cents": -500,
    "payer_id": _PAYER_ID,
    "remittance_id": _REMITTANCE_ID,
    "deposit_id": _DEPOSIT_ID,
    "trace_number": "EFT20260302001",
    "opened_on": "2026-03-03",
    "age_days": 0,
    "owner": None,
    "reason": None,
    "written_off_cents": 0,
    "resolved_on": None,
    "resolved_by": None,
}
RUN_IN: dict[str, Any] = {"as_of": "2026-03-09"}
RUN: dict[str, Any] = {"as_of": "2026-03-09", "opened_count": 1}
EXCEPTION: dict[str, Any] = {
    "equation": "remitted_is_banked",
    "name": "remittance_without_deposit",
    "cents": 15000,
    "since_on": "2026-03-02",
    "age_days": 7,
    "owner": "mara",
    "variance_id": "cc29597c-201a-5acc-8d80-e75512bc2ae5",
    "remittance_id": _REMITTANCE_ID,
    "deposit_id": None,
    "payer_id": _PAYER_ID,
    "trace_number": "EFT20260302001",
}


def _equation(name: str, left_cents: int, right_cents: int) -> dict[str, Any]:
    return {
        "name": name,
        "left_cents": left_cents,
        "right_cents": right_cents,
        "difference_cents": left_cents - right_cents,
        "exception_cents": left_cents - right_cents,
        "unaccounted_cents": 0,
        "holds": left_cents == right_cents,
    }


DAY: dict[str, Any] = {
    "on": "2026-03-09",
    "balanced": False,
    "accounted_for": True,
    "failing_equation": "remitted_is_banked",
    "on_the_day": {"billed_cents": 125000, "remitted_cents": 0, "deposited_cents": 0},
    "remitted_cents": 20000,
    "posted_cents": 20000,
    "booked_cents": 20000,
    "banked_cents": 5000,
    "awaited_cents": 0,
    "settled_cents": 0,
    "deposited_cents": 5000,
    "unidentified_cents": 0,
    "equations": [
        _equation("remitted_is_posted", 20000, 20000),
        _equation("posted_is_booked", 20000, 20000),
        _equation("remitted_is_banked", 20000, 5000),
        _equation("deposited_is_banked", 5000, 5000),
        _equation("book_is_cleared", 15000, 15000),
    ],
    "exceptions": [
        {
            "name": "remittance_without_deposit",
            "count": 1,
            "cents": 15000,
            "oldest_days": 7,
            "unowned_count": 0,
        }
    ],
}
