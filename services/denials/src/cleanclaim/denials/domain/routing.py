"""The root cause of a refused part: category, owner and the rule that chose them (rules 4 to 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cleanclaim.codes.denials import (
    Carc,
    CodeState,
    RemarkEffect,
    RemarkKind,
    denial_codes,
)
from cleanclaim.codes.vocabulary import RootCause, WorkQueue
from cleanclaim.denials.domain.refusal import Adjustment, RefusedPart, primary_reason

RULE_VERSION = "1"
"""Raise it when a rule of this file changes: cases keep the version that decided them."""

# Who in this system can cure it; the queue names the team, the stage the service it works in.
_STAGES: Mapping[WorkQueue, str] = {
    WorkQueue.AUTHORIZATION: "intake",
    WorkQueue.ELIGIBILITY: "intake",
    WorkQueue.REGISTRATION: "intake",
    WorkQueue.BILLING: "claims",
    WorkQueue.CODING: "claims",
    WorkQueue.PROVIDER_ENROLLMENT: "claims",
    WorkQueue.CASH_POSTING: "remittance",
    WorkQueue.CONTRACTING: "reconcile",
    WorkQueue.PATIENT_FINANCIAL_SERVICES: "accounts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFound:
    """The root cause of one case, with the rule and the inputs that decided it.

    `unlisted` is true where our table does not hold the reason: a gap for a person to record.
    """

    category: str
    owner_queue: str
    owner_stage: str
    rule_id: str
    rule_version: str
    inputs: Mapping[str, Any]
    group_code: str
    reason_code: str
    effect: str | None
    notice_on_file: bool
    claim_field: str
    evidence: tuple[str, ...]
    appeal_worth: str
    unlisted: bool

    @property
    def key(self) -> str:
        """Parts with the same key are one case: one cure serves them all."""
        words = (
            self.group_code,
            self.reason_code,
            self.category,
            self.owner_queue,
            self.effect or "-",
            "notice" if self.notice_on_file else "-",
        )
        return ":".join(words)


def stage_of(*, queue: WorkQueue) -> str:
    """The service whose people can cure it; denials keeps what no other can."""
    return _STAGES.get(queue, "denials")


def effect_of(*, remark_codes: tuple[str, ...]) -> RemarkEffect | None:
    """What the remarks say about the claim as a whole; an unprocessable claim outweighs the rest.

    Forwarding says where the claim went and not what to do with the refusal: see `forwarded`.
    """
    effects = _effects(remark_codes)
    for effect in (
        RemarkEffect.UNPROCESSABLE,
        RemarkEffect.REPLACEMENT_WANTED,
        RemarkEffect.NO_PATIENT_SHARE,
    ):
        if effect in effects:
            return effect
    return None


def forwarded(*, claim_status_code: str, remark_codes: tuple[str, ...]) -> bool:
    """True where the payer sent the claim on (CLP02 19, 20, 21, or such a remark): rule 7."""
    sent_on = claim_status_code in {"19", "20", "21"}
    return sent_on or RemarkEffect.FORWARDED in _effects(remark_codes)


def find_cause(*, part: RefusedPart) -> CauseFound:
    """Category, owner, evidence and rule of a refused part.

    Raises:
        RefusalWithoutReason: nothing on the part refuses.
    """
    reason = primary_reason(part=part)
    carc = denial_codes().carc(reason.reason_code)
    routing = denial_codes().route(reason.reason_code, part.remark_codes)
    rule = _rule(carc=carc, reason=reason, remark_codes=part.remark_codes)
    # By its usage note 45 may not take a whole charge (D8): then it is the payer's error.
    disguised = rule == "routing.contractual_in_disguise"
    queue = WorkQueue.DENIALS if disguised else routing.owner
    category = RootCause.PAYER_PROCESSING if disguised else routing.category
    effect = effect_of(remark_codes=part.remark_codes)
    return CauseFound(
        category=category.value,
        owner_queue=queue.value,
        owner_stage=stage_of(queue=queue),
        rule_id=rule,
        rule_version=RULE_VERSION,
        inputs=_inputs(part=part, reason=reason),
        group_code=reason.group_code,
        reason_code=reason.reason_code,
        effect=effect.value if effect else None,
        # Rule 10: GA says that a signed notice is on file; medical necessity is CARC 50.
        notice_on_file=reason.reason_code == "50" and "GA" in part.modifiers,
        claim_field=routing.claim_field,
        evidence=routing.evidence,
        appeal_worth=carc.appeal.value,
        unlisted=carc.state is CodeState.UNKNOWN,
    )


def _rule(*, carc: Carc, reason: Adjustment, remark_codes: tuple[str, ...]) -> str:
    if carc.state is CodeState.UNKNOWN:
        return "routing.unlisted_reason"
    if carc.state is CodeState.PROPERTY_AND_CASUALTY:
        return "routing.property_and_casualty"
    if not carc.is_denial:
        disguised = reason.disposition == "denied"
        return "routing.contractual_in_disguise" if disguised else "routing.payer_initiated"
    if carc.refined_by_remark and _supplemental(remark_codes):
        return "routing.refined_by_remark"
    return "routing.reason"


def _inputs(*, part: RefusedPart, reason: Adjustment) -> Mapping[str, Any]:
    release = denial_codes().release
    return {
        "group_code": reason.group_code,
        "reason_code": reason.reason_code,
        "amount_cents": reason.amount_cents,
        "disposition": reason.disposition,
        "remark_codes": list(part.remark_codes),
        "modifiers": list(part.modifiers),
        "other_reasons": [
            f"{one.group_code}-{one.reason_code}"
            for one in part.adjustments
            if one is not reason and one.refuses
        ],
        "table_release": release.label,
    }


def _supplemental(remark_codes: tuple[str, ...]) -> bool:
    remarks = (denial_codes().rarc(code) for code in remark_codes)
    return any(one is not None and one.kind is RemarkKind.SUPPLEMENTAL for one in remarks)


def _effects(remark_codes: tuple[str, ...]) -> set[RemarkEffect]:
    remarks = (denial_codes().rarc(code) for code in remark_codes)
    return {one.effect for one in remarks if one is not None and one.effect is not None}
