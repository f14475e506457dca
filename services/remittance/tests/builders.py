"""Invented payers, clinics, claims and 835 files, with defaults that read like sentences."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx

from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.testing import ServiceUnderTest
from cleanclaim.events.claims import ClaimSubmitted, PayerConfigured, ProviderConfigured
from cleanclaim.events.envelope import Fact
from cleanclaim.events.examples import example_body
from cleanclaim.x12 import (
    Address,
    Adjustment,
    ClaimPayment835,
    Contact,
    ContactNumber,
    DateFact,
    Envelope,
    Party,
    Procedure,
    ProviderAdjustment835,
    Reference,
    RemarkCode,
    Remittance835,
    ServicePayment835,
    build_835,
)

PAYER = UUID("629e4f93-6ddc-56c7-a74c-3b6121a5e357")
SECOND_PAYER = UUID("0f6d1f3b-0000-5000-8000-00000000aaaa")
CLAIM = UUID("4b81c9f0-96c9-5688-8a50-10b97f597ded")
PROVIDER = UUID("390cb911-f8d2-5d7c-8199-daf4a944b5c7")
CONTROL = "C7K2M9Q4X1"
NPI = "1234567893"
SERVED_ON = date(2026, 2, 10)
PAID_ON = date(2026, 3, 2)
POSTING = (
    "cleanclaim/remittance.post system/PaymentReconciliation.rs system/ExplanationOfBenefit.rs"
)
POSTING += " system/Task.ru"


def _fact(model: type[Fact], changes: dict[str, Any]) -> Any:
    own = {key: value for key, value in example_body(model).items() if key in model.model_fields}
    return model.model_validate_json(json.dumps(own | changes, default=str))


def a_payer(**changes: Any) -> PayerConfigured:
    return _fact(PayerConfigured, changes)


def a_second_payer() -> PayerConfigured:
    version = example_body(PayerConfigured)["versions"][1] | {
        "name": "Harvest Supplement",
        "payer_identifier": "HSUP1",
        "remittance_names": [],
        "remittance_identifiers": [],
        "originating_company_ids": ["1888888888"],
    }
    return _fact(PayerConfigured, {"payer_id": SECOND_PAYER, "versions": [version]})


def a_clinic(**changes: Any) -> ProviderConfigured:
    return _fact(ProviderConfigured, changes)


def a_claim(
    charge_cents: int = 100_00,
    *,
    claim_id: UUID = CLAIM,
    control: str = CONTROL,
    lines: tuple[int, ...] = (),
    **changes: Any,
) -> ClaimSubmitted:
    """A claim of one line, or of lines with these charges."""
    charges = lines or (charge_cents,)
    return _fact(
        ClaimSubmitted,
        {
            "claim_id": claim_id,
            "patient_control_number": control,
            "total_charge_cents": sum(charges),
            "service_from_on": SERVED_ON,
            "service_to_on": SERVED_ON,
            "lines": [a_sent_line(claim_id, n, cents) for n, cents in enumerate(charges, 1)],
        }
        | changes,
    )


def a_sent_line(claim_id: UUID, number: int, charge_cents: int) -> dict[str, Any]:
    return {
        "line_id": str(line_id(claim_id, number)),
        "line_control_number": f"L{number}",
        "procedure_code": f"9921{number}",
        "modifiers": [],
        "diagnosis_pointers": [1],
        "units": "1",
        "charge_cents": charge_cents,
        "service_from_on": str(SERVED_ON),
        "service_to_on": str(SERVED_ON),
    }


def line_id(claim_id: UUID, number: int) -> UUID:
    return derived_id(claim_id, f"line {number}")


def cas(text: str) -> list[Adjustment]:
    """`CO-45 20.00, PR-1 30.00` as adjustments."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        code, amount = part.split()
        group, _, reason = code.partition("-")
        found.append(Adjustment(group, reason, cents(amount)))
    return found


def cents(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int((rest + "00")[:2]))


def a_paid_line(
    charge: str, paid: str, adjustments: str = "", *, number: int = 1, **changes: Any
) -> ServicePayment835:
    given: dict[str, Any] = {
        "procedure": Procedure("HC", f"9921{number}"),
        "charge_cents": cents(charge),
        "paid_cents": cents(paid),
        "adjustments": cas(adjustments),
        "dates": [DateFact("472", SERVED_ON)],
        "references": [Reference("6R", f"L{number}")],
    }
    return ServicePayment835(**(given | changes))


