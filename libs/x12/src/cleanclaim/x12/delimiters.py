"""The four delimiters of an interchange, read from its ISA header and from nowhere else."""

from __future__ import annotations

import msgspec

from cleanclaim.x12.findings import Unreadable

# ISA01..ISA16 are of fixed width (X12.5); with the separators and the terminator, 106 bytes.
ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
ISA_LENGTH = 106
LONGEST_HEADER = 400  # a padded or cut ISA is still looked for within this many bytes
REPETITION_SINCE = "00402"  # before this version ISA11 names the standard ("U"), no separator


class Delimiters(msgspec.Struct, frozen=True):
    """The separators of one interchange; `repetition` is "" where the version has none."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"

    def all(self) -> str:
        return self.element + self.component + self.repetition + self.terminator


class Header(msgspec.Struct, frozen=True):
    """An ISA segment: its elements, its delimiters, its length, and its elements of wrong width."""

    elements: list[str]
    delimiters: Delimiters
    length: int
    misfits: list[int]


def read_header(text: str, start: int = 0) -> Header:
    """Read the ISA that starts at `start` of `text`.

    The sixteenth separator is searched, so a header whose blanks were lost or doubled is read too
    (its elements of wrong width are told). Raises `Unreadable` when there are no sixteen.
    """
    if text[start : start + 3] != "ISA":
        raise Unreadable("no ISA header at the start: send an X12 interchange")
    element = text[start + 3 : start + 4]
    if not element or element.isalnum() or element == " ":
        raise Unreadable("the byte after ISA is no element separator: send the interchange as made")
    window = text[start : start + LONGEST_HEADER]
    pieces = window.split(element, 16)
    if len(pieces) < 17 or len(pieces[16]) < 2:
        raise Unreadable("the ISA header is cut short: it needs sixteen elements and a terminator")
    tail = pieces[16]
    component, terminator = tail[0], tail[1]
    if terminator.isalnum() or terminator == element:
        raise Unreadable("the byte after ISA16 is no segment terminator: it must end the header")
    elements = [*pieces[:16], component]
    repetition = elements[11] if _has_repetition(elements) else ""
    length = len(window) - len(tail) + 2
    misfits = [n for n, width in enumerate(ISA_WIDTHS, 1) if len(elements[n]) != width]
    return Header(elements, Delimiters(element, component, repetition, terminator), length, misfits)


def _has_repetition(elements: list[str]) -> bool:
    mark = elements[11]
    return len(mark) == 1 and not mark.isalnum() and elements[12] >= REPETITION_SINCE
