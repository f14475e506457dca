"""What the elements of a segment may hold: one pattern says clean, else element by element."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from cleanclaim.x12 import rules
from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.dictionary import Element, Field
from cleanclaim.x12.grammar import SegmentUse, Usage
from cleanclaim.x12.notes import Note, check_notes, telling_notes
from cleanclaim.x12.patterns import is_day, is_time, segment_pattern
from cleanclaim.x12.reporting import Place, Rule
from cleanclaim.x12.segments import Segment

Complaint = tuple[Rule, str, Place]
NOT_USED = Usage("N")
LISTED_CODES = 24  # as many as a person reads in a line
USUAL_SEPARATORS = ":>|"
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)", re.ASCII).fullmatch
_WHOLE = re.compile(r"-?\d+", re.ASCII).fullmatch
_CONTROL = re.compile(r"[\x00-\x1f\x7f]").search


@lru_cache(maxsize=4096)
def clean_match(use: SegmentUse, delimiters: Delimiters) -> Callable[[str], object | None]:
    return re.compile(segment_pattern(use, delimiters), re.ASCII).fullmatch


class ElementCheck:
    """The element rules of one set; keeps the patterns of its delimiters at hand."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self._known: dict[int, tuple[Callable[[str], object | None], tuple[Note, ...]]] = {}

    def complaints(self, segment: Segment, use: SegmentUse) -> Sequence[Complaint]:
        """Everything wrong with the elements of a segment in its place of the guide."""
        known = self._known.get(id(use))
        if known is None:
            known = (clean_match(use, self.delimiters), telling_notes(use))
            self._known[id(use)] = known
        text = segment.text or self.delimiters.element.join(segment.elements)
        if known[0](text) is not None and not known[1]:
            return ()
        return [
            *(() if known[0](text) is not None else by_element(segment, use)),
            *check_notes(segment.elements, use, known[1]),
        ]


def by_element(segment: Segment, use: SegmentUse) -> Iterator[Complaint]:
    fields = use.shape.fields
    given = len(segment.elements) - 1
    while given and not segment.elements[given]:
        given -= 1
    if given < len(segment.elements) - 1:
        yield rules.TRAILING, "leave out separators after the last element", Place(given + 1)
    for place in range(1, max(given, len(use.usages)) + 1):
        text = segment.element(place)
        if place > len(fields):
            message = f"{use.segment_id} has {len(fields)} elements at most: take the others out"
            yield rules.ELEMENT_COUNT, message, Place(place, value=text)
            return
        usage = use.usages[place - 1] if place <= len(use.usages) else NOT_USED
        yield from _field(text, segment, (place, fields[place - 1], usage))


def _field(text: str, segment: Segment, spot: tuple[int, Field, Usage]) -> Iterator[Complaint]:
    place, field, usage = spot
    name = f"{segment.elements[0]}{place:02d}"
    at = Place(place, data_element=field.elements[0].number if not field.is_composite else "")
    if not text:
        if usage.need == "R":
            yield rules.ELEMENT_MISSING, f"{name} is required: send it", at
        return
    if usage.need == "N":
        here = Place(place, data_element=at.data_element, value=text)
        yield rules.ELEMENT_UNUSED, f"the guide does not use {name} here: leave it empty", here
        return
    for number, piece in enumerate(_pieces(text, segment, field), 1):
        if number > field.repeats:
            message = f"{name} may stand {field.repeats} time(s): take the others out"
            yield rules.REPETITION_COUNT, message, Place(place, 0, number, value=piece)
            return
        repetition = number if field.repeats > 1 else 0
        if field.is_composite:
            yield from _composite(piece, segment, (place, repetition, field, usage))
        else:
            codes = dict(usage.codes).get(0)
            where = Place(place, 0, repetition, field.elements[0].number, piece)
            yield from _single(piece, (field.elements[0], codes), name, where)


def _pieces(text: str, segment: Segment, field: Field) -> list[str]:
    mark = segment.delimiters.repetition
    return text.split(mark) if mark and (field.repeats > 1 or mark in text) else [text]


def _composite(
    text: str, segment: Segment, spot: tuple[int, int, Field, Usage]
) -> Iterator[Complaint]:
    place, repetition, field, usage = spot
    parts = text.split(segment.delimiters.component)
    codes = dict(usage.codes)
    for number in range(1, max(len(parts), len(usage.components)) + 1):
        name = f"{segment.elements[0]}{place:02d}-{number}"
        part = parts[number - 1] if number <= len(parts) else ""
        if number > len(field.elements):
            message = f"{name} is one component too many: take it out"
            yield rules.COMPONENT_COUNT, message, Place(place, number, repetition, value=part)
            return
        element = field.elements[number - 1]
        need = usage.components[number - 1] if number <= len(usage.components) else "N"
        where = Place(place, number, repetition, element.number, part)
        if not part:
            if need == "R":
                yield rules.ELEMENT_MISSING, f"{name} is required: send it", where
        elif need == "N":
            yield rules.ELEMENT_UNUSED, f"the guide does not use {name} here: empty it", where
        else:
            advice = _advice(part) if len(parts) == 1 else ""
            for rule, message, at in _single(part, (element, codes.get(number)), name, where):
                yield rule, message + advice, at


def _advice(text: str) -> str:
    """What to look at when a composite came as one component that holds another's separator."""
    mark = next((mark for mark in USUAL_SEPARATORS if mark in text), "")
    return f"; or it holds components parted by '{mark}', which is not what ISA16 says" * bool(mark)


def _listed(codes: frozenset[str]) -> str:
    more = len(codes) - LISTED_CODES
    listed = ", ".join(sorted(codes)[:LISTED_CODES])
    return f"{listed} and {more} more" if more > 0 else listed


def _single(
    text: str, spec: tuple[Element, frozenset[str] | None], name: str, where: Place
) -> Iterator[Complaint]:
    element, codes = spec
    if codes is not None:
        if text not in codes:
            yield rules.CODE_UNUSED, f"{name} must be a code of the guide ({_listed(codes)})", where
        return
    length = len(text.lstrip("-").replace(".", "")) if element.kind == "R" else len(text)
    if element.kind == "N0":
        length = len(text.lstrip("-"))
    if length < element.shortest:
        message = f"{name} needs {_characters(element.shortest)} at least: complete it"
        yield rules.TOO_SHORT, message, where
    elif length > element.longest:
        message = f"{name} holds {_characters(element.longest)} at most: shorten it"
        yield rules.TOO_LONG, message, where
    else:
        yield from _typed(text, element.kind, name, where)


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"


def _typed(text: str, kind: str, name: str, where: Place) -> Iterator[Complaint]:
    if kind == "R" and not _NUMBER(text):
        yield rules.CHARACTERS, f"{name} must be a decimal number such as 12.5", where
    elif kind == "N0" and not _WHOLE(text):
        yield rules.CHARACTERS, f"{name} must be a whole number", where
    elif kind == "DT" and not is_day(text):
        yield rules.BAD_DAY, f"{name} must be a day as CCYYMMDD", where
    elif kind == "TM" and not is_time(text):
        yield rules.BAD_TIME, f"{name} must be a time as HHMM or HHMMSS", where
    elif kind in {"AN", "ID"} and _CONTROL(text):
        yield rules.CHARACTERS, f"{name} holds a control character: take it out", where
