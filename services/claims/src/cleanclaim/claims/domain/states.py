"""The states of a claim and which may follow which; every change of state passes `moved`."""

from collections.abc import Mapping
from enum import StrEnum

from cleanclaim.values.errors import Conflict


class ClaimState(StrEnum):
    """Where a claim stands; `rejected` never entered adjudication and is no denial."""

    BUILT = "built"
    HELD = "held"
    CLEAN = "clean"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    ADJUDICATED = "adjudicated"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOIDED = "voided"


class ClaimStateForbids(Conflict):
    """What was asked for cannot be done in the state that the claim is in."""


_S = ClaimState
_ANSWERED = frozenset({_S.ACKNOWLEDGED, _S.RECEIVED, _S.ACCEPTED, _S.REJECTED, _S.ADJUDICATED})
_BEFORE_SENDING = frozenset({_S.HELD, _S.CLEAN, _S.VOIDED})

# Answers may be skipped or come late: an 835 without a 277CA is normal, a payer's acceptance may
# overtake the clearinghouse's 999. A rejected claim that is resent becomes held or clean again.
TRANSITIONS: Mapping[ClaimState, frozenset[ClaimState]] = {
    _S.BUILT: frozenset({_S.HELD, _S.CLEAN}),
    _S.HELD: _BEFORE_SENDING,
    _S.CLEAN: _BEFORE_SENDING | {_S.SUBMITTED},
    _S.SUBMITTED: _ANSWERED,
    _S.ACKNOWLEDGED: _ANSWERED,
    _S.RECEIVED: _ANSWERED - {_S.ACKNOWLEDGED},
    _S.ACCEPTED: frozenset({_S.ACCEPTED, _S.REJECTED, _S.ADJUDICATED}),
    _S.REJECTED: _ANSWERED | _BEFORE_SENDING,
    _S.ADJUDICATED: frozenset({_S.ADJUDICATED, _S.CLOSED, _S.ACCEPTED}),
    _S.CLOSED: frozenset({_S.ADJUDICATED, _S.ACCEPTED}),
    _S.VOIDED: frozenset({_S.HELD, _S.CLEAN}),
}

UNSENT = frozenset({_S.BUILT, _S.HELD, _S.CLEAN})
"""Not handed over yet: a newer encounter version rebuilds the claim."""
AWAITING = frozenset({_S.SUBMITTED, _S.ACKNOWLEDGED, _S.RECEIVED, _S.ACCEPTED})
"""Handed over and not decided: a newer encounter version waits for the first answer."""
DECIDED = frozenset({_S.ADJUDICATED, _S.CLOSED})


def moved(state: ClaimState, to: ClaimState) -> ClaimState:
    """The new state. Raises ClaimStateForbids where the table has no such step."""
    if to not in TRANSITIONS[state]:
        raise ClaimStateForbids(
            f"A claim that is {state} cannot become {to}.",
            fix=f"From {state} it can become {', '.join(sorted(TRANSITIONS[state]))}.",
        )
    return to
