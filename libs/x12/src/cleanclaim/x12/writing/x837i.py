"""Institutional claims to an 837I (005010X223A2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.institutional import (
    Claim837I,
    InstitutionalDiagnosis,
    InstitutionalProcedure,
    OccurrenceSpan,
    ServiceLine837I,
)
from cleanclaim.x12.writer import Builder, Envelope, Written, arranged
from cleanclaim.x12.writing import facts
from cleanclaim.x12.writing.x837 import CLAIMS_PER_SET, Beginning, build_837
from cleanclaim.x12.writing.x837_parts import (
    claim_facts,
    line_facts,
    write_after_line,
    write_other,
    write_providers,
)

KIND = "837I"
# NM101 -> the loop of a provider, at claim, other payer and line level.
CLAIM_PROVIDERS = {
    "71": "2310A", "72": "2310B", "ZZ": "2310C", "82": "2310D", "77": "2310E", "DN": "2310F",
}  # fmt: skip
OTHER_PROVIDERS = {
    "71": "2330C", "72": "2330D", "ZZ": "2330E", "77": "2330F", "82": "2330G", "DN": "2330H",
    "85": "2330I",
}  # fmt: skip
LINE_PROVIDERS = {"72": "2420A", "ZZ": "2420B", "82": "2420C", "DN": "2420D"}
# The HI of one meaning: its qualifiers, and how many codes one segment holds.
Segments = tuple[tuple[tuple[str, ...], int], ...]
DIAGNOSIS_SEGMENTS: Segments = (
    (("ABK", "BK"), 1), (("ABJ", "BJ"), 1), (("APR", "PR"), 3), (("ABN", "BN"), 12),
    (("ABF", "BF"), 12),
)  # fmt: skip
PROCEDURE_SEGMENTS: Segments = ((("BBR", "BR", "CAH"), 1), (("BBQ", "BQ"), 12))
CODES_PER_SEGMENT = 12
Composite = tuple[str, ...]


def build_837i(
    claims: Sequence[Claim837I],
    *,
    envelope: Envelope,
    reference: str,
    purpose: str = "00",
    kind: str = "CH",
    claims_per_set: int = CLAIMS_PER_SET,
) -> bytes:
    """Write claims as one interchange; sets are split at `claims_per_set`.

    `reference` is BHT03 (the batch), `purpose` BHT02 (00 original, 18 reissue), `kind` BHT06
    (CH chargeable, RP reporting, 31 subrogation). Raises `Unwritable`.
    """
    beginning = Beginning(reference=reference, purpose=purpose, kind=kind)
    return build_837(Builder(envelope), KIND, claims, beginning, claims_per_set, write_claim)


def write_claim(builder: Builder, claim: Claim837I) -> None:
    """Loop 2300 with its providers, other payers and lines."""
    stay: Written = ["CL1", claim.admission_type, claim.admission_source, claim.patient_status]
    written = [_claim(claim), stay, *claim_facts(claim), *_codes(claim)]
    builder.segments(arranged(KIND, "2300", written))
    write_providers(builder, KIND, claim.providers, CLAIM_PROVIDERS)
    for other in claim.other_subscribers:
        write_other(builder, KIND, other, OTHER_PROVIDERS)
    for number, line in enumerate(claim.lines, 1):
        written = [["LX", str(number)], _service(line), *line_facts(line)]
        builder.segments(arranged(KIND, "2400", written))
        write_after_line(builder, KIND, line, LINE_PROVIDERS)


def _claim(claim: Claim837I) -> Written:
    return [
        "CLM",
        claim.patient_control_number,
        facts.cents(claim.charge_cents),
        "",
        "",
        (claim.facility_type, claim.facility_type_qualifier, claim.frequency),
        "",
        claim.accepts_assignment,
        claim.benefits_assigned,
        claim.release_of_information,
        *[""] * 10,
        claim.delay_reason,
    ]


def _codes(claim: Claim837I) -> Iterator[Written]:
    """The HI segments in the order of the guide; `arranged` keeps it."""
    _refuse_unknown([fact.qualifier for fact in claim.diagnoses], DIAGNOSIS_SEGMENTS)
    _refuse_unknown([fact.qualifier for fact in claim.procedures], PROCEDURE_SEGMENTS)
    for qualifiers, most in DIAGNOSIS_SEGMENTS:
        found = [fact for fact in claim.diagnoses if fact.qualifier in qualifiers]
        yield from _segments(map(_diagnosis, found), most)
    if claim.drg:
        yield ["HI", ("DR", claim.drg)]
    for qualifiers, most in PROCEDURE_SEGMENTS:
        done = [fact for fact in claim.procedures if fact.qualifier in qualifiers]
        yield from _segments(map(_procedure, done), most)
    yield from _segments(map(_span, claim.occurrence_spans))
    occurrences = (("BH", o.code, "D8", facts.on(o.occurred_on)) for o in claim.occurrences)
    yield from _segments(occurrences)
    values = (("BE", v.code, "", "", facts.cents(v.amount_cents)) for v in claim.values)
    yield from _segments(values)
    yield from _segments(("BG", code) for code in claim.conditions)
    yield from _segments(("TC", code) for code in claim.treatments)


def _refuse_unknown(given: list[str], segments: Segments) -> None:
    known = [qualifier for qualifiers, _ in segments for qualifier in qualifiers]
    if not set(given) <= set(known):
        raise Unwritable(f"2300 HI knows here the qualifiers {', '.join(known)}: mend the others")


def _segments(codes: Iterable[Composite], most: int = CODES_PER_SEGMENT) -> Iterator[Written]:
    found = list(codes)
    for start in range(0, len(found), most):
        yield ["HI", *found[start : start + most]]


def _diagnosis(fact: InstitutionalDiagnosis) -> Composite:
    return (fact.qualifier, fact.code, *[""] * 6, fact.present_on_admission)


def _procedure(fact: InstitutionalProcedure) -> Composite:
    return (fact.qualifier, fact.code, "D8", facts.on(fact.performed_on))


def _span(fact: OccurrenceSpan) -> Composite:
    return ("BI", fact.code, "RD8", f"{facts.on(fact.from_on)}-{facts.on(fact.through_on)}")


def _service(line: ServiceLine837I) -> Written:
    return [
        "SV2",
        line.revenue_code,
        facts.procedure(line.procedure),
        facts.cents(line.charge_cents),
        line.unit,
        facts.number(line.units),
        "",
        facts.cents(line.non_covered_cents),
    ]
