"""The walk through a set's loops: each segment finds its place, each loop tells what it misses."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cleanclaim.x12 import rules
from cleanclaim.x12.findings import Finding
from cleanclaim.x12.grammar import QUALIFIER_PLACES, UNBOUNDED, UNQUALIFIED, Guide, Loop, SegmentUse
from cleanclaim.x12.reporting import WHOLE, Place, Reporter, Rule
from cleanclaim.x12.segments import Segment


class Frame(msgspec.Struct, eq=False):
    """An open loop: what was seen in it and what was found in it."""

    loop: Loop
    path: str
    start: Segment
    counts: dict[int, int] = {}
    rank: int = 0
    checked: int = 0
    findings: list[Finding] = []
    given: int = 0  # so many of the findings were handed out with a claim already

    @property
    def index(self) -> _Index:
        return _index(self.loop)


class Placed(msgspec.Struct, frozen=True):
    """A segment with its place; `use` None when the guide has none for it here."""

    segment: Segment
    use: SegmentUse | None
    loop_id: str
    path: str


class Entry(msgspec.Struct, frozen=True, eq=False):
    """A place in a loop: a segment, or the child loop that the segment opens."""

    ordinal: int
    rank: int
    opener: SegmentUse
    child: Loop | None

    @property
    def most(self) -> int:
        return self.child.most if self.child else self.opener.most

    @property
    def is_unbounded(self) -> bool:
        return self.most >= UNBOUNDED


class _Index:
    """The entries of a loop by segment id and qualifier."""

    def __init__(self, loop: Loop) -> None:
        self.by_key: dict[tuple[str, str], list[Entry]] = {}
        self.by_id: dict[str, list[Entry]] = {}
        self.required = [(n, entry) for n, entry in enumerate(loop.entries) if entry.required]
        rank, previous = 0, ""
        for ordinal, entry in enumerate(loop.entries):
            child = entry if isinstance(entry, Loop) else None
            opener = entry.opener if isinstance(entry, Loop) else entry
            # Neighbours of one id (REF, DTP, the NM1 loops) may come in any order (X12.59).
            kind = f"{opener.segment_id}{'+' if child else ''}"
            rank += kind != previous
            previous = kind
            self._add(Entry(ordinal, rank, opener, child))

    def _add(self, entry: Entry) -> None:
        segment_id = entry.opener.segment_id
        for qualifier in entry.opener.qualifiers or {""}:
            self.by_key.setdefault((segment_id, qualifier), []).append(entry)
        self.by_id.setdefault(segment_id, []).append(entry)

    def find(self, segment_id: str, qualifier: str) -> list[Entry]:
        return self.by_key.get((segment_id, qualifier)) or self.by_key.get((segment_id, ""), [])


_INDEXES: dict[int, _Index] = {}


def _index(loop: Loop) -> _Index:
    found = _INDEXES.get(id(loop.entries))
    if found is None:
        found = _INDEXES[id(loop.entries)] = _Index(loop)
    return found


class Walker:
    """Places the segments of one transaction set. `frames[0]` is the set itself."""

    def __init__(
        self,
        guide: Guide,
        reporter: Reporter,
        start: Segment,
        closing: Callable[[Frame], None],
    ) -> None:
        self.guide = guide
        self.reporter = reporter
        self.closing = closing
        self.reported = 0
        self.most_findings = UNBOUNDED
        self.flood: Finding | None = None
        self.frames = [Frame(guide.root, "", start)]
        self.noted = 0  # all that was found, listed or not
        self.kept = 1  # frames left open by the last segment, but for one that it opened itself
        self.entry: Entry | None = None  # the place of the last segment

    def place(self, segment: Segment) -> Placed:
        """Find the place; `closing` is called for each loop that ends here, innermost first."""
        qualifier = qualifier_of(segment)
        frame = self.frames[-1]
        entries = frame.index.find(segment.elements[0], qualifier)
        if len(entries) == 1:  # the common case, worth its own way: the next segment of this loop
            entry = entries[0]
            inside = entry.ordinal or len(self.frames) == 1
            if entry.child is None and inside and entry.rank >= frame.rank:
                frame.rank = entry.rank
                self._count(frame, entry, segment)
                self.kept, self.entry = len(self.frames), entry
                return Placed(segment, entry.opener, frame.loop.loop_id, frame.path)
        found = self._in_order(segment, qualifier) or self._out_of_order(segment, qualifier)
        if found is None:
            return self._lost(segment)
        depth, entry, in_order = found
        # A late segment belongs to its loop but does not end the loops inside: the CAS that follows
        # a claim's late DTM is still the line's.
        if in_order or entry.child is not None:
            self._close_to(depth + 1)
        frame = self.frames[depth]
        if not in_order:
            where = frame.path.rpartition("/")[2] or "the set"
            message = f"{entry.opener.label} comes too late in {where}: send it in guide order"
            self.report(rules.SEGMENT_ORDER, message, segment)
        frame.rank = max(frame.rank, entry.rank)
        self.kept, self.entry = depth + 1, entry
        self._count(frame, entry, segment)
        if entry.child is not None:
            frame = self._open(frame, entry.child, entry.ordinal, segment)
        return Placed(segment, entry.opener, frame.loop.loop_id, frame.path)

    def report(self, rule: Rule, message: str, segment: Segment, place: Place = WHOLE) -> None:
        frame = self.frames[-1]
        self.noted += 1
        self.reported += 1
        if self.reported > self.most_findings:
            self._overflow(frame, segment)
            return
        frame.findings.append(self.reporter.finding(rule, message, segment, place, frame.path))

    def report_on_set(
        self, rule: Rule, message: str, segment: Segment, place: Place = WHOLE
    ) -> None:
        """What belongs to the set and to no loop that is open; bounded as all findings are."""
        self.noted += 1
        self.reported += 1
        if self.reported > self.most_findings:
            self._overflow(self.frames[0], segment)
            return
        self.frames[0].findings.append(self.reporter.finding(rule, message, segment, place))

    def _overflow(self, frame: Frame, segment: Segment) -> None:
        """Beyond the bound each loop at fault gets one and the same: no claim looks clean."""
        if self.flood is None:
            message = (
                f"more than {self.most_findings} findings in this set: the others are not listed"
            )
            self.flood = self.reporter.finding(rules.TOO_MANY_FINDINGS, message, segment)
        if self.flood not in frame.findings[-1:]:
            frame.findings.append(self.flood)

    def end(self) -> None:
        """Close all loops and see what the set itself misses."""
        self._close_to(1)
        self._check(self.frames[0], len(self.frames[0].loop.entries))

    def _in_order(self, segment: Segment, qualifier: str) -> tuple[int, Entry, bool] | None:
        segment_id = segment.elements[0]
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            entries = [
                entry
                for entry in frame.index.find(segment_id, qualifier)
                if entry.rank >= frame.rank and not self._reopens(entry, depth)
            ]
            if entries:
                return depth, self._with_room(frame, entries), True
        return None

    def _out_of_order(self, segment: Segment, qualifier: str) -> tuple[int, Entry, bool] | None:
        segment_id = segment.elements[0]
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            entries = [
                entry
                for entry in frame.index.find(segment_id, qualifier)
                if not self._reopens(entry, depth)
            ]
            if entries:
                return depth, self._with_room(frame, entries), False
            if frame.loop.loop_id in self.guide.item_loops:
                break  # a segment out of order never ends a claim
        return self._by_id_only(segment_id)

    def _by_id_only(self, segment_id: str) -> tuple[int, Entry, bool] | None:
        """A known segment whose qualifier has no place: kept here, its code reported."""
        depth = len(self.frames) - 1
        frame = self.frames[depth]
        for entry in frame.index.by_id.get(segment_id, []):
            if entry.child is None and not self._reopens(entry, depth):
                return depth, entry, entry.rank >= frame.rank
        return None

    def _reopens(self, entry: Entry, depth: int) -> bool:
        """The opener of an open loop begins another turn of it, in its parent."""
        return depth > 0 and entry.child is None and entry.ordinal == 0

    def _with_room(self, frame: Frame, entries: list[Entry]) -> Entry:
        if len(entries) == 1:
            return entries[0]
        for entry in entries:
            if frame.counts.get(entry.ordinal, 0) < entry.most:
                return entry
        return entries[0]

    def _count(self, frame: Frame, entry: Entry, segment: Segment) -> None:
        seen = frame.counts[entry.ordinal] = frame.counts.get(entry.ordinal, 0) + 1
        most = entry.most
        if seen != most + 1:
            return
        if entry.child:
            message = f"loop {entry.child.loop_id} may stand {most} time(s) here: split or drop it"
            self.report(rules.LOOP_TOO_OFTEN, message, segment)
        else:
            message = f"{entry.opener.label} may stand {most} time(s) here: drop the others"
            self.report(rules.SEGMENT_TOO_OFTEN, message, segment)

    def _open(self, frame: Frame, child: Loop, ordinal: int, segment: Segment) -> Frame:
        self._check(frame, ordinal)
        path = f"{frame.path}/{child.loop_id}" if frame.path else child.loop_id
        opened = Frame(child, path, segment)
        opened.counts[0] = 1
        opened.rank = 1
        self.frames.append(opened)
        return opened

    def _close_to(self, depth: int) -> None:
        while len(self.frames) > depth:
            frame = self.frames[-1]
            self._check(frame, len(frame.loop.entries))
            self.shut(len(self.frames) - 1)

    def shut(self, depth: int) -> None:
        """Close the loops that miss nothing, down to `depth` open ones."""
        frames = self.frames
        while len(frames) > depth:
            frame = frames[-1]
            self.closing(frame)
            frames.pop()
            if frame.findings and frame.loop.loop_id not in self.guide.item_loops:
                frames[-1].findings.extend(frame.findings[frame.given :])

    def _check(self, frame: Frame, until: int) -> None:
        """Report what is required before entry `until` and was not seen."""
        for ordinal, entry in frame.index.required:
            if not frame.checked <= ordinal < until or frame.counts.get(ordinal):
                continue
            where = frame.path.rpartition("/")[2] or "the set"
            if isinstance(entry, Loop):
                rule, label = rules.LOOP_MISSING, f"loop {entry.loop_id} ({entry.opener.label})"
                missed = entry.opener.segment_id
            else:
                rule, label, missed = rules.SEGMENT_MISSING, entry.label, entry.segment_id
            finding = self.reporter.finding(
                rule, f"{label} is required in {where}: send it", frame.start, WHOLE, frame.path
            )
            self.noted += 1
            frame.findings.append(msgspec.structs.replace(finding, segment_id=missed))
        frame.checked = max(frame.checked, until)

    def _lost(self, segment: Segment) -> Placed:
        frame = self.frames[-1]
        segment_id = segment.elements[0]
        where = frame.path.rpartition("/")[2] or "the set"
        if segment_id in self.guide.segment_ids:
            message = f"{segment_id[:3]} has no place after {where}: take it out or mend the order"
            self.report(rules.SEGMENT_UNEXPECTED, message, segment)
        elif is_segment_id(segment_id):
            message = f"{segment_id} is no segment of {self.guide.version}: take it out"
            self.report(rules.SEGMENT_FOREIGN, message, segment)
        else:
            message = "this is no segment id: look for a stray delimiter in the text before it"
            self.report(rules.SEGMENT_UNKNOWN, message, segment)
        return Placed(segment, None, frame.loop.loop_id, frame.path)

    def shared_findings(self) -> list[Finding]:
        """Those of the open loops between the set and the innermost; marked as handed out."""
        found: list[Finding] = []
        for frame in self.frames[1:-1]:
            found.extend(frame.findings)
            frame.given = len(frame.findings)
        return found


def qualifier_place(segment_id: str) -> int:
    """The element that tells the use of a segment in a loop; 0 when none does."""
    return 0 if segment_id in UNQUALIFIED else QUALIFIER_PLACES.get(segment_id, 1)


def qualifier_of(segment: Segment) -> str:
    place = qualifier_place(segment.elements[0])
    if not place:
        return ""
    return segment.element(place).split(segment.delimiters.component, 1)[0]


def is_segment_id(text: str) -> bool:
    return 2 <= len(text) <= 3 and text.isascii() and text.isalnum() and text.isupper()
