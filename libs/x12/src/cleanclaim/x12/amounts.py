"""Texts of X12 to numbers and days and back: whole cents, exact decimals, real days."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cleanclaim.x12.patterns import day_of

_MONEY = re.compile(r"(-?)(\d*)(?:\.(\d*))?").fullmatch
_DECIMAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)").fullmatch


def cents_of(text: str) -> int | None:
    """`"12.5"` is 1250; None when the text is no number or no whole number of cents."""
    if text.isascii():  # the two usual forms first
        if text.isdigit():
            return int(text) * 100
        if text[-3:-2] == "." and (digits := text[:-3] + text[-2:]).isdigit():
            return int(digits)
    match = _MONEY(text)
    if match is None:
        return None
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(fraction) > 2 or not (whole or match[3]) or not (whole + fraction or "0").isascii():
        return None
    cents = int(whole or "0") * 100 + int(fraction.ljust(2, "0") or "0")
    return -cents if sign else cents


def text_of_cents(cents: int) -> str:
    """1250 is `"12.5"`, 1200 is `"12"`: X12 drops trailing zeros and a bare point (X12.6 R)."""
    whole, part = divmod(abs(cents), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if cents < 0 else text


@lru_cache(maxsize=1024)
def decimal_of(text: str) -> Decimal | None:
    return Decimal(text) if text.isascii() and _DECIMAL(text) else None


def text_of_decimal(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def days_of(text: str) -> tuple[date | None, date | None]:
    """`CCYYMMDD` is (day, None), `CCYYMMDD-CCYYMMDD` is (from, through); None for no such day."""
    if len(text) == 8:
        return day_of(text), None
    first, cut, last = text.partition("-")
    return day_of(first), day_of(last) if cut else None


def text_of_day(day: date) -> str:
    return day.strftime("%Y%m%d")
