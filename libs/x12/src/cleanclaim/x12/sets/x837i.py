"""Reading of an 837I: the institutional claim, the codes of its bill and its revenue lines."""

from __future__ import annotations

from collections.abc import Callable

from cleanclaim.x12.amounts import cents_of, days_of
from cleanclaim.x12.institutional import (
    Claim837I,
    InstitutionalDiagnosis,
    InstitutionalProcedure,
    Occurrence,
    OccurrenceSpan,
    ServiceLine837I,
    ValueAmount,
)
from cleanclaim.x12.patterns import day_of
from cleanclaim.x12.reporting import Place
from cleanclaim.x12.rules import BAD_DAY
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import x837
from cleanclaim.x12.sets.reading import Reads


class Reading837I(x837.Reading837[Claim837I]):
    """Gives out each institutional claim at the end of its loop."""

    claim_type = Claim837I


def _claim(reading: Reading837I, segment: Segment) -> None:
    reading.begin(
        segment,
        facility_type=segment.component(5, 1),
        facility_type_qualifier=segment.component(5, 2),
    )


def _stay(reading: Reading837I, segment: Segment) -> None:
    claim = reading.claim
    claim.admission_type, claim.admission_source = segment.element(1), segment.element(2)
    claim.patient_status = segment.element(3)


def _diagnosis(reading: Reading837I, parts: list[str]) -> None:
    reading.claim.diagnoses.append(InstitutionalDiagnosis(parts[0], parts[1], parts[8]))


def _drg(reading: Reading837I, parts: list[str]) -> None:
    reading.claim.drg = parts[1]


def _procedure(reading: Reading837I, parts: list[str]) -> None:
    done = InstitutionalProcedure(parts[0], parts[1], day_of(parts[3]))
    reading.claim.procedures.append(done)


def _span(reading: Reading837I, parts: list[str]) -> None:
    reading.claim.occurrence_spans.append(OccurrenceSpan(parts[1], *days_of(parts[3])))


def _occurrence(reading: Reading837I, parts: list[str]) -> None:
    reading.claim.occurrences.append(Occurrence(parts[1], day_of(parts[3])))


def _value(reading: Reading837I, parts: list[str]) -> None:
    cents = cents_of(parts[4])
    if cents is None:  # the element check tells which; nobody may guess the amount
        reading.unreadable = True
    reading.claim.values.append(ValueAmount(parts[1], cents or 0))


def _condition(reading: Reading837I, parts: list[str]) -> None:
    reading.claim.conditions.append(parts[1])


def _treatment(reading: Reading837I, parts: list[str]) -> None:
    reading.claim.treatments.append(parts[1])


CODES: dict[str, Callable[[Reading837I, list[str]], None]] = {
    **dict.fromkeys(("ABK", "BK", "ABJ", "BJ", "APR", "PR", "ABN", "BN", "ABF", "BF"), _diagnosis),
    "DR": _drg,
    **dict.fromkeys(("BBR", "BR", "CAH", "BBQ", "BQ"), _procedure),
    "BI": _span,
    "BH": _occurrence,
    "BE": _value,
    "BG": _condition,
    "TC": _treatment,
}


def _codes(reading: Reading837I, segment: Segment) -> None:
    """HI: each composite says by its qualifier what it is."""
    for place in range(1, len(segment.elements)):
        parts = segment.components(place)
        if not parts:
            continue
        parts += [""] * (9 - len(parts))
        _check_days(reading, segment, place, parts)
        if (take := CODES.get(parts[0])) is not None:
            take(reading, parts)


def _check_days(reading: Reading837I, segment: Segment, place: int, parts: list[str]) -> None:
    style, text = parts[2], parts[3]
    if style not in {"D8", "RD8"} or not text:
        return
    first, last = days_of(text)
    ranged = style == "RD8"
    if first is None or (last is not None) != ranged or (last is not None and last < first):
        message = f"HI{place:02d}-4 must be a day (or from-through) that exists"
        where = Place(place, 4, data_element="1251", value=text)
        reading.walker.report(BAD_DAY, message, segment, where)


def _service(reading: Reading837I, segment: Segment) -> None:
    line = ServiceLine837I(
        number=reading.lines_begun,
        revenue_code=segment.element(1),
        procedure=reading.procedure(segment, 2),
        charge_cents=reading.cents(segment, 3),
        unit=segment.element(4),
        units=reading.quantity(segment, 5),
        non_covered_cents=reading.optional_cents(segment, 7),
    )
    reading.line = line
    reading.claim.lines.append(line)


READS: dict[tuple[str, str], Reads] = {
    **x837.READS,
    ("2300", "CLM"): _claim,
    ("2300", "CL1"): _stay,
    ("2300", "HI"): _codes,
    ("2400", "SV2"): _service,
}
Reading837I.reads = READS
