"""Who may move an encounter from where to where, and how urgent a held one is."""

from collections.abc import Callable
from datetime import date

import pytest

from cleanclaim.intake.domain.attention import file_by, priority
from cleanclaim.intake.domain.charge import quantity
from cleanclaim.intake.domain.encounter import (
    EncounterAlreadyBilled,
    EncounterAlreadyHeld,
    EncounterIsVoided,
    EncounterNotHeld,
    EncounterState,
    ExternalIdFixed,
    require_changeable,
    require_correctable,
    require_holdable,
    require_releasable,
    require_same_source,
    require_unbilled,
    settled,
)
from cleanclaim.intake.domain.patient import VersionOvertaken, require_version
from cleanclaim.intake.domain.person import Person, likeness
from cleanclaim.intake.domain.rules import Examination, examine
from cleanclaim.values.errors import DomainError

from .builders import a_charge, a_person, a_standing, a_version, content

HELD, READY = EncounterState.HELD, EncounterState.READY
BILLED, VOIDED = EncounterState.BILLED, EncounterState.VOIDED


@pytest.mark.parametrize(
    ("move", "error"),
    [
        (lambda: require_changeable(HELD), None),
        (lambda: require_changeable(READY), None),
        (lambda: require_changeable(BILLED), EncounterAlreadyBilled),
        (lambda: require_changeable(VOIDED), EncounterIsVoided),
        (lambda: require_correctable(a_standing(BILLED), content()), None),
        (lambda: require_correctable(a_standing(READY), content(self_pay=True)), None),
        (lambda: require_correctable(a_standing(VOIDED), content()), EncounterIsVoided),
        (
            lambda: require_correctable(a_standing(BILLED), content(self_pay=True)),
            EncounterAlreadyBilled,
        ),
        (lambda: require_unbilled(a_standing(READY)), None),
        (lambda: require_unbilled(a_standing(READY, billed_version=1)), EncounterAlreadyBilled),
        (lambda: require_unbilled(a_standing(VOIDED)), EncounterIsVoided),
        (lambda: require_holdable(READY, None), None),
        (lambda: require_holdable(HELD, None), None),
        (lambda: require_holdable(HELD, "coding_review"), EncounterAlreadyHeld),
        (lambda: require_holdable(BILLED, None), EncounterAlreadyBilled),
        (lambda: require_releasable(HELD), None),
        (lambda: require_releasable(READY), EncounterNotHeld),
        (lambda: require_releasable(VOIDED), EncounterIsVoided),
        (lambda: require_version(2, 2), None),
        (lambda: require_version(3, 2), VersionOvertaken),
        (lambda: require_same_source(content(), content(diagnoses=())), None),
        (lambda: require_same_source(content(), content(source="other")), ExternalIdFixed),
    ],
)
def test_only_some_moves_are_possible(
    move: Callable[[], None], error: type[DomainError] | None
) -> None:
    if error is None:
        assert move() is None
    else:
        with pytest.raises(error):
            move()


def test_errors_and_people_hold_and_warnings_do_not() -> None:
    def of(**changes: object) -> EncounterState:
        version = a_version(coverages=(), self_pay=True, **changes)
        return settled(examine(Examination(version=version)))

    assert of() is READY
    assert of(charges=(a_charge(charge_cents=0),)) is READY
    assert of(diagnoses=()) is HELD
    assert settled((), hold_reason="coding_review") is HELD


@pytest.mark.parametrize(
    ("value_cents", "days_left", "terms"),
    [
        (125_00, 100, {"value": 12, "age": 30, "deadline": 0}),
        (0, 30, {"value": 0, "age": 30, "deadline": 50}),
        (5_000_00, 14, {"value": 300, "age": 30, "deadline": 200}),
        (-75_00, 3, {"value": 0, "age": 30, "deadline": 500}),
        (125_00, -5, {"value": 12, "age": 30, "deadline": 500}),
    ],
)
def test_urgency_adds_up_from_value_age_and_deadline(
    value_cents: int, days_left: int, terms: dict[str, int]
) -> None:
    today = date(2026, 3, 31)
    urgent = priority(
        value_cents=value_cents,
        service_on=date(2026, 3, 1),
        file_by_on=date.fromordinal(today.toordinal() + days_left),
        as_of=today,
    )
    assert urgent.terms == terms
    assert urgent.points == sum(terms.values())


def test_what_is_not_known_adds_nothing() -> None:
    urgent = priority(value_cents=10_00, service_on=None, file_by_on=None, as_of=date(2026, 3, 31))
    assert urgent.terms == {"value": 1}
    assert file_by(None, 180) is None
    assert file_by(date(2026, 1, 1), None) is None
    assert file_by(date(2026, 1, 1), 180) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (a_person(), a_person(first_name="Vera"), True),
        (a_person(last_name="NÚÑEZ"), a_person(last_name="nunez"), True),
        (a_person(last_name="O'Hara"), a_person(last_name="OHara"), True),
        (a_person(), a_person(birth_on=date(1980, 2, 15)), False),
        (a_person(), a_person(last_name="Quill"), False),
    ],
)
def test_two_records_may_be_one_person(one: Person, other: Person, alike: bool) -> None:
    assert (likeness(one) == likeness(other)) is alike


@pytest.mark.parametrize("person", [a_person(birth_on=None), a_person(last_name="--")])
def test_without_name_or_birth_nobody_is_alike(person: Person) -> None:
    assert likeness(person) is None


@pytest.mark.parametrize(
    "text", ["1e3", "NaN", "Infinity", "", ".", "-", "1.2.3", "1.", ".5", "+1", "\uff11", None]
)
def test_units_are_plain_decimals(text: str | None) -> None:
    assert quantity(text) is None
