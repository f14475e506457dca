"""Reading of a 277CA: source, receiver, billing providers, and the answer to each claim."""

from __future__ import annotations

from cleanclaim.x12.acknowledgements import (
    AcknowledgedClaim277CA,
    AcknowledgedLine,
    AcknowledgedProvider,
    ClaimAcknowledgement277CA,
    ClaimStatus,
    StatusCode,
)
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import Party, Procedure
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets.reading import Reads, SetReading
from cleanclaim.x12.sets.totals277ca import Totals
from cleanclaim.x12.walk import Frame

STATUS_PLACES = (1, 10, 11)


class Reading277CA(SetReading):
    """Gives out the head at its first billing provider, then each provider before its claims."""

    heads = frozenset({("2000C", "HL")})

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.head = ClaimAcknowledgement277CA(position=reporter.position(start))
        self.provider = AcknowledgedProvider()
        self.patient = Party(entity="QC")
        self.claim: AcknowledgedClaim277CA | None = None
        self.line: AcknowledgedLine | None = None
        self.totals = Totals()
        self.provider_totals = Totals()
        self.is_provider_due = False  # read and not yet given out

    def finish(self) -> None:
        self.items = [*self.hand_out_head(), *self.items]
        self.end_provider()
        self.tell(self.totals)

    def give_provider(self) -> None:
        """The provider is read as far as its first patient, or its end."""
        if self.is_provider_due:
            self.is_provider_due = False
            self.items.append(self.provider)

    def end_provider(self) -> None:
        """All claims of the provider are read: what it states of them can be compared."""
        self.give_provider()
        self.tell(self.provider_totals)
        self.provider, self.provider_totals = AcknowledgedProvider(), Totals()

    def tell(self, totals: Totals) -> None:
        for segment, (rule, message, place) in totals.check():
            self.walker.report_on_set(rule, message, segment, place)

    def give_head(self) -> list[Item]:
        self.unreadable = False
        return [self.head]

    def close_item(self, frame: Frame) -> Item | None:
        claim = self.claim
        self.claim = self.line = None
        if claim is None:
            return None
        for totals in (self.totals, self.provider_totals):
            totals.lose() if self.unreadable else totals.add(claim)
        if self.unreadable:
            return self.unreadable_claim(frame, claim.patient_control_number)
        claim.position = self.span(frame.start)
        claim.findings = self.item_findings(frame)
        return claim


def _beginning(reading: Reading277CA, segment: Segment) -> None:
    reading.head.reference = segment.element(3)
    reading.head.created_on = reading.day(segment, 4)
    reading.head.created_time = segment.element(5)


def _source(reading: Reading277CA, segment: Segment) -> None:
    reading.head.source = reading.party(segment)


def _source_trace(reading: Reading277CA, segment: Segment) -> None:
    reading.head.source_trace = segment.element(2)


def _source_date(reading: Reading277CA, segment: Segment) -> None:
    fact = reading.date_fact(segment)
    if fact.qualifier == "050":
        reading.head.received_on = fact.from_on
    elif fact.qualifier == "009":
        reading.head.processed_on = fact.from_on


def _receiver(reading: Reading277CA, segment: Segment) -> None:
    reading.head.receiver = reading.party(segment)


def _receiver_trace(reading: Reading277CA, segment: Segment) -> None:
    reading.head.trace = segment.element(2)


def status_of(reading: Reading277CA, segment: Segment) -> ClaimStatus:
    """One STC."""
    codes = []
    for place in STATUS_PLACES:
        parts = [*segment.components(place), "", "", ""]
        if parts[0] or parts[1]:
            codes.append(StatusCode(parts[0], parts[1], parts[2]))
    return ClaimStatus(
        codes=codes,
        effective_on=reading.day(segment, 2),
        action=segment.element(3),
        amount_cents=reading.optional_cents(segment, 4),
        message=segment.element(12),
    )


def _receiver_status(reading: Reading277CA, segment: Segment) -> None:
    reading.head.statuses.append(status_of(reading, segment))


def _receiver_count(reading: Reading277CA, segment: Segment) -> None:
    reading.totals.state(segment)
    if segment.element(1) == "90":
        reading.head.accepted_count = reading.whole(segment, 2)
    elif segment.element(1) == "AA":
        reading.head.rejected_count = reading.whole(segment, 2)


def _receiver_amount(reading: Reading277CA, segment: Segment) -> None:
    reading.totals.state(segment)
    if segment.element(1) == "YU":
        reading.head.accepted_cents = reading.optional_cents(segment, 2)
    elif segment.element(1) == "YY":
        reading.head.rejected_cents = reading.optional_cents(segment, 2)


