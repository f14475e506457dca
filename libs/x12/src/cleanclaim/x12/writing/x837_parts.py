"""What the claims of every 837 write alike: providers, other payers, drugs, line adjudications."""

from __future__ import annotations

from collections.abc import Mapping

from cleanclaim.x12.claims import Claim837, Drug, LineAdjudication, OtherSubscriber, ServiceLine837
from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import Party
from cleanclaim.x12.writer import Builder, Written, arranged
from cleanclaim.x12.writing import facts
from cleanclaim.x12.writing.x837 import write_party

Loops = Mapping[str, str]  # NM101 -> the loop of a provider
# PRV01 of a provider where it is not PE, performing.
SPECIALTIES = {"71": "AT", "DN": "RF", "P3": "RF", "DD": "AS"}


def claim_facts(claim: Claim837) -> list[Written]:
    """The DTP, AMT, REF, NTE and kept segments of loop 2300."""
    written: list[Written] = facts.rest(claim.rest, "2300")
    written += map(facts.period, claim.dates)
    written += map(facts.amount, claim.amounts)
    written += map(facts.reference, claim.references)
    written += (["NTE", note.qualifier, note.text] for note in claim.notes)
    return written


def line_facts(line: ServiceLine837) -> list[Written]:
    """The DTP, AMT, REF, NTE and kept segments of loop 2400."""
    written: list[Written] = facts.rest(line.rest, "2400")
    written += map(facts.period, line.dates)
    written += map(facts.amount, line.amounts)
    written += map(facts.reference, line.references)
    written += (["NTE", note.qualifier, note.text] for note in line.notes)
    return written


def write_providers(builder: Builder, kind: str, parties: list[Party], loops: Loops) -> None:
    for party in parties:
        if party.entity not in loops:
            known = ", ".join(sorted(loops))
            raise Unwritable(f"a provider here must be one of {known} (NM101): mend the entity")
    for party in sorted(parties, key=lambda party: loops[party.entity]):
        specialty = SPECIALTIES.get(party.entity, "PE")
        write_party(builder, kind, loops[party.entity], party, specialty)


def write_after_line(builder: Builder, kind: str, line: ServiceLine837, loops: Loops) -> None:
    """Loops 2410, 2420 and 2430 of a line."""
    if line.drug is not None:
        _write_drug(builder, line.drug)
    write_providers(builder, kind, line.providers, loops)
    for decided in line.adjudications:
        _write_adjudication(builder, decided)


def write_other(builder: Builder, kind: str, other: OtherSubscriber, loops: Loops) -> None:
    """Loops 2320 and 2330: another payer of the claim."""
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
    if other.inpatient is not None:
        written.append(["MIA", *other.inpatient.elements])
    if other.outpatient is not None:
        written.append(["MOA", *other.outpatient.elements])
    builder.segments(arranged(kind, "2320", written))
    write_party(builder, kind, "2330A", other.subscriber)
    payer = [facts.name(other.payer), *facts.after_name(other.payer)]
    payer += map(facts.period, other.dates)
    builder.segments(arranged(kind, "2330B", payer))
    write_providers(builder, kind, other.providers, loops)


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
        decided.revenue_code,
        facts.number(decided.units_paid),
        facts.number(decided.bundled_line),
    )
    builder.segments(facts.adjustments(decided.adjustments))
    if decided.adjudicated_on is not None:
        builder.segment("DTP", "573", "D8", facts.on(decided.adjudicated_on))
    left = decided.remaining_patient_liability_cents
    if left is not None:
        builder.segment("AMT", "EAF", facts.cents(left))
