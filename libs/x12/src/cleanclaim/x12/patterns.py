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
_FROM_ONE = re.compile(r"(\[\^.*\])\{1,(\d+)\}", re.DOTALL).fullmatch
_IS_TIME = re.compile(_TIME).fullmatch


def segment_pattern(use: SegmentUse, delimiters: Delimiters) -> str:
    """The expression that a clean segment of this use matches as a whole."""
    cut = re.escape(delimiters.element)
    bodies = [
        _field(use.shape.fields[place], usage, delimiters) for place, usage in enumerate(use.usages)
    ]
    needs = "".join(usage.need for usage in use.usages)
    return re.escape(use.segment_id) + _row([cut + body for body in bodies], needs, cut)


def _row(parts: list[str], needs: str, cut: str) -> str:
    """Parts in a row, of which those after the last required may be left out from the end on.

    `(?:x|)` is written where `(?:x)?` would do: the engine takes it in half the time. That an
    optional tail does not end in a separator is seen by the look-behind.
    """
    required = needs.rfind("R") + 1
    row = ""
    for part in reversed(parts[required:]):
        row = f"(?:{part}{row}|)"
    return "".join(parts[:required]) + row + (f"(?<!{cut})" if row else "")


def _optional(body: str, need: str) -> str:
    if need == "R":
        return body
    if need == "N" or not body:
        return ""
    if body.startswith("[^") and (match := _FROM_ONE(body)):
        return f"{match[1]}{{0,{match[2]}}}"
    return f"(?:{body}|)"


def _field(field: Field, usage: Usage, delimiters: Delimiters) -> str:
    if usage.need == "N":
        return ""
    codes = dict(usage.codes)
    if not field.is_composite:
        body = element_pattern(field.elements[0], codes.get(0), delimiters)
        return _optional(body, usage.need)
    cut = re.escape(delimiters.component)
    parts = []
    for place, need in enumerate(usage.components):
        body = element_pattern(field.elements[place], codes.get(place + 1), delimiters)
        parts.append((cut if place else "") + _optional(body, need))
    return _optional(_row(parts, usage.components, cut), usage.need)


def element_pattern(element: Element, codes: frozenset[str] | None, delimiters: Delimiters) -> str:
    if codes is not None:
        return _one_of(sorted(codes))
    low, high = element.shortest, element.longest
    if element.kind == "R":
        return rf"-?\d{{1,{high - 3}}}(?:\.\d{{1,3}}|)" if high > 3 else rf"-?\d{{1,{high}}}"
    if element.kind == "N0":
        return rf"-?\d{{{low},{high}}}"
    if element.kind == "DT":
        return _DAY
    if element.kind == "TM":
        return _TIME
    barred = re.escape(delimiters.all())
    return rf"[^{barred}\x00-\x1f\x7f]{{{low},{high}}}"


def _one_of(words: list[str]) -> str:
    """Sorted words as a tree of their letters: the engine tries one branch, not all."""
    if words == [""]:
        return ""
    ends = "" in words
    branches: dict[str, list[str]] = {}
    for word in filter(None, words):
        branches.setdefault(word[0], []).append(word[1:])
    single = [letter for letter, rest in branches.items() if rest == [""]]
    parts = [re.escape(letter) + _one_of(rest) for letter, rest in branches.items() if rest != [""]]
    if single:
        letters = "".join(map(re.escape, single))
        parts.append(f"[{letters}]" if len(single) > 1 else letters)
    if len(parts) == 1 and not ends:
        return parts[0]
    return f"(?:{'|'.join(parts)}{'|' if ends else ''})"


def is_day(text: str) -> bool:
    """True for CCYYMMDD of a day that exists."""
    return len(text) == 8 and day_of(text) is not None


def day_of(text: str) -> date | None:
    """The day of CCYYMMDD, or None when there is no such day."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_time(text: str) -> bool:
    return _IS_TIME(text) is not None
