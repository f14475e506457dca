"""Objects for the tests, with defaults that read as a sentence; everybody in them is invented."""

from datetime import date, datetime
from decimal import Decimal

from cleanclaim.x12 import (
    Address,
    Adjustment,
    Amount,
    Claim837P,
    ClaimPayment835,
    Contact,
    ContactNumber,
    DateFact,
    Diagnosis,
    Envelope,
    Party,
    Patient,
    Position,
    Procedure,
    ProviderAdjustment835,
    Reference,
    Remittance835,
    ServiceLine837P,
    ServicePayment835,
    Subscriber,
)

BILLING_NPI = "1770438210"
RENDERING_NPI = "1234567893"
A_DAY = date(2026, 1, 5)


def an_envelope(**changes):
    defaults = {
        "sender": "SUBMITTER01",
        "receiver": "RECEIVER01",
        "interchange_control_number": 42,
        "group_control_number": 7,
        "prepared_at": datetime(2026, 1, 6, 8, 30),  # noqa: DTZ001 (an ISA has no time zone)
        "line_break": "\n",
    }
    return Envelope(**(defaults | changes))


def an_address(line_1="12 HARBOR ROAD", city="MIAMI", state="FL", postal_code="331320001"):
    return Address(line_1=line_1, city=city, state=state, postal_code=postal_code)


def a_submitter():
    numbers = [ContactNumber("TE", "3055550100")]
    return Party(
        entity="41",
        name="HARBOR BILLING OFFICE",
        identifier_qualifier="46",
        identifier="S0001",
        contacts=[Contact("IC", "EDI DESK", numbers)],
    )


def a_receiver():
    return Party(
        entity="40", name="NORTHWIND EXCHANGE", identifier_qualifier="46", identifier="R0001"
    )


def a_billing_provider(npi=BILLING_NPI, address=None):
    return Party(
        entity="85",
        name="HARBOR FAMILY MEDICINE",
        identifier_qualifier="XX",
        identifier=npi,
        taxonomy="207Q00000X",
        address=address or an_address(),
        references=[Reference("EI", "650000001")],
    )


def a_payer(name="ACME HEALTH PLAN", identifier="60054"):
    return Party(entity="PR", name=name, identifier_qualifier="PI", identifier=identifier)


def a_person(entity="IL", name="OKAFOR", first_name="IRIS", identifier="M100200300"):
    return Party(
        entity=entity,
        is_person=True,
        name=name,
        first_name=first_name,
        identifier_qualifier="MI" if identifier else "",
        identifier=identifier,
        address=an_address("4 ELM STREET"),
        birth_on=date(1980, 2, 29),
        sex="F",
    )


def a_subscriber(**changes):
    defaults = {
        "payer_responsibility": "P",
        "relationship": "18",
        "group_number": "GRP100",
        "filing_indicator": "CI",
        "party": a_person(),
    }
    return Subscriber(**(defaults | changes))


def a_dependent():
    party = a_person(entity="QC", first_name="LEO", identifier="")
    return Patient(relationship="19", party=party)


def a_line(charge_cents=100_00, code="99213", control_number="L1", **changes):
    defaults = {
        "number": 1,
        "procedure": Procedure("HC", code),
        "charge_cents": charge_cents,
        "units": Decimal(1),
        "diagnosis_pointers": [1],
        "dates": [DateFact("472", A_DAY, None, "20260105")],
        "references": [Reference("6R", control_number)],
    }
    return ServiceLine837P(**(defaults | changes))


def a_claim(control_number="PCN1", charge_cents=None, lines=None, **changes):
    lines = [a_line()] if lines is None else lines
    for number, line in enumerate(lines, 1):
        line.number = number
    total = sum(line.charge_cents for line in lines)
    rendering = Party(
        entity="82",
        is_person=True,
        name="LINDQVIST",
        first_name="OLGA",
        identifier_qualifier="XX",
        identifier=RENDERING_NPI,
        taxonomy="207Q00000X",
    )
    defaults = {
        "submitter": a_submitter(),
        "receiver": a_receiver(),
        "billing_provider": a_billing_provider(),
        "subscriber": a_subscriber(),
        "payer": a_payer(),
        "patient_control_number": control_number,
        "charge_cents": total if charge_cents is None else charge_cents,
        "place_of_service": "11",
        "diagnoses": [Diagnosis("ABK", "J0190")],
        "providers": [rendering],
        "lines": lines,
    }
    return Claim837P(**(defaults | changes))


