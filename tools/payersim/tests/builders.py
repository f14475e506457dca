"""Claims for the simulator's tests; everybody in them is invented."""

from datetime import date, datetime
from decimal import Decimal

from cleanclaim.x12 import (
    Address,
    Claim837P,
    Contact,
    ContactNumber,
    DateFact,
    Diagnosis,
    Envelope,
    Party,
    Procedure,
    Reference,
    ServiceLine837P,
    Subscriber,
    build_837p,
)

SERVED_ON = date(2026, 2, 17)
ADDRESS = Address(line_1="12 ALDER STREET", city="SPRINGFIELD", state="IL", postal_code="627010001")


def a_line(number, code="99213", charge_cents=128_00):
    return ServiceLine837P(
        number=number,
        procedure=Procedure("HC", code),
        charge_cents=charge_cents,
        unit="UN",
        units=Decimal(1),
        diagnosis_pointers=[1],
        dates=[DateFact("472", SERVED_ON, None, "")],
        references=[Reference("6R", f"L{number}")],
    )


def a_claim(number=1, payer="PMH01", member="W100200300", lines=None):
    lines = lines or [a_line(1), a_line(2, "85025", 31_00)]
    contact = Contact("IC", "BILLING", [ContactNumber("TE", "2175550100")])
    return Claim837P(
        submitter=Party(
            entity="41",
            name="DEMO CLINIC",
            identifier_qualifier="46",
            identifier="DEMO",
            contacts=[contact],
        ),
        receiver=Party(entity="40", name="CLEAR", identifier_qualifier="46", identifier="CLEAR"),
        billing_provider=Party(
            entity="85",
            name="DEMO CLINIC",
            identifier_qualifier="XX",
            identifier="1770438210",
            address=ADDRESS,
            references=[Reference("EI", "990000001")],
        ),
        subscriber=Subscriber(
            payer_responsibility="P",
            relationship="18",
            filing_indicator="CI",
            party=Party(
                entity="IL",
                is_person=True,
                name="YARROWGATE",
                first_name="TAMSIN",
                identifier_qualifier="MI",
                identifier=member,
                address=ADDRESS,
                birth_on=date(1968, 4, 9),
                sex="F",
            ),
        ),
        payer=Party(entity="PR", name="PAYER", identifier_qualifier="PI", identifier=payer),
        patient_control_number=f"C{number:08d}V01",
        charge_cents=sum(line.charge_cents for line in lines),
        place_of_service="11",
        place_of_service_qualifier="B",
        frequency="1",
        provider_signature="Y",
        accepts_assignment="A",
        benefits_assigned="Y",
        release_of_information="Y",
        diagnoses=[Diagnosis("ABK", "E119")],
        lines=lines,
    )


def a_file(claims, number=1, claims_per_set=5000):
    envelope = Envelope(
        sender="DEMOCLINIC",
        receiver="CLEARHOUSE",
        interchange_control_number=number,
        group_control_number=number,
        prepared_at=datetime(2026, 3, 2, 15, 0),  # noqa: DTZ001 - an ISA has no time zone
        usage="T",
    )
    return build_837p(
        claims, envelope=envelope, reference=f"B{number}", claims_per_set=claims_per_set
    )
