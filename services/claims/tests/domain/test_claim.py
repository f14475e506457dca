"""How a claim version is built from an encounter, and what its numbers look like."""

from uuid import UUID

import pytest

from cleanclaim.chassis.testing import ORGANIZATION
from cleanclaim.claims.domain import numbers
from cleanclaim.claims.domain.claim import ClaimVersion, PrimaryCoverageMissing, draft
from cleanclaim.claims.store.records import as_json, from_json

from ..builders import MARK, a_charge, a_coverage, an_id
from .builders import PAYER_ID, a_claim, a_directory, a_payer, a_provider, a_read_encounter

ORDERS = {
    "none": [],
    "only a second": ["S"],
    "two first ones": ["P", "P"],
}


@pytest.mark.parametrize("orders", ORDERS.values(), ids=ORDERS.keys())
def test_exactly_one_coverage_is_billed_first(orders: list[str]) -> None:
    encounter = a_read_encounter(coverages=[a_coverage(PAYER_ID, order=one) for one in orders])
    with pytest.raises(PrimaryCoverageMissing):
        draft(encounter, claim_number="C000000001", version=1, directory=a_directory())


def test_further_payers_stand_in_their_order() -> None:
    several = [a_coverage(an_id(one), order=one) for one in ("T", "S")]
    encounter = a_read_encounter(coverages=[*several, a_coverage(PAYER_ID)])
    claim = draft(encounter, claim_number="C000000001", version=1, directory=a_directory())
    assert [one.payer_responsibility for one in claim.further_payers] == ["S", "T"]


UNITS = {"1": "1", "1.50": "1.5", "0.25": "0.25", "10": "10", "100.000": "100"}


@pytest.mark.parametrize(("given", "kept"), UNITS.items())
def test_units_are_decimal_text_without_needless_zeros(given: str, kept: str) -> None:
    encounter = a_read_encounter(lines=[a_charge(units=given)])
    claim = draft(encounter, claim_number="C000000001", version=1, directory=a_directory())
    assert claim.lines[0].units == kept


def test_a_charge_keeps_its_line_over_versions() -> None:
    first, second = (
        draft(a_read_encounter(version=n), claim_number="C000000001", version=n,
              directory=a_directory())
        for n in (1, 2)
    )  # fmt: skip
    assert first.lines[0].line_id == second.lines[0].line_id
    assert first.lines[0].line_control_number == second.lines[0].line_control_number
    assert first.patient_control_number != second.patient_control_number


KEPT = {
    "a claim version": a_claim(),
    "a provider version": a_provider().versions[0],
    "a payer version": a_payer(enrolled_transactions=("837P",)).versions[0],
}


@pytest.mark.parametrize("value", KEPT.values(), ids=KEPT.keys())
def test_what_is_kept_comes_back_equal(value: object) -> None:
    assert from_json(type(value), as_json(value)) == value


def test_a_kept_claim_holds_no_person() -> None:
    kept = str(as_json(a_claim()))
    for secret in ("Ahlgren", "Nora", "MBR000001", "1980-05-04", "Elm"):
        assert secret not in kept


def test_the_longest_number_that_payers_return() -> None:
    longest = numbers.patient_control_number(ORGANIZATION, "C9999999999", 99)
    assert longest == f"C9999999999V99{MARK}"
    with pytest.raises(numbers.NumbersExhausted):
        numbers.patient_control_number(ORGANIZATION, "C9999999999", 100)


def test_no_two_organizations_give_the_same_number() -> None:
    made = {numbers.patient_control_number(UUID(int=one), "C000000001", 1) for one in range(2_000)}
    assert len(made) == 2_000
    assert {len(one) for one in made} == {19}


FOLLOWING = {0: 1, 1: 2, 999_999_998: 999_999_999, 999_999_999: 1}


@pytest.mark.parametrize(("last", "following"), FOLLOWING.items())
def test_control_numbers_begin_again_after_nine_nines(last: int, following: int) -> None:
    assert numbers.following(last) == following


def test_the_type_that_is_stored_is_the_type_that_is_read() -> None:
    assert isinstance(from_json(ClaimVersion, as_json(a_claim())), ClaimVersion)
