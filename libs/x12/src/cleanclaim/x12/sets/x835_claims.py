"""Reading of the claims of an 835: CLP with its parties and amounts, SVC with its adjustments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanclaim.x12.parties import (
    Amount,
    InpatientAdjudication,
    OutpatientAdjudication,
    Procedure,
    Quantity,
)
from cleanclaim.x12.payments import ClaimPayment835, RemarkCode, ServicePayment835

if TYPE_CHECKING:
    from cleanclaim.x12.segments import Segment
    from cleanclaim.x12.sets.reading import Reads
    from cleanclaim.x12.sets.x835 import Reading835


def _claim(reading: Reading835, segment: Segment) -> None:
    reading.give_summary()
    texts = segment.elements
    if len(texts) < 14:
        texts = texts + [""] * (14 - len(texts))
    reading.line = None
    reading.line_starts = []
    claim = reading.claim = ClaimPayment835(
        header_number=reading.header_number,
        patient_control_number=texts[1],
        status=texts[2],
        charge_cents=reading.cents(segment, 3),
        paid_cents=reading.cents(segment, 4),
        patient_responsibility_cents=reading.optional_cents(segment, 5) if texts[5] else None,
        filing_indicator=texts[6],
        payer_claim_control_number=texts[7],
        facility_type=texts[8],
        frequency=texts[9],
        drg=texts[11],
    )
    if texts[12] or texts[13]:
        claim.drg_weight = reading.optional_quantity(segment, 12)
        claim.discharge_fraction = reading.optional_quantity(segment, 13)


def _claim_adjustments(reading: Reading835, segment: Segment) -> None:
    found = reading.adjustments(segment)
    if reading.claim is not None:
        reading.claim.adjustments.extend(found)


def _claim_party(reading: Reading835, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.parties.append(reading.party(segment))


def _inpatient(reading: Reading835, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.inpatient = InpatientAdjudication(segment.elements[1:])


def _outpatient(reading: Reading835, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.outpatient = OutpatientAdjudication(segment.elements[1:])


def _claim_reference(reading: Reading835, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.references.append(reading.reference(segment))


def _claim_date(reading: Reading835, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.dates.append(reading.date_time(segment))


def _claim_contact(reading: Reading835, segment: Segment) -> None:
    if reading.claim is not None:
        reading.claim.contacts.append(reading.contact(segment))


def _claim_amount(reading: Reading835, segment: Segment) -> None:
    amount = Amount(segment.element(1), reading.cents(segment, 2))
    if reading.claim is not None:
        reading.claim.amounts.append(amount)


def _claim_quantity(reading: Reading835, segment: Segment) -> None:
    found = Quantity(segment.element(1), reading.quantity(segment, 2))
    if reading.claim is not None:
        reading.claim.quantities.append(found)


def _line(reading: Reading835, segment: Segment) -> None:
    texts = segment.elements
    if len(texts) < 8:
        texts = texts + [""] * (8 - len(texts))
    line = reading.line = ServicePayment835(
        procedure=reading.procedure(segment, 1) or Procedure("", ""),
        charge_cents=reading.cents(segment, 2),
        paid_cents=reading.cents(segment, 3),
        revenue_code=texts[4],
        units_paid=reading.optional_quantity(segment, 5) if texts[5] else None,
    )
    if texts[6] or texts[7]:
        line.submitted_procedure = reading.procedure(segment, 6)
        line.units_submitted = reading.optional_quantity(segment, 7)
    if reading.claim is not None:
        reading.claim.lines.append(line)
        reading.line_starts.append(segment)


def _line_date(reading: Reading835, segment: Segment) -> None:
    if reading.line is not None:
        reading.line.dates.append(reading.date_time(segment))


def _line_adjustments(reading: Reading835, segment: Segment) -> None:
    found = reading.adjustments(segment)
    if reading.line is not None:
        reading.line.adjustments.extend(found)


def _line_reference(reading: Reading835, segment: Segment) -> None:
    if reading.line is not None:
        reading.line.references.append(reading.reference(segment))


def _line_amount(reading: Reading835, segment: Segment) -> None:
    amount = Amount(segment.element(1), reading.cents(segment, 2))
    if reading.line is not None:
        reading.line.amounts.append(amount)


def _line_quantity(reading: Reading835, segment: Segment) -> None:
    found = Quantity(segment.element(1), reading.quantity(segment, 2))
    if reading.line is not None:
        reading.line.quantities.append(found)


def _remark(reading: Reading835, segment: Segment) -> None:
    if reading.line is not None:
        reading.line.remark_codes.append(RemarkCode(segment.element(1), segment.element(2)))


READS: dict[tuple[str, str], Reads] = {
    ("2100", "CLP"): _claim,
    ("2100", "CAS"): _claim_adjustments,
    ("2100", "NM1"): _claim_party,
    ("2100", "MIA"): _inpatient,
    ("2100", "MOA"): _outpatient,
    ("2100", "REF"): _claim_reference,
    ("2100", "DTM"): _claim_date,
    ("2100", "PER"): _claim_contact,
    ("2100", "AMT"): _claim_amount,
    ("2100", "QTY"): _claim_quantity,
    ("2110", "SVC"): _line,
    ("2110", "DTM"): _line_date,
    ("2110", "CAS"): _line_adjustments,
    ("2110", "REF"): _line_reference,
    ("2110", "AMT"): _line_amount,
    ("2110", "QTY"): _line_quantity,
    ("2110", "LQ"): _remark,
}
