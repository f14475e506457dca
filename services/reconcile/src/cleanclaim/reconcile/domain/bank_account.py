"""BankAccountNumber: how an organization's own account is recognized in a bank's file."""

import re

from cleanclaim.values.errors import Invalid

_SEPARATORS = re.compile(r"[\s-]")
_PLAIN = re.compile(r"[0-9A-Z]{4,34}")


class AccountNumberUnreadable(Invalid):
    """The number is not 4 to 34 digits or letters."""


def normalized_number(text: str, *, strict: bool = True) -> str:
    """The number without separators and leading zeros, which banks add and leave out at will.

    Raises:
        AccountNumberUnreadable: it is no account number, and `strict` asks for one.
    """
    number = _SEPARATORS.sub("", text).upper()
    if strict and not _PLAIN.fullmatch(number):
        raise AccountNumberUnreadable(
            "The account number has 4 to 34 digits or letters.",
            pointer="/account_number",
            fix="Copy it from the bank's statement, without the routing number.",
        )
    return number.lstrip("0")


def last_four(number: str) -> str:
    """What may be shown of the number."""
    return number[-4:].rjust(4, "0")
