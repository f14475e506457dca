"""Reading of 270 and 271: source, receiver, subscriber, dependent; a question or answer each."""

from __future__ import annotations

from typing import Any, ClassVar

from cleanclaim.x12.claims import Diagnosis
from cleanclaim.x12.eligibility import (
    EligibilityAnswer271,
    EligibilityInquiry270,
    InsuredPerson,
    Rejection,
    Specialty,
    Trace,
)
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import Party, RestSegment
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import party_facts
from cleanclaim.x12.sets.reading import Reads, SetReading
from cleanclaim.x12.walk import Frame, Placed


class ReadingEligibility(SetReading):
    """Keeps the open levels; gives out one item for each person asked or answered for."""

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.source = Party(entity="PR")
        self.receiver = Party(entity="1P")
        self.receiver_specialty: Specialty | None = None
        self.subscriber: InsuredPerson | None = None
        self.dependent: InsuredPerson | None = None
        self.last_party = self.source
        self.facts: list[Any] = []  # the 2110 of the person at hand
        self.own_facts: list[Any] = []  # those of a subscriber above his dependents
        self.dependents = 0

    answer_type: ClassVar[type[Any]]
    fact_list: ClassVar[str]

    @property
    def person(self) -> InsuredPerson:
        """The person whose loop is open."""
        if self.subscriber is None:
            self.subscriber = InsuredPerson(party=Party(entity="IL"))
        return self.dependent or self.subscriber

    def context(self) -> dict[str, Any]:
        """What an item says of the levels above its person."""
        return {
            "source": self.source,
            "receiver": self.receiver,
            "receiver_specialty": self.receiver_specialty,
            "subscriber": self.subscriber,
            "dependent": self.dependent,
        }

    def level(self, code: str) -> None:
        """An HL: what stood on this level and below it is over."""
        if code == "D":
            if not self.dependents:
                self.own_facts = self.facts
            self.facts = []
            return
        self.facts, self.own_facts, self.dependents = [], [], 0
        self.subscriber = self.dependent = None
        if code in "AB":
            self.receiver, self.receiver_specialty = Party(entity="1P"), None

    def close_item(self, frame: Frame) -> Item | None:
        """A subscriber above dependents is their context, unless something was said of him."""
        is_dependent = frame.loop.loop_id == "2000D"
        if not is_dependent:
            self.dependent = None
            if self.dependents:
                self.facts = self.own_facts
                if not self.facts:
                    return None
        self.dependents += is_dependent
        facts, self.facts = self.facts, []
        if self.unreadable:
            return self.unreadable_claim(frame, "")
        item: Any = self.answer_type(**self.context(), **{self.fact_list: facts})
        item.position = self.span(frame.start)
        item.findings = self.item_findings(frame)
        return item  # type: ignore[no-any-return]  # made by the kind of set

    def keep(self, placed: Placed) -> None:
        if placed.loop_id in {"2100C", "2100D"}:
            rest = RestSegment(placed.loop_id, list(placed.segment.elements))
            self.person.rest.append(rest)


class Reading270(ReadingEligibility):
    """Gives out `EligibilityInquiry270`."""

    answer_type = EligibilityInquiry270
    fact_list = "questions"


class Reading271(ReadingEligibility):
    """Gives out `EligibilityAnswer271`; where nobody was answered for, one with the refusals."""

    answer_type = EligibilityAnswer271
    fact_list = "benefits"

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.source_rejections: list[Rejection] = []
        self.receiver_rejections: list[Rejection] = []

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "source_rejections": list(self.source_rejections),
            "receiver_rejections": list(self.receiver_rejections),
        }

    def finish(self) -> None:
        if self.claims or not (self.source_rejections or self.receiver_rejections):
            return
        self.subscriber = self.dependent = None
        position = self.span(self.start)
        self.items.append(EligibilityAnswer271(**self.context(), position=position))
        self.claims += 1

    def rejected(self, level: str, segment: Segment) -> Rejection:
        return Rejection(
            reason=segment.element(3),
            follow_up=segment.element(4),
            is_valid=segment.element(1) == "Y",
            level=level,
        )


def _source_level(reading: ReadingEligibility, _segment: Segment) -> None:
    reading.level("A")
    reading.source = Party(entity="PR")


def _receiver_level(reading: ReadingEligibility, _segment: Segment) -> None:
    reading.level("B")


