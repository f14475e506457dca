"""What each edit finds: one table of cases a rule, and the bounds on both sides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cleanclaim.claims.domain.directory import Directory
from cleanclaim.claims.domain.edits import EDITS, findings_of, holds

from .builders import MONDAY, a_claim, a_connection, a_directory, a_line, a_payer, a_provider


def _rules(directory: Directory | None = None, on: date = MONDAY, **changes: Any) -> list[str]:
    known = directory or a_directory()
    found = findings_of(a_claim(known, **changes), directory=known, as_of_on=on)
    return [one.rule_id for one in found]


def test_a_good_claim_passes_all() -> None:
    assert _rules() == []


DIRECTORIES = {
    "no provider": (replace(a_directory(), providers={}), "billing_provider.unknown"),
    "provider later": (
        a_directory(provider=a_provider(effective_from_on=date(2026, 2, 21))),
        "billing_provider.not_in_force",
    ),
    "provider earlier": (
        a_directory(provider=a_provider(effective_to_on=date(2026, 2, 19))),
        "billing_provider.not_in_force",
    ),
    "payer later": (
        a_directory(payer=a_payer(effective_from_on=date(2026, 2, 21))),
        "payer.not_in_force",
    ),
    "no connection": (
        a_directory(payer=replace(a_payer(), connection_id=None)),
        "payer.no_connection",
    ),
    "a bank's connection": (
        a_directory(connection=a_connection(purpose="bank")),
        "payer.wrong_connection",
    ),
    "not enrolled": (
        a_directory(payer=a_payer(enrolled_transactions=("835", "270"))),
        "payer.not_enrolled",
    ),
}


@pytest.mark.parametrize("case", DIRECTORIES)
def test_what_the_directory_lacks_holds_the_claim(case: str) -> None:
    directory, rule = DIRECTORIES[case]
    assert _rules(directory) == [rule]


def test_an_unknown_payer_is_found_once() -> None:
    assert _rules(replace(a_directory(), payers={})) == ["payer.unknown"]


PASSING_DIRECTORIES = {
    "in force from that day": a_directory(provider=a_provider(effective_from_on=date(2026, 2, 20))),
    "in force to that day": a_directory(provider=a_provider(effective_to_on=date(2026, 2, 20))),
    "enrolled for 837P": a_directory(payer=a_payer(enrolled_transactions=("837P",))),
    "no enrolment recorded": a_directory(payer=a_payer(enrolled_transactions=())),
}


@pytest.mark.parametrize("case", PASSING_DIRECTORIES)
def test_what_is_just_enough_passes(case: str) -> None:
    assert _rules(PASSING_DIRECTORIES[case]) == []


# service on 20 February 2026 and 180 days: the last day is 19 August
LAST = date(2026, 8, 19)
FILING = [
    (LAST - timedelta(days=30), []),
    (LAST - timedelta(days=7), []),
    (LAST - timedelta(days=6), ["filing.limit_near"]),
    (LAST, ["filing.limit_near"]),
    (LAST + timedelta(days=1), ["filing.limit_passed"]),
]


@pytest.mark.parametrize(("on", "rules"), FILING)
def test_the_filing_limit(on: date, rules: list[str]) -> None:
    assert a_claim().file_by_on == LAST
    assert _rules(on=on) == rules


def test_a_warning_does_not_hold() -> None:
    known = a_directory()
    found = findings_of(a_claim(known), directory=known, as_of_on=LAST)
    assert [one.severity for one in found] == ["warning"]
    assert not holds(found)


def test_a_service_of_tomorrow_is_not_billed_today() -> None:
    assert _rules(on=date(2026, 2, 19)) == ["service.in_future"]


SHAPES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "total too high": ({"total_charge_cents": 125_01}, ["total.not_sum_of_lines"]),
    "no lines": ({"lines": (), "total_charge_cents": 0}, ["lines.count"]),
    "fifty lines": (
        {"lines": tuple(a_line(line_control_number=f"L{n}") for n in range(50)),
         "total_charge_cents": 50 * 125_00},
        [],
    ),
    "fifty-one lines": (
        {"lines": tuple(a_line(line_control_number=f"L{n}") for n in range(51)),
         "total_charge_cents": 51 * 125_00},
        ["lines.count"],
    ),
    "a free line": ({"lines": (a_line(charge_cents=0),), "total_charge_cents": 0}, []),
    "a negative line": (
        {"lines": (a_line(charge_cents=-1),), "total_charge_cents": -1},
        ["line.negative_charge"],
    ),
    "no diagnosis": ({"diagnosis_codes": ()}, ["diagnoses.count", "line.diagnosis_pointers"]),
    "twelve diagnoses": ({"diagnosis_codes": ("E11.9",) * 12}, []),
    "thirteen diagnoses": ({"diagnosis_codes": ("E11.9",) * 13}, ["diagnoses.count"]),
    "no pointer": ({"lines": (a_line(diagnosis_pointers=()),)}, ["line.diagnosis_pointers"]),
    "two pointers": ({"lines": (a_line(diagnosis_pointers=(2, 1)),)}, []),
    "the same pointer twice": (
        {"lines": (a_line(diagnosis_pointers=(1, 1)),)}, ["line.diagnosis_pointers"],
    ),
    "a pointer at nothing": (
        {"lines": (a_line(diagnosis_pointers=(3,)),)}, ["line.diagnosis_pointers"],
    ),
    "a pointer at zero": (
        {"lines": (a_line(diagnosis_pointers=(0,)),)}, ["line.diagnosis_pointers"],
    ),
    "five pointers": (
        {"lines": (a_line(diagnosis_pointers=(1, 2, 3, 4, 5)),),
         "diagnosis_codes": ("E11.9",) * 5},
        ["line.diagnosis_pointers"],
    ),
    "one line number twice": (
        {"lines": (a_line(), a_line()), "total_charge_cents": 250_00},
        ["line.control_number", "line.control_number"],
    ),
    "a line number of thirty": ({"lines": (a_line(line_control_number="L" * 30),)}, []),
    "a line number of thirty-one": (
        {"lines": (a_line(line_control_number="L" * 31),)}, ["line.control_number"],
    ),
    "a service that ends before it begins": (
        {"lines": (a_line(service_to_on=date(2026, 2, 19)),)}, ["line.service_days"],
    ),
    "an institutional claim": ({"claim_type": "institutional"}, ["claim_type.not_professional"]),
}  # fmt: skip


@pytest.mark.parametrize("case", SHAPES)
def test_the_shape_of_a_claim(case: str) -> None:
    changes, rules = SHAPES[case]
    assert _rules(**changes) == rules


def test_every_finding_says_how_to_mend_it_and_points_at_its_place() -> None:
    known = replace(a_directory(), providers={}, payers={})
    claim = a_claim(known, lines=(a_line(charge_cents=-1),), diagnosis_codes=())
    found = findings_of(claim, directory=known, as_of_on=date(2020, 1, 1))
    assert len(found) > 5
    assert all(one.fix and one.message and one.pointer for one in found)


def test_every_edit_names_its_source_or_reason() -> None:
    assert all((edit.__doc__ or "").strip() for edit in EDITS)
