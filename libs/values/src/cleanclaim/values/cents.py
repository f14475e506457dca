"""Money as whole cents: reading it strictly, showing it to people, sharing it out exactly."""

import re
from collections.abc import Sequence
from typing import NewType

from cleanclaim.values.errors import Invalid

Cents = NewType("Cents", int)

# What a PostgreSQL bigint holds: an amount that reads here can always be stored.
GREATEST_CENTS = Cents(2**63 - 1)
# Far beyond any charge, payment or deposit; millions of them still add up to what can be stored.
PLAUSIBLE_CENTS = Cents(10**12)

_PLAIN_DOLLARS = re.compile(r"(-?)([0-9]*)(?:\.([0-9]{1,2}))?")
_LONGEST_TEXT = 24


class AmountUnreadable(Invalid):
    """The text is not a plain decimal number of dollars."""


class WeightsUnusable(Invalid):
    """There is nothing to share by: no weights, a negative one, or only zeros."""


def dollars(cents: int) -> str:
    """Show cents as dollars for people: `123450` is `1,234.50`, `-5` is `-0.05`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


def from_dollars_text(text: str) -> Cents:
    """Read dollars such as `123.4`, `-7` or `.05` exactly, as cents.

    Refuses what another reader could take differently: a plus sign, parentheses, thousands
    separators, spaces, exponents, more than two decimals, `NaN`. Raises AmountUnreadable.
    """
    found = _PLAIN_DOLLARS.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if found is None or not (found[2] or found[3]):
        raise AmountUnreadable(
            "The amount is not a plain decimal number of dollars.",
            fix="Write digits with at most two decimals and, if negative, a leading minus: 1234.50",
        )
    cents = int(found[2] or "0") * 100 + int((found[3] or "").ljust(2, "0"))
    if cents > GREATEST_CENTS:
        raise AmountUnreadable(
            "The amount is larger than an account can hold.",
            fix="Check the decimal point: the field holds dollars, not cents.",
        )
    return Cents(-cents if found[1] else cents)


def share(total_cents: int, weights: Sequence[int]) -> list[Cents]:
    """Split a total by whole-number weights so that the parts sum to it to the cent.

    Largest remainder; on a tie the earlier part gets the cent, so the same question always has the
    same answer. A negative total is the mirror of the positive one. Raises WeightsUnusable.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or (whole == 0 and total_cents != 0):
        raise WeightsUnusable(
            "The amount cannot be shared: weights must be zero or more, and not all zero.",
            fix="Give at least one part a positive weight.",
        )
    if whole == 0:
        return [Cents(0) for _ in weights]
    sign = -1 if total_cents < 0 else 1
    parts = [divmod(abs(total_cents) * weight, whole) for weight in weights]
    left = abs(total_cents) - sum(floor for floor, _ in parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: -parts[place][1])
    lucky = set(by_remainder[:left])
    return [Cents(sign * (floor + (at in lucky))) for at, (floor, _) in enumerate(parts)]
