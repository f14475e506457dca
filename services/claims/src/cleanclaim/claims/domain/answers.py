"""What answers to a submission do to a claim: by rank of the answerer, then by the answer's day."""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum

from cleanclaim.claims.domain.states import ClaimState
from cleanclaim.codes.claim_status import StatusEvent


class Rank(IntEnum):
    """How far downstream an answerer sits; the payer's word goes before the clearinghouse's."""

    NOBODY = 0
    INTERCHANGE = 1
    GROUP = 2
    CLEARINGHOUSE = 3
    PAYER = 4


class Outcome(StrEnum):
    """What an answer says of a claim version."""

    ACKNOWLEDGED = "acknowledged"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_FOUND = "not_found"
    NOTHING = "nothing"


_STAGES: tuple[Outcome, ...] = (Outcome.ACKNOWLEDGED, Outcome.RECEIVED, Outcome.ACCEPTED)
_STATES = {
    Outcome.ACKNOWLEDGED: ClaimState.ACKNOWLEDGED,
    Outcome.RECEIVED: ClaimState.RECEIVED,
    Outcome.ACCEPTED: ClaimState.ACCEPTED,
    Outcome.REJECTED: ClaimState.REJECTED,
}
_OPEN = frozenset({ClaimState.SUBMITTED, ClaimState.REJECTED, *_STATES.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to one claim version."""

    rank: Rank
    outcome: Outcome
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A claim's state, and the highest answer that it stands on (None before the first)."""

    state: ClaimState
    rank: Rank = Rank.NOBODY
    answered_on: date | None = None


def settled(standing: Standing, answer: Answer) -> Standing:
    """The standing after an answer; the same object where the answer changes nothing.

    A reject of equal or higher rank, no older, overrides an accept; an accept overrides a reject
    only from further downstream or on a later day; among accepts the furthest stage stands. An
    adjudicated claim listens to no answer, nor does one that was never sent.
    """
    if answer.outcome not in _STATES or standing.state not in _OPEN:
        return standing
    if answer.outcome is Outcome.REJECTED:
        return _rejected(standing, answer)
    if standing.state is ClaimState.REJECTED:
        if _order(answer.rank, answer.answered_on) > _order(standing.rank, standing.answered_on):
            return _standing(_STATES[answer.outcome], answer)
        return standing
    return _advanced(standing, answer)


def _rejected(standing: Standing, answer: Answer) -> Standing:
    if standing.state is ClaimState.REJECTED:
        stands = _order(answer.rank, answer.answered_on) > _order(
            standing.rank, standing.answered_on
        )
    else:
        stands = _order(answer.rank, answer.answered_on) >= _order(
            standing.rank, standing.answered_on
        )
    return _standing(ClaimState.REJECTED, answer) if stands else standing


def _advanced(standing: Standing, answer: Answer) -> Standing:
    if _order(answer.rank, answer.answered_on) < _order(standing.rank, standing.answered_on):
        return standing
    ahead = _stage_of(standing.state) >= _STAGES.index(answer.outcome)
    if ahead and answer.rank == standing.rank:
        return replace(standing, answered_on=answer.answered_on)
    state = standing.state if ahead else _STATES[answer.outcome]
    return _standing(state, answer)


def _standing(state: ClaimState, answer: Answer) -> Standing:
    return Standing(state=state, rank=answer.rank, answered_on=answer.answered_on)


def _stage_of(state: ClaimState) -> int:
    return next((n for n, stage in enumerate(_STAGES) if _STATES[stage] is state), -1)


def _order(rank: Rank, on: date | None) -> tuple[int, date]:
    return (rank, on or date.min)


_EVENTS = {
    StatusEvent.ACCEPTED_BY_RECEIVER: Outcome.RECEIVED,
    StatusEvent.ACCEPTED_FOR_ADJUDICATION: Outcome.ACCEPTED,
    StatusEvent.REJECTED: Outcome.REJECTED,
    StatusEvent.NOT_FOUND: Outcome.NOT_FOUND,
    # forwarded and split prove receipt, not acceptance (277CA categories A0 and A5)
    StatusEvent.FORWARDED: Outcome.RECEIVED,
    StatusEvent.SPLIT: Outcome.RECEIVED,
}


def outcome_of(events: "tuple[StatusEvent, ...] | list[StatusEvent]") -> Outcome:
    """What the status categories of one claim say together: any reject rejects (005010X214)."""
    outcomes = {_EVENTS.get(event, Outcome.NOTHING) for event in events}
    order = (Outcome.REJECTED, Outcome.ACCEPTED, Outcome.RECEIVED, Outcome.NOT_FOUND)
    return next((one for one in order if one in outcomes), Outcome.NOTHING)


def set_outcome(status: str) -> Outcome:
    """What IK501 or AK901 says of the claims inside: A and E take, R, M, W and X refuse.

    Source: 005010X231A1. P (AK901) refuses only the sets that are named, so nothing follows of it.
    """
    if status in {"A", "E"}:
        return Outcome.ACKNOWLEDGED
    return Outcome.REJECTED if status in {"R", "M", "W", "X"} else Outcome.NOTHING
