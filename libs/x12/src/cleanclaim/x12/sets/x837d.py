"""Reading of an 837D: the dental claim, its teeth and its service lines."""

from __future__ import annotations

from cleanclaim.x12.claims import Diagnosis
from cleanclaim.x12.dental import (
    Claim837D,
    Orthodontics,
    ServiceLine837D,
    Tooth,
    ToothStatus,
)
from cleanclaim.x12.parties import Procedure
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import x837
from cleanclaim.x12.sets.reading import Reads


class Reading837D(x837.Reading837[Claim837D]):
    """Gives out each dental claim at the end of its loop."""

    claim_type = Claim837D


def _claim(reading: Reading837D, segment: Segment) -> None:
    causes = segment.components(11) + [""] * 5
    reading.begin(
        segment,
        place_of_service=segment.component(5, 1),
        place_of_service_qualifier=segment.component(5, 2),
        provider_signature=segment.element(6),
        related_causes=[cause for cause in causes[:3] if cause],
        accident_state=causes[3],
        accident_country=causes[4],
        special_program=segment.element(12),
        predetermination=segment.element(19),
    )


def _orthodontics(reading: Reading837D, segment: Segment) -> None:
    months = reading.optional_quantity(segment, 1), reading.optional_quantity(segment, 2)
    reading.unreadable = False  # a bad count of months is told, and stops no claim
    reading.claim.orthodontics = Orthodontics(*months, segment.element(3) == "Y")


def _tooth_status(reading: Reading837D, segment: Segment) -> None:
    status = ToothStatus(segment.element(1), segment.element(2))
    reading.claim.tooth_statuses.append(status)


def _codes(reading: Reading837D, segment: Segment) -> None:
    for place in range(1, len(segment.elements)):
        if segment.element(place):
            code = Diagnosis(segment.component(place, 1), segment.component(place, 2))
            reading.claim.diagnoses.append(code)


def _service(reading: Reading837D, segment: Segment) -> None:
    pointers = [part for part in segment.components(11) if part.isascii() and part.isdigit()]
    line = ServiceLine837D(
        number=reading.lines_begun,
        procedure=reading.procedure(segment, 1) or Procedure("", ""),
        charge_cents=reading.cents(segment, 2),
        place_of_service=segment.element(3),
        cavities=[part for part in segment.components(4) if part],
        prosthesis=segment.element(5),
        units=reading.optional_quantity(segment, 6),
        diagnosis_pointers=[int(pointer) for pointer in pointers],
    )
    reading.line = line
    reading.claim.lines.append(line)


def _tooth(reading: Reading837D, segment: Segment) -> None:
    surfaces = [part for part in segment.components(3) if part]
    if isinstance(reading.line, ServiceLine837D):
        reading.line.teeth.append(Tooth(segment.element(1), segment.element(2), surfaces))


READS: dict[tuple[str, str], Reads] = {
    **x837.READS,
    ("2300", "CLM"): _claim,
    ("2300", "DN1"): _orthodontics,
    ("2300", "DN2"): _tooth_status,
    ("2300", "HI"): _codes,
    ("2400", "SV3"): _service,
    ("2400", "TOO"): _tooth,
}
Reading837D.reads = READS
