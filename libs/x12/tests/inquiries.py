"""Eligibility and claim status for the tests; everybody in them is invented."""

from datetime import date
from decimal import Decimal

from cleanclaim.x12 import (
    Benefit,
    ClaimStatus,
    DateFact,
    EligibilityAnswer271,
    EligibilityInquiry270,
    EligibilityQuestion,
    InsuredPerson,
    Party,
    Procedure,
    Reference,
    Specialty,
    StatusAnswer277,
    StatusCode,
    StatusInquiry276,
    StatusLine,
    Trace,
)

from .builders import BILLING_NPI, a_payer, a_person, a_submitter

A_DAY = date(2026, 1, 5)


def a_provider(entity="1P"):
    return Party(
        entity=entity,
        name="HARBOR FAMILY MEDICINE",
        identifier_qualifier="XX",
        identifier=BILLING_NPI,
    )


def a_member(**changes):
    party = a_person()
    party.address = None
    defaults = {"party": party, "traces": [Trace("1", "Q0001", "9HARBOR001")]}
    return InsuredPerson(**(defaults | changes))


def a_child(**changes):
    party = a_person(entity="03", first_name="LEO", identifier="")
    party.address, party.birth_on, party.sex = None, date(2015, 6, 1), "M"
    defaults = {
        "party": party,
        "relationship": "19",
        "traces": [Trace("1", "Q0002", "9HARBOR001")],
    }
    return InsuredPerson(**(defaults | changes))


def an_inquiry(**changes):
    defaults = {
        "source": a_payer(),
        "receiver": a_provider(),
        "receiver_specialty": Specialty("PE", "PXC", "207Q00000X"),
        "subscriber": a_member(dates=[DateFact("291", A_DAY, None, "20260105")]),
        "questions": [EligibilityQuestion(service_types=["30"])],
    }
    return EligibilityInquiry270(**(defaults | changes))


def answered(person, kind="2"):
    """The same person as an answer names him: with the asker's trace given back."""
    person.traces = [Trace(kind, trace.number, trace.originator) for trace in person.traces]
    return person


def an_answer(**changes):
    defaults = {
        "source": a_payer(),
        "receiver": a_provider(),
        "subscriber": answered(a_member()),
        "benefits": [Benefit(information="1", service_types=["30"], plan="HARBOR GOLD")],
    }
    return EligibilityAnswer271(**(defaults | changes))


def a_receiver_of_status():
    party = a_submitter()
    party.contacts = []
    return party


def a_status_person(**changes):
    party = a_person(**changes)
    party.address = None
    return party


def the_asking(**changes):
    defaults = {
        "payer": a_payer(),
        "receiver": a_receiver_of_status(),
        "providers": [a_provider()],
        "subscriber": a_status_person(),
        "trace": "T0001",
        "references": [Reference("1K", "ICN-1"), Reference("EJ", "PCN1")],
        "dates": [DateFact("472", A_DAY, None, "20260105")],
    }
    return defaults | changes


def a_status_inquiry(**changes):
    return StatusInquiry276(**the_asking(**({"charge_cents": 100_00} | changes)))


def a_status(category="F1", status="65", entity="", **changes):
    defaults = {"codes": [StatusCode(category, status, entity)], "effective_on": date(2026, 1, 12)}
    return ClaimStatus(**(defaults | changes))


def a_status_answer(**changes):
    """A 277 names no day of birth."""
    subscriber = a_status_person()
    subscriber.birth_on, subscriber.sex = None, ""
    paid = {
        "amount_cents": 100_00,
        "paid_cents": 80_00,
        "adjudicated_on": date(2026, 1, 10),
        "remitted_on": date(2026, 1, 12),
        "check_number": "CHK0001",
    }
    defaults = {"subscriber": subscriber, "statuses": [a_status(**paid)]}
    return StatusAnswer277(**the_asking(**(defaults | changes)))


def a_status_line(**changes):
    defaults = {
        "procedure": Procedure("HC", "99213"),
        "charge_cents": 100_00,
        "units": Decimal(1),
        "references": [Reference("FJ", "L1")],
        "dates": [DateFact("472", A_DAY, None, "20260105")],
    }
    return StatusLine(**(defaults | changes))
