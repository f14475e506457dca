"""Examples that the API's description shows; all of them are invented."""

from typing import Any

SUMMARY: dict[str, Any] = {
    "id": "58a7f559-60db-5bb3-9650-41a164ff3136",
    "claim_id": "4b81c9f0-96c9-5688-8a50-10b97f597ded",
    "claim_version": 1,
    "claim_payment_id": "04328a5a-4b8f-57ca-bb0e-42be0d52cb86",
    "patient_account_id": "ba13d255-107f-55c6-a73e-784a06e28b93",
    "payer_id": "629e4f93-6ddc-56c7-a74c-3b6121a5e357",
    "payer_name": "Prairie Mutual Health Plan",
    "scope": "line",
    "status": "open",
    "category": "authorization",
    "group_code": "CO",
    "reason_code": "197",
    "reason_meaning": "Authorization or notification was missing",
    "owner_queue": "authorization",
    "owner_stage": "intake",
    "assigned_to": None,
    "action": "appeal",
    "denied_cents": 20000,
    "expected_recovery_cents": 9000,
    "recovered_cents": 0,
    "appeal_by_on": "2027-03-29",
    "correct_by_on": "2027-09-30",
    "work_by_on": "2027-03-29",
    "priority": 19,
    "priority_terms": {"value": 10, "deadline": 0, "recoverability": 9, "age": 0},
    "adjudicated_on": "2026-09-30",
    "opened_at": "2026-10-02T11:31:00Z",
    "changed_at": "2026-10-02T11:31:01Z",
    "resolved_on": None,
}

DENIAL: dict[str, Any] = SUMMARY | {
    "remittance_id": "ae454f59-11b8-5f6b-878f-e9d72b848630",
    "payer_responsibility": "P",
    "payer_claim_control_number": "PMH26275000123",
    "claim_status_code": "1",
    "billing_provider_name": "Springfield Family Medicine",
    "received_at": "2026-10-02T11:30:00Z",
    "level": 1,
    "because": "unanswered",
    "root_cause": {
        "category": "authorization",
        "rule_id": "routing.reason",
        "rule_version": "1",
        "inputs": {
            "group_code": "CO",
            "reason_code": "197",
            "amount_cents": 20000,
            "disposition": "denied",
            "remark_codes": ["M62"],
            "modifiers": [],
            "other_reasons": [],
            "table_release": "2026-11",
        },
        "claim_field": "claim.prior_authorization",
        "evidence": ["approval"],
    },
    "deadlines": {
        "appeal": {
            "state": "known",
            "due_on": "2027-03-29",
            "basis": "adjudicated_on",
            "counted_from_on": "2026-09-30",
            "days": 180,
        },
        "correction": {
            "state": "known",
            "due_on": "2027-09-30",
            "basis": "corrected_claim_days",
            "counted_from_on": "2026-09-30",
            "days": 365,
        },
    },
    "plan": {
        "action": "appeal",
        "resend": None,
        "appealable": True,
        "because": ["plan.reason"],
    },
    "expected_recovery": {
        "expected_cents": 9000,
        "share_percent": 45,
        "because": "category_share",
    },
    "lines": [
        {
            "line_id": "91a3f798-dd6a-5af0-9cbe-3a014ef40383",
            "whole_claim": False,
            "line_control_number": "L2",
            "procedure_code": "93306",
            "modifiers": [],
            "units": "1",
            "service_from_on": "2026-09-14",
            "service_to_on": "2026-09-14",
            "charge_cents": 20000,
            "paid_cents": 0,
            "denied_cents": 20000,
            "adjustments": [
                {
                    "group_code": "CO",
                    "reason_code": "197",
                    "meaning": "Authorization or notification was missing",
                    "amount_cents": 20000,
                    "disposition": "denied",
                }
            ],
            "remarks": [
                {
                    "code": "M62",
                    "meaning": "Treatment authorization code missing, incomplete or invalid",
                    "listed": True,
                }
            ],
        }
    ],
    "history": [
        {
            "from_status": None,
            "to_status": "open",
            "because": "refused",
            "by": None,
            "at": "2026-10-02T11:31:00Z",
        }
    ],
    "resolved_by_payment_id": None,
}
