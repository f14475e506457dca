"""Each rule about people and cover: what passes, and the one finding that each error brings."""

from datetime import date
from typing import Any

import pytest

from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.person import Person

from .builders import a_coverage, a_person, a_version, an_address, found, named

MEDICARE = {"payer": "Medicare"}


def test_a_clean_encounter_passes_the_whole_book() -> None:
    assert found(a_version()) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("last_name", "Quill-Feather", None),
        ("last_name", "O'Hara St. Cloud", None),
        ("last_name", "Núñez", None),
        ("last_name", None, "A01 name_missing /patient/last_name"),
        ("last_name", "  ", "A01 name_missing /patient/last_name"),
        ("first_name", None, "A01 name_missing /patient/first_name"),
        ("last_name", "SMITH3", "A01 name_characters /patient/last_name"),
        ("first_name", "Ada (twin)", "A01 name_characters /patient/first_name"),
        ("middle_name", "B2", "A01 name_characters /patient/middle_name"),
        ("last_name", "TEST", "A01 name_is_a_placeholder /patient/last_name"),
        ("first_name", "Test Ada", "A01 name_is_a_placeholder /patient/first_name"),
        ("last_name", "Testarossa", None),
        ("last_name", "Smith Jr.", "A01 name_holds_suffix /patient/last_name"),
        ("last_name", "Smith III", "A01 name_holds_suffix /patient/last_name"),
        ("birth_on", None, "A02 birth_date_missing /patient/birth_on"),
        ("birth_on", date(1901, 2, 14), "A02 birth_date_unlikely /patient/birth_on"),
        ("birth_on", date(1902, 2, 14), None),
        ("birth_on", date(2026, 2, 27), None),
        ("birth_on", date(2026, 2, 28), "A03 service_before_birth /service_from_on"),
        ("deceased_on", date(2026, 2, 27), None),
        ("deceased_on", date(2026, 2, 26), "A04 service_after_death /service_to_on"),
        ("deceased_on", date(2026, 3, 3), "A04 death_in_future /patient/deceased_on"),
        ("sex", "U", None),
        ("sex", None, "A05 sex_missing /patient/sex"),
        ("sex", "female", "A05 sex_unknown /patient/sex"),
        ("address", None, "A06 address_missing /patient/address"),
        ("address", an_address(line1=" "), "A06 address_line1_missing /patient/address/line1"),
        ("address", an_address(city=None), "A06 address_city_missing /patient/address/city"),
        ("address", an_address(state="XX"), "A06 state_unknown /patient/address/state"),
        ("address", an_address(state="ma"), "A06 state_unknown /patient/address/state"),
        ("address", an_address(zip="2118"), "A06 zip_malformed /patient/address/zip"),
        ("address", an_address(zip="02118-4400"), "A06 zip_malformed /patient/address/zip"),
        ("address", an_address(zip="021184400"), None),
    ],
)
def test_a_patient_is_registered_as_a_claim_needs_it(
    field: str, value: Any, code: str | None
) -> None:
    assert found(a_version(person=a_person(**{field: value}))) == ([code] if code else [])


def test_a_birth_in_the_future_is_unlikely_and_after_the_service() -> None:
    assert found(a_version(person=a_person(birth_on=date(2031, 2, 1)))) == [
        "A02 birth_date_unlikely /patient/birth_on",
        "A03 service_before_birth /service_from_on",
    ]


