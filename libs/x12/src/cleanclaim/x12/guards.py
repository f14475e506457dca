"""What a pattern cannot see of a clean segment: syntax notes, levels and check digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from cleanclaim.x12 import rules
from cleanclaim.x12.grammar import SegmentUse
from cleanclaim.x12.hierarchy import Hierarchy
from cleanclaim.x12.notes import Note, check_notes, telling_notes
from cleanclaim.x12.reporting import Place, Rule
from cleanclaim.x12.segment import Segment

# Where a national provider identifier stands: the place of its qualifier XX, then its own.
NPI_PLACES = {"NM1": (8, 9), "N1": (3, 4)}
NPI_PREFIX = 24  # what the prefix 80840 of ISO 7812 adds to the sum

Guard = Callable[[Hierarchy, list[str]], bool]


def guard_of(use: SegmentUse) -> Guard | None:
    """A test of the elements that a clean segment must also pass; None when there is none."""
    if use.segment_id == "HL":
        return Hierarchy.fits
    if use.segment_id in NPI_PLACES:
        return _names_no_false_npi
    notes = telling_notes(use)
    if not notes:
        return None
    from_place = min(map(_first_trouble, notes))

    def keeps_notes(_hierarchy: Hierarchy, elements: list[str]) -> bool:
        if len(elements) <= from_place:
            return True
        return not list(check_notes(elements, use, notes))

    return keeps_notes


def _first_trouble(note: Note) -> int:
    """A segment that ends before this element keeps the note."""
    mark, places = note
    if mark == "R":
        return 0
    if mark == "E":
        return sorted(places)[1]
    return places[0] if mark in "CL" else min(places)


def _names_no_false_npi(_hierarchy: Hierarchy, elements: list[str]) -> bool:
    qualifier, place = NPI_PLACES[elements[0]]
    if len(elements) <= place or elements[qualifier] != "XX":
        return True
    return is_npi(elements[place])


def npi_complaints(segment: Segment) -> Iterator[tuple[Rule, str, Place]]:
    """An identifier with the qualifier XX is an NPI (45 CFR 162.406, ISO 7812 check digit)."""
    spot = NPI_PLACES.get(segment.elements[0])
    if spot is None:
        return
    qualifier, place = spot
    number = segment.element(place)
    if segment.element(qualifier) == "XX" and number and not is_npi(number):
        name = f"{segment.elements[0]}{place:02d}"
        message = f"{name} is no NPI: send ten digits, the last of which is its check digit"
        yield rules.NPI_DIGIT, message, Place(place, data_element="67", value=number)


@lru_cache(maxsize=8192)
def is_npi(number: str) -> bool:
    """Ten digits, the last of them right by the Luhn formula over 80840 and the nine."""
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in number]
    doubled = sum(2 * digit - 9 * (digit > 4) for digit in digits[0::2])
    return (NPI_PREFIX + doubled + sum(digits[1::2])) % 10 == 0
