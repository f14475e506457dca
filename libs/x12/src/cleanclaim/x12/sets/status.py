"""Reading of 276 and 277: payer, receiver, provider, subscriber, dependent, claim, line."""

from __future__ import annotations

from typing import Any, ClassVar

from cleanclaim.x12.acknowledgements import ClaimStatus, StatusCode
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import Party, Procedure
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets.party_facts import demographics
from cleanclaim.x12.sets.reading import Reads, SetReading
from cleanclaim.x12.status import StatusAnswer277, StatusInquiry276, StatusLine
from cleanclaim.x12.walk import Frame

STATUS_PLACES = (1, 10, 11)


class ReadingStatus(SetReading):
    """Keeps the open levels; gives out each question or answer at the end of its loop."""

    answers: ClassVar[bool] = False

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.payer = Party(entity="PR")
        self.receiver = Party(entity="41")
        self.providers: list[Party] = []
        self.subscriber: Party | None = None
        self.dependent: Party | None = None
        self.born = Party(entity="")  # a DMG stands before the name it belongs to
        self.open_item: StatusInquiry276 | StatusAnswer277 | None = None
        self.line: StatusLine | None = None

    @property
    def item(self) -> Any:
        """What is at hand, a question or an answer; its TRN opened the loop."""
        if self.open_item is None:
            self.begin()
        return self.open_item

    def begin(self) -> None:
        self.line = None
        above: dict[str, Any] = {
            "payer": self.payer,
            "receiver": self.receiver,
            "providers": self.providers,
            "subscriber": self.subscriber,
            "dependent": self.dependent,
        }
        self.open_item = StatusAnswer277(**above) if self.answers else StatusInquiry276(**above)

    def close_item(self, frame: Frame) -> Item:
        item = self.item
        self.open_item = self.line = None
        if self.unreadable:
            return self.unreadable_claim(frame, item.patient_control_number)
        item.position = self.span(frame.start)
        item.findings = self.item_findings(frame)
        return item  # type: ignore[no-any-return]  # one of two, see begin

    def named(self, segment: Segment) -> Party:
        """The NM1 with the DMG that stood before it."""
        party = self.party(segment)
        party.birth_on, party.sex = self.born.birth_on, self.born.sex
        return party


class Reading276(ReadingStatus):
    """Gives out `StatusInquiry276`."""


class Reading277(ReadingStatus):
    """Gives out `StatusAnswer277`."""

    answers = True


def _source_level(reading: ReadingStatus, _segment: Segment) -> None:
    reading.payer, reading.receiver = Party(entity="PR"), Party(entity="41")
    reading.providers, reading.subscriber, reading.dependent = [], None, None


def _receiver_level(reading: ReadingStatus, _segment: Segment) -> None:
    reading.receiver = Party(entity="41")
    reading.providers, reading.subscriber, reading.dependent = [], None, None


def _provider_level(reading: ReadingStatus, _segment: Segment) -> None:
    reading.providers, reading.subscriber, reading.dependent = [], None, None


def _subscriber_level(reading: ReadingStatus, _segment: Segment) -> None:
    reading.subscriber = reading.dependent = None
    reading.born = Party(entity="")


def _dependent_level(reading: ReadingStatus, _segment: Segment) -> None:
    reading.dependent = None
    reading.born = Party(entity="")


def _born(reading: ReadingStatus, segment: Segment) -> None:
    demographics(reading, reading.born, segment)


def _payer(reading: ReadingStatus, segment: Segment) -> None:
    reading.payer = reading.party(segment)


def _payer_contact(reading: ReadingStatus, segment: Segment) -> None:
    reading.payer.contacts.append(reading.contact(segment))


def _receiver(reading: ReadingStatus, segment: Segment) -> None:
    reading.receiver = reading.party(segment)


def _provider(reading: ReadingStatus, segment: Segment) -> None:
    reading.providers = [*reading.providers, reading.party(segment)]


def _subscriber(reading: ReadingStatus, segment: Segment) -> None:
    reading.subscriber = reading.named(segment)


def _dependent(reading: ReadingStatus, segment: Segment) -> None:
    reading.dependent = reading.named(segment)


def _trace(reading: ReadingStatus, segment: Segment) -> None:
    reading.begin()
    reading.item.trace = segment.element(2)


