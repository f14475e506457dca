"""One claim of an 837P as segments: loop 2300 and all inside it."""

from __future__ import annotations

from cleanclaim.x12.claims import (
    Claim837P,
    Drug,
    LineAdjudication,
    OtherSubscriber,
    ServiceLine837P,
)
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import Party
from cleanclaim.x12.writer import Builder, Written, arranged
from cleanclaim.x12.writing import facts

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


def write_claim(builder: Builder, claim: Claim837P) -> None:
    """Loop 2300 with its providers, other payers and lines."""
    written: list[Written] = [_claim(claim), *facts.rest(claim.rest, "2300")]
    written += map(facts.period, claim.dates)
    written += map(facts.amount, claim.amounts)
    written += map(facts.reference, claim.references)
    written += (["NTE", note.qualifier, note.text] for note in claim.notes)
    written += _diagnoses(claim)
    builder.segments(arranged(KIND, "2300", written))
    _write_providers(builder, claim.providers, CLAIM_PROVIDERS)
    for other in claim.other_subscribers:
        _write_other(builder, other)
    for number, line in enumerate(claim.lines, 1):
        _write_line(builder, line, number)


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


def _write_providers(builder: Builder, parties: list[Party], loops: dict[str, str]) -> None:
    for party in parties:
        if party.entity not in loops:
            known = ", ".join(sorted(loops))
            raise Unwritable(f"a provider here must be one of {known} (NM101): mend the entity")
    for party in sorted(parties, key=lambda party: loops[party.entity]):
        _write_party(builder, loops[party.entity], party)


def _write_party(builder: Builder, loop_id: str, party: Party) -> None:
    builder.segments(arranged(KIND, loop_id, [facts.name(party), *facts.after_name(party)]))


def _write_other(builder: Builder, other: OtherSubscriber) -> None:
    responsibility: Written = [
        "SBR",
        other.payer_responsibility,
        other.relationship,
        other.group_number,
        other.group_name,
        other.insurance_type,
        "",
        "",
        "",
        other.filing_indicator,
    ]
    insurance: Written = ["OI", "", "", other.benefits_assigned, other.patient_signature_source]
    written = [responsibility, *facts.rest(other.rest, "2320")]
    written += facts.adjustments(other.adjustments)
    written += map(facts.amount, other.amounts)
    written.append([*insurance, "", other.release_of_information])
    if other.outpatient is not None:
        written.append(["MOA", *other.outpatient.elements])
    builder.segments(arranged(KIND, "2320", written))
    _write_party(builder, "2330A", other.subscriber)
    payer = [facts.name(other.payer), *facts.after_name(other.payer)]
    payer += map(facts.period, other.dates)
    builder.segments(arranged(KIND, "2330B", payer))
    _write_providers(builder, other.providers, OTHER_PROVIDERS)


def _write_line(builder: Builder, line: ServiceLine837P, number: int) -> None:
    written: list[Written] = [["LX", str(number)], _service(line), *facts.rest(line.rest, "2400")]
    written += map(facts.period, line.dates)
    written += map(facts.amount, line.amounts)
    written += map(facts.reference, line.references)
    written += (["NTE", note.qualifier, note.text] for note in line.notes)
    builder.segments(arranged(KIND, "2400", written))
    if line.drug is not None:
        _write_drug(builder, line.drug)
    _write_providers(builder, line.providers, LINE_PROVIDERS)
    for decided in line.adjudications:
        _write_adjudication(builder, decided)
    builder.segments(facts.rest(line.rest, "2440"))


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


def _write_drug(builder: Builder, drug: Drug) -> None:
    builder.segment("LIN", "", drug.qualifier, drug.code)
    builder.segment("CTP", "", "", "", facts.number(drug.quantity), (drug.unit,))
    builder.segments(map(facts.reference, drug.references))


def _write_adjudication(builder: Builder, decided: LineAdjudication) -> None:
    builder.segment(
        "SVD",
        decided.payer_identifier,
        facts.cents(decided.paid_cents),
        facts.procedure(decided.procedure),
        "",
        facts.number(decided.units_paid),
        facts.number(decided.bundled_line),
    )
    builder.segments(facts.adjustments(decided.adjustments))
    if decided.adjudicated_on is not None:
        builder.segment("DTP", "573", "D8", facts.on(decided.adjudicated_on))
    left = decided.remaining_patient_liability_cents
    if left is not None:
        builder.segment("AMT", "EAF", facts.cents(left))
