"""What answers do to a claim, by rank and day: a table, and what holds for any sequence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.claims.domain.answers import (
    Answer,
    Outcome,
    Rank,
    Standing,
    outcome_of,
    set_outcome,
    settled,
)
from cleanclaim.claims.domain.states import TRANSITIONS, ClaimState
from cleanclaim.codes.claim_status import StatusEvent

# standing: state, rank, day of March; answer: rank, outcome, day; then the state after it
TABLE = """
submitted     nobody         -   group          acknowledged  3   acknowledged
submitted     nobody         -   interchange    rejected      3   rejected
submitted     nobody         -   group          rejected      3   rejected
submitted     nobody         -   payer          accepted      3   accepted
acknowledged  group          3   clearinghouse  received      3   received
acknowledged  group          3   clearinghouse  rejected      3   rejected
received      clearinghouse  3   payer          accepted      4   accepted
received      clearinghouse  3   group          acknowledged  5   received
received      clearinghouse  3   group          rejected      5   received
accepted      payer          4   clearinghouse  received      6   accepted
accepted      payer          4   clearinghouse  rejected      6   accepted
accepted      payer          4   payer          received      6   accepted
accepted      payer          4   payer          rejected      4   rejected
accepted      payer          4   payer          rejected      3   accepted
accepted      clearinghouse  4   payer          received      5   accepted
rejected      payer          4   payer          accepted      4   rejected
rejected      payer          4   payer          accepted      5   accepted
rejected      payer          4   clearinghouse  accepted      9   rejected
rejected      group          4   payer          accepted      4   accepted
rejected      clearinghouse  4   payer          rejected      5   rejected
submitted     nobody         -   payer          not_found     5   submitted
accepted      payer          4   payer          not_found     5   accepted
adjudicated   payer          4   payer          rejected      9   adjudicated
closed        payer          4   payer          rejected      9   closed
clean         nobody         -   payer          accepted      9   clean
held          nobody         -   payer          rejected      9   held
voided        nobody         -   payer          accepted      9   voided
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def _rank(word: str) -> Rank:
    return Rank[word.upper()]


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row) for row in ROWS])
def test_the_table_of_answers(row: list[str]) -> None:
    state, rank, day, by, outcome, on, after = row
    standing = Standing(
        state=ClaimState(state),
        rank=_rank(rank),
        answered_on=None if day == "-" else date(2026, 3, int(day)),
    )
    answer = Answer(rank=_rank(by), outcome=Outcome(outcome), answered_on=date(2026, 3, int(on)))
    assert settled(standing, answer).state is ClaimState(after)


ANSWERS = st.builds(
    Answer,
    rank=st.sampled_from([rank for rank in Rank if rank is not Rank.NOBODY]),
    outcome=st.sampled_from(Outcome),
    answered_on=st.dates(date(2026, 3, 1), date(2026, 3, 5)),
)


@given(st.lists(ANSWERS, max_size=8))
def test_every_step_is_one_that_the_table_allows(answers: list[Answer]) -> None:
    standing = Standing(state=ClaimState.SUBMITTED)
    for answer in answers:
        after = settled(standing, answer)
        if after.state is not standing.state:
            assert after.state in TRANSITIONS[standing.state]
        standing = after


@given(st.lists(ANSWERS, max_size=8), ANSWERS)
def test_the_same_answer_again_changes_nothing(answers: list[Answer], last: Answer) -> None:
    standing = Standing(state=ClaimState.SUBMITTED)
    for answer in [*answers, last]:
        standing = settled(standing, answer)
    assert settled(standing, last) == standing


@given(st.lists(ANSWERS, max_size=8))
def test_the_rank_that_a_claim_stands_on_never_falls(answers: list[Answer]) -> None:
    standing = Standing(state=ClaimState.SUBMITTED)
    for answer in answers:
        after = settled(standing, answer)
        assert after.rank >= standing.rank
        standing = after


EVENTS = [
    (["accepted_by_receiver"], "received"),
    (["forwarded"], "received"),
    (["split"], "received"),
    (["accepted_by_receiver", "accepted_for_adjudication"], "accepted"),
    (["accepted_for_adjudication", "rejected"], "rejected"),
    (["not_found"], "not_found"),
    (["pending"], "nothing"),
    ([], "nothing"),
]


@pytest.mark.parametrize(("events", "outcome"), EVENTS)
def test_categories_together_say_one_thing(events: list[str], outcome: str) -> None:
    assert outcome_of([StatusEvent(one) for one in events]) == outcome


SET_STATUSES = {
    "A": "acknowledged", "E": "acknowledged", "R": "rejected", "M": "rejected",
    "W": "rejected", "X": "rejected", "P": "nothing", "": "nothing", "?": "nothing",
}  # fmt: skip


@pytest.mark.parametrize(("status", "outcome"), SET_STATUSES.items())
def test_statuses_of_a_set(status: str, outcome: str) -> None:
    assert set_outcome(status) == outcome