def _provider_level(reading: Reading277CA, _segment: Segment) -> None:
    reading.end_provider()
    reading.is_provider_due = True


def _provider(reading: Reading277CA, segment: Segment) -> None:
    reading.provider.party = reading.party(segment)


def _provider_trace(reading: Reading277CA, segment: Segment) -> None:
    reading.provider.trace = segment.element(2)


def _provider_status(reading: Reading277CA, segment: Segment) -> None:
    reading.provider.statuses.append(status_of(reading, segment))


def _provider_reference(reading: Reading277CA, segment: Segment) -> None:
    reading.provider.references.append(reading.reference(segment))


def _provider_count(reading: Reading277CA, segment: Segment) -> None:
    reading.provider_totals.state(segment)
    if segment.element(1) == "QA":
        reading.provider.accepted_count = reading.whole(segment, 2)
    elif segment.element(1) == "QC":
        reading.provider.rejected_count = reading.whole(segment, 2)


def _provider_amount(reading: Reading277CA, segment: Segment) -> None:
    reading.provider_totals.state(segment)
    if segment.element(1) == "YU":
        reading.provider.accepted_cents = reading.optional_cents(segment, 2)
    elif segment.element(1) == "YY":
        reading.provider.rejected_cents = reading.optional_cents(segment, 2)


def _patient_level(reading: Reading277CA, _segment: Segment) -> None:
    reading.give_provider()


def _patient(reading: Reading277CA, segment: Segment) -> None:
    reading.patient = reading.party(segment)


def _claim(reading: Reading277CA, segment: Segment) -> None:
    reading.unreadable = False
    reading.line = None
    reading.claim = AcknowledgedClaim277CA(
        provider=reading.provider,
        patient=reading.patient,
        patient_control_number=segment.element(2),
    )


def _claim_status(reading: Reading277CA, segment: Segment) -> None:
    found = status_of(reading, segment)
    if reading.claim is not None:
        reading.claim.statuses.append(found)


def _claim_reference(reading: Reading277CA, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.references.append(reading.reference(segment))


def _claim_date(reading: Reading277CA, segment: Segment) -> None:
    fact = reading.date_fact(segment)
    if reading.claim is not None:
        reading.claim.dates.append(fact)


def _line(reading: Reading277CA, segment: Segment) -> None:
    reading.line = AcknowledgedLine(
        procedure=reading.procedure(segment, 1) or Procedure("", ""),
        charge_cents=reading.cents(segment, 2),
        revenue_code=segment.element(4),
        units=reading.optional_quantity(segment, 7),
    )
    if reading.claim is not None:
        reading.claim.lines.append(reading.line)


def _line_status(reading: Reading277CA, segment: Segment) -> None:
    found = status_of(reading, segment)
    if reading.line is not None:
        reading.line.statuses.append(found)


def _line_reference(reading: Reading277CA, segment: Segment) -> None:
    if reading.line is not None:
        reading.line.references.append(reading.reference(segment))


def _line_date(reading: Reading277CA, segment: Segment) -> None:
    fact = reading.date_fact(segment)
    if reading.line is not None:
        reading.line.dates.append(fact)


READS: dict[tuple[str, str], Reads] = {
    ("", "BHT"): _beginning,
    ("2100A", "NM1"): _source,
    ("2200A", "TRN"): _source_trace,
    ("2200A", "DTP"): _source_date,
    ("2100B", "NM1"): _receiver,
    ("2200B", "TRN"): _receiver_trace,
    ("2200B", "STC"): _receiver_status,
    ("2200B", "QTY"): _receiver_count,
    ("2200B", "AMT"): _receiver_amount,
    ("2000C", "HL"): _provider_level,
    ("2100C", "NM1"): _provider,
    ("2200C", "TRN"): _provider_trace,
    ("2200C", "STC"): _provider_status,
    ("2200C", "REF"): _provider_reference,
    ("2200C", "QTY"): _provider_count,
    ("2200C", "AMT"): _provider_amount,
    ("2000D", "HL"): _patient_level,
    ("2100D", "NM1"): _patient,
    ("2200D", "TRN"): _claim,
    ("2200D", "STC"): _claim_status,
    ("2200D", "REF"): _claim_reference,
    ("2200D", "DTP"): _claim_date,
    ("2220D", "SVC"): _line,
    ("2220D", "STC"): _line_status,
    ("2220D", "REF"): _line_reference,
    ("2220D", "DTP"): _line_date,
}
Reading277CA.reads = READS
