"""Reading of an 837P: the professional claim, its diagnoses and its service lines."""

from __future__ import annotations

from cleanclaim.x12.claims import Claim837P, Diagnosis, ServiceLine837P
from cleanclaim.x12.parties import Procedure, RestSegment
from cleanclaim.x12.segments import Segment
from cleanclaim.x12.sets import x837
from cleanclaim.x12.sets.reading import Reads

UNSAID = [""] * 7  # SV109 to SV115 of most lines


class Reading837P(x837.Reading837[Claim837P]):
    """Gives out each professional claim at the end of its loop."""

    claim_type = Claim837P


def _claim(reading: Reading837P, segment: Segment) -> None:
    texts = segment.elements
    if len(texts) < 21:
        texts = texts + [""] * (21 - len(texts))
    mark = segment.delimiters.component
    place, qualifier = [*texts[5].split(mark), "", ""][:2]
    claim = reading.begin(
        segment,
        place_of_service=place,
        place_of_service_qualifier=qualifier,
        provider_signature=texts[6],
        patient_signature_source=texts[10],
        special_program=texts[12],
    )
    if texts[11]:
        causes = [*texts[11].split(mark), "", "", "", ""]
        claim.related_causes = [cause for cause in causes[:3] if cause]
        claim.accident_state, claim.accident_country = causes[3:5]


def _codes(reading: Reading837P, segment: Segment) -> None:
    """HI: diagnoses; surgical procedures and condition codes are kept as they stand."""
    mark, diagnoses = segment.delimiters.component, reading.claim.diagnoses
    if segment.element(1).partition(mark)[0] in {"BP", "BG"}:
        reading.claim.rest.append(RestSegment("2300", list(segment.elements)))
        return
    for text in segment.elements[1:]:
        if text:
            qualifier, _, code = text.partition(mark)
            diagnoses.append(Diagnosis(qualifier, code.partition(mark)[0]))


def _service(reading: Reading837P, segment: Segment) -> None:
    texts = segment.elements
    if len(texts) < 16:
        texts = texts + [""] * (16 - len(texts))
    pointers = texts[7].split(segment.delimiters.component)
    line = reading.line = ServiceLine837P(
        number=reading.lines_begun,
        procedure=reading.procedure(segment, 1) or Procedure("", ""),
        charge_cents=reading.cents(segment, 2),
        unit=texts[3],
        units=reading.quantity(segment, 4),
        place_of_service=texts[5],
        diagnosis_pointers=[int(part) for part in pointers if part.isascii() and part.isdigit()],
    )
    if texts[9:] != UNSAID:
        line.emergency = texts[9] == "Y"
        line.epsdt = texts[11] == "Y"
        line.family_planning = texts[12] == "Y"
        line.copay_exempt = texts[15] == "0"
    reading.claim.lines.append(line)


READS: dict[tuple[str, str], Reads] = {
    **x837.READS,
    ("2300", "CLM"): _claim,
    ("2300", "HI"): _codes,
    ("2400", "SV1"): _service,
}
Reading837P.reads = READS
