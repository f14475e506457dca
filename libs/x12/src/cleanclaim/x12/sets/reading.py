"""What reading any set has in common: walk, check, read small facts, give out items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

from cleanclaim.x12 import rules
from cleanclaim.x12.amounts import cents_of, days_of, decimal_of
from cleanclaim.x12.automaton import Automaton, Reads
from cleanclaim.x12.checking.watch import Watch, watched_reads
from cleanclaim.x12.checks import Checks
from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.elements import ElementCheck
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.guards import npi_complaints
from cleanclaim.x12.hierarchy import Hierarchy
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import (
    Adjustment,
    Contact,
    ContactNumber,
    DateFact,
    Party,
    Procedure,
    Reference,
    UnreadableClaim,
)
from cleanclaim.x12.patterns import day_of, is_time
from cleanclaim.x12.reporting import Place, Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.walk import Frame, Placed, Walker

__all__ = ["Reads", "SetReading"]


_AUTOMATA: dict[tuple[type[SetReading], Guide, Delimiters, bool], Automaton] = {}
MOST_AUTOMATA = 32
STYLES = {
    "D8": "one day as CCYYMMDD",
    "RD8": "a from-through as CCYYMMDD-CCYYMMDD",
    "DT": "a day and time as CCYYMMDDHHMM",
    "TM": "a time as HHMM",
}


def _automaton(
    kind: type[SetReading], guide: Guide, delimiters: Delimiters, *, watched: bool = False
) -> Automaton:
    """Shared by all sets of a guide and its delimiters: what one set taught serves the next."""
    key = (kind, guide, delimiters, watched)
    found = _AUTOMATA.get(key)
    if found is None:
        if len(_AUTOMATA) >= MOST_AUTOMATA:
            _AUTOMATA.clear()
        reads = watched_reads(guide, kind.reads) if watched else kind.reads
        found = _AUTOMATA[key] = Automaton(delimiters, reads, kind.heads)
    return found


class SetReading:
    """Reads one transaction set; subclasses say by loop and segment what is taken from it."""

    reads: ClassVar[Mapping[tuple[str, str], Reads]] = {}
    # Loop and segment before which the head of a stream is due.
    heads: ClassVar[frozenset[tuple[str, str]]] = frozenset()

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        self.reporter = reporter
        self.limits = limits
        self.walker = Walker(guide, reporter, start, self._closing)
        self.walker.most_findings = limits.findings_per_set
        self.elements = ElementCheck(start.delimiters)
        self.start = start
        self.current = start
        self.items: list[Item] = []
        self.claims = 0
        self.unreadable = False
        self.hierarchy = Hierarchy(guide.levels)
        self.head_given = False
        self.watch: Watch | None = None
        self.read_by = self.reads
        self.automaton = _automaton(type(self), guide, start.delimiters)
        self.state = self.automaton.state_of(self.walker.frames)

    def watch_for(self, checks: Checks) -> None:
        """Make the checks of SNIP 4 and 5, too; called before the first segment."""
        guide = self.walker.guide
        self.watch = Watch(checks, guide)
        self.read_by = watched_reads(guide, self.reads)
        self.automaton = _automaton(type(self), guide, self.start.delimiters, watched=True)
        self.state = self.automaton.state_of(self.walker.frames)

    def take(self, segment: Segment) -> list[Item]:
        """Read the next segment; the items that are complete now."""
        self.items = []
        self.current = segment
        most = self.limits.elements
        too_many = len(segment.elements) - 1 > most
        if too_many:
            del segment.elements[most + 1 :]
            segment.text = ""
        placed = self._place(segment)
        if too_many or segment.length > self.limits.segment_bytes:
            message = (
                f"the segment is longer than {self.limits.segment_bytes} bytes or {most} elements:"
                " look for a lost terminator"
            )
            self.walker.report(rules.TOO_LONG_SEGMENT, message, segment)
        if (placed.loop_id, segment.elements[0]) in self.heads:
            self.items.extend(self.hand_out_head())
        if self._is_beyond(segment):
            return self.items
        if placed.use is not None:
            self._check(placed)
            read = self.read_by.get((placed.loop_id, segment.elements[0]))
            if read is not None:
                read(self, segment)
            else:
                self.keep(placed)
        return self.items

    def room(self, number: int) -> int:
        """How many segments the open claim may still have after segment `number` of the set."""
        for frame in reversed(self.walker.frames):
            if frame.loop.loop_id in self.walker.guide.item_loops:
                return self.limits.segments_per_claim - (number - frame.start.number + 1)
        return self.limits.segments_per_claim

    def _is_beyond(self, segment: Segment) -> bool:
        """A claim without end is told once and parked; the rest of it is passed over."""
        room = self.room(segment.number)
        if room == -1:
            most = self.limits.segments_per_claim
            message = f"the claim has more than {most} segments: look for a lost CLM, CLP or HL"
            self.walker.report(rules.TOO_LONG_CLAIM, message, segment)
        self.unreadable = self.unreadable or room < 0
        return room < 0

    def _place(self, segment: Segment) -> Placed:
        """Walk on; what was learnt of it makes the next such segment quick."""
        walker = self.walker
        self.state.restore(walker.frames)
        noted = walker.noted
        placed = walker.place(segment)
        if walker.noted == noted:
            self.state = self.automaton.learn(self.state, walker, placed)
        else:
            self.state = self.automaton.state_of(walker.frames)
        return placed

    def hand_out_head(self) -> list[Item]:
        """The head of the set where it is due, once."""
        if self.head_given:
            return []
        self.head_given = True
        return self.give_head()

    def give_head(self) -> list[Item]:
        """What a stream gives out before the first of `heads`."""
        return []

    def end(self, segment: Segment) -> list[Item]:
        """Finish at `segment`, the SE or what stands in its place."""
        self.items = []
        self.current = segment
        self.state.restore(self.walker.frames)
        self.walker.end()
        if self.watch is not None:
            self.watch.finish(self)
        self.finish()
        return self.items

    @property
    def findings(self) -> list[Finding]:
        """Those that belong to the set and to no claim."""
        return self.walker.frames[0].findings

    def keep(self, placed: Placed) -> None:
        """A segment that the guide knows and the type does not."""

    def finish(self) -> None:
        """The set is over; give out what is left."""

    def close_item(self, frame: Frame) -> Item | None:
        """The loop of one item is over; the item."""
        raise NotImplementedError

    def _check(self, placed: Placed) -> None:
        if placed.use is None:
            return
        report = self.walker.report
        for rule, message, place in self.elements.complaints(placed.segment, placed.use):
            report(rule, message, placed.segment, place)
        for rule, message, place in npi_complaints(placed.segment):
            report(rule, message, placed.segment, place)
        if placed.segment.elements[0] == "HL":
            for rule, message, place in self.hierarchy.take(placed.segment):
                report(rule, message, placed.segment, place)

    def _closing(self, frame: Frame) -> None:
        if frame.loop.loop_id not in self.walker.guide.item_loops:
            return
        if self.watch is not None:
            self.watch.close(self, frame)
        item = self.close_item(frame)
        self.unreadable = False
        if item is None:  # what was found there belongs to the loop around it
            self.walker.frames[-2].findings.extend(frame.findings[frame.given :])
            return
        self.items.append(item)
        self.claims += 1
        if self.claims == self.limits.claims_per_set + 1:
            message = f"more than {self.limits.claims_per_set} claims in one set: split it"
            finding = self.reporter.finding(rules.TOO_MANY_CLAIMS, message, frame.start)
            self.walker.frames[0].findings.append(finding)

    def item_findings(self, frame: Frame) -> list[Finding]:
        return [*self.walker.shared_findings(), *frame.findings]

    def span(self, start: Segment) -> Position:
        """From `start` up to the segment at hand."""
        return self.reporter.position(start, self.current.offset - start.offset)

    def unreadable_claim(self, frame: Frame, patient_control_number: str) -> UnreadableClaim:
        return UnreadableClaim(
            loop=frame.loop.loop_id,
            patient_control_number=patient_control_number,
            position=self.span(frame.start),
            findings=self.item_findings(frame),
        )

    # small facts

    def cents(self, segment: Segment, element: int) -> int:
        """A required amount; where it cannot be read the claim turns unreadable."""
        elements = segment.elements
        cents = cents_of(elements[element]) if element < len(elements) else None
        if cents is None:
            self.optional_cents(segment, element)  # says why
            self.unreadable = True
        return cents or 0

    def optional_cents(self, segment: Segment, element: int) -> int | None:
        text = segment.element(element)
        if not text:
            return None
        cents = cents_of(text)
        if cents is None:
            self.unreadable = True
            if decimal_of(text) is not None:
                name = f"{segment.elements[0]}{element:02d}"
                message = f"{name} is no whole number of cents: send two decimals at most"
                place = Place(element, data_element="782", value=text)
                self.walker.report(rules.NOT_CENTS, message, segment, place)
        return cents

    def quantity(self, segment: Segment, element: int) -> Decimal:
        found = self.optional_quantity(segment, element)
        if found is None:
            self.unreadable = True
        return found or Decimal(0)

    def optional_quantity(self, segment: Segment, element: int) -> Decimal | None:
        text = segment.element(element)
        if not text:
            return None
        found = decimal_of(text)
        if found is None:
            self.unreadable = True
        return found

    def whole(self, segment: Segment, element: int) -> int | None:
        text = segment.element(element)
        return int(text) if text.isascii() and text.isdigit() else None

    def day(self, segment: Segment, element: int) -> date | None:
        """A DT element; its faults are already told by the element check."""
        return day_of(segment.element(element))

    def date_fact(self, segment: Segment) -> DateFact:
        """A DTP: qualifier, format, period."""
        elements = segment.elements
        if len(elements) == 4 and elements[2] == "D8":
            text = elements[3]
            if (day := day_of(text)) is not None:
                return DateFact(elements[1], day, None, text)
        style, text = segment.element(2), segment.element(3)
        if style == "TM":
            wrong, first, last = not is_time(text), None, None
        else:
            first, last = days_of(text[:8] if style == "DT" else text)
            wrong = first is None or (style == "RD8" and (last is None or last < first))
            wrong = wrong or (style == "DT" and not is_time(text[8:]))
        if (text and wrong) or (style == "D8" and last is not None):
            name = segment.elements[0]
            message = f"{name}03 must be a day, a from-through or a time that exists"
            if style in STYLES:
                message = (
                    f"{name}03 must be {STYLES[style]} that exists, as {name}02 = {style} says"
                )
            place = Place(3, data_element="1251", value=text)
            self.walker.report(rules.BAD_DAY, message, segment, place)
        return DateFact(segment.element(1), first, last, text)

    def date_time(self, segment: Segment) -> DateFact:
        """A DTM: qualifier and day."""
        elements = segment.elements
        if len(elements) == 3:
            return DateFact(elements[1], day_of(elements[2]), None, elements[2])
        return DateFact(segment.element(1), self.day(segment, 2), None, segment.element(2))

    def reference(self, segment: Segment) -> Reference:
        elements = segment.elements
        if len(elements) == 3:
            return Reference(elements[1], elements[2])
        return Reference(segment.element(1), segment.element(2), segment.element(3))

    def contact(self, segment: Segment) -> Contact:
        numbers = [
            ContactNumber(segment.element(place), segment.element(place + 1))
            for place in (3, 5, 7)
            if segment.element(place)
        ]
        return Contact(segment.element(1), segment.element(2), numbers)

    def party(self, segment: Segment) -> Party:
        """An NM1."""
        texts = segment.elements
        if len(texts) < 10:
            texts = texts + [""] * (10 - len(texts))
        _, entity, kind, name, first, middle, prefix, suffix, qualifier, identifier = texts[:10]
        return Party(
            entity=entity,
            is_person=kind == "1",
            name=name,
            first_name=first,
            middle_name=middle,
            prefix=prefix,
            suffix=suffix,
            identifier_qualifier=qualifier,
            identifier=identifier,
        )

    def adjustments(self, segment: Segment) -> list[Adjustment]:
        """The triples of a CAS."""
        elements = segment.elements
        if len(elements) == 4 and (cents := cents_of(elements[3])) is not None:
            return [Adjustment(elements[1], elements[2], cents)]
        found = []
        for place in range(2, 18, 3):
            reason = segment.element(place)
            if not (reason or segment.element(place + 1)):
                continue
            amount = self.cents(segment, place + 1)
            quantity = self.optional_quantity(segment, place + 2)
            found.append(Adjustment(segment.element(1), reason, amount, quantity))
        return found

    def procedure(self, segment: Segment, element: int) -> Procedure | None:
        """A procedure composite; None when it was not sent."""
        parts = segment.components(element)
        if not parts:
            return None
        if len(parts) == 2:
            return Procedure(parts[0], parts[1])
        parts += [""] * (7 - len(parts))
        return Procedure(parts[0], parts[1], [m for m in parts[2:6] if m], parts[6])
