"""Payments, claims and decisions as the rules see them, with defaults that read like sentences."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.remittance.domain.claim_payment import Adjustment, ClaimPayment, ServicePayment
from cleanclaim.remittance.domain.claim_reference import (
    ClaimReference,
    FurtherPayer,
    ReferenceLine,
)
from cleanclaim.remittance.domain.posting import Answer
from cleanclaim.remittance.domain.remittance import (
    Head,
    Payee,
    Payer,
    ProviderAdjustment,
    Remittance,
)

SPACE = UUID("01980000-0000-7000-8000-000000000d00")
PRIMARY = uuid5(SPACE, "primary")
SECONDARY = uuid5(SPACE, "secondary")
TERTIARY = uuid5(SPACE, "tertiary")
CLAIM = uuid5(SPACE, "claim")
SERVED_ON = date(2026, 2, 10)
PAID_ON = date(2026, 3, 2)
RECEIVED_AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def cas(text: str) -> tuple[Adjustment, ...]:
    """`CO-45 2000, PR-1 3000` (cents) as adjustments."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        code, amount = part.split()
        group, _, reason = code.partition("-")
        found.append(Adjustment(group=group, reason=reason, amount_cents=int(amount)))
    return tuple(found)


def a_line(charge: int, paid: int, adjustments: str = "", **changes: Any) -> ServicePayment:
    given: dict[str, Any] = {
        "number": 1,
        "control_number": "L1",
        "qualifier": "HC",
        "code": "99211",
        "charge_cents": charge,
        "paid_cents": paid,
        "adjustments": cas(adjustments),
        "service_from_on": SERVED_ON,
    }
    return ServicePayment(**(given | changes))


def a_payment(
    charge: int = 100_00,
    paid: int = 50_00,
    of_line: str = "CO-45 2000, PR-1 3000",
    /,
    **changes: Any,
) -> ClaimPayment:
    given: dict[str, Any] = {
        "position": 1,
        "patient_control_number": "C1",
        "status": "1",
        "charge_cents": charge,
        "paid_cents": paid,
        "lines": (a_line(charge, paid, of_line),),
    }
    return ClaimPayment(**(given | changes))


def as_a_whole(charge: int, paid: int, adjustments: str, **changes: Any) -> ClaimPayment:
    """A payment whose adjustments are of the claim; without lines unless some are given."""
    given: dict[str, Any] = {"lines": (), "adjustments": cas(adjustments)}
    return a_payment(charge, paid, "", **(given | changes))


def a_remittance(
    *payments: ClaimPayment, payment: int | None = None, plb: tuple[int, ...] = (), **changes: Any
) -> Remittance:
    paid = sum(one.paid_cents for one in payments) - sum(plb)
    given: dict[str, Any] = {
        "set_control_number": "0001",
        "set_number": 1,
        "content_hash": b"h" * 32,
        "head": a_head(paid if payment is None else payment),
        "payer": Payer(name="PRAIRIE MUTUAL"),
        "payee": Payee(npi="1234567893"),
        "payments": payments,
        "provider_adjustments": tuple(
            ProviderAdjustment(
                position=place, code="WO", reference="R", amount_cents=amount,
                fiscal_period_ends_on=date(2026, 12, 31),
            )
            for place, amount in enumerate(plb, 1)
        ),
    }  # fmt: skip
    return Remittance(**(given | changes))


def a_head(payment_cents: int, **changes: Any) -> Head:
    given: dict[str, Any] = {
        "payment_cents": payment_cents,
        "is_debit": False,
        "method": "ACH",
        "paid_on": PAID_ON,
        "trace_number": "T1",
        "originating_company_id": "1999999999",
    }
    return Head(**(given | changes))


def a_sent_line(number: int, charge: int, **changes: Any) -> ReferenceLine:
    given: dict[str, Any] = {
        "line_id": uuid5(CLAIM, f"line {number}"),
        "control_number": f"L{number}",
        "code": f"9921{number}",
        "charge_cents": charge,
        "service_from_on": SERVED_ON,
        "service_to_on": SERVED_ON,
    }
    return ReferenceLine(**(given | changes))


def a_reference(*charges: int, **changes: Any) -> ClaimReference:
    charges = charges or (100_00,)
    given: dict[str, Any] = {
        "claim_id": CLAIM,
        "claim_version": 1,
        "case_claim_id": CLAIM,
        "patient_control_number": "C1",
        "claim_type": "professional",
        "patient_account_id": uuid5(SPACE, "account"),
        "payer_id": PRIMARY,
        "responsibility": "P",
        "lines": tuple(a_sent_line(n, cents) for n, cents in enumerate(charges, 1)),
        "charge_cents": sum(charges),
        "service_from_on": SERVED_ON,
        "service_to_on": SERVED_ON,
        "cause": {},
    }
    return ClaimReference(**(given | changes))


def with_secondary(*charges: int, **changes: Any) -> ClaimReference:
    further = (FurtherPayer(payer_id=SECONDARY, responsibility="S"),)
    return a_reference(*charges, further_payers=further, **changes)


def an_answer(
    payment: ClaimPayment, *, payer_id: UUID = PRIMARY, remittance: str = "R1", **changes: Any
) -> Answer:
    remittance_id = uuid5(SPACE, remittance)
    return Answer(
        claim_payment_id=uuid5(remittance_id, f"{payment.position} {payment.status}"),
        remittance_id=remittance_id,
        payer_id=payer_id,
        payment=payment,
        **changes,
    )
