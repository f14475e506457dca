"""How urgent a case is: a sum of four terms, shown so that a person can see why."""

from collections.abc import Mapping
from datetime import date

# (at least so many cents at stake, points), greatest first
_VALUE = ((10_000_00, 40), (2_500_00, 30), (500_00, 20), (100_00, 10), (1, 5))
# (at most so many days left, points), nearest first
_DEADLINE = ((7, 40), (14, 30), (30, 20), (60, 10))
# Nobody knows the last day: find it out before the far ones are worked.
_UNKNOWN_DEADLINE = 25
_GREATEST_AGE = 10


def priority_terms(
    *,
    denied_cents: int,
    share_percent: int,
    work_by_on: date | None,
    opened_on: date,
    as_of: date,
) -> Mapping[str, int]:
    """Terms `value`, `deadline`, `recoverability` and `age`; higher is more urgent.

    Value up to 40 by the refused cents, deadline up to 40 by the days left (0 once it has passed,
    for then nothing is won by haste), recoverability up to 20 by the expected share, age one point
    for each full week up to 10.
    """
    return {
        "value": next((points for least, points in _VALUE if denied_cents >= least), 0),
        "deadline": _deadline_points(work_by_on=work_by_on, as_of=as_of),
        "recoverability": share_percent // 5,
        "age": max(0, min(_GREATEST_AGE, (as_of - opened_on).days // 7)),
    }


def _deadline_points(*, work_by_on: date | None, as_of: date) -> int:
    if work_by_on is None:
        return _UNKNOWN_DEADLINE
    left = (work_by_on - as_of).days
    if left < 0:
        return 0
    return next((points for most, points in _DEADLINE if left <= most), 0)


def priority(*, terms: Mapping[str, int]) -> int:
    return sum(terms.values())
