"""Folds a claim's facts from nothing: which states it can be in, and which steps are legal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cleanclaim.claims.domain.adjudication import Decision, state_after
from cleanclaim.claims.domain.states import AWAITING, DECIDED, TRANSITIONS, ClaimState

_S = ClaimState
States = frozenset[ClaimState]

BY_PEOPLE: States = frozenset({_S.BUILT, _S.HELD, _S.CLEAN, _S.VOIDED})
"""States that a claim comes to without a fact of its topic: edits pass, people hold and void."""
UNTOLD: States = BY_PEOPLE | DECIDED | {_S.ACCEPTED}
"""Those, and what payers' decisions do, which is told in another topic."""
_ANSWERS: Mapping[str, States] = {
    "TA1": frozenset({_S.ACKNOWLEDGED}),
    "999": frozenset({_S.ACKNOWLEDGED}),
    "277CA": frozenset({_S.RECEIVED, _S.ACCEPTED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One fact of a claim's topic: its name, and what it says of versions and money."""

    number: int
    name: str
    answer: str | None = None
    claim_version: int
    encounter_version: int | None = None
    charge_cents: int | None = None


@dataclass(slots=True)
class Folded:
    """What a claim's facts say of it so far."""

    states: States = frozenset({_S.BUILT})
    newest: Told | None = None
    sent: Told | None = None
    illegal_at: int | None = None
    versions: set[int] = field(default_factory=set)

    def take(self, told: Told) -> None:
        """One more fact; the first that no legal step leads to is remembered."""
        wanted = _states_of(told)
        reachable = through(self.states, UNTOLD)
        legal = frozenset(to for state in reachable for to in TRANSITIONS[state]) & wanted
        if not legal and self.illegal_at is None:
            self.illegal_at = told.number
        self.states = legal or wanted
        self.versions.add(told.claim_version)
        self.newest = told
        if told.name == "ClaimSubmitted":
            self.sent = told

    def possible(self, decisions: Sequence[Decision]) -> States:
        """Every state that the facts and the decisions heard allow."""
        candidates = through(self.states, BY_PEOPLE)
        found: set[ClaimState] = set()
        for state in candidates:
            after = state_after(state, decisions)
            found |= {after} | ({_S.CLOSED} if after is _S.ADJUDICATED else set())
            # heard one after the other, a decision and its reversal leave the claim accepted
            if decisions and after is not _S.ADJUDICATED and _listens(state):
                found.add(_S.ACCEPTED)
        return frozenset(found)


def _listens(state: ClaimState) -> bool:
    return state in AWAITING or state in DECIDED or state is _S.REJECTED


def _states_of(told: Told) -> States:
    if told.name == "ClaimAcknowledged":
        return _ANSWERS.get(told.answer or "", frozenset().union(*_ANSWERS.values()))
    plain = {
        "ClaimHeld": _S.HELD, "ClaimSubmitted": _S.SUBMITTED, "ClaimRejected": _S.REJECTED,
    }  # fmt: skip
    return frozenset({plain[told.name]})


def through(states: Iterable[ClaimState], between: States) -> States:
    """These states and all that legal steps lead to from them over the states between."""
    reached = set(states)
    new = set(reached)
    while new:
        new = {to for state in new for to in TRANSITIONS[state] if to in between} - reached
        reached |= new
    return frozenset(reached)
