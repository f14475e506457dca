"""Invented people repeat with the seed and break only the rule that a visit is meant to break."""

import random
from datetime import date

import pytest

from cleanclaim.seed.encounters import FLAWS, a_staff, visits
from cleanclaim.seed.people import a_beneficiary_id, a_person, an_npi
from cleanclaim.seed.report import dollars, table
from cleanclaim.seed.samples import sample_visits
from cleanclaim.values.npi import is_npi

DAY = date(2026, 3, 2)


def _visits(seed=7, count=168):
    staff = a_staff(random.Random(1))
    return visits(
        seed=seed, count=count, payers=["A", "B"], medicare="B", staff=staff, until_on=DAY
    )


def test_equal_seeds_make_equal_visits_and_others_differ():
    assert _visits() == _visits()
    assert _visits(seed=8) != _visits()


def test_every_twelfth_visit_has_one_error_and_each_kind_comes():
    made = _visits()
    assert [number for number, one in enumerate(made, 1) if one.flaw] == list(range(12, 169, 12))
    assert {one.flaw for one in made if one.flaw} == set(FLAWS)
    for one in made:
        if one.flaw:
            assert one.before is not None
            assert (one.encounter, one.coverage) != (one.before.encounter, one.before.coverage)


def test_invented_npis_have_right_check_digits():
    chance = random.Random(3)
    assert all(is_npi(an_npi(chance)) for _ in range(200))


def test_invented_people_and_medicare_numbers_are_marked_as_synthetic():
    chance = random.Random(3)
    assert a_person(chance).sex in {"F", "M"}
    assert {a_beneficiary_id(chance)[1] for _ in range(50)} == {"S"}


def test_clean_visits_add_up_and_lie_before_the_day():
    for one in _visits():
        clean = one.before or one
        lines = clean.encounter["lines"]
        assert clean.encounter["total_charge_cents"] == sum(x["charge_cents"] for x in lines)
        assert clean.encounter["service_to_on"] < DAY.isoformat()


def test_the_samples_of_others_become_visits():
    samples = sample_visits()
    assert len(samples) == 7
    assert {one.payer_identifier for one in samples} >= {"CHPWA"}
    assert all(one.encounter["diagnoses"] for one in samples)


@pytest.mark.parametrize(
    ("cents", "said"), [(0, "0.00"), (5, "0.05"), (-1, "-0.01"), (1_234_56, "1,234.56")]
)
def test_cents_are_printed_as_dollars(cents, said):
    assert dollars(cents) == said


def test_numbers_stand_right_and_words_left():
    assert table([("a", "5.00"), ("bb", "-10.00")]) == "  a     5.00\n  bb  -10.00"
