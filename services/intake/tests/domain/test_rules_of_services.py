"""Each rule about what was done, by whom, when and for how much, with what passes beside it."""

from datetime import date, timedelta
from typing import Any

import pytest

from cleanclaim.intake.domain.encounter import Accident
from cleanclaim.intake.domain.finding import DataEntryFinding
from cleanclaim.intake.domain.person import Facility
from cleanclaim.intake.domain.rules import RULES, Examination, examine

from .builders import (
    RECEIVED_ON,
    SERVED_ON,
    a_charge,
    a_person,
    a_practitioner,
    a_version,
    an_address,
    found,
)

LATER = SERVED_ON + timedelta(days=1)
EARLIER = SERVED_ON - timedelta(days=1)
AHEAD = RECEIVED_ON + timedelta(days=1)
TWELVE = ("E11.9", "I10", "J06.9", "K21.9", "N39.0", "F41.1", "J02.9", "R05.9", "M25.561",
          "R51.9", "E78.5", "Z79.4")  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"billing_provider_npi": None}, "B02 billing_npi_missing /billing_provider_npi"),
        ({"billing_provider_npi": ""}, "B02 billing_npi_missing /billing_provider_npi"),
        ({"billing_provider_npi": "1234567890"}, "B01 npi_invalid /billing_provider_npi"),
        ({"billing_provider_npi": "123456789"}, "B01 npi_invalid /billing_provider_npi"),
        ({"rendering_provider": None}, None),
        (
            {"rendering_provider": a_practitioner(npi="1245319590")},
            "B01 npi_invalid /rendering_provider/npi",
        ),
        (
            {"rendering_provider": a_practitioner(npi=None)},
            "B03 npi_missing /rendering_provider/npi",
        ),
        (
            {"referring_provider": a_practitioner(last_name=" ")},
            "B03 provider_name_missing /referring_provider/last_name",
        ),
        (
            {"rendering_provider": a_practitioner(taxonomy_code="207Q0000X")},
            "?B06 taxonomy_malformed /rendering_provider/taxonomy_code",
        ),
        ({"facility": Facility(npi="1245319599", name="Clinic", address=an_address())}, None),
        (
            {"facility": Facility(npi="9999999999", name="Clinic", address=an_address())},
            "B01 npi_invalid /facility/npi",
        ),
        ({"facility": Facility(name="Clinic")}, "B10 facility_address_missing /facility/address"),
        ({"facility": Facility(address=an_address())}, "B10 facility_name_missing /facility/name"),
        ({"signature_on_file": None}, "A21 signature_on_file_missing /signature_on_file"),
        ({"signature_on_file": False}, "?A21 signature_on_file_refused /signature_on_file"),
        (
            {"assignment_of_benefits": False},
            "?A21 assignment_of_benefits_refused /assignment_of_benefits",
        ),
        (
            {"release_of_information": False},
            "A21 release_of_information_refused /release_of_information",
        ),
        ({"accident": Accident(causes=("EM",), occurred_on=SERVED_ON)}, None),
        ({"accident": Accident(causes=("AA",), occurred_on=SERVED_ON, state="MA")}, None),
        (
            {"accident": Accident(causes=("AA",), occurred_on=SERVED_ON)},
            "A20 accident_state_missing /accident/state",
        ),
        (
            {"accident": Accident(causes=("ZZ",), occurred_on=SERVED_ON)},
            "A20 accident_cause_unknown /accident/causes",
        ),
        ({"accident": Accident(causes=("OA",))}, "A20 accident_date_missing /accident/occurred_on"),
        (
            {"accident": Accident(causes=("OA",), occurred_on=AHEAD)},
            "A20 accident_in_future /accident/occurred_on",
        ),
        ({"place_of_service": None}, "D30 place_of_service_missing /place_of_service"),
        ({"place_of_service": "22"}, None),
        ({"place_of_service": "77"}, "D30 place_of_service_unknown /place_of_service"),
        ({"stated_total_charge_cents": 125_00}, None),
        ({"stated_total_charge_cents": 125_01}, "G01 total_differs /total_charge_cents"),
        ({"charges": ()}, "K05 lines_missing /lines"),
    ],
)
def test_an_encounter_says_what_a_claim_needs(changes: dict[str, Any], code: str | None) -> None:
    assert found(a_version(**changes)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("diagnoses", "codes"),
    [
        (("E119", "I10"), []),
        (TWELVE, []),
        ((*TWELVE, "Z79.899"), ["C05 diagnoses_too_many /diagnoses"]),
        ((), ["C05 diagnosis_missing /diagnoses",
              "D04 pointer_to_nothing /lines/0/diagnosis_pointers"]),
        (("e11.9",), ["C01 diagnosis_malformed /diagnoses/0"]),
        (("E11,9",), ["C01 diagnosis_malformed /diagnoses/0"]),
        (("E11.9", "Q99.99"), ["C02 diagnosis_unknown /diagnoses/1"]),
        (("G35",), ["C03 diagnosis_not_billable /diagnoses/0"]),
        (("E11",), ["C03 diagnosis_not_billable /diagnoses/0"]),
        (("S72.001",), ["C03 diagnosis_not_billable /diagnoses/0"]),
        (("S72.001A",), []),
        (("I10", "E11.9", "I10"), ["C06 diagnosis_repeated /diagnoses/2"]),
        (("E119", "E11.9"), ["C06 diagnosis_repeated /diagnoses/1"]),
        (("S61.451A", "W61.62XA"), []),
        (
            ("W61.62XA", "S61.451A"),
            [
                "C07 diagnosis_cannot_be_first /diagnoses/0",
                "D05 pointer_cannot_be_first /lines/0/diagnosis_pointers/0",
            ],
        ),
    ],
)  # fmt: skip
def test_diagnoses_are_those_of_the_day(diagnoses: tuple[str, ...], codes: list[str]) -> None:
    assert found(a_version(diagnoses=diagnoses)) == codes


