"""The segment-level writer: envelopes with right counts, segments that fit their guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

import msgspec

from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.elements import ElementCheck
from cleanclaim.x12.findings import Finding, Unwritable
from cleanclaim.x12.grammar import Guide, Loop, load_guide
from cleanclaim.x12.reporting import WHOLE, Place, Reporter, Rule
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.walk import Frame, Walker, qualifier_of


class Repeated(tuple[str, ...]):
    """The repetitions of one element, e.g. several service types."""

    __slots__ = ()


Element = str | tuple[str, ...]  # a tuple is a composite, unless it is `Repeated`
Written = list[Element]  # the segment id first


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the sets. Control numbers are the caller's; `prepared_at` is local time.

    `line_break` follows each terminator ("" or a line break, for reading only).
    """

    sender: str
    receiver: str
    interchange_control_number: int
    group_control_number: int
    prepared_at: datetime
    usage: str = "T"
    first_set_control_number: int = 1
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    application_sender: str = ""
    application_receiver: str = ""
    acknowledgement_requested: bool = False
    delimiters: Delimiters = Delimiters()
    line_break: str = ""


class _Refusing(Reporter):
    """Raises what a reader would have found."""

    def finding(
        self, rule: Rule, message: str, segment: Segment, place: Place = WHOLE, loop: str = ""
    ) -> Finding:
        found = super().finding(rule, message, segment, place, loop)
        if rule.severity == "error":
            raise Unwritable(f"{found.place}: {message}")
        return found


class Builder:
    """Writes one interchange: `open_group`, `open_set`, `segment` …, `close_set`, `to_bytes`.

    With `checked=False` segments are written as they come (only delimiters inside values are still
    refused), for tests that need faulty files.
    """

    def __init__(self, envelope: Envelope, *, checked: bool = True) -> None:
        self.envelope = envelope
        self.checked = checked
        self._parts: list[str] = []
        self._elements = ElementCheck(envelope.delimiters)
        self._walker: Walker | None = None
        self._set: tuple[str, int] | None = None
        self._group: tuple[str, int] | None = None
        self._set_number = envelope.first_set_control_number
        self._group_number = envelope.group_control_number
        self._segments = self._sets = self._groups = 0
        self._open_interchange()

    def open_group(self, functional_code: str, version: str) -> None:
        self.close_group()
        at, envelope = self.envelope.prepared_at, self.envelope
        sender = envelope.application_sender or envelope.sender
        receiver = envelope.application_receiver or envelope.receiver
        for text, name in ((sender, "GS02"), (receiver, "GS03")):
            if not 2 <= len(text) <= 15:
                raise Unwritable(f"{name} must be 2 to 15 characters: choose a fitting code")
        number = self._group_number
        stamp = (at.strftime("%Y%m%d"), at.strftime("%H%M"))
        self._write(
            ["GS", functional_code, sender, receiver, *stamp, str(number), "X", version], "GS"
        )
        self._group = (str(number), 0)
        self._group_number += 1
        self._groups += 1
        self._sets = 0

    def open_set(self, kind: str) -> str:
        """Write the ST of a set (`"837P"` …), its group where none is open; the control number."""
        guide = load_guide(kind)
        if self._group is None:
            self.open_group(guide.functional_code, guide.version)
        self.close_set()
        number = f"{self._set_number:04d}"
        if len(number) > 9:
            raise Unwritable("ST02 holds nine digits: start the set control numbers lower")
        reporter = _Refusing()
        reporter.transaction_set = number
        start = Segment(["ST", guide.identifier, number], self.envelope.delimiters)
        self._segments = 0
        version = [guide.version] if guide.has_version_in_st else []
        self._write(["ST", guide.identifier, number, *version], "ST")
        self._walker = Walker(guide, reporter, start, _nothing) if self.checked else None
        self._set = (number, self._set_number)
        self._set_number += 1
        self._sets += 1
        return number

    def segment(self, *elements: Element) -> None:
        """Write a segment; a tuple is a composite; empty elements at the end are left out.

        Raises `Unwritable` for a value that its element cannot hold and a segment out of place.
        """
        self._write(list(elements), self._place_name(elements))

    def segments(self, written: Iterable[Written]) -> None:
        for elements in written:
            self.segment(*elements)

    def close_set(self) -> None:
        if self._set is None:
            return
        if self._walker is not None:
            self._walker.end()
            self._walker = None
        number = self._set[0]
        self._set = None
        self._write(["SE", str(self._segments + 1), number], "SE")

    def close_group(self) -> None:
        self.close_set()
        if self._group is not None:
            self._write(["GE", str(self._sets), self._group[0]], "GE")
            self._group = None

    def to_bytes(self) -> bytes:
        """Close all that is open; the interchange as bytes (UTF-8 where a value is not ASCII)."""
        self.close_group()
        number = f"{self.envelope.interchange_control_number:09d}"
        self._write(["IEA", str(self._groups), number], "IEA")
        return "".join(self._parts).encode("utf-8")

    def _open_interchange(self) -> None:
        envelope, marks = self.envelope, self.envelope.delimiters
        number = f"{envelope.interchange_control_number:09d}"
        if len(number) > 9 or envelope.interchange_control_number < 0:
            raise Unwritable("ISA13 holds nine digits: start the control numbers anew")
        if len(set(marks.all())) != 4 or any(mark.isalnum() for mark in marks.all()):
            raise Unwritable("ISA: the four delimiters must differ and be no letters or digits")
        for text, name in ((envelope.sender, "ISA06"), (envelope.receiver, "ISA08")):
            if not 0 < len(text) <= 15:
                raise Unwritable(f"{name} must be 1 to 15 characters: choose a fitting code")
        self._refuse_delimiters(envelope.sender, "ISA06")
        self._refuse_delimiters(envelope.receiver, "ISA08")
        at = envelope.prepared_at
        fields = [
            "ISA", "00", " " * 10, "00", " " * 10,
            envelope.sender_qualifier, envelope.sender.ljust(15),
            envelope.receiver_qualifier, envelope.receiver.ljust(15),
            at.strftime("%y%m%d"), at.strftime("%H%M"), marks.repetition, "00501", number,
            "1" if envelope.acknowledgement_requested else "0", envelope.usage, marks.component,
        ]  # fmt: skip
        self._parts.append(marks.element.join(fields) + marks.terminator + envelope.line_break)

    def _write(self, elements: Written, name: str) -> None:
        marks = self.envelope.delimiters
        texts = [self._text(element, name, place) for place, element in enumerate(elements)]
        while len(texts) > 1 and not texts[-1]:
            texts.pop()
        self._segments += 1
        if self._walker is not None:
            segment = Segment(texts, marks)
            segment.number = self._segments
            self._check(segment)
        self._parts.append(marks.element.join(texts) + marks.terminator + self.envelope.line_break)

    def _text(self, element: Element, name: str, place: int) -> str:
        if isinstance(element, str):
            if element:
                self._refuse_delimiters(element, f"{name}{place:02d}")
            return element
        parts = list(element)
        while parts and not parts[-1]:
            parts.pop()
        for number, part in enumerate(parts, 1):
            self._refuse_delimiters(part, f"{name}{place:02d}-{number}")
        marks = self.envelope.delimiters
        return (marks.repetition if isinstance(element, Repeated) else marks.component).join(parts)

    def _refuse_delimiters(self, text: str, name: str) -> None:
        for mark in self.envelope.delimiters.all():
            if mark in text:
                raise Unwritable(
                    f"{name} holds a delimiter of this interchange: take it out of the value or"
                    " choose other delimiters"
                )
        if any(letter < " " for letter in text):
            raise Unwritable(f"{name} holds a control character or line break: take it out")

    def _place_name(self, elements: Sequence[Element]) -> str:
        segment_id = str(elements[0])
        path = self._walker.frames[-1].path.rpartition("/")[2] if self._walker else ""
        return f"after {path}, {segment_id}" if path else segment_id

    def _check(self, segment: Segment) -> None:
        walker = self._walker
        if walker is None:
            return
        placed = walker.place(segment)
        if placed.use is not None:
            for rule, message, place in self._elements.complaints(segment, placed.use):
                walker.report(rule, message, segment, place)


