"""Reading of an 835: head, claim payments, lines and provider adjustments, with their balance."""

from __future__ import annotations

from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.grammar import Guide
from cleanclaim.x12.limits import Limits
from cleanclaim.x12.parties import (
    Address,
    Party,
    RestSegment,
    UnreadableClaim,
)
from cleanclaim.x12.payments import (
    ClaimPayment835,
    ProviderAdjustment835,
    ProviderSummary835,
    Remittance835,
    ServicePayment835,
)
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import x835_claims as claim_reading
from cleanclaim.x12.sets.balance835 import TransactionBalance, check_claim, check_line
from cleanclaim.x12.sets.parties import read_city
from cleanclaim.x12.sets.reading import Reads, SetReading
from cleanclaim.x12.walk import Frame, Placed


class Reading835(SetReading):
    """Gives out the head at its first LX (or CLP, PLB, SE), then each claim, then each PLB pair."""

    heads = frozenset({("2000", "LX"), ("2100", "CLP"), ("", "PLB")})

    def __init__(self, guide: Guide, reporter: Reporter, start: Segment, limits: Limits) -> None:
        super().__init__(guide, reporter, start, limits)
        self.remittance = Remittance835(payment_cents=0, method="")
        self.remittance.position = reporter.position(start)
        self.head_unreadable = True  # until a BPR02 was read
        self.last_party = self.remittance.payer
        self.header_number = ""
        self.summary: ProviderSummary835 | None = None  # of this LX, not yet given out
        self.claim: ClaimPayment835 | None = None
        self.line: ServicePayment835 | None = None
        self.line_starts: list[Segment] = []
        self.balance = TransactionBalance()

    def finish(self) -> None:
        self.items = [*self.hand_out_head(), *self.items]
        self.give_summary()
        for rule, message, place in self.balance.check():
            segment = self.balance.payment or self.start
            finding = self.reporter.finding(rule, message, segment, place)
            self.walker.frames[0].findings.append(finding)

    def give_head(self) -> list[Item]:
        return [] if self.head_unreadable else [self.remittance]

    def keep(self, placed: Placed) -> None:
        kept = RestSegment(placed.loop_id, list(placed.segment.elements))
        if placed.loop_id != "2000":
            self.remittance.rest.append(kept)
            return
        if self.summary is None:
            position = self.reporter.position(placed.segment)
            self.summary = ProviderSummary835(header_number=self.header_number, position=position)
        self.summary.segments.append(kept)

    def give_summary(self) -> None:
        """The LX is read as far as its first claim, or its end."""
        if self.summary is not None:
            self.items.append(self.summary)
            self.summary = None

    def _check_balance(self, claim: ClaimPayment835, frame: Frame) -> None:
        for line, start in zip(claim.lines, self.line_starts, strict=True):
            for rule, message, place in check_line(line):
                found = self.reporter.finding(rule, message, start, place, f"{frame.path}/2110")
                frame.findings.append(found)
        for rule, message, place in check_claim(claim):
            found = self.reporter.finding(rule, message, frame.start, place, frame.path)
            frame.findings.append(found)

    def close_item(self, frame: Frame) -> Item:
        claim = self.claim
        self.claim = self.line = None
        if claim is None or self.unreadable:
            self.balance.unknown = True
            number = claim.patient_control_number if claim else ""
            return self.unreadable_claim(frame, number)
        self._check_balance(claim, frame)
        self.balance.paid_cents += claim.paid_cents
        if self.head_unreadable:
            return self.unreadable_claim(frame, claim.patient_control_number)
        claim.position = self.span(frame.start)
        claim.findings = self.item_findings(frame)
        return claim


