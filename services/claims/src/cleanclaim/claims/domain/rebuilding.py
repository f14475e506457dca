"""What a version of an encounter means for the claim that is there already."""

from enum import StrEnum

from cleanclaim.claims.domain.states import AWAITING, DECIDED, UNSENT, ClaimState


class Step(StrEnum):
    """What to do with a claim when a version of its encounter is ready."""

    BUILD = "build"
    REBUILD = "rebuild"
    RESEND = "resend"
    VOID = "void"
    WAIT = "wait"
    LEAVE = "leave"


def step_for(
    state: ClaimState | None,
    *,
    on_its_way: bool,
    billed_version: int,
    ready_version: int,
    self_pay: bool,
) -> Step:
    """The step for a claim in `state` (None: there is none) that bills `billed_version`.

    Not sent yet: rebuilt. Rejected: resent as an original, for it never entered adjudication.
    Sent or decided: the change waits (a replacement is not sent before the answer). A version
    that is no newer than the billed one is overtaken. Self-pay: nobody is billed.
    """
    if state is None:
        return Step.LEAVE if self_pay else Step.BUILD
    if ready_version <= billed_version:
        return Step.LEAVE
    if on_its_way or state in AWAITING or state in DECIDED:
        return Step.WAIT
    if self_pay:
        return Step.LEAVE if state is ClaimState.VOIDED else Step.VOID
    if state is ClaimState.REJECTED:
        return Step.RESEND
    return Step.REBUILD if state in UNSENT or state is ClaimState.VOIDED else Step.LEAVE
