"""Reading of an 837P: the professional claim, its diagnoses and its service lines."""

from __future__ import annotations

from cleanclaim.x12.claims import Claim837P, Diagnosis, ServiceLine837P
from cleanclaim.x12.parties import Procedure, RestSegment
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import x837
from cleanclaim.x12.sets.reading import Reads


class Reading837P(x837.Reading837[Claim837P]):
    """Gives out each professional claim at the end of its loop."""

    claim_type = Claim837P


def _claim(reading: Reading837P, segment: Segment) -> None:
    causes = segment.components(11) + [""] * 5
    reading.begin(
        segment,
        place_of_service=segment.component(5, 1),
        place_of_service_qualifier=segment.component(5, 2),
        provider_signature=segment.element(6),
        patient_signature_source=segment.element(10),
        related_causes=[cause for cause in causes[:3] if cause],
        accident_state=causes[3],
        accident_country=causes[4],
        special_program=segment.element(12),
    )


def _codes(reading: Reading837P, segment: Segment) -> None:
    """HI: diagnoses; surgical procedures and condition codes are kept as they stand."""
    if segment.component(1, 1) in {"BP", "BG"}:
        reading.claim.rest.append(RestSegment("2300", list(segment.elements)))
        return
    for place in range(1, len(segment.elements)):
        if segment.element(place):
            code = Diagnosis(segment.component(place, 1), segment.component(place, 2))
            reading.claim.diagnoses.append(code)


def _service(reading: Reading837P, segment: Segment) -> None:
    pointers = [part for part in segment.components(7) if part.isascii() and part.isdigit()]
    reading.line = ServiceLine837P(
        number=reading.lines_begun,
        procedure=reading.procedure(segment, 1) or Procedure("", ""),
        charge_cents=reading.cents(segment, 2),
        unit=segment.element(3),
        units=reading.quantity(segment, 4),
        place_of_service=segment.element(5),
        diagnosis_pointers=[int(pointer) for pointer in pointers],
        emergency=segment.element(9) == "Y",
        epsdt=segment.element(11) == "Y",
        family_planning=segment.element(12) == "Y",
        copay_exempt=segment.element(15) == "0",
    )
    reading.claim.lines.append(reading.line)


READS: dict[tuple[str, str], Reads] = {
    **x837.READS,
    ("2300", "CLM"): _claim,
    ("2300", "HI"): _codes,
    ("2400", "SV1"): _service,
}
Reading837P.reads = READS
