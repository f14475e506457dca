"""Remittances to an 835: one ST each, claims under their LX, provider adjustments at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cleanclaim.x12.findings import Unwritable
from cleanclaim.x12.parties import (
    InpatientAdjudication,
    OutpatientAdjudication,
    Party,
    RestSegment,
)
from cleanclaim.x12.payments import (
    ClaimPayment835,
    ProviderAdjustment835,
    Remittance835,
    ServicePayment835,
)
from cleanclaim.x12.writer import Builder, Envelope, Written, arranged
from cleanclaim.x12.writing import facts

KIND = "835"
PAIRS = 6  # reason and amount in one PLB


def build_835(remittances: Sequence[Remittance835], *, envelope: Envelope) -> bytes:
    """Write each remittance as one ST of one interchange. Raises `Unwritable`.

    Amounts are written as given: whether they balance is the reader's finding, not refused here.
    """
    if not remittances:
        raise Unwritable("an 835 needs a remittance: give one at least")
    builder = Builder(envelope)
    for remittance in remittances:
        builder.open_set(KIND)
        _write_head(builder, remittance)
        _write_party(builder, "1000A", remittance.payer)
        _write_party(builder, "1000B", remittance.payee)
        _write_claims(builder, remittance)
        builder.segments(_provider_adjustments(remittance.provider_adjustments))
    return builder.to_bytes()


def _write_head(builder: Builder, remittance: Remittance835) -> None:
    written: list[Written] = [_payment(remittance), *facts.rest(remittance.rest, "")]
    trace: Written = ["TRN", "1", remittance.trace_number, remittance.trace_originator]
    written.append([*trace, remittance.trace_supplement])
    if remittance.receiver_identifier:
        written.append(["REF", "EV", remittance.receiver_identifier])
    if remittance.version_reference:
        written.append(["REF", "F2", remittance.version_reference])
    if remittance.production_on is not None:
        written.append(["DTM", "405", facts.on(remittance.production_on)])
    builder.segments(arranged(KIND, "", written))


def _payment(remittance: Remittance835) -> Written:
    return [
        "BPR",
        remittance.handling_code,
        facts.cents(remittance.payment_cents),
        remittance.credit_or_debit,
        remittance.method,
        remittance.payment_format,
        remittance.payer_bank_qualifier,
        remittance.payer_bank,
        remittance.payer_account_qualifier,
        remittance.payer_account,
        remittance.originator,
        remittance.originator_supplement,
        remittance.payee_bank_qualifier,
        remittance.payee_bank,
        remittance.payee_account_qualifier,
        remittance.payee_account,
        facts.on(remittance.paid_on),
    ]


def _write_party(builder: Builder, loop_id: str, party: Party) -> None:
    written = [facts.organisation(party), *facts.after_name(party, specialty="")]
    builder.segments(arranged(KIND, loop_id, written))


def _write_claims(builder: Builder, remittance: Remittance835) -> None:
    header: str | None = None
    waiting: dict[str, list[RestSegment]] = {}
    for summary in remittance.provider_summaries:
        waiting.setdefault(summary.header_number, []).extend(summary.segments)
    for claim in remittance.claims:
        number = claim.header_number or "1"
        if number != header:
            header = number
            _write_header(builder, number, waiting.pop(number, []))
        _write_claim(builder, claim)
    for number, segments in waiting.items():
        _write_header(builder, number, segments)


def _write_header(builder: Builder, number: str, summary: list[RestSegment]) -> None:
    builder.segment("LX", number)
    builder.segments(arranged(KIND, "2000", facts.rest(summary, "2000")))


def _write_claim(builder: Builder, claim: ClaimPayment835) -> None:
    written: list[Written] = [_claim(claim), *facts.adjustments(claim.adjustments)]
    written += map(facts.name, claim.parties)
    written += _adjudication("MIA", claim.inpatient)
    written += _adjudication("MOA", claim.outpatient)
    written += map(facts.reference, claim.references)
    written += map(facts.day, claim.dates)
    written += map(facts.contact, claim.contacts)
    written += map(facts.amount, claim.amounts)
    written += map(facts.quantity, claim.quantities)
    builder.segments(arranged(KIND, "2100", written))
    for line in claim.lines:
        _write_line(builder, line)


def _claim(claim: ClaimPayment835) -> Written:
    return [
        "CLP",
        claim.patient_control_number,
        claim.status,
        facts.cents(claim.charge_cents),
        facts.cents(claim.paid_cents),
        facts.cents(claim.patient_responsibility_cents),
        claim.filing_indicator,
        claim.payer_claim_control_number,
        claim.facility_type,
        claim.frequency,
        "",
        claim.drg,
        facts.number(claim.drg_weight),
        facts.number(claim.discharge_fraction),
    ]


def _adjudication(
    segment_id: str, fact: InpatientAdjudication | OutpatientAdjudication | None
) -> list[Written]:
    return [] if fact is None else [[segment_id, *fact.elements]]


def _write_line(builder: Builder, line: ServicePayment835) -> None:
    written: list[Written] = [
        [
            "SVC",
            facts.procedure(line.procedure),
            facts.cents(line.charge_cents),
            facts.cents(line.paid_cents),
            line.revenue_code,
            facts.number(line.units_paid),
            facts.procedure(line.submitted_procedure),
            facts.number(line.units_submitted),
        ]
    ]
    written += map(facts.day, line.dates)
    written += facts.adjustments(line.adjustments)
    written += map(facts.reference, line.references)
    written += map(facts.amount, line.amounts)
    written += map(facts.quantity, line.quantities)
    written += (["LQ", remark.qualifier, remark.code] for remark in line.remark_codes)
    builder.segments(arranged(KIND, "2110", written))


def _provider_adjustments(found: list[ProviderAdjustment835]) -> Iterator[Written]:
    """PLB by provider and fiscal period, six pairs at most in each."""
    groups: dict[tuple[str, date | None], list[ProviderAdjustment835]] = {}
    for fact in found:
        groups.setdefault((fact.provider_identifier, fact.fiscal_period_on), []).append(fact)
    for (provider, period_on), members in groups.items():
        for start in range(0, len(members), PAIRS):
            segment: Written = ["PLB", provider, facts.on(period_on)]
            for fact in members[start : start + PAIRS]:
                segment += [(fact.reason, fact.reference), facts.cents(fact.amount_cents)]
            yield segment
