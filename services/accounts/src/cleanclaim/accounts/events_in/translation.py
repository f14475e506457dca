"""Translates contracts into the book's own words; what the book does not need is left out."""

from collections.abc import Sequence
from uuid import UUID

from cleanclaim.accounts.domain.billed import BilledLine, ReadyEncounter, SubmittedClaim
from cleanclaim.accounts.domain.book.deposit import Deposit, DepositMatch, MatchedPart
from cleanclaim.accounts.domain.book.provider_adjustment import ProviderAdjustment
from cleanclaim.accounts.domain.book.unmatched import UnmatchedPayment
from cleanclaim.accounts.domain.book.variance import ResolvedVariance
from cleanclaim.accounts.domain.decision import Adjustment, DecidedLine, PayerDecision
from cleanclaim.events import claims, intake, reconcile, remittance


def ready_encounter(fact: intake.EncounterReady) -> ReadyEncounter:
    return ReadyEncounter(
        encounter_id=fact.encounter_id,
        encounter_version=fact.encounter_version,
        patient_account_id=fact.patient_account_id,
        self_pay=fact.self_pay,
        lines=tuple(
            BilledLine(
                line_id=line.charge_id,
                charge_cents=line.charge_cents,
                units=line.units,
                service_from_on=line.service_from_on,
                service_to_on=line.service_to_on,
                procedure_code=line.procedure_code,
                revenue_code=line.revenue_code,
            )
            for line in fact.lines
        ),
    )


def submitted_claim(fact: claims.ClaimSubmitted) -> SubmittedClaim:
    return SubmittedClaim(
        claim_id=fact.claim_id,
        claim_version=fact.claim_version,
        encounter_id=fact.encounter_id,
        patient_account_id=fact.patient_account_id,
        payer_id=fact.payer_id,
        frequency_code=fact.frequency_code,
        service_from_on=fact.service_from_on,
        related_claim_id=fact.related_claim_id,
        lines=tuple(
            BilledLine(
                line_id=line.line_id,
                charge_cents=line.charge_cents,
                units=line.units,
                service_from_on=line.service_from_on,
                service_to_on=line.service_to_on,
                procedure_code=line.procedure_code,
                revenue_code=line.revenue_code,
            )
            for line in fact.lines
        ),
    )


def payer_decision(
    fact: remittance.ClaimPaymentPosted | remittance.ClaimPaymentReversed,
) -> PayerDecision:
    return PayerDecision(
        claim_payment_id=fact.claim_payment_id,
        remittance_id=fact.remittance_id,
        claim_id=fact.claim_id,
        patient_account_id=fact.patient_account_id,
        payer_id=fact.payer_id,
        claim_status_code=fact.claim_status_code,
        trace_number=fact.trace_number,
        paid_on=fact.paid_on,
        paid_cents=fact.paid_cents,
        next_payer_id=fact.next_payer_id or fact.forwarded_to_payer_id,
        adjustments=_adjustments(fact.adjustments),
        lines=tuple(
            DecidedLine(
                line_id=line.line_id,
                paid_cents=line.paid_cents,
                adjustments=_adjustments(line.adjustments),
            )
            for line in fact.lines
        ),
        from_unapplied=fact.from_unapplied,
        reverses_id=_reversed_by(fact),
    )


def _reversed_by(
    fact: remittance.ClaimPaymentPosted | remittance.ClaimPaymentReversed,
) -> UUID | None:
    if isinstance(fact, remittance.ClaimPaymentReversed):
        return fact.reverses_claim_payment_id
    return None


def _adjustments(told: Sequence[remittance.Adjustment]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            reason_code=one.reason_code,
            amount_cents=one.amount_cents,
            disposition=one.disposition,
        )
        for one in told
    )


def unmatched_payment(fact: remittance.ClaimPaymentUnmatched) -> UnmatchedPayment:
    return UnmatchedPayment(
        claim_payment_id=fact.claim_payment_id,
        remittance_id=fact.remittance_id,
        payer_id=fact.payer_id,
        trace_number=fact.trace_number,
        paid_on=fact.paid_on,
        paid_cents=fact.paid_cents,
    )


def provider_adjustment(fact: remittance.ProviderAdjustmentPosted) -> ProviderAdjustment:
    return ProviderAdjustment(
        remittance_id=fact.remittance_id,
        payer_id=fact.payer_id,
        code=fact.code,
        amount_cents=fact.amount_cents,
        trace_number=fact.trace_number,
        paid_on=fact.paid_on,
        claim_id=fact.claim_id,
        open_item_id=fact.open_item_id,
    )


def deposit_match(fact: reconcile.DepositMatched) -> DepositMatch:
    return DepositMatch(
        deposit_id=fact.deposit_id,
        deposited_on=fact.deposited_on,
        parts=tuple(
            MatchedPart(
                remittance_id=part.remittance_id,
                payer_id=part.payer_id,
                trace_number=part.trace_number,
                amount_cents=part.amount_cents,
            )
            for part in fact.parts
        ),
    )


def resolved_variance(fact: reconcile.VarianceResolved) -> ResolvedVariance:
    return ResolvedVariance(
        variance_id=fact.variance_id,
        kind=fact.kind,
        outcome=fact.outcome,
        written_off_cents=fact.written_off_cents,
        resolved_on=fact.resolved_on,
        reason=fact.reason,
        payer_id=fact.payer_id,
        trace_number=fact.trace_number,
        remittance_id=fact.remittance_id,
        deposit_id=fact.deposit_id,
    )


def deposit(fact: reconcile.DepositRecorded) -> Deposit:
    return Deposit(
        deposit_id=fact.deposit_id,
        amount_cents=fact.amount_cents,
        deposited_on=fact.deposited_on,
    )
