"""Facts as other services tell them, with defaults that read like a sentence; all is invented."""

import json
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.chassis.testing import ORGANIZATION
from cleanclaim.events.claims import (
    ClaimRejected,
    ClaimSubmitted,
    OrganizationConfigured,
    PayerConfigured,
    ProviderConfigured,
)
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_body
from cleanclaim.events.remittance import ClaimDenied, ClaimPaymentPosted, ClaimPaymentReversed

NAMES = UUID("01980a60-0000-7000-8000-00000000000d")


def named(name: str) -> UUID:
    """The id that a name of a test stands for."""
    return uuid5(NAMES, name)


def _fact(model: type[Fact], **changes: Any) -> Any:
    body = {
        name: value for name, value in example_body(model).items() if name in model.model_fields
    }
    return model.model_validate_json(json.dumps(body | changes, default=str))


def an_organization(time_zone: str = "America/Chicago") -> OrganizationConfigured:
    return _fact(OrganizationConfigured, organization_id=ORGANIZATION, time_zone=time_zone)


def a_billing_provider(name: str = "Springfield Family Medicine") -> ProviderConfigured:
    version = example_body(ProviderConfigured)["versions"][-1] | {"name": name}
    return _fact(ProviderConfigured, provider_id=named("provider"), versions=[version])


def a_payer(payer: str = "X", **terms: Any) -> PayerConfigured:
    """A commercial payer: 180 days to appeal, 365 to correct, 180 to file, takes replacements."""
    version = example_body(PayerConfigured)["versions"][-1] | {"effective_from_on": "2020-01-01"}
    return _fact(PayerConfigured, payer_id=named(payer), versions=[version | terms])


def refused(
    reason: str = "197", cents: int = 200_00, group: str = "CO", disposition: str = "denied"
) -> dict[str, Any]:
    return {
        "group_code": group,
        "reason_code": reason,
        "amount_cents": cents,
        "quantity": None,
        "disposition": disposition,
    }


def a_denied_line(line: str = "L1", *adjustments: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A line of 200 dollars refused whole with CO-197."""
    told = list(adjustments) or [refused()]
    charge = changes.get("charge_cents", sum(one["amount_cents"] for one in told))
    denied = sum(one["amount_cents"] for one in told if one["disposition"] == "denied")
    return example_body(ClaimDenied)["lines"][0] | {
        "line_id": named(line),
        "line_control_number": line,
        "charge_cents": charge,
        "denied_cents": denied,
        "adjustments": told,
        "remark_codes": [],
        **changes,
    }


def a_denial(*lines: dict[str, Any], claim: str = "C1", **changes: Any) -> ClaimDenied:
    """The first decision of payer X on the first version of claim C1: one line refused."""
    told = list(lines) or [a_denied_line()]
    payer, payment = changes.pop("payer", "X"), changes.pop("payment", "D1")
    amounts = {
        "charge_cents": sum(line["charge_cents"] for line in told),
        "denied_cents": sum(line["denied_cents"] for line in told),
    }
    ids = {
        "claim_id": named(claim),
        "claim_payment_id": named(payment),
        "payer_id": named(payer),
        "patient_account_id": named("A1"),
        "lines": told,
    }
    return _fact(ClaimDenied, **(amounts | ids | changes))


def a_claim_refused_as_a_whole(cents: int = 500_00, **changes: Any) -> ClaimDenied:
    """A refusal that names no line: CO-29 on the claim."""
    changes = {"adjustments": [refused("29", cents)], "scope": "claim"} | changes
    return _fact(
        ClaimDenied,
        claim_id=named("C1"),
        claim_payment_id=named("D1"),
        payer_id=named("X"),
        patient_account_id=named("A1"),
        lines=[],
        charge_cents=cents,
        denied_cents=cents,
        **changes,
    )


def a_paid_line(
    line: str = "L1", paid_cents: int = 150_00, *adjustments: dict[str, Any]
) -> dict[str, Any]:
    told = list(adjustments)
    return example_body(ClaimPaymentPosted)["lines"][0] | {
        "line_id": named(line),
        "line_control_number": line,
        "charge_cents": paid_cents + sum(one["amount_cents"] for one in told),
        "paid_cents": paid_cents,
        "adjustments": told,
        "remark_codes": [],
    }


def a_payment(
    *lines: dict[str, Any], payment: str = "D2", sequence: int = 2, **changes: Any
) -> ClaimPaymentPosted:
    """The second decision of payer X on claim C1: it pays the line."""
    told = list(lines)
    paid = sum(line["paid_cents"] for line in told)
    ids = {
        "claim_id": named(changes.pop("claim", "C1")),
        "claim_payment_id": named(payment),
        "payer_id": named(changes.pop("payer", "X")),
        "patient_account_id": named("A1"),
        "payment_sequence": sequence,
        "paid_cents": paid,
        "charge_cents": sum(line["charge_cents"] for line in told),
        "adjustments": [],
        "lines": told,
    }
    return _fact(ClaimPaymentPosted, **(ids | changes))


def the_posting_of_the_denial(**changes: Any) -> ClaimPaymentPosted:
    """What remittance posts beside `a_denial`: the same decision, nothing paid."""
    return a_payment(a_paid_line("L1", 0, refused()), payment="D1", sequence=1, **changes)


def a_reversal(of: str = "D2", sequence: int = 3, **changes: Any) -> ClaimPaymentReversed:
    ids = {
        "claim_id": named(changes.pop("claim", "C1")),
        "claim_payment_id": named(f"reversal of {of}"),
        "reverses_claim_payment_id": named(of),
        "payer_id": named("X"),
        "patient_account_id": named("A1"),
        "payment_sequence": sequence,
    }
    return _fact(ClaimPaymentReversed, **(ids | changes))


def a_claim(*lines: str, claim: str = "C1", version: int = 1, **changes: Any) -> ClaimSubmitted:
    """A version of claim C1 as it was sent, with line L1."""
    first = example_body(ClaimSubmitted)["lines"][0]
    told = [
        first | {"line_id": named(line), "line_control_number": line} for line in lines or ("L1",)
    ]
    ids = {
        "claim_id": named(claim),
        "claim_version": version,
        "frequency_code": "1" if version == 1 else "7",
        "replaces_version": None if version == 1 else version - 1,
        "patient_account_id": named("A1"),
        "payer_id": named("X"),
        "billing_provider_id": named("provider"),
        "lines": told,
        "total_charge_cents": sum(line["charge_cents"] for line in told),
    }
    return _fact(ClaimSubmitted, **(ids | changes))


def a_rejection(claim: str = "C1", version: int = 2) -> ClaimRejected:
    return _fact(ClaimRejected, claim_id=named(claim), claim_version=version)
