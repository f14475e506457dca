"""What remittance tells: domain results put into the published contracts."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, cast
from uuid import UUID, uuid5

from cleanclaim.events import remittance as contracts
from cleanclaim.remittance.domain.balancing import Equation, failing
from cleanclaim.remittance.domain.claim_payment import Adjustment, ClaimPayment, ServicePayment
from cleanclaim.remittance.domain.decision import Decision
from cleanclaim.remittance.domain.denial import Denial, denied_cents
from cleanclaim.remittance.domain.kept import KeptRemittance, Statement, Tally
from cleanclaim.remittance.domain.posting import Waiting
from cleanclaim.remittance.domain.remittance import Head, ProviderAdjustment, Remittance


def provider_adjustment_id(remittance_id: UUID, position: int) -> UUID:
    """The id of a PLB amount: the same when a held remittance is released later."""
    return uuid5(remittance_id, f"plb:{position}")


def claim_payment_id(remittance_id: UUID, position: int) -> UUID:
    """The id of a CLP: the same when a held remittance is released later."""
    return uuid5(remittance_id, f"clp:{position}")


def received(kept: KeptRemittance, file_digest: str) -> contracts.RemittanceReceived | None:
    """A remittance was read; None where its payment cannot be told, for nothing is made up."""
    content, head = kept.remittance, kept.remittance.head
    if head is None:
        return None
    failed = failing(kept.equations)
    return contracts.RemittanceReceived(
        **_head(kept, head),
        produced_on=head.produced_on,
        claim_count=len(content.payments),
        total_charge_cents=content.charge_cents,
        total_paid_cents=content.paid_cents,
        total_patient_responsibility_cents=content.patient_responsibility_cents,
        provider_adjustments=tuple(
            contracts.ProviderAdjustment(
                provider_adjustment_id=provider_adjustment_id(kept.remittance_id, one.position),
                code=one.code,
                amount_cents=one.amount_cents,
            )
            for one in content.provider_adjustments
        ),
        source=kept.source,
        file_digest=file_digest,
        mailbox=kept.mailbox,
        balanced=failed is None,
        failing_equation=failed.name if failed else None,
    )


def held(kept: KeptRemittance) -> contracts.RemittanceHeld | None:
    """All of a remittance waits; None where its payment cannot be told."""
    head = kept.remittance.head
    if head is None:
        return None
    failed: Equation | None = failing(kept.equations)
    return contracts.RemittanceHeld(
        **_head(kept, head),
        reasons=kept.reasons,
        failing_equation=failed.name if failed else None,
        difference_cents=failed.failures[0].difference_cents if failed else None,
    )


def posted(kept: KeptRemittance, head: Head, tally: Tally) -> contracts.RemittancePosted:
    """All of a remittance was posted; the counts say what was told of it."""
    adjustments: tuple[ProviderAdjustment, ...] = kept.remittance.provider_adjustments
    return contracts.RemittancePosted(
        **_head(kept, head),
        total_paid_cents=kept.remittance.paid_cents,
        posted_count=tally.posted_count,
        posted_paid_cents=tally.posted_paid_cents,
        reversed_count=tally.reversed_count,
        reversed_paid_cents=tally.reversed_paid_cents,
        unmatched_count=tally.unmatched_count,
        unmatched_paid_cents=tally.unmatched_paid_cents,
        provider_adjustment_count=len(adjustments),
        provider_adjustment_cents=sum(one.amount_cents for one in adjustments),
    )


def _head(kept: KeptRemittance, head: Head) -> dict[str, Any]:
    content: Remittance = kept.remittance
    return {
        "remittance_id": kept.remittance_id,
        "payer_id": kept.payer_id,
        "payee_provider_id": kept.payee_provider_id,
        "payee_npi": content.payee.npi,
        "payment_method": head.method,
        "trace_number": head.trace_number,
        "originating_company_id": head.originating_company_id or None,
        "paid_on": head.paid_on,
        "payment_cents": head.payment_cents,
    }


def decided(
    decision: Decision, statement: Statement, *, from_unapplied: bool
) -> contracts.ClaimPaymentPosted | contracts.ClaimPaymentReversed:
    """A decision was posted to a claim, or takes an earlier one back."""
    payment = decision.payment
    shape = _decision(decision, statement) | {
        "next_payer_id": decision.next_payer_id,
        "forwarded_to_payer_id": decision.forwarded_to_payer_id,
        "trace_number": statement.trace_number,
        "payment_method": statement.payment_method,
        "paid_on": statement.paid_on,
        "charge_cents": payment.charge_cents,
        "paid_cents": payment.paid_cents,
        "allowed_cents": payment.allowed_cents,
        "patient_responsibility_cents": payment.patient_share_cents,
        "adjustments": _adjustments(payment.adjustments),
        "remark_codes": payment.remark_codes,
        "lines": tuple(_line(line) for line in payment.lines),
        "from_unapplied": from_unapplied,
    }
    if decision.reverses is None:
        return contracts.ClaimPaymentPosted(**shape)
    return contracts.ClaimPaymentReversed(**shape, reverses_claim_payment_id=decision.reverses)


def denied(decision: Decision, denial: Denial, statement: Statement) -> contracts.ClaimDenied:
    """The refused part of a posted decision."""
    payment = decision.payment
    return contracts.ClaimDenied(
        **_decision(decision, statement),
        scope=denial.scope,
        adjustments=_adjustments(payment.adjustments),
        remark_codes=payment.remark_codes,
        lines=tuple(_denied_line(line) for line in denial.lines),
        charge_cents=payment.charge_cents,
        denied_cents=denial.denied_cents,
        trace_number=statement.trace_number,
        received_at=statement.received_at,
    )


def unmatched(waiting: Waiting, statement: Statement) -> contracts.ClaimPaymentUnmatched:
    """A payment waits for its claim or original; the number it bears is not told."""
    payment = waiting.answer.payment
    return contracts.ClaimPaymentUnmatched(
        claim_payment_id=waiting.answer.claim_payment_id,
        remittance_id=statement.remittance_id,
        payer_id=statement.payer_id,
        trace_number=statement.trace_number,
        payment_method=statement.payment_method,
        paid_on=statement.paid_on,
        claim_status_code=payment.status,
        charge_cents=payment.charge_cents,
        paid_cents=payment.paid_cents,
        reason=waiting.reason,
    )


def adjusted(
    row: Mapping[str, Any], remittance_id: UUID, payee_npi: str | None
) -> contracts.ProviderAdjustmentPosted:
    """Money was moved outside any claim; the payer's reference stays here."""
    return contracts.ProviderAdjustmentPosted(
        provider_adjustment_id=row["id"],
        remittance_id=remittance_id,
        payer_id=row["payer_id"],
        payee_provider_id=row["payee_provider_id"],
        payee_npi=payee_npi,
        code=row["code"],
        amount_cents=row["amount_cents"],
        trace_number=row["trace_number"],
        paid_on=row["paid_on"],
        fiscal_period_ends_on=row["fiscal_period_ends_on"],
        claim_id=row["claim_id"],
        open_item_id=row["open_item_id"],
    )


