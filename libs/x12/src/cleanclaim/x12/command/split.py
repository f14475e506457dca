"""`split`: one file to many valid ones, by group, by set or by so many claims, counts put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from cleanclaim.x12 import Segment, segments
from cleanclaim.x12.command.claim_parts import ClaimParts, Level, Path
from cleanclaim.x12.command.part import BLANKS, Opened, PartWriter


class Splitting(msgspec.Struct, frozen=True, kw_only=True):
    """How to split: `claims` so many to a file, else each group or each set to a file.

    `control_number` is the ISA13 of the first new file (None: the file's own); it counts upward.
    """

    by_group: bool = False
    claims: int | None = None
    control_number: int | None = None


class _Place(msgspec.Struct, frozen=True):
    """Where a segment stands: its envelopes, and the running numbers of its group and set."""

    isa: Segment
    gs: Segment | None
    group: int
    set: int


class Splitter:
    """Reads segments and gives them out again in files of their own; memory bounded by a part."""

    def __init__(
        self, splitting: Splitting, opened: Callable[[int], Opened], tell: Callable[[str], None]
    ) -> None:
        self.splitting = splitting
        self.tell = tell
        self.writer = PartWriter(opened, splitting.control_number)
        self.faults = 0  # what was wrong in the file and is told
        self._set: _OpenSet | None = None
        self._group = 0

    def split(self, chunks: Iterable[bytes]) -> int:
        """Write the parts; how many new files. Raises `Unreadable` when it is no X12 at all."""
        try:
            for place, segment in self._in_sets(chunks):
                self._take(place, segment)
            self._end_set(None)
            self.writer.close()
        finally:
            self.writer.discard()
        return self.writer.parts

    def _in_sets(self, chunks: Iterable[bytes]) -> Iterator[tuple[_Place, Segment]]:
        """The segments from ST to SE; what stands outside of sets and envelopes is told."""
        isa: Segment | None = None
        gs: Segment | None = None
        group = number = 0
        inside = False
        for segment in segments(chunks):
            name = segment.elements[0] if segment.elements else ""
            if name == "ISA" and segment.header is not None:
                isa, gs, inside = segment, None, False
                group += 1
            elif name == "GS":
                gs, inside = segment, False
                group += 1
            elif name in {"GE", "IEA"}:
                inside = False
            elif isa is not None and (inside or name == "ST") and segment.elements:
                number += name == "ST"
                yield _Place(isa, gs, group, number), segment
                inside = name != "SE"
            elif segment.raw.strip(BLANKS):
                self._fault(f"{name[:3] or 'text'} stands in no set and was left out")

    def _fault(self, message: str) -> None:
        self.faults += 1
        self.tell(message)

    def _take(self, place: _Place, segment: Segment) -> None:
        name = segment.elements[0]
        if name == "ST":
            self._end_set(None)
            self._start_set(place, segment)
        elif name == "SE":
            self._end_set(segment)
        elif self._set is not None:
            self._set.take(segment)

    def _start_set(self, place: _Place, start: Segment) -> None:
        if self.splitting.claims is not None and start.element(1) == "837":
            self._set = _SetByClaims(self.writer, place, start, self.splitting.claims)
            return
        if not self.splitting.by_group or place.group != self._group:
            self.writer.open(place.isa, place.gs)
        self._group = place.group
        self._set = _WholeSet(self.writer, start)

    def _end_set(self, trailer: Segment | None) -> None:
        if self._set is None:
            return
        count, number = self._set.count + 1, self._set.start.element(2)
        if trailer is None:
            self._fault(f"set {number} has no SE: it is not complete, have it sent again")
        elif trailer.element(1) != str(count):
            self._fault(f"set {number} has {count} segments, SE01 said another count: put right")
        self._set.end(None if trailer is None else trailer.element(2))
        self._set = None


class _OpenSet:
    """A set that is being written; `count` is that of its segments in the old file."""

    def __init__(self, writer: PartWriter, start: Segment) -> None:
        self.writer = writer
        self.start = start
        self.count = 1

    def take(self, segment: Segment) -> None:
        raise NotImplementedError

    def end(self, control_number: str | None) -> None:
        self.writer.end_set(control_number)


class _WholeSet(_OpenSet):
    """A set that is written as it comes."""

    def __init__(self, writer: PartWriter, start: Segment) -> None:
        super().__init__(writer, start)
        writer.start_set(start)

    def take(self, segment: Segment) -> None:
        self.count += 1
        self.writer.segment(segment)


class _SetByClaims(_OpenSet):
    """An 837 set that goes into several files, each with the levels that its claims need."""

    def __init__(self, writer: PartWriter, place: _Place, start: Segment, claims: int) -> None:
        super().__init__(writer, start)
        self.place = place
        self.most = claims
        self.held = ClaimParts(start)
        self.parts = 0

    def take(self, segment: Segment) -> None:
        self.count += 1
        if self.held.claims >= self.most and segment.elements[0] == "CLM":
            self._write(self.start.element(2))
        self.held.take(segment)

    def end(self, control_number: str | None) -> None:
        self.held.end()
        self._write(control_number)

    def _write(self, control_number: str | None) -> None:
        self.parts += 1
        writer = self.writer
        writer.open(self.place.isa, self.place.gs)
        writer.start_set(self.start)
        for segment in self.held.head[1:]:
            self._write_head(segment)
        _write_levels(writer, self.held.emptied())
        writer.end_set(control_number)

    def _write_head(self, segment: Segment) -> None:
        """BHT03 tells submissions apart (005010X222A1 BHT03): further parts get their number."""
        if segment.elements[0] == "BHT" and self.parts > 1 and segment.element(3):
            elements = [*segment.elements]
            elements[3] = f"{elements[3]}-{self.parts}"
            self.writer.elements(*elements)
        else:
            self.writer.segment(segment)


def _write_levels(writer: PartWriter, held: list[tuple[Path, list[Segment]]]) -> None:
    """Each level once, before the first claim that needs it, the HL numbered anew."""
    above = {id(level) for path, _ in held for level in path[:-1]}
    numbers: dict[int, int] = {}
    for path, claim in held:
        parent = ""
        for level in path:
            if id(level) not in numbers:
                numbers[id(level)] = len(numbers) + 1
                _write_level(writer, level, numbers[id(level)], parent, id(level) in above)
            parent = str(numbers[id(level)])
        for segment in claim:
            writer.segment(segment)


def _write_level(
    writer: PartWriter, level: Level, number: int, parent: str, is_parent: bool
) -> None:
    child = ["1" if is_parent else "0"] if len(level.head.elements) > 4 else []
    writer.elements("HL", str(number), parent, level.head.element(3), *child)
    for segment in level.rest:
        writer.segment(segment)
