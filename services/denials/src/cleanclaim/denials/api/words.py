"""A case as the API shows it, with each code in our own words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cleanclaim.codes.denials import denial_codes
from cleanclaim.denials.api.shapes import (
    AdjustmentOut,
    CodeOut,
    DeadlineOut,
    DenialLineOut,
    DenialOut,
    DenialSummaryOut,
    ExpectedRecoveryOut,
    PlanOut,
    RootCauseOut,
    StepOut,
)
from cleanclaim.denials.domain.denial import Denial
from cleanclaim.denials.domain.refusal import RefusedPart

_SAME = frozenset(DenialSummaryOut.model_fields) - {
    "payer_name", "reason_meaning", "priority_terms",
}  # fmt: skip
_ORIGIN = (
    "remittance_id", "payer_responsibility", "payer_claim_control_number", "claim_status_code",
    "received_at",
)  # fmt: skip

_UNLISTED = "Not in our table: read the payer's own list"


def meaning_of(reason_code: str) -> str:
    """What a reason means, in this project's own words."""
    return denial_codes().carc(reason_code).meaning


def in_list(row: Mapping[str, Any], payer_name: str | None) -> DenialSummaryOut:
    """A row of the list; `row` is the case as it is kept."""
    return DenialSummaryOut(**_listed(row, payer_name))


def _listed(row: Mapping[str, Any], payer_name: str | None) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _SAME},
        "payer_name": payer_name,
        "reason_meaning": meaning_of(row["reason_code"]),
        "priority_terms": row["assessment"]["terms"],
    }


def whole(
    row: Mapping[str, Any],
    denial: Denial,
    steps: Sequence[Mapping[str, Any]],
    *,
    payer_name: str | None,
    provider_name: str | None,
) -> DenialOut:
    """A case with all that was found out about it."""
    assessment = denial.assessment
    return DenialOut(
        **_listed(row, payer_name),
        **{name: getattr(denial.origin, name) for name in _ORIGIN},
        billing_provider_name=provider_name,
        level=denial.level,
        because=denial.because,
        root_cause=_root_cause(denial),
        deadlines={
            "appeal": DeadlineOut(**asdict(assessment.appeal)),
            "correction": DeadlineOut(**asdict(assessment.correction)),
        },
        plan=PlanOut(**{**asdict(assessment.plan), "because": list(assessment.plan.because)}),
        expected_recovery=ExpectedRecoveryOut(**asdict(assessment.expected)),
        lines=[_line(part) for part in denial.parts],
        history=[StepOut(**{name: step[name] for name in StepOut.model_fields}) for step in steps],
        resolved_by_payment_id=denial.resolved_by_payment_id,
    )


def _root_cause(denial: Denial) -> RootCauseOut:
    cause = denial.cause
    return RootCauseOut(
        category=cause.category,
        rule_id=cause.rule_id,
        rule_version=cause.rule_version,
        inputs=dict(cause.inputs),
        claim_field=cause.claim_field,
        evidence=list(cause.evidence),
    )


def _line(part: RefusedPart) -> DenialLineOut:
    same = set(DenialLineOut.model_fields) - {"modifiers", "adjustments", "remarks"}
    return DenialLineOut(
        **{name: getattr(part, name) for name in same},
        modifiers=list(part.modifiers),
        adjustments=[
            AdjustmentOut(**asdict(one), meaning=meaning_of(one.reason_code))
            for one in part.adjustments
        ],
        remarks=[_remark(code) for code in part.remark_codes],
    )


def _remark(code: str) -> CodeOut:
    remark = denial_codes().rarc(code)
    if remark is None:
        return CodeOut(code=code, meaning=_UNLISTED, listed=False)
    return CodeOut(code=code, meaning=remark.meaning, listed=True)