def _decision(decision: Decision, statement: Statement) -> dict[str, Any]:
    reference, payment = decision.reference, decision.payment
    return {
        "claim_payment_id": decision.claim_payment_id,
        "remittance_id": statement.remittance_id,
        "claim_id": reference.claim_id,
        "claim_version": reference.claim_version,
        "claim_type": cast("Literal['professional', 'institutional']", reference.claim_type),
        "patient_account_id": reference.patient_account_id,
        "payer_id": decision.payer_id,
        "payer_responsibility": decision.responsibility,
        "payment_sequence": decision.sequence,
        "claim_status_code": payment.status,
        "payer_claim_control_number": payment.payer_claim_control_number,
        "adjudicated_on": statement.adjudicated_on,
        **_served(payment, reference.service_from_on, reference.service_to_on),
    }


def _served(payment: ClaimPayment, from_on: date, to_on: date) -> dict[str, date]:
    return {
        "service_from_on": payment.service_from_on or from_on,
        "service_to_on": payment.service_to_on or payment.service_from_on or to_on,
    }


def _adjustments(given: tuple[Adjustment, ...]) -> tuple[contracts.Adjustment, ...]:
    return tuple(
        contracts.Adjustment(
            group_code=one.group,
            reason_code=one.reason,
            amount_cents=one.amount_cents,
            quantity=one.quantity,
            disposition=one.disposition,
        )
        for one in given
    )


def _line(line: ServicePayment) -> contracts.PaidLine:
    return contracts.PaidLine(
        line_id=line.line_id,
        line_control_number=line.control_number,
        procedure_qualifier=line.qualifier,
        procedure_code=line.code,
        modifiers=line.modifiers,
        units=line.units or "1",
        submitted_procedure_code=line.submitted_code,
        service_from_on=line.service_from_on,
        service_to_on=line.service_to_on,
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        allowed_cents=line.allowed_cents,
        adjustments=_adjustments(line.adjustments),
        remark_codes=line.remark_codes,
    )


def _denied_line(line: ServicePayment) -> contracts.DeniedLine:
    return contracts.DeniedLine(
        line_id=line.line_id,
        line_control_number=line.control_number,
        procedure_code=line.code,
        modifiers=line.modifiers,
        units=line.units or "1",
        service_from_on=line.service_from_on,
        service_to_on=line.service_to_on,
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        denied_cents=denied_cents(line.adjustments),
        adjustments=_adjustments(line.adjustments),
        remark_codes=line.remark_codes,
    )