def contractual(amount_cents):
    return Adjustment("CO", "45", amount_cents)


def deductible(amount_cents):
    return Adjustment("PR", "1", amount_cents)


def a_service_payment(charge_cents=100_00, adjustments=None, code="99213", **changes):
    adjustments = [contractual(20_00)] if adjustments is None else adjustments
    paid = charge_cents - sum(adjustment.amount_cents for adjustment in adjustments)
    defaults = {
        "procedure": Procedure("HC", code),
        "charge_cents": charge_cents,
        "paid_cents": paid,
        "units_paid": Decimal(1),
        "dates": [DateFact("472", A_DAY, None, "20260105")],
        "adjustments": adjustments,
        "references": [Reference("6R", "L1")],
        "amounts": [Amount("B6", 80_00)],
    }
    return ServicePayment835(**(defaults | changes))


def a_claim_payment(control_number="PCN1", status="1", lines=None, **changes):
    lines = [a_service_payment()] if lines is None else lines
    own = changes.get("adjustments", [])
    everything = [*own, *(a for line in lines for a in line.adjustments)]
    charge = sum(line.charge_cents for line in lines)
    responsibility = sum(a.amount_cents for a in everything if a.group == "PR")
    patient = Party(
        entity="QC",
        is_person=True,
        name="OKAFOR",
        first_name="IRIS",
        identifier_qualifier="MI",
        identifier="M100200300",
    )
    defaults = {
        "header_number": "1",
        "patient_control_number": control_number,
        "status": status,
        "charge_cents": charge,
        "paid_cents": charge - sum(a.amount_cents for a in everything),
        "patient_responsibility_cents": responsibility if status != "22" else None,
        "filing_indicator": "12",
        "payer_claim_control_number": f"ICN-{control_number}",
        "facility_type": "11",
        "frequency": "1",
        "parties": [patient],
        "dates": [DateFact("050", date(2026, 1, 8), None, "20260108")],
        "lines": lines,
    }
    return ClaimPayment835(**(defaults | changes))


def a_provider_adjustment(reason="WO", amount_cents=10_00, reference="ICN-OLD"):
    return ProviderAdjustment835(
        provider_identifier=BILLING_NPI,
        fiscal_period_on=date(2026, 12, 31),
        reason=reason,
        reference=reference,
        amount_cents=amount_cents,
    )


def a_remittance(claims=None, provider_adjustments=None, **changes):
    claims = [a_claim_payment()] if claims is None else claims
    provider_adjustments = provider_adjustments or []
    due = sum(c.paid_cents for c in claims) - sum(p.amount_cents for p in provider_adjustments)
    contact = Contact("BL", "PROVIDER SERVICES", [ContactNumber("TE", "8005550100")])
    payer = Party(
        entity="PR", name="ACME HEALTH PLAN", address=an_address("1 PLAN PLAZA"), contacts=[contact]
    )
    payee = Party(
        entity="PE",
        name="HARBOR FAMILY MEDICINE",
        identifier_qualifier="XX",
        identifier=BILLING_NPI,
        references=[Reference("TJ", "650000001")],
    )
    banks = {
        "payment_format": "CCP",
        "payer_bank_qualifier": "01",
        "payer_bank": "011000015",
        "payer_account_qualifier": "DA",
        "payer_account": "1234567890",
        "originator": "1512345678",
        "payee_bank_qualifier": "01",
        "payee_bank": "021000021",
        "payee_account_qualifier": "DA",
        "payee_account": "9876543210",
    }
    defaults = {
        "payment_cents": due,
        "method": "ACH" if due else "NON",
        **(banks if due else {}),
        "paid_on": date(2026, 1, 9),
        "trace_number": "EFT0001",
        "trace_originator": "1512345678",
        "production_on": date(2026, 1, 8),
        "payer": payer,
        "payee": payee,
        "claims": claims,
        "provider_adjustments": provider_adjustments,
    }
    return Remittance835(**(defaults | changes))


def unplaced(found):
    """The same object without the positions and findings that only reading gives."""
    found.position = Position()
    if hasattr(found, "findings"):
        found.findings = []
    for child in (*getattr(found, "claims", []), *getattr(found, "provider_adjustments", [])):
        unplaced(child)
    return found
