"""One transaction set while it is read: its head, its reading, its trailer."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from cleanclaim.x12 import rules
from cleanclaim.x12.checks import Checks
from cleanclaim.x12.envelopes import Item, TransactionSet, TransactionSetEnd
from cleanclaim.x12.findings import Finding
from cleanclaim.x12.grammar import GUIDES, Guide, guide_for
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.quick import is_quick, take_quickly
from cleanclaim.x12.reporting import WHOLE, Place, Reporter, Rule
from cleanclaim.x12.segment import Run, Segment
from cleanclaim.x12.sets.benefits import Reading270, Reading271
from cleanclaim.x12.sets.reading import SetReading
from cleanclaim.x12.sets.status import Reading276, Reading277
from cleanclaim.x12.sets.x277ca import Reading277CA
from cleanclaim.x12.sets.x835 import Reading835
from cleanclaim.x12.sets.x837d import Reading837D
from cleanclaim.x12.sets.x837i import Reading837I
from cleanclaim.x12.sets.x837p import Reading837P
from cleanclaim.x12.sets.x999 import Reading999

READINGS: dict[str, type[SetReading]] = {
    "837P": Reading837P,
    "837I": Reading837I,
    "837D": Reading837D,
    "835": Reading835,
    "999": Reading999,
    "277CA": Reading277CA,
    "276": Reading276,
    "277": Reading277,
    "270": Reading270,
    "271": Reading271,
}


class OpenSet:
    """A transaction set while it is read."""

    def __init__(
        self, segment: Segment, version: str, reporter: Reporter, looked: tuple[Limits, Checks]
    ) -> None:
        segment.number = 1
        self.start = segment
        self.version = version
        self.reporter = reporter
        self.limits, self.checks = looked
        self.count = 1
        self.extra: list[Finding] = []
        self.head_given = False
        self.guide = guide_for(segment.element(1), version)
        self.reading = self._reading(self.guide)

    def _reading(self, guide: Guide | None) -> SetReading | None:
        if guide is not None:
            reading = READINGS[guide.kind](guide, self.reporter, self.start, self.limits)
            if not self.checks.is_off:
                reading.watch_for(self.checks)
            return reading
        if self.start.element(1) in {known[0] for known in GUIDES.values()}:
            message = "the guide version (ST03, else GS08) is none this reader knows"
            self.note(rules.ST_GUIDE, message, self.start, Place(3, value=self.version))
        else:
            message = "this reader does not know this transaction set"
            self.note(rules.ST_UNSUPPORTED, message, self.start, Place(1))
        return None

    @property
    def last(self) -> Segment:
        """The segment read last."""
        return self.start if self.reading is None else self.reading.current

    def note(self, rule: Rule, message: str, segment: Segment, place: Place = WHOLE) -> None:
        self.extra.append(self.reporter.finding(rule, message, segment, place))

    def take(self, segment: Segment) -> list[Item]:
        self.count += 1
        segment.number = self.count
        items = self.reading.take(segment) if self.reading is not None else []
        return items if self.head_given else [self._head(segment), *items]

    def take_run(self, run: Run, index: int, offset: int) -> Generator[Item, None, int]:
        """The segments of `run` from `index` on that need no second look; how many those were."""
        reading = self.reading
        if reading is None or not self.head_given or not is_quick(reading):
            return 0
        taken = yield from take_quickly(reading, run, (index, offset, self.count))
        self.count += taken
        return taken

    def _head(self, segment: Segment) -> TransactionSet:
        self.head_given = True
        head = TransactionSet(
            kind=self.guide.kind if self.guide else "",
            identifier=self.start.element(1),
            control_number=self.start.element(2),
            version=self.version,
            position=self.reporter.position(self.start),
        )
        if segment.elements[0] == "BHT":
            head.purpose = segment.element(2)
            head.reference = segment.element(3)
            head.created_on = day_of(segment.element(4))
            head.created_time = segment.element(5)
            head.usage = segment.element(6)
        return head

    def end(self, segment: Segment, trailer: Segment | None) -> Iterator[Item]:
        if not self.head_given:
            yield self._head(segment)
        if trailer is not None:
            self.count += 1
            trailer.number = self.count
        if self.reading is not None:
            yield from self.reading.end(segment)
        stated = self._check_trailer(trailer, segment)
        found = [*self.extra, *(self.reading.findings if self.reading else [])]
        yield TransactionSetEnd(
            control_number=self.start.element(2),
            segments_counted=self.count,
            segments_stated=stated,
            claims_counted=self.reading.claims if self.reading else 0,
            findings=found,
        )

    def _check_trailer(self, trailer: Segment | None, segment: Segment) -> int | None:
        if trailer is None:
            message = "SE is missing: the set is not complete, have it sent again"
            self.note(rules.SE_MISSING, message, segment)
            return None
        stated = count_of(trailer.element(1))
        if stated != self.count:
            message = f"SE01 must be {self.count}, the segments from ST to SE"
            place = Place(1, data_element="96", value=trailer.element(1))
            self.note(rules.SE_COUNT, message, trailer, place)
        if trailer.element(2) != self.start.element(2):
            message = "SE02 must be the same as ST02"
            place = Place(2, data_element="329", value=trailer.element(2))
            self.note(rules.SE_CONTROL, message, trailer, place)
        return stated


def count_of(text: str) -> int | None:
    """A count as a trailer states it; None when it is no number."""
    return int(text) if text.isascii() and text.isdigit() else None
