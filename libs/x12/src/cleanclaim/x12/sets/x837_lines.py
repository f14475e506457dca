"""Reading of what every 837 says inside a claim: other payers, lines, their adjudications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanclaim.x12 import rules
from cleanclaim.x12.claims import (
    Drug,
    LineAdjudication,
    Note,
    OtherSubscriber,
)
from cleanclaim.x12.parties import (
    Amount,
    InpatientAdjudication,
    OutpatientAdjudication,
    Procedure,
)
from cleanclaim.x12.reporting import Place
from cleanclaim.x12.walk import Placed

if TYPE_CHECKING:
    from cleanclaim.x12.segments import Segment
    from cleanclaim.x12.sets.reading import Reads
    from cleanclaim.x12.sets.x837 import Reading837


def _other(reading: Reading837[Any], segment: Segment) -> None:
    reading.other = OtherSubscriber(
        payer_responsibility=segment.element(1),
        relationship=segment.element(2),
        group_number=segment.element(3),
        group_name=segment.element(4),
        insurance_type=segment.element(5),
        filing_indicator=segment.element(9),
    )
    reading.claim.other_subscribers.append(reading.other)


def _other_adjustments(reading: Reading837[Any], segment: Segment) -> None:
    if reading.other is not None:
        reading.other.adjustments.extend(reading.adjustments(segment))


def _other_amount(reading: Reading837[Any], segment: Segment) -> None:
    if reading.other is not None:
        amount = Amount(segment.element(1), reading.cents(segment, 2))
        reading.other.amounts.append(amount)


def _other_insurance(reading: Reading837[Any], segment: Segment) -> None:
    if reading.other is not None:
        reading.other.benefits_assigned = segment.element(3)
        reading.other.patient_signature_source = segment.element(4)
        reading.other.release_of_information = segment.element(6)


def _other_inpatient(reading: Reading837[Any], segment: Segment) -> None:
    if reading.other is not None:
        reading.other.inpatient = InpatientAdjudication(segment.elements[1:])


def _other_outpatient(reading: Reading837[Any], segment: Segment) -> None:
    if reading.other is not None:
        reading.other.outpatient = OutpatientAdjudication(segment.elements[1:])


def _line_number(reading: Reading837[Any], segment: Segment) -> None:
    """LX opens the loop; its SV1 makes the line."""
    reading.line = None
    reading.lines_begun += 1
    text = segment.element(1)
    if text != str(reading.lines_begun):
        message = f"LX01 must be {reading.lines_begun} here: number the lines from 1 in each claim"
        place = Place(1, data_element="554", value=text)
        reading.walker.report(rules.LX_NUMBER, message, segment, place)


def _line_date(reading: Reading837[Any], segment: Segment) -> None:
    fact = reading.date_fact(segment)
    if reading.line is not None:
        reading.line.dates.append(fact)


def _line_reference(reading: Reading837[Any], segment: Segment) -> None:
    if reading.line is None:
        return
    # REF04 says whose number it is: kept whole
    if len(segment.elements) > 4 and segment.elements[4]:
        reading.keep(Placed(segment, None, "2400", ""))
    else:
        reading.line.references.append(reading.reference(segment))


def _line_amount(reading: Reading837[Any], segment: Segment) -> None:
    amount = Amount(segment.element(1), reading.cents(segment, 2))
    if reading.line is not None:
        reading.line.amounts.append(amount)


def _line_note(reading: Reading837[Any], segment: Segment) -> None:
    if reading.line is not None:
        reading.line.notes.append(Note(segment.element(1), segment.element(2)))


def _drug(reading: Reading837[Any], segment: Segment) -> None:
    if reading.line is not None:
        reading.line.drug = Drug(qualifier=segment.element(2), code=segment.element(3))


def _drug_quantity(reading: Reading837[Any], segment: Segment) -> None:
    if reading.line is not None and reading.line.drug is not None:
        reading.line.drug.quantity = reading.optional_quantity(segment, 4)
        reading.line.drug.unit = segment.component(5, 1)


def _drug_reference(reading: Reading837[Any], segment: Segment) -> None:
    if reading.line is not None and reading.line.drug is not None:
        reading.line.drug.references.append(reading.reference(segment))


def _adjudication(reading: Reading837[Any], segment: Segment) -> None:
    decided = LineAdjudication(
        payer_identifier=segment.element(1),
        paid_cents=reading.cents(segment, 2),
        procedure=reading.procedure(segment, 3) or Procedure("", ""),
        revenue_code=segment.element(4),
        units_paid=reading.optional_quantity(segment, 5),
        bundled_line=reading.whole(segment, 6),
    )
    if reading.line is not None:
        reading.line.adjudications.append(decided)


def _last(reading: Reading837[Any]) -> LineAdjudication | None:
    if reading.line is None or not reading.line.adjudications:
        return None
    return reading.line.adjudications[-1]


def _adjudication_adjustments(reading: Reading837[Any], segment: Segment) -> None:
    found = reading.adjustments(segment)
    if (decided := _last(reading)) is not None:
        decided.adjustments.extend(found)


def _adjudication_date(reading: Reading837[Any], segment: Segment) -> None:
    fact = reading.date_fact(segment)
    if (decided := _last(reading)) is not None:
        decided.adjudicated_on = fact.from_on


def _adjudication_liability(reading: Reading837[Any], segment: Segment) -> None:
    cents = reading.cents(segment, 2)
    if (decided := _last(reading)) is not None:
        decided.remaining_patient_liability_cents = cents


READS: dict[tuple[str, str], Reads] = {
    ("2320", "SBR"): _other,
    ("2320", "CAS"): _other_adjustments,
    ("2320", "AMT"): _other_amount,
    ("2320", "OI"): _other_insurance,
    ("2320", "MIA"): _other_inpatient,
    ("2320", "MOA"): _other_outpatient,
    ("2400", "LX"): _line_number,
    ("2400", "DTP"): _line_date,
    ("2400", "REF"): _line_reference,
    ("2400", "AMT"): _line_amount,
    ("2400", "NTE"): _line_note,
    ("2410", "LIN"): _drug,
    ("2410", "CTP"): _drug_quantity,
    ("2410", "REF"): _drug_reference,
    ("2430", "SVD"): _adjudication,
    ("2430", "CAS"): _adjudication_adjustments,
    ("2430", "DTP"): _adjudication_date,
    ("2430", "AMT"): _adjudication_liability,
}
