"""The envelopes: interchange, group and set open and close; each fault of theirs is one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cleanclaim.x12 import rules
from cleanclaim.x12.acknowledgements import InterchangeAcknowledgement
from cleanclaim.x12.checks import Checks
from cleanclaim.x12.control_numbers import SeenNumbers
from cleanclaim.x12.delimiters import ISA_WIDTHS, Delimiters
from cleanclaim.x12.envelopes import (
    Group,
    GroupEnd,
    Interchange,
    InterchangeEnd,
    Item,
)
from cleanclaim.x12.findings import Finding
from cleanclaim.x12.grammar import EDITIONS, GUIDES
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.open_set import OpenSet, count_of
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.reporting import WHOLE, Place, Reporter, Rule
from cleanclaim.x12.segment import Run, Segment
from cleanclaim.x12.segments import SegmentReader, Source
from cleanclaim.x12.ta1 import faults_of

FUNCTIONAL_CODES = {guide[2] for guide in GUIDES.values()}


def read(
    source: Source, *, limits: Limits | None = None, checks: Checks | None = None
) -> Iterator[Item]:
    """Read an X12 file by claim: bytes, a binary file, or an iterable of byte chunks.

    `checks` switches SNIP 4 and 5 on. Raises `Unreadable` when there is no ISA header at the start.
    All else is a finding.
    """
    reader = EnvelopeReader(limits or Limits(), checks or Checks())
    for item in SegmentReader(source).runs():
        yield from reader.take(item) if isinstance(item, Segment) else reader.take_run(item)
    yield from reader.end()


class EnvelopeReader:
    """Takes segments one by one, gives out the items that they complete."""

    def __init__(self, limits: Limits, checks: Checks) -> None:
        self.limits = limits
        self.checks = checks
        self.reporter = Reporter()
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.set: OpenSet | None = None
        self.groups = self.sets = 0
        self.interchange_findings: list[Finding] = []
        self.group_findings: list[Finding] = []
        self.seen_interchanges: dict[str, SeenNumbers] = {}  # by sender
        self.seen_sets = SeenNumbers()
        self.last = Segment([""], Delimiters())
        self.is_stray_told = False  # of neighbours that stand in no set the first is told

    def take(self, segment: Segment) -> Iterable[Item]:
        elements = segment.elements
        if not elements:
            return ()
        self.last = segment
        is_told, self.is_stray_told = self.is_stray_told, False
        control = CONTROLS.get(elements[0])
        if control is None and self.set is not None and elements[0]:
            return self.set.take(segment)
        if control is None or (elements[0] == "ISA" and segment.header is None):
            if not is_told:
                self._outside(segment)
            self.is_stray_told = True
            return ()
        return control(self, segment)

    def take_run(self, run: Run) -> Iterator[Item]:
        """Neighbours in one go, as far as nothing in them wants a second look."""
        index, offset = 0, run.offset
        while index < len(run.texts):
            if self.set is not None:
                taken = yield from self.set.take_run(run, index, offset)
                if taken:
                    offset += sum(map(len, run.texts[index : index + taken]))
                    offset += taken * len(run.cut)
                    index += taken
                    self.last = self.set.last
                    self.is_stray_told = False
                    continue
            segment = run.segment(index, offset)
            yield from self.take(segment)
            offset += segment.length
            index += 1

    def end(self) -> Iterator[Item]:
        """The source is over: what is still open is closed, and said so."""
        if not self.last.ended:
            message = "the file ends inside a segment: it was cut, have it sent again"
            self._note(rules.UNENDED, message, self.last)
        yield from self._close_interchange(self.last)

    # interchange

    def on_isa(self, segment: Segment) -> Iterator[Item]:
        yield from self._close_interchange(segment)
        self.reporter.interchange = segment.element(13).strip()
        self.interchange_findings = []
        self.groups = 0
        self.interchange = Interchange(
            control_number=self.reporter.interchange,
            sender_qualifier=segment.element(5),
            sender=segment.element(6).strip(),
            receiver_qualifier=segment.element(7),
            receiver=segment.element(8).strip(),
            created_on=day_of("20" + segment.element(9)),
            created_time=segment.element(10),
            version=segment.element(12),
            acknowledgement_requested=segment.element(14) == "1",
            usage=segment.element(15),
            delimiters=segment.delimiters,
            position=self.reporter.position(segment),
        )
        self._check_isa(segment)
        self.interchange.findings = list(self.interchange_findings)
        yield self.interchange

    def _check_isa(self, segment: Segment) -> None:
        header = segment.header
        if segment.lead.strip("\xef\xbb\xbf \t\r\n\x00"):
            self._note(rules.RUBBISH, "there is text between the interchanges", segment)
        for element in header.misfits if header else []:
            message = f"ISA{element:02d} must be {ISA_WIDTHS[element - 1]} characters: pad it"
            self._note(rules.ISA_WIDTH, message, segment, Place(element))
        number = self.reporter.interchange
        if not (len(number) == 9 and number.isdigit()):
            message = "ISA13 must be nine digits"
            self._note(rules.ISA_CONTROL, message, segment, Place(13, value=number))
        marks = segment.delimiters.all()
        if len(set(marks)) < len(marks):
            message = "two delimiters are the same character: choose four different ones"
            self._note(rules.ISA_DELIMITERS, message, segment, Place(16))
        seen = self.seen_interchanges.setdefault(segment.element(6), SeenNumbers())
        if not seen.add(number):
            message = "this sender used ISA13 before in this file: number each interchange anew"
            self._note(rules.ISA_DUPLICATE, message, segment, Place(13, value=number))

    def on_iea(self, segment: Segment) -> Iterator[Item]:
        if self.interchange is None:
            self._outside(segment)
            return
        yield from self._close_group(segment, None)
        stated = count_of(segment.element(1))
        if stated != self.groups:
            message = f"IEA01 must be {self.groups}, the number of groups"
            self._note(rules.IEA_COUNT, message, segment, Place(1, value=segment.element(1)))
        if segment.element(2) != self.interchange.control_number:
            message = "IEA02 must be the same as ISA13"
            self._note(rules.IEA_CONTROL, message, segment, Place(2, value=segment.element(2)))
        yield self._interchange_end(stated)

    def _close_interchange(self, segment: Segment) -> Iterator[Item]:
        if self.interchange is None:
            return
        yield from self._close_group(segment, None)
        self._note(rules.IEA_MISSING, "IEA is missing: the interchange is not complete", segment)
        yield self._interchange_end(None)

    def _interchange_end(self, stated: int | None) -> InterchangeEnd:
        known = len(self.interchange.findings) if self.interchange else 0
        end = InterchangeEnd(
            control_number=self.reporter.interchange,
            groups_counted=self.groups,
            groups_stated=stated,
            findings=self.interchange_findings[known:],
        )
        self.interchange = None
        self.interchange_findings = []
        return end

    def on_ta1(self, segment: Segment) -> Iterator[Item]:
        if self.interchange is None or self.group is not None or self.set is not None:
            self._outside(segment)
            return
        found = [
            self.reporter.finding(rules.TA1_CONTENT, message, segment, Place(element))
            for element, message in faults_of(segment)
        ]
        yield InterchangeAcknowledgement(
            interchange_control_number=segment.element(1),
            created_on=day_of("20" + segment.element(2)),
            created_time=segment.element(3),
            status=segment.element(4),
            note=segment.element(5),
            position=self.reporter.position(segment),
            findings=found,
        )

    # group

    def on_gs(self, segment: Segment) -> Iterator[Item]:
        yield from self._close_group(segment, None)
        self.groups += 1
        self.sets = 0
        self.seen_sets = SeenNumbers()
        self.group_findings = []
        self.reporter.group = segment.element(6)
        self.group = Group(
            functional_code=segment.element(1),
            sender=segment.element(2),
            receiver=segment.element(3),
            created_on=day_of(segment.element(4)),
            created_time=segment.element(5),
            control_number=segment.element(6),
            version=segment.element(8),
            position=self.reporter.position(segment),
        )
        for element in (1, 2, 3, 4, 5, 6, 7, 8):
            if not segment.element(element):
                message = f"GS{element:02d} is required: send it"
                self._note(rules.GS_CONTENT, message, segment, Place(element))
        if self.group.functional_code in FUNCTIONAL_CODES and self.group.version not in EDITIONS:
            message = f"GS08 names no guide this reader knows; it knows {', '.join(EDITIONS)}"
            self._note(rules.GS_VERSION, message, segment, Place(8, value=self.group.version))
        self.group.findings = list(self.group_findings)
        yield self.group

    def on_ge(self, segment: Segment) -> Iterator[Item]:
        if self.group is None:
            self._outside(segment)
            return
        yield from self._close_set(segment, None)
        stated = count_of(segment.element(1))
        if stated != self.sets:
            message = f"GE01 must be {self.sets}, the number of sets"
            self._note(rules.GE_COUNT, message, segment, Place(1, value=segment.element(1)))
        if segment.element(2) != self.group.control_number:
            message = "GE02 must be the same as GS06"
            self._note(rules.GE_CONTROL, message, segment, Place(2, value=segment.element(2)))
        yield self._group_end(stated)

    def _close_group(self, segment: Segment, stated: int | None) -> Iterator[Item]:
        if self.group is None:
            return
        yield from self._close_set(segment, None)
        self._note(rules.GE_MISSING, "GE is missing: the group is not complete", segment)
        yield self._group_end(stated)

    def _group_end(self, stated: int | None) -> GroupEnd:
        known = len(self.group.findings) if self.group else 0
        end = GroupEnd(
            control_number=self.reporter.group,
            sets_counted=self.sets,
            sets_stated=stated,
            findings=self.group_findings[known:],
        )
        self.group = None
        self.group_findings = []
        self.reporter.group = ""
        return end

    # set

    def on_st(self, segment: Segment) -> Iterator[Item]:
        yield from self._close_set(segment, None)
        self.sets += 1
        self.reporter.transaction_set = segment.element(2)
        version = segment.element(3) or (self.group.version if self.group else "")
        self.set = OpenSet(segment, version, self.reporter, (self.limits, self.checks))
        if self.group is None:
            self.set.note(rules.GS_CONTENT, "the set stands in no group: send a GS", segment)
        if not 4 <= len(segment.element(2)) <= 9:
            message = "ST02 must be four to nine characters"
            self.set.note(rules.ST_CONTROL, message, segment, Place(2))
        if not self.seen_sets.add(segment.element(2)):
            message = "ST02 was used before in this group: number each set anew"
            self.set.note(rules.ST_DUPLICATE, message, segment, Place(2))

    def on_se(self, segment: Segment) -> Iterator[Item]:
        if self.set is None:
            self._outside(segment)
            return
        yield from self._close_set(segment, segment)

    def _close_set(self, segment: Segment, trailer: Segment | None) -> Iterator[Item]:
        if self.set is None:
            return
        yield from self.set.end(segment, trailer)
        self.set = None
        self.reporter.transaction_set = ""

    # findings

    def _note(self, rule: Rule, message: str, segment: Segment, place: Place = WHOLE) -> None:
        finding = self.reporter.finding(rule, message, segment, place)
        if rule.level == "segment" and self.set is not None:
            self.set.extra.append(finding)
        elif rule.level == "group":
            self.group_findings.append(finding)
        else:
            self.interchange_findings.append(finding)

    def _outside(self, segment: Segment) -> None:
        message = "what begins here stands in no transaction set: look for a lost ISA, GS or ST"
        if segment.elements == [""]:
            message = "an empty segment: take one of the two terminators out"
        elif segment.elements[0][1:] in CONTROLS:
            message = (
                "each segment begins with a character that ends none, by the ISA: "
                "send the segment terminator right after ISA16"
            )
        self._note(rules.OUTSIDE_SET, message, segment)


CONTROLS: dict[str, Callable[[EnvelopeReader, Segment], Iterable[Item]]] = {
    "ISA": EnvelopeReader.on_isa,
    "TA1": EnvelopeReader.on_ta1,
    "GS": EnvelopeReader.on_gs,
    "ST": EnvelopeReader.on_st,
    "SE": EnvelopeReader.on_se,
    "GE": EnvelopeReader.on_ge,
    "IEA": EnvelopeReader.on_iea,
}
