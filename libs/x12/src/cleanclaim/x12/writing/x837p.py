"""Professional claims to an 837P (005010X222A1)."""

from __future__ import annotations

from collections.abc import Sequence

from cleanclaim.x12.claims import Claim837P, ServiceLine837P
from cleanclaim.x12.findings import Unwritable
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

KIND = "837P"
# NM101 -> the loop of a provider, at claim, other payer and line level.
CLAIM_PROVIDERS = {
    "DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "PW": "2310E",
    "45": "2310F",
}  # fmt: skip
OTHER_PROVIDERS = {
    "DN": "2330C", "P3": "2330C", "82": "2330D", "77": "2330E", "DQ": "2330F", "85": "2330G",
}  # fmt: skip
LINE_PROVIDERS = {
    "82": "2420A", "QB": "2420B", "77": "2420C", "DQ": "2420D", "DK": "2420E", "DN": "2420F",
    "P3": "2420F", "PW": "2420G", "45": "2420H",
}  # fmt: skip
DIAGNOSES_PER_SEGMENT = 12


def build_837p(
    claims: Sequence[Claim837P],
    *,
    envelope: Envelope,
    reference: str,
    purpose: str = "00",
    kind: str = "CH",
    claims_per_set: int = CLAIMS_PER_SET,
) -> bytes:
    """Write claims as one interchange; sets are split at `claims_per_set`.

    `reference` is BHT03 (the batch), `purpose` BHT02 (00 original, 18 reissue), `kind` BHT06
    (CH chargeable, RP reporting). Raises `Unwritable`.
    """
    beginning = Beginning(reference=reference, purpose=purpose, kind=kind)
    return build_837(Builder(envelope), KIND, claims, beginning, claims_per_set, write_claim)


def write_claim(builder: Builder, claim: Claim837P) -> None:
    """Loop 2300 with its providers, other payers and lines."""
    written = [_claim(claim), *claim_facts(claim), *_diagnoses(claim)]
    builder.segments(arranged(KIND, "2300", written))
    write_providers(builder, KIND, claim.providers, CLAIM_PROVIDERS)
    for other in claim.other_subscribers:
        write_other(builder, KIND, other, OTHER_PROVIDERS)
    for number, line in enumerate(claim.lines, 1):
        written = [["LX", str(number)], _service(line), *line_facts(line)]
        builder.segments(arranged(KIND, "2400", written))
        write_after_line(builder, KIND, line, LINE_PROVIDERS)
        builder.segments(facts.rest(line.rest, "2440"))


def _claim(claim: Claim837P) -> Written:
    causes = [*claim.related_causes, "", "", ""][:3]
    place = (claim.place_of_service, claim.place_of_service_qualifier, claim.frequency)
    return [
        "CLM",
        claim.patient_control_number,
        facts.cents(claim.charge_cents),
        "",
        "",
        place,
        claim.provider_signature,
        claim.accepts_assignment,
        claim.benefits_assigned,
        claim.release_of_information,
        claim.patient_signature_source,
        (*causes, claim.accident_state, claim.accident_country),
        claim.special_program,
        *[""] * 7,
        claim.delay_reason,
    ]


def _diagnoses(claim: Claim837P) -> list[Written]:
    if len(claim.diagnoses) > DIAGNOSES_PER_SEGMENT:
        raise Unwritable("2300 HI holds 12 diagnoses: split the claim or drop the others")
    codes = [(diagnosis.qualifier, diagnosis.code) for diagnosis in claim.diagnoses]
    return [["HI", *codes]] if codes else []


def _service(line: ServiceLine837P) -> Written:
    return [
        "SV1",
        facts.procedure(line.procedure),
        facts.cents(line.charge_cents),
        line.unit,
        facts.number(line.units),
        line.place_of_service,
        "",
        tuple(str(pointer) for pointer in line.diagnosis_pointers),
        "",
        facts.yes(line.emergency),
        "",
        facts.yes(line.epsdt),
        facts.yes(line.family_planning),
        "",
        "",
        "0" if line.copay_exempt else "",
    ]
