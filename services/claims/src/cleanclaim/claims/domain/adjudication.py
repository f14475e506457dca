"""What payers' decisions do to a claim: one that stands adjudicates it, a reversal reopens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cleanclaim.claims.domain.states import AWAITING, DECIDED, ClaimState

PREDETERMINATION = "25"
FORWARDED_NOT_OURS = "23"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of a payer on a claim, or the reversal of one (`reverses` names it)."""

    claim_payment_id: UUID
    claim_status_code: str
    reverses: UUID | None = None


def decides(status_code: str) -> bool:
    """CLP02 25 predetermines and 23 only forwards: neither decides the claim (005010X221A1)."""
    return status_code not in {PREDETERMINATION, FORWARDED_NOT_OURS}


def state_after(state: ClaimState, decisions: Sequence[Decision]) -> ClaimState:
    """The claim's state with all decisions that were heard of it, in whatever order they came.

    A reversal that came before its original is remembered, and takes it away when it comes.
    """
    taken_back = {one.reverses for one in decisions if one.reverses}
    standing = any(
        one.reverses is None
        and one.claim_payment_id not in taken_back
        and decides(one.claim_status_code)
        for one in decisions
    )
    if standing:
        listens = state in AWAITING or state in DECIDED or state is ClaimState.REJECTED
        return ClaimState.ADJUDICATED if listens and state is not ClaimState.CLOSED else state
    return ClaimState.ACCEPTED if state in DECIDED else state
