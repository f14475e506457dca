"""The payer's 835: one for each payer, billing provider and payment day, balanced to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cleanclaim.payersim.decisions import Decision, LineDecision
from cleanclaim.payersim.scenario import Payer
from cleanclaim.x12 import (
    Address,
    Amount,
    Claim837P,
    ClaimPayment835,
    Contact,
    ContactNumber,
    DateFact,
    Party,
    Reference,
    RemarkCode,
    Remittance835,
    ServiceLine837P,
    ServicePayment835,
)

PAYER_ADDRESS = Address(line_1="1 PAYER PLAZA", city="OMAHA", state="NE", postal_code="681020001")
# CLP06 has a list of its own: what an 837 calls commercial or Blue is a PPO there
_SAID_AS = {"MA": "MA", "MB": "MB", "MC": "MC", "HM": "HM", "CH": "CH"}
DENIED_STATUS = "1"
"""CLP02 1 is processed as primary; 4 means only that the patient was not recognized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudicated:
    """A claim with its decision, and the number that the payer gave it."""

    claim: Claim837P
    decision: Decision
    payer_claim_control_number: str


def remittance(
    payer: Payer, adjudicated: Sequence[Adjudicated], *, paid_on: date, trace_number: str
) -> Remittance835:
    """One EFT's remittance; a sum of nothing is told with method NON."""
    claims = [_claim(one, paid_on) for one in adjudicated]
    total = sum(claim.paid_cents for claim in claims)
    billing = adjudicated[0].claim.billing_provider
    return Remittance835(
        handling_code="I" if total else "H",
        payment_cents=total,
        method="ACH" if total else "NON",
        payment_format="CCP" if total else "",
        payer_bank_qualifier="01" if total else "",
        payer_bank="011000015" if total else "",
        payer_account_qualifier="DA" if total else "",
        payer_account="1234567890" if total else "",
        originator=payer.originating_company_id,
        payee_bank_qualifier="01" if total else "",
        payee_bank="021000021" if total else "",
        payee_account_qualifier="DA" if total else "",
        payee_account="9876543210" if total else "",
        paid_on=paid_on,
        trace_number=trace_number,
        trace_originator=payer.originating_company_id,
        production_on=paid_on,
        payer=_payer_party(payer),
        payee=Party(
            entity="PE",
            name=billing.name,
            identifier_qualifier="XX",
            identifier=billing.identifier,
            references=[Reference("TJ", billing.reference("EI") or "990000001")],
        ),
        claims=claims,
    )


def _payer_party(payer: Payer) -> Party:
    return Party(
        entity="PR",
        name=payer.name,
        address=PAYER_ADDRESS,
        references=[Reference("2U", payer.identifier)],
        contacts=[Contact("BL", "PROVIDER SERVICES", [ContactNumber("TE", "4025550100")])],
    )


def _claim(one: Adjudicated, decided_on: date) -> ClaimPayment835:
    claim, decision = one.claim, one.decision
    patient = claim.patient_party
    shares = sum(
        adjustment.amount_cents
        for line in decision.lines
        for adjustment in line.adjustments
        if adjustment.group == "PR"
    )
    return ClaimPayment835(
        header_number="1",
        patient_control_number=claim.patient_control_number,
        status=DENIED_STATUS,
        charge_cents=claim.charge_cents,
        paid_cents=decision.paid_cents,
        patient_responsibility_cents=shares or None,
        filing_indicator=_SAID_AS.get(claim.subscriber.filing_indicator, "12"),
        payer_claim_control_number=one.payer_claim_control_number,
        facility_type=claim.place_of_service,
        frequency=claim.frequency,
        parties=[
            Party(
                entity="QC",
                is_person=True,
                name=patient.name,
                first_name=patient.first_name,
                identifier_qualifier="MI",
                identifier=claim.subscriber.party.identifier,
            )
        ],
        dates=[DateFact("050", decided_on, None, "")],
        lines=[
            _line(line, answer) for line, answer in zip(claim.lines, decision.lines, strict=True)
        ],
    )


def _line(line: ServiceLine837P, answer: LineDecision) -> ServicePayment835:
    shares = sum(one.amount_cents for one in answer.adjustments if one.group == "PR")
    allowed = answer.paid_cents + shares
    return ServicePayment835(
        procedure=line.procedure,
        charge_cents=line.charge_cents,
        paid_cents=answer.paid_cents,
        units_paid=line.units or Decimal(1),
        dates=[DateFact("472", line.service_from_on, None, "")],
        adjustments=list(answer.adjustments),
        references=[Reference("6R", line.line_item_control_number)],
        amounts=[Amount("B6", allowed)] if allowed else [],
        remark_codes=[RemarkCode("HE", code) for code in answer.remarks],
    )