def a_payment(
    charge: str = "100",
    paid: str = "50",
    adjustments: str = "CO-45 20, PR-1 30",
    *,
    status: str = "1",
    control: str = CONTROL,
    lines: list[ServicePayment835] | None = None,
    **changes: Any,
) -> ClaimPayment835:
    """A claim paid by one line that carries all adjustments, unless lines are given."""
    given: dict[str, Any] = {
        "patient_control_number": control,
        "status": status,
        "charge_cents": cents(charge),
        "paid_cents": cents(paid),
        "payer_claim_control_number": "PMH26001",
        "facility_type": "11",
        "frequency": "1",
        "filing_indicator": "12",
        "parties": [
            Party(entity="QC", is_person=True, name="CANARYWREN", first_name="IDA",
                  identifier_qualifier="MI", identifier="CANARY777")
        ],
        "lines": [a_paid_line(charge, paid, adjustments)] if lines is None else lines,
    }  # fmt: skip
    return ClaimPayment835(**(given | changes))


def remarks(*codes: str) -> list[RemarkCode]:
    return [RemarkCode("HE", code) for code in codes]


def plb(code: str, amount: str, reference: str = "") -> ProviderAdjustment835:
    return ProviderAdjustment835(
        provider_identifier=NPI,
        fiscal_period_on=date(2026, 12, 31),
        reason=code,
        reference=reference,
        amount_cents=cents(amount),
    )


def a_paying_party(name: str) -> Party:
    return Party(
        entity="PR",
        name=name,
        address=Address(
            line_1="1 MAIN STREET", city="SPRINGFIELD", state="IL", postal_code="62701"
        ),
        contacts=[Contact("BL", "EDI DESK", [ContactNumber("TE", "2175550100")])],
    )


def a_remittance(
    *payments: ClaimPayment835,
    trace: str = "T1",
    adjustments: tuple[ProviderAdjustment835, ...] = (),
    **changes: Any,
) -> Remittance835:
    """A remittance that sums up, from the payer that is configured to the clinic that is."""
    paid = sum(one.paid_cents for one in payments) - sum(one.amount_cents for one in adjustments)
    given: dict[str, Any] = {
        "payment_cents": paid,
        "method": "ACH" if paid else "NON",
        "paid_on": PAID_ON,
        "trace_number": trace,
        "trace_originator": "1999999999",
        "production_on": PAID_ON,
        "payer": a_paying_party("PRAIRIE MUTUAL"),
        "payee": Party(entity="PE", name="HARBOR STREET CLINIC", identifier_qualifier="XX",
                       identifier=NPI),
        "claims": list(payments),
        "provider_adjustments": list(adjustments),
    }  # fmt: skip
    return Remittance835(**(given | changes))


def from_second_payer(*payments: ClaimPayment835, **changes: Any) -> Remittance835:
    return a_remittance(
        *payments,
        **{
            "payer": a_paying_party("HARVEST SUPPLEMENT"),
            "trace_originator": "1888888888",
            "trace": "S1",
        }
        | changes,
    )


def an_835(*remittances: Remittance835, control: int = 1, line_break: str = "") -> bytes:
    envelope = Envelope(
        sender="PRAIRIE",
        receiver="CLINIC",
        interchange_control_number=control,
        group_control_number=control,
        prepared_at=datetime(2026, 3, 2, 8, 30),  # noqa: DTZ001
        usage="T",
        line_break=line_break,
    )
    return build_835(list(remittances), envelope=envelope)


async def know_everybody(service: ServiceUnderTest, **to: Any) -> None:
    await service.deliver(a_payer(), a_second_payer(), a_clinic(), **to)


async def upload(service: ServiceUnderTest, content: bytes, **headers: str) -> httpx.Response:
    async with service.client(POSTING) as client:
        return await client.post(
            "/v1/remittances",
            content=content,
            headers={"Content-Type": "application/edi-x12"} | headers,
        )


async def post(service: ServiceUnderTest, *remittances: Remittance835) -> dict[str, Any]:
    """Upload and expect every ST to be posted; the report."""
    answer = await upload(service, an_835(*remittances))
    assert answer.status_code == 201, answer.text
    report: dict[str, Any] = answer.json()
    assert {one["outcome"] for one in report["remittances"]} == {"posted"}, answer.text
    return report


async def get(service: ServiceUnderTest, path: str, scope: str = POSTING) -> Any:
    async with service.client(scope) as client:
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()
