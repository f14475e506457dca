"""Reading of any 837: the loops above a claim, what claims share, and how a claim must balance."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from cleanclaim.x12.claims import (
    Claim837,
    Note,
    OtherSubscriber,
    Patient,
    ServiceLine837,
    Subscriber,
)
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import Amount, Party, RestSegment
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import parties as party_reading
from cleanclaim.x12.sets import x837_lines as line_reading
from cleanclaim.x12.sets.balance837 import check_claim
from cleanclaim.x12.sets.reading import Reads, SetReading
from cleanclaim.x12.walk import Frame, Placed

AnyClaim = TypeVar("AnyClaim", bound=Claim837)


class Reading837(SetReading, Generic[AnyClaim]):
    """Keeps the open billing provider, subscriber and patient; gives out a claim at its end."""

    claim_type: ClassVar[type[Any]]

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.submitter = Party(entity="41")
        self.receiver = Party(entity="40")
        self.billing_provider = Party(entity="85")
        self.pay_to_address: Party | None = None
        self.pay_to_plan: Party | None = None
        self.subscriber = Subscriber()
        self.payer = Party(entity="PR")
        self.patient: Patient | None = None
        self.last_party = Party(entity="")
        self.open_claim: AnyClaim | None = None
        self.other: OtherSubscriber | None = None
        self.line: ServiceLine837 | None = None
        self.lines_begun = 0
        self.above: list[RestSegment] = []

    @property
    def claim(self) -> AnyClaim:
        """The claim at hand; its CLM opened the loop we are in."""
        if self.open_claim is None:
            made: AnyClaim = self.claim_type(patient_control_number="", charge_cents=0)
            self.open_claim = made
        return self.open_claim

    def begin(self, segment: Segment, **own: Any) -> AnyClaim:
        """A CLM: the claim with all that stands above it; `own` is what its kind adds."""
        self.lines_begun = 0
        texts = segment.elements
        if len(texts) < 21:
            texts = texts + [""] * (21 - len(texts))
        made: AnyClaim = self.claim_type(
            submitter=self.submitter,
            receiver=self.receiver,
            billing_provider=self.billing_provider,
            pay_to_address=self.pay_to_address,
            pay_to_plan=self.pay_to_plan,
            subscriber=self.subscriber,
            payer=self.payer,
            patient=self.patient,
            patient_control_number=texts[1],
            charge_cents=self.cents(segment, 2),
            frequency=segment.component(5, 3),
            accepts_assignment=texts[7],
            benefits_assigned=texts[8],
            release_of_information=texts[9],
            delay_reason=texts[20],
            rest=list(self.above),
            **own,
        )
        self.open_claim = made
        return made

    def keep(self, placed: Placed) -> None:
        """Kept in the innermost object, to be written back in its place."""
        if placed.segment.elements[0] in {"BHT", "HL", "LX"}:
            return
        kept = RestSegment(placed.loop_id, list(placed.segment.elements))
        if self.open_claim is None:
            self.above.append(kept)
        elif placed.loop_id.startswith("24") and self.line is not None:
            self.line.rest.append(kept)
        elif placed.loop_id.startswith(("232", "233")) and self.other is not None:
            self.other.rest.append(kept)
        else:
            self.open_claim.rest.append(kept)

    def close_item(self, frame: Frame) -> Item:
        claim = self.claim
        self.unreadable = self.unreadable or self.lines_begun != len(claim.service_lines)
        if not self.unreadable:
            for rule, message, place in check_claim(claim):
                found = self.reporter.finding(rule, message, frame.start, place, frame.path)
                frame.findings.append(found)
        self.open_claim = self.other = self.line = None
        if self.unreadable:
            return self.unreadable_claim(frame, claim.patient_control_number)
        claim.position = self.span(frame.start)
        claim.findings = self.item_findings(frame)
        return claim


def _billing_level(reading: Reading837[Any], _segment: Segment) -> None:
    reading.billing_provider = Party(entity="85")
    reading.pay_to_address = reading.pay_to_plan = None
    reading.above = []


def _billing_specialty(reading: Reading837[Any], segment: Segment) -> None:
    reading.billing_provider.taxonomy = segment.element(3)


def _subscriber_level(reading: Reading837[Any], _segment: Segment) -> None:
    reading.subscriber = Subscriber()
    reading.payer = Party(entity="PR")
    reading.patient = None


def _patient_level(reading: Reading837[Any], _segment: Segment) -> None:
    reading.patient = Patient()


def _subscriber(reading: Reading837[Any], segment: Segment) -> None:
    texts = segment.elements
    if len(texts) < 10:
        texts = texts + [""] * (10 - len(texts))
    subscriber = reading.subscriber
    subscriber.payer_responsibility, subscriber.relationship = texts[1], texts[2]
    subscriber.group_number, subscriber.group_name = texts[3], texts[4]
    subscriber.insurance_type, subscriber.filing_indicator = texts[5], texts[9]


def _patient(reading: Reading837[Any], segment: Segment) -> None:
    about = reading.subscriber if reading.patient is None else reading.patient
    if reading.patient is not None:
        reading.patient.relationship = segment.element(1)
    about.died_on = day_of(segment.element(6))
    about.weight_pounds = reading.optional_quantity(segment, 8)
    about.pregnant = segment.element(9) == "Y"
    reading.unreadable = False  # a bad weight is told, and stops no claim


def _claim_date(reading: Reading837[Any], segment: Segment) -> None:
    reading.claim.dates.append(reading.date_fact(segment))


def _claim_amount(reading: Reading837[Any], segment: Segment) -> None:
    amount = Amount(segment.element(1), reading.cents(segment, 2))
    reading.claim.amounts.append(amount)


def _claim_reference(reading: Reading837[Any], segment: Segment) -> None:
    reading.claim.references.append(reading.reference(segment))


def _claim_note(reading: Reading837[Any], segment: Segment) -> None:
    reading.claim.notes.append(Note(segment.element(1), segment.element(2)))


READS: dict[tuple[str, str], Reads] = {
    ("2000A", "HL"): _billing_level,
    ("2000A", "PRV"): _billing_specialty,
    ("2000B", "HL"): _subscriber_level,
    ("2000B", "SBR"): _subscriber,
    ("2000B", "PAT"): _patient,
    ("2000C", "HL"): _patient_level,
    ("2000C", "PAT"): _patient,
    ("2300", "DTP"): _claim_date,
    ("2300", "AMT"): _claim_amount,
    ("2300", "REF"): _claim_reference,
    ("2300", "NTE"): _claim_note,
    **party_reading.READS,
    **line_reading.READS,
}
