"""Regular expressions for clean segments; each accepts only what the element rules accept too."""

from __future__ import annotations

import re
from datetime import date

from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.dictionary import Element, Field
from cleanclaim.x12.grammar import SegmentUse, Usage

# 29 February is left to the slow way, which knows the leap years.
_DAY = (
    r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
)
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d?)?)?"
_IS_TIME = re.compile(_TIME).fullmatch


def segment_pattern(use: SegmentUse, delimiters: Delimiters) -> str:
    """The expression that a clean segment of this use matches as a whole."""
    cut = re.escape(delimiters.element)
    parts, optional = [re.escape(use.segment_id)], 0
    last_required = max((i for i, usage in enumerate(use.usages) if usage.need == "R"), default=-1)
    for i, usage in enumerate(use.usages):
        body = _field(use.shape.fields[i], usage, delimiters)
        if usage.need != "R":
            body = f"(?:{body})?" if body else ""
        if i <= last_required:
            parts.append(cut + body)
        else:
            parts.append(f"(?:{cut}{body}")
            optional += 1
    # An optional tail may stop anywhere; that it ends in a separator is seen by the look-behind.
    return "".join(parts) + ")?" * optional + f"(?<!{cut})"


def _field(field: Field, usage: Usage, delimiters: Delimiters) -> str:
    if usage.need == "N":
        return ""
    codes = dict(usage.codes)
    if not field.is_composite:
        return element_pattern(field.elements[0], codes.get(0), delimiters)
    needs = usage.components
    cut = re.escape(delimiters.component)
    last_required = needs.rfind("R")
    parts = []
    for i, need in enumerate(needs):
        body = element_pattern(field.elements[i], codes.get(i + 1), delimiters)
        body = {"R": body, "S": f"(?:{body})?", "N": ""}[need]
        lead = cut if i else ""
        parts.append(f"{lead}{body}" if i <= last_required else f"(?:{lead}{body}")
    return "".join(parts) + ")?" * (len(needs) - 1 - last_required) + f"(?<!{cut})"


def element_pattern(element: Element, codes: frozenset[str] | None, delimiters: Delimiters) -> str:
    if codes is not None:
        return f"(?:{'|'.join(map(re.escape, sorted(codes)))})"
    low, high = element.shortest, element.longest
    if element.kind == "R":
        return rf"-?\d{{1,{high - 3}}}(?:\.\d{{1,3}})?" if high > 3 else rf"-?\d{{1,{high}}}"
    if element.kind == "N0":
        return rf"-?\d{{{low},{high}}}"
    if element.kind == "DT":
        return _DAY
    if element.kind == "TM":
        return _TIME
    barred = re.escape(delimiters.all())
    return rf"[^{barred}\x00-\x1f\x7f]{{{low},{high}}}"


def is_day(text: str) -> bool:
    """True for CCYYMMDD of a day that exists."""
    return len(text) == 8 and day_of(text) is not None


def day_of(text: str) -> date | None:
    """The day of CCYYMMDD, or None when there is no such day."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def is_time(text: str) -> bool:
    return _IS_TIME(text) is not None