def _receiver_trace(reading: ReadingStatus, segment: Segment) -> None:
    _trace(reading, segment)
    reading.item.level = "receiver"


def _provider_trace(reading: ReadingStatus, segment: Segment) -> None:
    _trace(reading, segment)
    reading.item.level = "provider"


def status_of(reading: SetReading, segment: Segment) -> ClaimStatus:
    """One STC of a 277."""
    codes = []
    for place in STATUS_PLACES:
        parts = [*segment.components(place), "", "", "", ""]
        if parts[0] or parts[1]:
            codes.append(StatusCode(parts[0], parts[1], parts[2], parts[3]))
    return ClaimStatus(
        codes=codes,
        effective_on=reading.day(segment, 2),
        amount_cents=reading.optional_cents(segment, 4),
        paid_cents=reading.optional_cents(segment, 5),
        adjudicated_on=reading.day(segment, 6),
        remitted_on=reading.day(segment, 8),
        check_number=segment.element(9),
    )


def _status(reading: ReadingStatus, segment: Segment) -> None:
    reading.item.statuses.append(status_of(reading, segment))


def _reference(reading: ReadingStatus, segment: Segment) -> None:
    reading.item.references.append(reading.reference(segment))


def _charge(reading: ReadingStatus, segment: Segment) -> None:
    reading.item.charge_cents = reading.cents(segment, 2)


def _date(reading: ReadingStatus, segment: Segment) -> None:
    reading.item.dates.append(reading.date_fact(segment))


def _line(reading: ReadingStatus, segment: Segment) -> None:
    reading.line = StatusLine(
        procedure=reading.procedure(segment, 1) or Procedure("", ""),
        charge_cents=reading.cents(segment, 2),
        paid_cents=reading.optional_cents(segment, 3),
        revenue_code=segment.element(4),
        units=reading.optional_quantity(segment, 7),
    )
    reading.item.lines.append(reading.line)


def _line_status(reading: ReadingStatus, segment: Segment) -> None:
    found = status_of(reading, segment)
    if reading.line is not None:
        reading.line.statuses.append(found)


def _line_reference(reading: ReadingStatus, segment: Segment) -> None:
    if reading.line is not None:
        reading.line.references.append(reading.reference(segment))


def _line_date(reading: ReadingStatus, segment: Segment) -> None:
    fact = reading.date_fact(segment)
    if reading.line is not None:
        reading.line.dates.append(fact)


def _claim_reads(letter: str) -> dict[tuple[str, str], Reads]:
    """The claim of a subscriber (D) or dependent (E): 2200 with its lines, 2210 or 2220."""
    lines = (f"2210{letter}", f"2220{letter}", "2210D", "2220D")  # E mounts the lines of D
    line_reads = {"SVC": _line, "STC": _line_status, "REF": _line_reference, "DTP": _line_date}
    return {
        (f"2200{letter}", "TRN"): _trace,
        (f"2200{letter}", "STC"): _status,
        (f"2200{letter}", "REF"): _reference,
        (f"2200{letter}", "AMT"): _charge,
        (f"2200{letter}", "DTP"): _date,
        **{(loop, name): read for loop in lines for name, read in line_reads.items()},
    }


READS: dict[tuple[str, str], Reads] = {
    ("2000A", "HL"): _source_level,
    ("2100A", "NM1"): _payer,
    ("2100A", "PER"): _payer_contact,
    ("2000B", "HL"): _receiver_level,
    ("2100B", "NM1"): _receiver,
    ("2200B", "TRN"): _receiver_trace,
    ("2200B", "STC"): _status,
    ("2000C", "HL"): _provider_level,
    ("2100C", "NM1"): _provider,
    ("2200C", "TRN"): _provider_trace,
    ("2200C", "STC"): _status,
    ("2000D", "HL"): _subscriber_level,
    ("2000D", "DMG"): _born,
    ("2100D", "NM1"): _subscriber,
    ("2000E", "HL"): _dependent_level,
    ("2000E", "DMG"): _born,
    ("2100E", "NM1"): _dependent,
    **_claim_reads("D"),
    **_claim_reads("E"),
}
ReadingStatus.reads = READS
