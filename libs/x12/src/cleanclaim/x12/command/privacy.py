"""What in a segment may point at a person: decided by data element, so for every set alike.

Codes, numbers, money, dates of service and control numbers of the envelopes are kept; all text is
taken for personal unless its data element is listed here. A kept element whose value does not look
like its kind is taken for personal too: it may be a name that slipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache

from cleanclaim.x12 import Delimiters, Segment
from cleanclaim.x12.dictionary import ANY_TEXT, Element, Field, segment_shapes


class Kind(Enum):
    """What a piece of a segment is, and so what may be put in its place."""

    KEPT = "kept"
    IDENTIFIER = "identifier"
    WORDS = "words"
    CONTACT = "contact"
    BIRTH = "birth"


# Data elements of the X12 dictionary whose text is no code and names or describes somebody.
WORDS = frozenset(
    [
        "1035",
        "1036",
        "1037",
        "1038",
        "1039",
        "93",
        "166",
        "19",
        "352",
        "933",
        "449",
        "3",
        "61",
        "309",
        "310",
        "1204",
        "443",
    ]
)  # names, addresses, city, descriptions, messages, free form
CONTACTS = frozenset({"364"})
NAMED = dict.fromkeys(WORDS, Kind.WORDS) | dict.fromkeys(CONTACTS, Kind.CONTACT)
POSTAL_CODE = "116"
DAY_OR_PERIOD = "1251"
# Text (AN) that is a code or a number of the structure: procedures and drugs, industry codes,
# modifiers, facility, version and guide, set and group control numbers, HL numbers, loop names.
CODED_TEXT = frozenset(
    [
        "234",
        "1271",
        "1339",
        "1331",
        "1341",
        "480",
        "1705",
        "329",
        "628",
        "734",
        "447",
        "799",
        "350",
        "499",
        "9999",
        "I15",
    ]
)
REFERENCE = "127"
# Where a reference (127) is a code of a list: remark codes, taxonomy, a repriced DRG.
CODED_REFERENCES = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7), "PRV": (3,), "HCP": (6,)}
IEA_CONTROL_NUMBER = ("IEA", 2)  # kept whatever it is, as ISA13 is
BIRTHS = {("DMG", 2), ("PAT", 6), ("INS", 12)}  # days of birth and of death

_NUMERIC = re.compile(r"-?[0-9]*\.?[0-9]*").fullmatch
_CODE = re.compile(r"[A-Za-z0-9.\-^ ]*").fullmatch
_PERIOD = re.compile(r"[0-9]{1,14}(?:-[0-9]{1,14})?").fullmatch
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}").fullmatch
_LOOKS: dict[str, Callable[[str], object]] = {
    "R": _NUMERIC, "N0": _NUMERIC, "N": _NUMERIC, "DT": _NUMERIC, "TM": _NUMERIC,
    "ID": _CODE, "AN": _CODE,
}  # fmt: skip

Change = Callable[[Kind, str], str]


def changed(segment: Segment, change: Change) -> str:
    """The bytes of a segment (as Latin-1 text) with `change` applied to each piece of it."""
    body, tail = _body_and_tail(segment)
    return changed_body(body, segment.delimiters, change) + tail


def changed_body(body: str, marks: Delimiters, change: Change) -> str:
    """The same for the text of a segment without its terminator."""
    first, *elements = body.split(marks.element)
    blanks, segment_id = first[: len(first) - len(first.lstrip())], first.lstrip()
    if not _SEGMENT_ID(segment_id):
        segment_id = change(Kind.IDENTIFIER, segment_id)
    if segment_id == "ISA":
        made = [change(_isa_kind(place), text) for place, text in enumerate(elements, 1)]
    else:
        fields = _fields(segment_id)
        made = [
            _element(segment_id, place, text, fields, marks, change)
            for place, text in enumerate(elements, 1)
        ]
    return marks.element.join([blanks + segment_id, *made])


def _isa_kind(place: int) -> Kind:
    """Passwords (ISA02, ISA04) and the names of the partners (ISA06, ISA08) are identifiers."""
    return Kind.IDENTIFIER if place in {2, 4, 6, 8} else Kind.KEPT


def _body_and_tail(segment: Segment) -> tuple[str, str]:
    raw = segment.raw
    if not segment.ended:
        return raw, ""
    if segment.header is not None:
        end = segment.header.length - 1
    else:
        end = raw.find(segment.delimiters.terminator)
    return (raw[:end], raw[end:]) if end >= 0 else (raw, "")


@cache
def _fields(segment_id: str) -> tuple[Field, ...]:
    shape = segment_shapes().get(segment_id)
    return shape.fields if shape else ()


def _element(
    segment_id: str,
    place: int,
    text: str,
    fields: tuple[Field, ...],
    marks: Delimiters,
    change: Change,
) -> str:
    if not text:
        return text
    field = fields[place - 1] if place <= len(fields) else Field((ANY_TEXT,))
    made = []
    for repetition, mark in _parts(text, marks.repetition):
        for at, (piece, after) in enumerate(_parts(repetition, marks.component)):
            known = at < len(field.elements)
            element = field.elements[at] if known else ANY_TEXT
            kind = kind_of(segment_id, place, element, piece)
            made.append((change(kind, piece) if piece else piece) + after)
        made.append(mark)
    return "".join(made)


def _parts(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """The parts of a text, each with the separator that follows it."""
    parts = text.split(mark) if mark else [text]
    for part in parts[:-1]:
        yield part, mark
    yield parts[-1], ""


def kind_of(segment_id: str, place: int, element: Element, text: str) -> Kind:
    """What one piece of a segment is, by its data element and by how it looks."""
    number = element.number
    if (segment_id, place) == IEA_CONTROL_NUMBER:
        return Kind.KEPT
    if (segment_id, place) in BIRTHS:
        return Kind.BIRTH if number == DAY_OR_PERIOD else Kind.KEPT
    if number in NAMED:
        return NAMED[number]
    if number == DAY_OR_PERIOD:
        return Kind.KEPT if _PERIOD(text) else Kind.IDENTIFIER
    if not _is_code(segment_id, place, element):
        return Kind.IDENTIFIER
    fits = len(text) <= element.longest and _LOOKS.get(element.kind, _CODE)(text)
    return Kind.KEPT if fits else Kind.IDENTIFIER


def _is_code(segment_id: str, place: int, element: Element) -> bool:
    if element.number == REFERENCE:
        return place in CODED_REFERENCES.get(segment_id, ())
    if element.number == POSTAL_CODE:
        return False
    return element.kind != "AN" or element.number in CODED_TEXT
