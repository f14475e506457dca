"""A claim's facts, folded: what each history allows, and which step is illegal."""

from uuid import UUID

import pytest

from cleanclaim.claims.domain.adjudication import Decision
from cleanclaim.verify.invariants.claim_fold import Folded, Told

FIRST, SECOND = UUID(int=1), UUID(int=2)
PAID = Decision(claim_payment_id=FIRST, claim_status_code="1")
TAKEN_BACK = Decision(claim_payment_id=SECOND, claim_status_code="22", reverses=FIRST)
HELD, SUBMITTED, REJECTED = ("ClaimHeld",), ("ClaimSubmitted",), ("ClaimRejected", "277CA")
TAKEN, ACCEPTED = ("ClaimAcknowledged", "999"), ("ClaimAcknowledged", "277CA")


def folded(*facts):
    made = Folded()
    for number, (name, *answer) in enumerate(facts, 1):
        made.take(
            Told(number=number, name=name, answer=answer[0] if answer else None, claim_version=1)
        )
    return made


@pytest.mark.parametrize(
    ("facts", "decisions", "possible"),
    [
        ((), [], {"built", "held", "clean", "voided"}),
        ((HELD,), [], {"held", "clean", "voided"}),
        ((SUBMITTED,), [], {"submitted"}),
        ((SUBMITTED, TAKEN), [], {"acknowledged"}),
        ((SUBMITTED, TAKEN, ACCEPTED), [], {"received", "accepted"}),
        ((SUBMITTED,), [PAID], {"adjudicated", "closed"}),
        ((SUBMITTED, ACCEPTED), [PAID, TAKEN_BACK], {"received", "accepted"}),
        ((SUBMITTED, REJECTED), [], {"rejected", "held", "clean", "voided"}),
        ((SUBMITTED, REJECTED, SUBMITTED), [PAID], {"adjudicated", "closed"}),
    ],
)
def test_facts_and_decisions_say_where_a_claim_can_stand(facts, decisions, possible):
    made = folded(*facts)

    assert made.illegal_at is None
    assert {one.value for one in made.possible(decisions)} == possible


@pytest.mark.parametrize(
    ("facts", "illegal_at"),
    [
        ((TAKEN,), 1),
        ((SUBMITTED, SUBMITTED), 2),
        ((SUBMITTED, HELD), 2),
        ((SUBMITTED, ACCEPTED, HELD), 3),
    ],
)
def test_a_step_that_no_rule_allows_is_found(facts, illegal_at):
    assert folded(*facts).illegal_at == illegal_at