def test_a_code_is_asked_by_the_day_of_service() -> None:
    before, after = date(2025, 9, 30), date(2025, 10, 1)

    def on(day: date) -> list[str]:
        charge = a_charge(service_from_on=day, service_to_on=day)
        return found(
            a_version(diagnoses=("G35",), service_from_on=day, service_to_on=day, charges=(charge,))
        )

    assert on(before) == []
    assert on(after) == ["C03 diagnosis_not_billable /diagnoses/0"]


def test_a_day_that_no_table_covers_is_shown_and_never_passes() -> None:
    day = date(2014, 5, 5)
    charge = a_charge(service_from_on=day, service_to_on=day, modifiers=())
    version = a_version(
        diagnoses=("E11.9",), service_from_on=day, service_to_on=day, charges=(charge,), self_pay=True,
        coverages=(),
    )  # fmt: skip
    assert found(version) == ["?C02 not_checked /diagnoses/0"]


def test_an_age_that_does_not_fit_is_a_warning() -> None:
    version = a_version(person=a_person(birth_on=date(1950, 1, 1)), diagnoses=("O80",))
    assert found(version) == ["?C11 diagnosis_unlikely_at_age /diagnoses/0"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"procedure_code": "G0439"}, None),
        ({"procedure_code": "0001A"}, None),
        ({"procedure_code": None}, "D01 procedure_missing /lines/0/procedure_code"),
        ({"procedure_code": "9921"}, "D01 procedure_malformed /lines/0/procedure_code"),
        ({"procedure_code": "g0439"}, "D01 procedure_malformed /lines/0/procedure_code"),
        ({"procedure_code": "D0120"}, "D01 procedure_malformed /lines/0/procedure_code"),
        ({"diagnosis_pointers": (2, 1)}, None),
        ({"diagnosis_pointers": ()}, "D04 pointer_missing /lines/0/diagnosis_pointers"),
        ({"diagnosis_pointers": (3,)}, "D04 pointer_to_nothing /lines/0/diagnosis_pointers"),
        ({"diagnosis_pointers": (0,)}, "D04 pointer_to_nothing /lines/0/diagnosis_pointers"),
        ({"diagnosis_pointers": (-1,)}, "D04 pointer_to_nothing /lines/0/diagnosis_pointers"),
        ({"diagnosis_pointers": (1, 1)}, "D04 pointer_repeated /lines/0/diagnosis_pointers"),
        (
            {"diagnosis_pointers": (1, 2, 1, 2, 1)},
            "D04 pointers_too_many /lines/0/diagnosis_pointers",
        ),
        ({"modifiers": ()}, None),
        ({"modifiers": ("25", "25")}, "D06 modifier_repeated /lines/0/modifiers"),
        ({"modifiers": ("2",)}, "D06 modifier_malformed /lines/0/modifiers/0"),
        ({"modifiers": ("25", "Q9")}, "?D06 not_checked /lines/0/modifiers/1"),
        ({"modifiers": ("GA", "GZ")}, "D12 modifiers_clash /lines/0/modifiers"),
        ({"place_of_service": "77"}, "D30 place_of_service_unknown /lines/0/place_of_service"),
        ({"units": "2.5"}, None),
        ({"units": "0"}, "E01 units_unacceptable /lines/0/units"),
        ({"units": "-1"}, "E01 units_unacceptable /lines/0/units"),
        ({"units": "1.0001"}, "E01 units_unacceptable /lines/0/units"),
        ({"units": "1e3"}, "E01 units_unacceptable /lines/0/units"),
        ({"units": "NaN"}, "E01 units_unacceptable /lines/0/units"),
        ({"units": "one"}, "E01 units_unacceptable /lines/0/units"),
        ({"units": None}, "E01 units_missing /lines/0/units"),
        ({"unit": "MJ", "units": "45"}, None),
        ({"unit": "DA"}, "E01 unit_unknown /lines/0/unit"),
        ({"service_to_on": LATER}, "F02 line_outside_encounter /lines/0/service_from_on"),
        ({"service_from_on": EARLIER}, "F02 line_outside_encounter /lines/0/service_from_on"),
        ({"charge_cents": None}, "G02 charge_missing /lines/0/charge_cents"),
        ({"charge_cents": -75_00}, "G02 charge_negative /lines/0/charge_cents"),
        ({"charge_cents": 0}, "?G02 charge_zero /lines/0/charge_cents"),
    ],
)
def test_a_line_can_be_billed(changes: dict[str, Any], code: str | None) -> None:
    assert found(a_version(charges=(a_charge(**changes),))) == ([code] if code else [])


