"""The taxpayer number a provider is paid under: an EIN or an SSN, never shown by accident."""

import re
from dataclasses import dataclass
from enum import StrEnum

from cleanclaim.values.errors import Invalid

_EIN = re.compile(r"([0-9]{2})-([0-9]{7})|([0-9]{9})")
_SSN = re.compile(r"([0-9]{3})-([0-9]{2})-([0-9]{4})|([0-9]{9})")


class TinKind(StrEnum):
    EIN = "ein"
    SSN = "ssn"


class TinUnacceptable(Invalid):
    """Not the nine digits of an employer or social security number."""


@dataclass(frozen=True, slots=True, repr=False)
class Tin:
    """A checked taxpayer number; `repr` and `str` hide the digits because an SSN may stand here."""

    kind: TinKind
    _digits: str

    def reveal(self) -> str:
        """The nine digits without punctuation: for the wire and the vault, never for a log."""
        return self._digits

    def __repr__(self) -> str:
        return f"Tin({self.kind.value}, ***)"


def ein(text: str) -> Tin:
    """Read `12-3456789` or `123456789` as an EIN. Raises TinUnacceptable."""
    digits = _nine_digits(text, "EIN", _EIN)
    # The IRS assigns no campus prefix 00; the rest of its prefix list moves, so it is not checked.
    if digits[:2] == "00" or digits[2:] == "0000000":
        raise _refusal("EIN")
    return Tin(TinKind.EIN, digits)


def ssn(text: str) -> Tin:
    """Read `123-45-6789` or `123456789` as an SSN. Raises TinUnacceptable.

    Area 000, 666 and 9xx, group 00 and serial 0000 are never issued (SSA, POMS RM 10201.035).
    """
    digits = _nine_digits(text, "SSN", _SSN)
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if area in {"000", "666"} or area[0] == "9" or group == "00" or serial == "0000":
        raise _refusal("SSN")
    return Tin(TinKind.SSN, digits)


def _nine_digits(text: str, name: str, shape: re.Pattern[str]) -> str:
    found = shape.fullmatch(text)
    if found is None:
        raise _refusal(name)
    return "".join(group for group in found.groups() if group)


def _refusal(name: str) -> TinUnacceptable:
    return TinUnacceptable(
        f"The {name} is not acceptable: it needs nine digits that the issuer could have assigned.",
        fix=f"Copy the {name} from the provider's W-9.",
    )
