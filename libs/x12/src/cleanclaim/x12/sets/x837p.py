"""Reading of an 837P: the loops above a claim, the claim, and what its findings say of it."""

from __future__ import annotations

from cleanclaim.x12 import rules
from cleanclaim.x12.amounts import text_of_cents
from cleanclaim.x12.claims import (
    Claim837P,
    Diagnosis,
    Note,
    OtherSubscriber,
    Patient,
    ServiceLine837P,
    Subscriber,
)
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.findings import Finding
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import Amount, Party, RestSegment
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.reporting import WHOLE, Place, Reporter, Rule
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import parties as party_reading
from cleanclaim.x12.sets import x837p_lines as line_reading
from cleanclaim.x12.sets.reading import Reads, SetReading
from cleanclaim.x12.walk import Frame, Placed


class Reading837P(SetReading):
    """Keeps the open billing provider, subscriber and patient; gives out a claim at its end."""

    item_loop = "2300"

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
        self.open_claim: Claim837P | None = None
        self.other: OtherSubscriber | None = None
        self.line: ServiceLine837P | None = None
        self.lines_begun = 0
        self.above: list[RestSegment] = []

    @property
    def claim(self) -> Claim837P:
        """The claim at hand; its CLM opened the loop we are in."""
        if self.open_claim is None:
            self.open_claim = Claim837P(patient_control_number="", charge_cents=0)
        return self.open_claim

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
        self.unreadable = self.unreadable or self.lines_begun != len(claim.lines)
        self._balance(claim, frame)
        self.open_claim = self.other = self.line = None
        if self.unreadable:
            return self.unreadable_claim(frame, claim.patient_control_number)
        claim.position = self.span(frame.start)
        claim.findings = self.item_findings(frame)
        return claim

    def _balance(self, claim: Claim837P, frame: Frame) -> None:
        """SNIP 3: CLM02 is the sum of the SV102; REF*6R stands once in a claim."""
        if self.unreadable or not claim.lines:
            return
        total = claim.line_total_cents
        if total != claim.charge_cents:
            message = (
                f"CLM02 is {text_of_cents(claim.charge_cents)} but its {len(claim.lines)} lines add"
                f" up to {text_of_cents(total)}: mend the total or the line charges"
            )
            place = Place(2, data_element="782", value=text_of_cents(claim.charge_cents))
            frame.findings.append(self._found(rules.CLAIM_LINES, message, frame, place))
        numbers = [n for line in claim.lines if (n := line.line_item_control_number)]
        if len(numbers) != len(set(numbers)):
            message = "a line item control number (REF*6R) stands twice in the claim: number anew"
            frame.findings.append(self._found(rules.DUPLICATE_LINE, message, frame, WHOLE))

    def _found(self, rule: Rule, message: str, frame: Frame, place: Place) -> Finding:
        return self.reporter.finding(rule, message, frame.start, place, frame.path)


def _billing_level(reading: Reading837P, _segment: Segment) -> None:
    reading.billing_provider = Party(entity="85")
    reading.pay_to_address = reading.pay_to_plan = None
    reading.above = []


def _billing_specialty(reading: Reading837P, segment: Segment) -> None:
    reading.billing_provider.taxonomy = segment.element(3)


def _subscriber_level(reading: Reading837P, _segment: Segment) -> None:
    reading.subscriber = Subscriber()
    reading.payer = Party(entity="PR")
    reading.patient = None


def _patient_level(reading: Reading837P, _segment: Segment) -> None:
    reading.patient = Patient()


def _subscriber(reading: Reading837P, segment: Segment) -> None:
    subscriber = reading.subscriber
    subscriber.payer_responsibility = segment.element(1)
    subscriber.relationship = segment.element(2)
    subscriber.group_number = segment.element(3)
    subscriber.group_name = segment.element(4)
    subscriber.insurance_type = segment.element(5)
    subscriber.filing_indicator = segment.element(9)


def _patient(reading: Reading837P, segment: Segment) -> None:
    about = reading.subscriber if reading.patient is None else reading.patient
    if reading.patient is not None:
        reading.patient.relationship = segment.element(1)
    about.died_on = day_of(segment.element(6))
    about.weight_pounds = reading.optional_quantity(segment, 8)
    about.pregnant = segment.element(9) == "Y"
    reading.unreadable = False  # a bad weight is told, and stops no claim


def _claim(reading: Reading837P, segment: Segment) -> None:
    causes = segment.components(11) + [""] * 5
    reading.lines_begun = 0
    reading.open_claim = Claim837P(
        submitter=reading.submitter,
        receiver=reading.receiver,
        billing_provider=reading.billing_provider,
        pay_to_address=reading.pay_to_address,
        pay_to_plan=reading.pay_to_plan,
        subscriber=reading.subscriber,
        payer=reading.payer,
        patient=reading.patient,
        patient_control_number=segment.element(1),
        charge_cents=reading.cents(segment, 2),
        place_of_service=segment.component(5, 1),
        place_of_service_qualifier=segment.component(5, 2),
        frequency=segment.component(5, 3),
        provider_signature=segment.element(6),
        accepts_assignment=segment.element(7),
        benefits_assigned=segment.element(8),
        release_of_information=segment.element(9),
        patient_signature_source=segment.element(10),
        related_causes=[cause for cause in causes[:3] if cause],
        accident_state=causes[3],
        accident_country=causes[4],
        special_program=segment.element(12),
        delay_reason=segment.element(20),
        rest=list(reading.above),
    )


def _claim_date(reading: Reading837P, segment: Segment) -> None:
    reading.claim.dates.append(reading.date_fact(segment))


def _claim_amount(reading: Reading837P, segment: Segment) -> None:
    amount = Amount(segment.element(1), reading.cents(segment, 2))
    reading.claim.amounts.append(amount)


def _claim_reference(reading: Reading837P, segment: Segment) -> None:
    reading.claim.references.append(reading.reference(segment))


def _claim_note(reading: Reading837P, segment: Segment) -> None:
    reading.claim.notes.append(Note(segment.element(1), segment.element(2)))


def _codes(reading: Reading837P, segment: Segment) -> None:
    """HI: diagnoses; surgical procedures and condition codes are kept as they stand."""
    if segment.component(1, 1) in {"BP", "BG"}:
        reading.claim.rest.append(RestSegment("2300", list(segment.elements)))
        return
    for place in range(1, len(segment.elements)):
        if segment.element(place):
            code = Diagnosis(segment.component(place, 1), segment.component(place, 2))
            reading.claim.diagnoses.append(code)


READS: dict[tuple[str, str], Reads] = {
    ("2000A", "HL"): _billing_level,
    ("2000A", "PRV"): _billing_specialty,
    ("2000B", "HL"): _subscriber_level,
    ("2000B", "SBR"): _subscriber,
    ("2000B", "PAT"): _patient,
    ("2000C", "HL"): _patient_level,
    ("2000C", "PAT"): _patient,
    ("2300", "CLM"): _claim,
    ("2300", "DTP"): _claim_date,
    ("2300", "AMT"): _claim_amount,
    ("2300", "REF"): _claim_reference,
    ("2300", "NTE"): _claim_note,
    ("2300", "HI"): _codes,
    **party_reading.READS,
    **line_reading.READS,
}
Reading837P.reads = READS
