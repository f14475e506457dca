"""What payers' decisions leave of a claim's state, in whatever order they are heard."""

from itertools import permutations
from uuid import UUID

import pytest

from cleanclaim.claims.domain.adjudication import Decision, state_after
from cleanclaim.claims.domain.states import ClaimState

FIRST, UNDO, AGAIN = UUID(int=1), UUID(int=2), UUID(int=3)


def _paid(one: UUID = FIRST, status: str = "1") -> Decision:
    return Decision(claim_payment_id=one, claim_status_code=status)


def _undone() -> Decision:
    return Decision(claim_payment_id=UNDO, claim_status_code="22", reverses=FIRST)


CASES = [
    ("submitted", [_paid()], "adjudicated"),
    ("acknowledged", [_paid()], "adjudicated"),
    ("accepted", [_paid(status="4")], "adjudicated"),
    ("accepted", [_paid(status="19")], "adjudicated"),
    ("accepted", [_paid(status="23")], "accepted"),
    ("accepted", [_paid(status="25")], "accepted"),
    ("rejected", [_paid()], "adjudicated"),
    ("adjudicated", [_paid(), _undone()], "accepted"),
    ("closed", [_paid(), _undone()], "accepted"),
    ("closed", [_paid()], "closed"),
    ("submitted", [_undone()], "submitted"),
    ("submitted", [_undone(), _paid()], "submitted"),
    ("submitted", [_paid(), _undone(), _paid(AGAIN)], "adjudicated"),
    ("held", [_paid()], "held"),
    ("submitted", [], "submitted"),
]


@pytest.mark.parametrize(("state", "decisions", "after"), CASES)
def test_the_table_of_decisions(state: str, decisions: list[Decision], after: str) -> None:
    for order in permutations(decisions):
        assert state_after(ClaimState(state), order) is ClaimState(after)
