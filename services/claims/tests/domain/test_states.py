"""Which state may follow which, as a table that a billing person can read."""

import pytest

from cleanclaim.claims.domain.states import (
    AWAITING,
    DECIDED,
    TRANSITIONS,
    UNSENT,
    ClaimState,
    ClaimStateForbids,
    moved,
)

# rows: from; columns: to (h held, c clean, s submitted, k acknowledged, r received, a accepted,
# d adjudicated, z closed, j rejected, v voided)
TABLE = """
built         h c . . . . . . . .
held          h c . . . . . . . v
clean         h c s . . . . . . v
submitted     . . . k r a d . j .
acknowledged  . . . k r a d . j .
received      . . . . r a d . j .
accepted      . . . . . a d . j .
adjudicated   . . . . . a d z . .
closed        . . . . . a d . . .
rejected      h c . k r a d . j v
voided        h c . . . . . . . .
"""
LETTERS = {
    "h": "held", "c": "clean", "s": "submitted", "k": "acknowledged", "r": "received",
    "a": "accepted", "d": "adjudicated", "z": "closed", "j": "rejected", "v": "voided",
}  # fmt: skip
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_table_of_transitions(row: list[str]) -> None:
    allowed = {ClaimState(LETTERS[letter]) for letter in row[1:] if letter != "."}
    assert TRANSITIONS[ClaimState(row[0])] == allowed


def test_every_state_has_a_row() -> None:
    assert set(TRANSITIONS) == set(ClaimState)


def test_a_forbidden_step_names_what_is_allowed() -> None:
    with pytest.raises(ClaimStateForbids, match="adjudicated cannot become held") as refused:
        moved(ClaimState.ADJUDICATED, ClaimState.HELD)
    assert "accepted" in (refused.value.fix or "")


def test_no_state_belongs_to_two_phases() -> None:
    assert not UNSENT & AWAITING
    assert not AWAITING & DECIDED
    assert not UNSENT & DECIDED
