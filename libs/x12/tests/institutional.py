"""Hospital bills for the tests; everybody in them is invented."""

from datetime import date
from decimal import Decimal

from cleanclaim.x12 import (
    Claim837I,
    DateFact,
    InstitutionalDiagnosis,
    InstitutionalProcedure,
    Party,
    Procedure,
    Reference,
    ServiceLine837I,
)

from .builders import a_billing_provider, a_payer, a_receiver, a_submitter, a_subscriber

ADMITTED, DISCHARGED = date(2026, 1, 5), date(2026, 1, 9)


def a_physician(entity="71", name="LINDQVIST", first_name="OLGA", npi="1234567893"):
    return Party(
        entity=entity,
        is_person=True,
        name=name,
        first_name=first_name,
        identifier_qualifier="XX",
        identifier=npi,
        taxonomy="208M00000X" if entity == "71" else "",
    )


def a_hospital():
    hospital = a_billing_provider()
    hospital.name = "HARBOR GENERAL HOSPITAL"
    hospital.taxonomy = "282N00000X"
    return hospital


def a_revenue_line(revenue_code="0120", charge_cents=1000_00, code="", **changes):
    defaults = {
        "revenue_code": revenue_code,
        "procedure": Procedure("HC", code) if code else None,
        "charge_cents": charge_cents,
        "units": Decimal(1),
        "references": [Reference("6R", f"L{revenue_code}")],
    }
    return ServiceLine837I(**(defaults | changes))


def the_stay(from_on=ADMITTED, through_on=DISCHARGED):
    return DateFact("434", from_on, through_on, f"{from_on:%Y%m%d}-{through_on:%Y%m%d}")


def a_bill(control_number="PCNI1", lines=None, **changes):
    """An outpatient bill (131) unless told otherwise."""
    lines = [a_revenue_line("0450", 480_00, "99283")] if lines is None else lines
    for number, line in enumerate(lines, 1):
        line.number = number
    defaults = {
        "submitter": a_submitter(),
        "receiver": a_receiver(),
        "billing_provider": a_hospital(),
        "subscriber": a_subscriber(),
        "payer": a_payer(),
        "patient_control_number": control_number,
        "charge_cents": sum(line.charge_cents for line in lines),
        "facility_type": "13",
        "admission_type": "1",
        "admission_source": "1",
        "patient_status": "01",
        "dates": [the_stay(ADMITTED, ADMITTED)],
        "diagnoses": [InstitutionalDiagnosis("ABK", "J0190")],
        "providers": [a_physician()],
        "lines": lines,
    }
    return Claim837I(**(defaults | changes))


def a_procedure(qualifier="BBR", code="0DTJ4ZZ", performed_on=date(2026, 1, 6)):
    return InstitutionalProcedure(qualifier, code, performed_on)
