"""Dated versions: which holds on a day, which lists are refused; and how files are marked."""

from dataclasses import replace
from datetime import date

import pytest

from cleanclaim.claims.domain.directory import (
    DatedVersionsOverlap,
    UsageNotAllowed,
    in_order,
    usage_for,
    version_on,
)

from .builders import a_payer

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
OLD = replace(a_payer().versions[0], effective_from_on=JANUARY, effective_to_on=date(2026, 2, 28))
NEW = replace(OLD, effective_from_on=MARCH, effective_to_on=None)
DAYS = [
    (date(2025, 12, 31), None),
    (JANUARY, OLD),
    (date(2026, 2, 28), OLD),
    (MARCH, NEW),
    (date(2099, 1, 1), NEW),
]


@pytest.mark.parametrize(("day", "version"), DAYS)
def test_the_version_of_a_day(day: date, version: object) -> None:
    assert version_on((OLD, NEW), day) is version


def test_versions_are_put_in_order() -> None:
    assert in_order([NEW, OLD]) == (OLD, NEW)


OVERLAPS = {
    "an open one before another": [replace(OLD, effective_to_on=None), NEW],
    "one day twice": [replace(OLD, effective_to_on=MARCH), NEW],
    "the same day": [OLD, OLD],
    "an end before the beginning": [replace(NEW, effective_to_on=JANUARY)],
}


@pytest.mark.parametrize("versions", OVERLAPS.values(), ids=OVERLAPS.keys())
def test_no_day_has_two_versions(versions: list[object]) -> None:
    with pytest.raises(DatedVersionsOverlap):
        in_order(versions)  # type: ignore[type-var]


USAGES = [("test", None, "T"), ("test", "T", "T"), ("live", None, "P"), ("live", "P", "P")]


@pytest.mark.parametrize(("environment", "wanted", "usage"), USAGES)
def test_files_are_marked_by_the_environment(
    environment: str, wanted: str | None, usage: str
) -> None:
    assert usage_for(environment, wanted) == usage


@pytest.mark.parametrize(("environment", "wanted"), [("test", "P"), ("live", "T")])
def test_the_other_mark_is_refused(environment: str, wanted: str) -> None:
    with pytest.raises(UsageNotAllowed):
        usage_for(environment, wanted)
