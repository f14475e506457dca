"""The National Provider Identifier: ten digits that prove themselves (45 CFR 162.406)."""

from typing import NewType

from cleanclaim.values.errors import Invalid

Npi = NewType("Npi", str)

_LENGTH = 10
# ISO 7812 issuer prefix for US health applications; the NPI check digit is Luhn over it.
_ISSUER = "80840"


class NpiUnacceptable(Invalid):
    """Not ten digits beginning 1 or 2 with a right check digit."""


def is_npi(text: str) -> bool:
    """Whether the text is an NPI: ten ASCII digits, first 1 or 2, Luhn over `80840` + it."""
    if len(text) != _LENGTH or not (text.isascii() and text.isdigit()) or text[0] not in "12":
        return False
    return _luhn_holds(_ISSUER + text)


def npi(text: str) -> Npi:
    """The text as an NPI. Raises NpiUnacceptable; nothing is trimmed or repaired."""
    if not is_npi(text):
        raise NpiUnacceptable(
            "This is no NPI: it needs ten digits, first 1 or 2, and a valid check digit.",
            fix="Copy the NPI from the NPPES registry; check for swapped or missing digits.",
        )
    return Npi(text)


def _luhn_holds(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
