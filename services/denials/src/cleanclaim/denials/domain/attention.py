"""What of a case needs a person: the work items it should have open, by kind."""

from dataclasses import dataclass

from cleanclaim.denials.domain.deadline import Known
from cleanclaim.denials.domain.denial import Denial
from cleanclaim.denials.domain.status import ACTIVE

KINDS = ("denial", "denial_deadline", "denial_reason", "denial_recovery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One thing for a person to do about a case: words and codes only."""

    kind: str
    reason: str
    next_actions: tuple[str, ...]


def attention_for(*, denial: Denial) -> list[Attention]:
    """What should be open for a case now, the case itself first; nothing once it has ended."""
    if denial.status not in ACTIVE:
        return []
    assessment = denial.assessment
    wanted = [
        Attention(
            kind="denial",
            reason=denial.cause.category,
            next_actions=(assessment.plan.action,),
        )
    ]
    for name, deadline in (("appeal", assessment.appeal), ("correction", assessment.correction)):
        if deadline.state == Known.UNKNOWN:
            wanted.append(
                Attention(
                    kind="denial_deadline",
                    reason=f"{name}_{deadline.basis}",
                    next_actions=("complete_payer_policy",),
                )
            )
    if denial.cause.unlisted:
        wanted.append(
            Attention(
                kind="denial_reason",
                reason="reason_not_in_table",
                next_actions=("read_payer_list", "report_missing_code"),
            )
        )
    if denial.unattributed:
        wanted.append(
            Attention(
                kind="denial_recovery",
                reason="paid_without_lines",
                next_actions=("attribute_payment",),
            )
        )
    return wanted