def _nothing(_frame: Frame) -> None:
    """A writer has nothing to give out when a loop ends."""


def arranged(kind: str, loop_id: str, written: Iterable[Written]) -> list[Written]:
    """The segments of one loop in the order of its guide."""
    order = _order(kind, loop_id)

    def rank(elements: Written) -> int:
        texts = [e if isinstance(e, str) else ":".join(e) for e in elements]
        segment = Segment(texts, Delimiters())
        exact = order.get((texts[0], qualifier_of(segment)))
        return order.get((texts[0], ""), len(order)) if exact is None else exact

    return sorted(written, key=rank)


@cache
def _order(kind: str, loop_id: str) -> dict[tuple[str, str], int]:
    """Segment id and qualifier to the place in the loop; "" stands for any qualifier."""
    found: dict[tuple[str, str], int] = {}
    loop = _loop(load_guide(kind), loop_id)
    for entry in loop.entries:
        if isinstance(entry, Loop):
            continue
        for qualifier in sorted(entry.qualifiers) or [""]:
            found.setdefault((entry.segment_id, qualifier), entry.ordinal)
        found.setdefault((entry.segment_id, ""), entry.ordinal)
    return found


def _loop(guide: Guide, loop_id: str) -> Loop:
    waiting = [guide.root]
    while waiting:
        loop = waiting.pop()
        if loop.loop_id == loop_id:
            return loop
        waiting.extend(entry for entry in loop.entries if isinstance(entry, Loop))
    raise Unwritable(f"{guide.version} has no loop {loop_id}")
