"""When banks are closed, and when a window ends."""

from datetime import date

import pytest

from cleanclaim.reconcile.domain.bank_calendar import bank_holidays, window_ends_on, within_window


def test_the_reserve_banks_keep_eleven_holidays() -> None:
    assert sorted(bank_holidays(2026)) == [
        date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25),
        date(2026, 6, 19), date(2026, 7, 4), date(2026, 9, 7), date(2026, 10, 12),
        date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "kept", "not_kept"),
    [
        (2027, date(2027, 7, 5), date(2027, 7, 4)),  # Sunday: kept on Monday
        (2026, date(2026, 7, 4), date(2026, 7, 3)),  # Saturday: open on Friday
        (2020, date(2020, 1, 1), date(2020, 6, 19)),  # before Juneteenth was one
    ],
)
def test_weekends_move_holidays_as_the_reserve_banks_do(
    year: int, kept: date, not_kept: date
) -> None:
    assert kept in bank_holidays(year)
    assert not_kept not in bank_holidays(year)


@pytest.mark.parametrize(
    ("first_on", "method", "last_on"),
    [
        (date(2026, 3, 2), "ACH", date(2026, 3, 6)),
        (date(2026, 3, 5), "ACH", date(2026, 3, 11)),  # over a weekend
        (date(2026, 3, 2), "CHK", date(2026, 3, 16)),
        (date(2026, 12, 24), "ACH", date(2026, 12, 31)),  # Christmas does not count
        (date(2026, 12, 30), "ACH", date(2027, 1, 6)),  # nor New Year of the next year
        (date(2026, 3, 7), "FWT", date(2026, 3, 12)),  # begins on a Saturday
    ],
)
def test_a_window_counts_bank_days(first_on: date, method: str, last_on: date) -> None:
    assert window_ends_on(first_on, method) == last_on


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (date(2026, 3, 2), date(2026, 3, 6), True),
        (date(2026, 3, 6), date(2026, 3, 2), True),
        (date(2026, 3, 2), date(2026, 3, 9), False),
        (date(2026, 3, 9), date(2026, 3, 2), False),
    ],
)
def test_days_are_near_whichever_comes_first(one: date, other: date, near: bool) -> None:
    assert within_window(one, other, "ACH") is near