@pytest.mark.parametrize(
    ("coverage", "code"),
    [
        (a_coverage(member_id=None), "A07 member_id_missing /coverages/0/member_id"),
        (a_coverage(member_id=" "), "A07 member_id_missing /coverages/0/member_id"),
        (a_coverage(member_id="W 1234-5678"), "A07 member_id_punctuated /coverages/0/member_id"),
        (a_coverage(member_id="1SG4TE5MK73"), None),
        (a_coverage("Medicare", member_id="1EG4TE5MK73"), None),
        (
            a_coverage("Medicare", member_id="1EG4TE5MK7"),
            "A08 beneficiary_id_malformed /coverages/0/member_id",
        ),
        (
            a_coverage("Medicare", member_id="0EG4TE5MK73"),
            "A08 beneficiary_id_malformed /coverages/0/member_id",
        ),
        (
            a_coverage("Medicare", member_id="1EG4TE5SK73"),
            "A08 beneficiary_id_malformed /coverages/0/member_id",
        ),
        (
            a_coverage("Medicare", member_id="1SG4TE5MK73"),
            "A09 synthetic_id_refused /coverages/0/member_id",
        ),
        (a_coverage(subscriber=a_person()), None),
        (a_coverage(subscriber=a_person(first_name="ADA", address=None)), None),
        (
            a_coverage(subscriber=a_person(first_name="Vera")),
            "A10 subscriber_is_not_the_patient /coverages/0/subscriber/first_name",
        ),
        (
            a_coverage(subscriber=a_person(birth_on=date(1980, 2, 15))),
            "A10 subscriber_is_not_the_patient /coverages/0/subscriber/birth_on",
        ),
        (a_coverage(relationship="19", subscriber=a_person(first_name="Vera")), None),
        (a_coverage(relationship="19"), "A11 subscriber_missing /coverages/0/subscriber"),
        (
            a_coverage(relationship=None, subscriber=a_person()),
            "A11 relationship_missing /coverages/0/relationship",
        ),
        (
            a_coverage(relationship="77", subscriber=a_person()),
            "A11 relationship_unknown /coverages/0/relationship",
        ),
        (
            a_coverage(relationship="19", subscriber=a_person(birth_on=None)),
            "A02 birth_date_missing /coverages/0/subscriber/birth_on",
        ),
        (
            a_coverage(relationship="19", subscriber=a_person(address=None)),
            "A06 address_missing /coverages/0/subscriber/address",
        ),
        (a_coverage(effective_from_on=date(2026, 2, 27)), None),
        (a_coverage(effective_to_on=date(2026, 2, 27)), None),
        (a_coverage(effective_to_on=date(2026, 2, 26)), "A12 coverage_not_in_force /coverages/0"),
        (a_coverage(effective_from_on=date(2026, 2, 28)), "A12 coverage_not_in_force /coverages/0"),
        (a_coverage("Nobody Mutual"), "A16 payer_unknown /coverages/0/payer_id"),
        (a_coverage(claim_filing_indicator="CI"), None),
        (
            a_coverage(claim_filing_indicator="BL"),
            "A17 filing_indicator_differs /coverages/0/claim_filing_indicator",
        ),
    ],
)
def test_a_coverage_can_be_billed(coverage: Coverage, code: str | None) -> None:
    assert found(a_version(coverages=(coverage,))) == ([code] if code else [])


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ("test", None),
        ("live", "A09 synthetic_id_refused /coverages/0/member_id"),
        (None, "A09 environment_not_known /coverages/0/member_id"),
    ],
)
def test_synthetic_numbers_pass_in_tests_alone(environment: str | None, code: str | None) -> None:
    version = a_version(coverages=(a_coverage("Medicare", member_id="1S00E00AA02"),))
    assert found(version, environment) == ([code] if code else [])


@pytest.mark.parametrize(
    ("orders", "passes"),
    [
        ("P", True),
        ("PS", True),
        ("PST", True),
        ("S", False),
        ("PP", False),
        ("PT", False),
        ("PSS", False),
    ],
)
def test_payers_stand_in_order(orders: str, passes: bool) -> None:
    names = ("Prairie Mutual", "Second Mutual", "Third Mutual")
    coverages = tuple(
        a_coverage(name, order=order) for name, order in zip(names, orders, strict=False)
    )
    expected = [] if passes else ["A13 coverage_order_broken /coverages"]
    assert found(a_version(coverages=coverages)) == expected


@pytest.mark.parametrize(
    ("coverages", "self_pay", "code"),
    [
        ((), True, None),
        ((), False, "A13 coverage_missing /coverages"),
        ((a_coverage(),), True, "A13 self_pay_with_coverage /self_pay"),
    ],
)
def test_somebody_pays_or_the_patient_does(
    coverages: tuple[Coverage, ...], self_pay: bool, code: str | None
) -> None:
    assert found(a_version(coverages=coverages, self_pay=self_pay)) == ([code] if code else [])


def test_a_payer_without_terms_for_the_day_is_told() -> None:
    day = date(2019, 12, 31)
    version = a_version(service_from_on=day, service_to_on=day)
    assert "A16 payer_without_terms /coverages/0/payer_id" in found(version)


@pytest.mark.parametrize("person", [a_person(), a_person(last_name="SMITH3", sex="X")])
def test_no_finding_repeats_what_names_a_person(person: Person) -> None:
    from cleanclaim.intake.domain.rules import Examination, examine  # noqa: PLC0415

    coverage = a_coverage(member_id="W 99-77", relationship="19", subscriber=a_person(sex="?"))
    examination = Examination(version=a_version(person=person, coverages=(coverage,)))
    said = " ".join(f"{one.message} {one.expected} {one.value}" for one in examine(examination))
    hidden = ("SMITH3", "Quillfeather", "Ada", "W 99-77", "Alder", "1980", str(named("patient")))
    assert [word for word in hidden if word in said] == []
