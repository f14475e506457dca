"""BankCalendar: the days on which banks move money, and how long money may be on its way."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from cleanclaim.values.dates import business_days

ELECTRONIC_WINDOW_DAYS = 4
"""Business days after which a provider may chase a missing partner of an 835 or an EFT
(CAQH CORE 370, reassociation; 45 CFR 162.1603)."""
CHECK_WINDOW_DAYS = 10
"""Business days that a mailed check is given."""
PAID_BY_CHECK = frozenset({"CHK", "BOP"})
_FIRST_JUNETEENTH = 2021
_SUNDAY = 6


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The Federal Reserve's holidays of a year (5 USC 6103(a)).

    A holiday on a Sunday is kept on Monday; one on a Saturday closes no other day, for the
    Reserve Banks are open on the Friday before it (unlike federal offices).
    """
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= _FIRST_JUNETEENTH:
        fixed.append(date(year, 6, 19))
    kept = {day + timedelta(days=1) if day.weekday() == _SUNDAY else day for day in fixed}
    floating = {
        _nth_weekday(year, 1, 0, 3),  # Martin Luther King Jr.
        _nth_weekday(year, 2, 0, 3),  # Washington
        _last_monday_of_may(year),  # Memorial Day
        _nth_weekday(year, 9, 0, 1),  # Labor Day
        _nth_weekday(year, 10, 0, 2),  # Columbus
        _nth_weekday(year, 11, 3, 4),  # Thanksgiving
    }
    return frozenset(kept | floating)


def window_ends_on(first_on: date, method: str) -> date:
    """The last day on which money's partner is only awaited: business days after `first_on`.

    `method` is BPR04 (or a deposit's method): a check is given 10 days, all else 4.
    """
    days = CHECK_WINDOW_DAYS if method in PAID_BY_CHECK else ELECTRONIC_WINDOW_DAYS
    return business_days(first_on, days, _holidays_around([first_on]))


def within_window(one: date, other: date, method: str) -> bool:
    """Whether two days lie within the method's window of each other, whichever comes first."""
    first, last = min(one, other), max(one, other)
    return last <= window_ends_on(first, method)


def _holidays_around(days: Iterable[date]) -> frozenset[date]:
    years = {day.year for day in days}
    return frozenset().union(*(bank_holidays(year) | bank_holidays(year + 1) for year in years))


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