def test_equal_lines_are_found_and_different_ones_are_not() -> None:
    equal = (a_charge(1), a_charge(2))
    repeated_on_purpose = (a_charge(1), a_charge(2, modifiers=("25", "76")))
    assert found(a_version(charges=equal)) == ["E05 line_repeated /lines/1"]
    assert found(a_version(charges=repeated_on_purpose)) == []


def test_fifty_lines_pass_and_one_more_does_not() -> None:
    lines = tuple(a_charge(number, charge_cents=number) for number in range(1, 52))
    assert found(a_version(charges=lines[:50])) == []
    assert found(a_version(charges=lines)) == ["K05 lines_too_many /lines"]


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        (None, None, ["F02 service_date_missing /service_from_on"]),
        (SERVED_ON, EARLIER, ["F02 service_dates_swapped /service_from_on"]),
        (SERVED_ON, AHEAD, ["F01 service_in_future /service_to_on"]),
        (EARLIER, SERVED_ON, []),
    ],
)
def test_days_of_service_are_in_order(
    first: date | None, last: date | None, codes: list[str]
) -> None:
    assert found(a_version(service_from_on=first, service_to_on=last)) == codes


def test_every_rule_says_where_it_comes_from_and_whose_work_it_is() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.source and rule.queue and rule.title for rule in RULES)


def test_a_finding_names_the_release_that_judged() -> None:
    (finding,) = examine(
        Examination(version=a_version(diagnoses=("E11",), coverages=(), self_pay=True))
    )
    assert isinstance(finding, DataEntryFinding)
    assert (finding.source_release, finding.value) == ("ICD-10-CM 2025-10", "E11")
    assert finding.queue == "coding"