def _subscriber_level(reading: ReadingEligibility, _segment: Segment) -> None:
    reading.level("C")
    reading.subscriber = InsuredPerson(party=Party(entity="IL"))


def _dependent_level(reading: ReadingEligibility, _segment: Segment) -> None:
    reading.level("D")
    reading.dependent = InsuredPerson(party=Party(entity="03"))


def _source(reading: ReadingEligibility, segment: Segment) -> None:
    reading.source = reading.last_party = reading.party(segment)


def _receiver(reading: ReadingEligibility, segment: Segment) -> None:
    reading.receiver = reading.last_party = reading.party(segment)


def _person(reading: ReadingEligibility, segment: Segment) -> None:
    reading.person.party = reading.last_party = reading.party(segment)


def _street(reading: ReadingEligibility, segment: Segment) -> None:
    party_facts.street(reading.last_party, segment)


def _city(reading: ReadingEligibility, segment: Segment) -> None:
    party_facts.city(reading.last_party, segment)


def _reference(reading: ReadingEligibility, segment: Segment) -> None:
    reading.last_party.references.append(reading.reference(segment))


def _contact(reading: ReadingEligibility, segment: Segment) -> None:
    reading.last_party.contacts.append(reading.contact(segment))


def _demographics(reading: ReadingEligibility, segment: Segment) -> None:
    party_facts.demographics(reading, reading.last_party, segment)


def specialty_of(segment: Segment) -> Specialty:
    """A PRV."""
    return Specialty(segment.element(1), segment.element(2), segment.element(3))


def _receiver_specialty(reading: ReadingEligibility, segment: Segment) -> None:
    reading.receiver_specialty = specialty_of(segment)


def _specialty(reading: ReadingEligibility, segment: Segment) -> None:
    reading.person.specialty = specialty_of(segment)


def _trace(reading: ReadingEligibility, segment: Segment) -> None:
    texts = (segment.element(place) for place in (1, 2, 3, 4))
    reading.person.traces.append(Trace(*texts))


def _insured(reading: ReadingEligibility, segment: Segment) -> None:
    reading.person.relationship = segment.element(2)
    reading.person.changed = segment.element(3) == "001"
    reading.person.birth_sequence = segment.element(17)


def _codes(reading: ReadingEligibility, segment: Segment) -> None:
    for place in range(1, len(segment.elements)):
        if segment.element(place):
            code = Diagnosis(segment.component(place, 1), segment.component(place, 2))
            reading.person.diagnoses.append(code)


def _date(reading: ReadingEligibility, segment: Segment) -> None:
    reading.person.dates.append(reading.date_fact(segment))


def _system_refusal(reading: Reading271, segment: Segment) -> None:
    reading.source_rejections.append(reading.rejected("system", segment))


def _source_refusal(reading: Reading271, segment: Segment) -> None:
    reading.source_rejections.append(reading.rejected("source", segment))


def _receiver_refusal(reading: Reading271, segment: Segment) -> None:
    reading.receiver_rejections.append(reading.rejected("receiver", segment))


def _person_refusal(reading: Reading271, segment: Segment) -> None:
    level = "dependent" if reading.dependent else "subscriber"
    reading.person.rejections.append(reading.rejected(level, segment))


PERSON = {
    "NM1": _person,
    "REF": _reference,
    "N3": _street,
    "N4": _city,
    "PRV": _specialty,
    "DMG": _demographics,
    "INS": _insured,
    "HI": _codes,
    "DTP": _date,
    "AAA": _person_refusal,
}
READS: dict[tuple[str, str], Reads] = {
    ("2000A", "HL"): _source_level,
    ("2000A", "AAA"): _system_refusal,
    ("2100A", "NM1"): _source,
    ("2100A", "PER"): _contact,
    ("2100A", "AAA"): _source_refusal,
    ("2000B", "HL"): _receiver_level,
    ("2100B", "NM1"): _receiver,
    ("2100B", "REF"): _reference,
    ("2100B", "N3"): _street,
    ("2100B", "N4"): _city,
    ("2100B", "AAA"): _receiver_refusal,
    ("2100B", "PRV"): _receiver_specialty,
    ("2000C", "HL"): _subscriber_level,
    ("2000D", "HL"): _dependent_level,
    **{(loop, "TRN"): _trace for loop in ("2000C", "2000D")},
    **{(loop, name): read for loop in ("2100C", "2100D") for name, read in PERSON.items()},
}
