"""Invented professional encounters: most are clean, some have a deliberate error."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cleanclaim.seed.people import (
    Person,
    a_beneficiary_id,
    a_member_id,
    a_person,
    an_npi,
    check_digit,
)

DIAGNOSES = ("E11.9", "I10", "J06.9", "M25.561", "K21.9", "N39.0", "F41.1", "J02.9", "R05.9")
# bare codes and invented prices; no code's text is ours to ship
PRICES_CENTS = {
    "99213": 128_00,
    "99214": 189_00,
    "99203": 165_50,
    "G0439": 176_25,
    "G0442": 28_75,
    "36415": 12_50,
    "85025": 31_00,
    "80053": 44_25,
    "J1100": 9_80,
    "93000": 52_00,
}
VISITS = ("99213", "99214", "99203", "G0439")
EXTRAS = ("36415", "85025", "80053", "J1100", "93000", "G0442")
SOURCE = "demo-ehr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who treats at the invented clinic: its own NPI and its physicians."""

    billing_npi: str
    physicians: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One invented visit: the patient, their cover and what was done, as the API takes them."""

    external_id: str
    payer: str
    patient: Person
    coverage: dict[str, Any]
    encounter: dict[str, Any]
    flaw: str | None = None
    """Name of the deliberate error, None where the visit is clean."""
    before: "Visit | None" = None
    """The visit without that error."""


def a_staff(chance: random.Random) -> Staff:
    """A clinic with three physicians."""
    physicians = []
    for _ in range(3):
        person = a_person(chance)
        physicians.append(
            {
                "npi": an_npi(chance),
                "last_name": person.last_name,
                "first_name": person.first_name,
                "taxonomy_code": "207Q00000X",
            }
        )
    return Staff(billing_npi=an_npi(chance), physicians=tuple(physicians))


def visits(
    *, seed: int, count: int, payers: Sequence[str], medicare: str, staff: Staff, until_on: date
) -> list[Visit]:
    """`count` visits in the four weeks before `until_on`; every twelfth has a deliberate error.

    `payers` are names by which the caller knows its payers; `medicare` is the one whose members
    have Medicare numbers. Equal seeds make equal visits.
    """
    made = []
    flaws = tuple(FLAWS)
    for number in range(1, count + 1):
        chance = random.Random(f"{seed}/{number}")
        payer = payers[chance.randrange(len(payers))]
        visit = _clean_visit(number, payer, payer == medicare, staff, until_on, chance)
        if number % 12 == 0:
            name = flaws[(number // 12 - 1) % len(flaws)]
            visit = _with_flaw(visit, name)
        made.append(visit)
    return made


def _clean_visit(
    number: int,
    payer: str,
    is_medicare: bool,
    staff: Staff,
    until_on: date,
    chance: random.Random,
) -> Visit:
    patient = a_person(chance)
    day = until_on - timedelta(days=chance.randrange(1, 28))
    codes = [chance.choice(VISITS), *chance.sample(EXTRAS, chance.randrange(0, 3))]
    diagnoses = chance.sample(DIAGNOSES, chance.randrange(1, 4))
    lines = [_line(position, code, day, len(diagnoses)) for position, code in enumerate(codes, 1)]
    member_id = a_beneficiary_id(chance) if is_medicare else a_member_id(chance)
    return Visit(
        external_id=f"V{number:05d}",
        payer=payer,
        patient=patient,
        coverage={
            "order": "P",
            "member_id": member_id,
            "group_number": None if is_medicare else "GRP100",
            "relationship": "18",
            "claim_filing_indicator": "MB" if is_medicare else "CI",
        },
        encounter={
            "claim_type": "professional",
            "service_from_on": day.isoformat(),
            "service_to_on": day.isoformat(),
            "place_of_service": "11",
            "billing_provider_npi": staff.billing_npi,
            "rendering_provider": chance.choice(staff.physicians),
            "signature_on_file": True,
            "assignment_of_benefits": True,
            "release_of_information": True,
            "diagnoses": diagnoses,
            "lines": lines,
            "total_charge_cents": sum(line["charge_cents"] for line in lines),
        },
    )


def _line(position: int, code: str, day: date, diagnoses: int) -> dict[str, Any]:
    return {
        "line_number": position,
        "procedure_code": code,
        "modifiers": [],
        "units": "1",
        "unit": "UN",
        "charge_cents": PRICES_CENTS[code],
        "service_from_on": day.isoformat(),
        "service_to_on": day.isoformat(),
        "diagnosis_pointers": list(range(1, min(diagnoses, 4) + 1)),
    }


def _with_flaw(visit: Visit, name: str) -> Visit:
    encounter, coverage = FLAWS[name](dict(visit.encounter), dict(visit.coverage))
    return Visit(
        external_id=visit.external_id,
        payer=visit.payer,
        patient=visit.patient,
        coverage=coverage,
        encounter=encounter,
        flaw=name,
        before=visit,
    )


Body = dict[str, Any]
Spoil = Callable[[Body, Body], tuple[Body, Body]]


def _wrong_check_digit(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    npi = encounter["rendering_provider"]["npi"]
    wrong = npi[:9] + str((int(check_digit(npi[:9])) + 1) % 10)
    encounter["rendering_provider"] = encounter["rendering_provider"] | {"npi": wrong}
    return encounter, coverage


def _header_diagnosis(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    encounter["diagnoses"] = ["E11", *encounter["diagnoses"][1:]]
    return encounter, coverage


def _unknown_diagnosis(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    encounter["diagnoses"] = ["Q99.99", *encounter["diagnoses"][1:]]
    return encounter, coverage


def _no_member_id(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    return encounter, coverage | {"member_id": ""}


def _wrong_total(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    encounter["total_charge_cents"] += 100
    return encounter, coverage


def _service_in_the_future(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    day = (date.fromisoformat(encounter["service_from_on"]) + timedelta(days=365)).isoformat()
    encounter |= {"service_from_on": day, "service_to_on": day}
    encounter["lines"] = [
        line | {"service_from_on": day, "service_to_on": day} for line in encounter["lines"]
    ]
    return encounter, coverage


def _pointer_to_nothing(encounter: Body, coverage: Body) -> tuple[Body, Body]:
    first, *others = encounter["lines"]
    beyond = len(encounter["diagnoses"]) + 1
    encounter["lines"] = [first | {"diagnosis_pointers": [beyond]}, *others]
    return encounter, coverage


FLAWS: dict[str, Spoil] = {
    "wrong NPI check digit": _wrong_check_digit,
    "diagnosis not billable": _header_diagnosis,
    "diagnosis unknown": _unknown_diagnosis,
    "member id missing": _no_member_id,
    "total is not the sum of lines": _wrong_total,
    "service in the future": _service_in_the_future,
    "pointer to no diagnosis": _pointer_to_nothing,
}
"""The deliberate errors, each of which intake must hold with its finding."""
