"""What a case is worth and how urgent it is, term by term."""

from datetime import date

import pytest

from cleanclaim.codes.vocabulary import RootCause
from cleanclaim.denials.domain.priority import priority, priority_terms
from cleanclaim.denials.domain.recovery import STARTING_SHARES, expected_recovery

TODAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("cents", "points"),
    [(0, 0), (1, 5), (99_99, 5), (100_00, 10), (500_00, 20), (2_500_00, 30), (10_000_00, 40)],
)
def test_more_money_gives_more_points(cents: int, points: int) -> None:
    assert terms(denied_cents=cents)["value"] == points


@pytest.mark.parametrize(
    ("work_by", "points"),
    [
        ("2026-09-30", 0),
        ("2026-10-01", 40),
        ("2026-10-08", 40),
        ("2026-10-09", 30),
        ("2026-10-15", 30),
        ("2026-10-31", 20),
        ("2026-11-30", 10),
        ("2026-12-01", 0),
        (None, 25),
    ],
)
def test_a_near_day_gives_more_points_than_a_far_one(work_by: str | None, points: int) -> None:
    day = date.fromisoformat(work_by) if work_by else None
    assert terms(work_by_on=day)["deadline"] == points


@pytest.mark.parametrize(
    ("opened", "points"),
    [("2026-10-01", 0), ("2026-09-24", 1), ("2026-01-01", 10), ("2026-10-05", 0)],
)
def test_each_full_week_gives_a_point_up_to_ten(opened: str, points: int) -> None:
    assert terms(opened_on=date.fromisoformat(opened))["age"] == points


def test_the_priority_is_the_sum_of_its_terms() -> None:
    found = terms(denied_cents=200_00, share_percent=45, work_by_on=date(2026, 10, 9))
    assert found == {"value": 10, "deadline": 30, "recoverability": 9, "age": 0}
    assert priority(terms=found) == 49


def terms(
    denied_cents: int = 0,
    share_percent: int = 0,
    work_by_on: date | None = date(2027, 10, 1),
    opened_on: date = TODAY,
) -> dict[str, int]:
    return dict(
        priority_terms(
            denied_cents=denied_cents,
            share_percent=share_percent,
            work_by_on=work_by_on,
            opened_on=opened_on,
            as_of=TODAY,
        )
    )


def test_every_category_has_a_starting_share() -> None:
    assert set(STARTING_SHARES) == set(RootCause)
    assert all(0 <= share <= 100 for share in STARTING_SHARES.values())


@pytest.mark.parametrize(
    ("category", "cents", "never", "work_by", "expected"),
    [
        ("authorization", 200_00, False, "2026-10-01", (90_00, 45, "category_share")),
        ("authorization", 1, False, None, (0, 45, "category_share")),
        ("authorization", 200_00, False, "2026-09-30", (0, 0, "deadline_passed")),
        ("authorization", 200_00, True, None, (0, 0, "never_worth_it")),
        ("billing_data", 333, False, None, (266, 80, "category_share")),
    ],
)
def test_the_expected_recovery(
    category: str, cents: int, never: bool, work_by: str | None, expected: tuple[int, int, str]
) -> None:
    found = expected_recovery(
        category=category,
        never_worth_it=never,
        denied_cents=cents,
        work_by_on=date.fromisoformat(work_by) if work_by else None,
        as_of=TODAY,
    )
    assert (found.expected_cents, found.share_percent, found.because) == expected
