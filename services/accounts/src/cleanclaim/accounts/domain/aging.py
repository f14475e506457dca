"""Aging: how old what is owed is, in the buckets that billing offices use."""

from collections.abc import Iterable
from datetime import date

BUCKETS = ("days_0_30", "days_31_60", "days_61_90", "days_91_120", "days_over_120")
_LAST_DAYS = (30, 60, 90, 120)


def bucket_of(since_on: date, *, as_of: date) -> str:
    """The bucket of an amount that is owed since a day; a day still to come is in the first."""
    days = (as_of - since_on).days
    for last, name in zip(_LAST_DAYS, BUCKETS, strict=False):
        if days <= last:
            return name
    return BUCKETS[-1]


def aged(amounts: Iterable[tuple[date, int]], *, as_of: date) -> dict[str, int]:
    """Cents by bucket, of (since, cents); the buckets add up to what is owed."""
    sums = dict.fromkeys(BUCKETS, 0)
    for since_on, cents in amounts:
        sums[bucket_of(since_on, as_of=as_of)] += cents
    return sums
