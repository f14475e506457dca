"""A case in the words of the contracts that denials tells."""

from cleanclaim.denials.domain.denial import Denial
from cleanclaim.denials.domain.refusal import RefusedPart
from cleanclaim.events.denials import DenialLine, DenialOpened, DenialReason, DenialResolved


def opened(denial: Denial) -> DenialOpened:
    """The case as it was opened, or opened again."""
    origin, cause, assessment = denial.origin, denial.cause, denial.assessment
    return DenialOpened(
        denial_id=denial.denial_id,
        claim_id=origin.claim_id,
        claim_version=origin.claim_version,
        claim_payment_id=origin.claim_payment_id,
        remittance_id=origin.remittance_id,
        patient_account_id=origin.patient_account_id,
        payer_id=origin.payer_id,
        payer_responsibility=origin.payer_responsibility,
        payer_claim_control_number=origin.payer_claim_control_number,
        scope=denial.scope,
        category=cause.category,
        rule_id=cause.rule_id,
        rule_version=cause.rule_version,
        owner_stage=cause.owner_stage,
        reasons=_reasons(denial.parts),
        lines=tuple(
            DenialLine(line_id=part.line_id, denied_cents=part.denied_cents)
            for part in denial.parts
            if not part.whole_claim
        ),
        denied_cents=denial.denied_cents,
        adjudicated_on=origin.adjudicated_on,
        correct_by_on=assessment.correction.due_on,
        appeal_by_on=assessment.appeal.due_on,
        level=denial.level,
    )


def resolved(denial: Denial) -> DenialResolved:
    """How the case ended.

    Raises:
        ValueError: the case has not ended.
    """
    if denial.resolved_on is None:
        raise ValueError("a case without a last day has not ended")
    return DenialResolved(
        denial_id=denial.denial_id,
        claim_id=denial.origin.claim_id,
        patient_account_id=denial.origin.patient_account_id,
        payer_id=denial.origin.payer_id,
        category=denial.cause.category,
        outcome=denial.status.value,
        claim_payment_id=denial.resolved_by_payment_id,
        denied_cents=denial.denied_cents,
        recovered_cents=denial.recovered_cents,
        written_off_cents=0,
        level=0,
        days_open=max(0, (denial.resolved_on - denial.opened_on).days),
        resolved_on=denial.resolved_on,
    )


def _reasons(parts: tuple[RefusedPart, ...]) -> tuple[DenialReason, ...]:
    """Each pair that refuses something, once, with the remarks of its part."""
    pairs = {
        (adjustment.group_code, adjustment.reason_code, part.remark_codes): None
        for part in parts
        for adjustment in part.adjustments
        if adjustment.refuses
    }
    return tuple(
        DenialReason(group_code=group, reason_code=reason, remark_codes=remarks)
        for group, reason, remarks in pairs
    )
