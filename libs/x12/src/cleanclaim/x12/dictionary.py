"""The X12 005010 segment dictionary: what each element of each segment may hold, in any set."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec

_ELEMENT = re.compile(r"(\w+):([A-Z]+0?)_(\d+)-(\d+)")


class Element(msgspec.Struct, frozen=True):
    """A data element: its number in the dictionary, its type (AN ID R N0 DT TM) and its lengths."""

    number: str
    kind: str
    shortest: int
    longest: int


class Field(msgspec.Struct, frozen=True):
    """A place in a segment: one element, or the components of a composite; may repeat."""

    elements: tuple[Element, ...]
    is_composite: bool = False
    repeats: int = 1


class SegmentShape(msgspec.Struct, frozen=True):
    """A segment of the standard with its syntax notes (`P0304`: paired, `R0203`: one of …)."""

    segment_id: str
    fields: tuple[Field, ...]
    notes: tuple[tuple[str, tuple[int, ...]], ...] = ()


ANY_TEXT = Element("", "AN", 1, 1024)


@cache
def segment_shapes() -> dict[str, SegmentShape]:
    """Every segment known to the guides, by id; read once from `grammars/segments.txt`."""
    text = files("cleanclaim.x12").joinpath("grammars/segments.txt").read_text("ascii")
    shapes = [_shape(line) for line in text.splitlines() if line]
    return {shape.segment_id: shape for shape in shapes}


def _shape(line: str) -> SegmentShape:
    head, _, tail = line.partition("|")
    segment_id, *fields = head.split()
    return SegmentShape(segment_id, tuple(map(_field, fields)), tuple(map(_note, tail.split())))


def _field(text: str) -> Field:
    body, _, repeats = text.partition("x")
    elements = tuple(
        Element(number, kind, int(low), int(high))
        for number, kind, low, high in _ELEMENT.findall(body)
    )
    return Field(elements or (ANY_TEXT,), body.startswith("("), int(repeats or 1))


def _note(text: str) -> tuple[str, tuple[int, ...]]:
    digits = text[1:]
    return text[0], tuple(int(digits[i : i + 2]) for i in range(0, len(digits), 2))
