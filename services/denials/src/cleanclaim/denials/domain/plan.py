"""What to do about a refusal: the action proposed, how a claim goes out again, and why."""

from dataclasses import dataclass
from enum import StrEnum

from cleanclaim.codes.denials import RemarkEffect, denial_codes
from cleanclaim.codes.vocabulary import AdjustmentGroup, NextAction
from cleanclaim.denials.domain.routing import CauseFound


class Resend(StrEnum):
    """How a corrected claim reaches the payer."""

    # Frequency 7 with the payer's claim control number.
    REPLACE = "replace"
    # Frequency 1: the payer never took the first claim in.
    NEW_CLAIM = "new_claim"
    # The payer takes no frequency 7: it corrects by reopening.
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around a refusal and changes the plan.

    `takes_replacement` is None while the payer's policy is not known. `taken_back` says that
    the payer reversed this very decision: its correction decides the new state (rule 1).
    `sent_again`: a newer version of the claim is on its way, and its answer is awaited.
    """

    further_payer: bool = False
    forwarded: bool = False
    takes_replacement: bool | None = None
    taken_back: bool = False
    sent_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The action proposed to a person; `because` names each rule that had a word, in order."""

    action: str
    resend: str | None
    appealable: bool
    because: tuple[str, ...]


def plan_for(*, cause: CauseFound, around: Surroundings) -> Plan:
    """The plan of a case by the rules of interaction 1 and 6 to 10.

    A proposal in every case: nothing here bills a patient or writes anything off.
    """
    action, because = _action(cause=cause, around=around)
    unprocessable = cause.effect == RemarkEffect.UNPROCESSABLE
    return Plan(
        action=action.value,
        resend=_resend(action=action, effect=cause.effect, around=around),
        appealable=not unprocessable,
        because=because,
    )


def _action(*, cause: CauseFound, around: Surroundings) -> tuple[NextAction, tuple[str, ...]]:
    from_patient = cause.group_code == AdjustmentGroup.PR
    notice_ignored = cause.notice_on_file and cause.group_code == AdjustmentGroup.CO
    wanted_back = cause.effect == RemarkEffect.REPLACEMENT_WANTED
    # The first that fits; what the table proposes comes after all of them.
    rules = (
        (around.taken_back, NextAction.WAIT, "refusal_taken_back"),
        (around.sent_again, NextAction.WAIT, "answer_awaited"),
        (cause.effect == RemarkEffect.UNPROCESSABLE, NextAction.NEW_CLAIM, "unprocessable"),
        (wanted_back, NextAction.CORRECT_AND_RESUBMIT, "replacement_wanted"),
        (notice_ignored, NextAction.APPEAL, "notice_on_file"),
        (from_patient and around.forwarded, NextAction.WAIT, "forwarded"),
        (from_patient and around.further_payer, NextAction.BILL_SECONDARY, "further_payer"),
    )
    fitting = ((action, (f"plan.{name}",)) for fits, action, name in rules if fits)
    return next(fitting, None) or _by_table(cause=cause)


def _by_table(*, cause: CauseFound) -> tuple[NextAction, tuple[str, ...]]:
    carc = denial_codes().carc(cause.reason_code)
    known = {one.value: one for one in AdjustmentGroup}
    group = known.get(cause.group_code)
    if group is None:
        return NextAction.FOLLOW_UP, ("plan.group_unknown",)
    told = carc.by_group.get(group, carc.default_action)
    action = carc.action_under(group)
    because = ["plan.by_group" if group in carc.by_group else "plan.reason"]
    if action is not told:
        because.append("plan.group_forbids")
    if action is NextAction.POST_ONLY:
        # An amount that stays with the payer as refused is never just posted.
        return NextAction.FOLLOW_UP, (*because, "plan.open_amount")
    if action is NextAction.BILL_PATIENT and cause.effect == RemarkEffect.NO_PATIENT_SHARE:
        return NextAction.FOLLOW_UP, (*because, "plan.no_patient_share")
    return action, tuple(because)


def _resend(*, action: NextAction, effect: str | None, around: Surroundings) -> str | None:
    if action is NextAction.NEW_CLAIM:
        return Resend.NEW_CLAIM
    if action is not NextAction.CORRECT_AND_RESUBMIT:
        return None
    if effect == RemarkEffect.REPLACEMENT_WANTED or around.takes_replacement:
        return Resend.REPLACE
    return None if around.takes_replacement is None else Resend.REOPEN