def _payment(reading: Reading835, segment: Segment) -> None:
    remittance = reading.remittance
    remittance.handling_code = segment.element(1)
    remittance.payment_cents = reading.cents(segment, 2)
    reading.head_unreadable, reading.unreadable = reading.unreadable, False
    remittance.credit_or_debit = segment.element(3)
    remittance.method = segment.element(4)
    remittance.payment_format = segment.element(5)
    remittance.payer_bank_qualifier = segment.element(6)
    remittance.payer_bank = segment.element(7)
    remittance.payer_account_qualifier = segment.element(8)
    remittance.payer_account = segment.element(9)
    remittance.originator = segment.element(10)
    remittance.originator_supplement = segment.element(11)
    remittance.payee_bank_qualifier = segment.element(12)
    remittance.payee_bank = segment.element(13)
    remittance.payee_account_qualifier = segment.element(14)
    remittance.payee_account = segment.element(15)
    remittance.paid_on = reading.day(segment, 16)
    reading.balance.payment = segment
    reading.balance.payment_cents = None if reading.head_unreadable else remittance.payment_cents


def _trace(reading: Reading835, segment: Segment) -> None:
    reading.remittance.trace_number = segment.element(2)
    reading.remittance.trace_originator = segment.element(3)
    reading.remittance.trace_supplement = segment.element(4)


def _head_reference(reading: Reading835, segment: Segment) -> None:
    if segment.element(1) == "EV":
        reading.remittance.receiver_identifier = segment.element(2)
    elif segment.element(1) == "F2":
        reading.remittance.version_reference = segment.element(2)


def _production_date(reading: Reading835, segment: Segment) -> None:
    reading.remittance.production_on = reading.day(segment, 2)


def _payer(reading: Reading835, segment: Segment) -> None:
    reading.remittance.payer = reading.last_party = _organisation(segment)


def _payee(reading: Reading835, segment: Segment) -> None:
    reading.remittance.payee = reading.last_party = _organisation(segment)


def _organisation(segment: Segment) -> Party:
    """An N1: in an 835 it names a payer or payee, never says person or not."""
    return Party(
        entity=segment.element(1),
        name=segment.element(2),
        identifier_qualifier=segment.element(3),
        identifier=segment.element(4),
    )


def _street(reading: Reading835, segment: Segment) -> None:
    address = reading.last_party.address = reading.last_party.address or Address()
    address.line_1, address.line_2 = segment.element(1), segment.element(2)


def _city(reading: Reading835, segment: Segment) -> None:
    read_city(reading.last_party, segment)


def _party_reference(reading: Reading835, segment: Segment) -> None:
    reading.last_party.references.append(reading.reference(segment))


def _party_contact(reading: Reading835, segment: Segment) -> None:
    reading.last_party.contacts.append(reading.contact(segment))


def _header_number(reading: Reading835, segment: Segment) -> None:
    reading.give_summary()
    reading.header_number = segment.element(1)


def _provider_adjustments(reading: Reading835, segment: Segment) -> None:
    reading.give_summary()
    unread = False
    for place in range(3, 14, 2):
        if not (segment.element(place) or segment.element(place + 1)):
            continue
        reading.unreadable = False
        cents = reading.cents(segment, place + 1)
        if reading.unreadable:
            unread = True
            continue
        reading.balance.adjusted_cents += cents
        adjustment = ProviderAdjustment835(
            provider_identifier=segment.element(1),
            fiscal_period_on=reading.day(segment, 2),
            reason=segment.component(place, 1),
            reference=segment.component(place, 2),
            amount_cents=cents,
            position=reading.reporter.position(segment),
        )
        reading.items.append(adjustment)
    reading.unreadable = False
    if unread:
        reading.balance.unknown = True
        position = reading.reporter.position(segment)
        reading.items.append(UnreadableClaim(loop="PLB", position=position))


READS: dict[tuple[str, str], Reads] = {
    ("", "BPR"): _payment,
    ("", "TRN"): _trace,
    ("", "REF"): _head_reference,
    ("", "DTM"): _production_date,
    ("1000A", "N1"): _payer,
    ("1000B", "N1"): _payee,
    **{(loop, "N3"): _street for loop in ("1000A", "1000B")},
    **{(loop, "N4"): _city for loop in ("1000A", "1000B")},
    **{(loop, "REF"): _party_reference for loop in ("1000A", "1000B")},
    **{(loop, "PER"): _party_contact for loop in ("1000A", "1000B")},
    ("2000", "LX"): _header_number,
    ("", "PLB"): _provider_adjustments,
    **claim_reading.READS,
}
Reading835.reads = READS
