"""The table of steps: what leads where, and that nothing else does."""

from itertools import product

import pytest

from cleanclaim.denials.domain.settlement import Standing, way_from
from cleanclaim.denials.domain.status import (
    ACTIVE,
    ENDED_BY_PEOPLE,
    STEPS,
    Status,
    StepRefused,
    step,
)

WAYS = {
    "open": "in_work corrected recovered partly_recovered superseded",
    "in_work": "open corrected appealed recovered partly_recovered superseded",
    "corrected": "in_work upheld recovered partly_recovered superseded",
    "appealed": "upheld recovered partly_recovered superseded",
    "upheld": "appealed recovered partly_recovered superseded"
    " written_off billed_to_patient billed_to_other",
    "recovered": "open partly_recovered superseded",
    "partly_recovered": "open appealed recovered superseded"
    " written_off billed_to_patient billed_to_other",
    "superseded": "open recovered partly_recovered",
    "written_off": "",
    "billed_to_patient": "",
    "billed_to_other": "",
}


@pytest.mark.parametrize(("current", "to"), list(product(Status, Status)))
def test_every_pair_of_states(current: Status, to: Status) -> None:
    if to.value in WAYS[current.value].split():
        assert step(current=current, to=to) is to
        return
    with pytest.raises(StepRefused) as refused:
        step(current=current, to=to)
    assert refused.value.code == "step_refused"


def test_every_state_has_its_row() -> None:
    assert set(STEPS) == set(Status)
    assert ACTIVE.isdisjoint(ENDED_BY_PEOPLE)


STANDINGS = [
    Standing(outcome=outcome, because="test", corrected=corrected)
    for outcome in (None, Status.RECOVERED, Status.PARTLY_RECOVERED, Status.SUPERSEDED)
    for corrected in (False, True)
    if outcome is None or not corrected
]


@pytest.mark.parametrize(("current", "standing"), list(product(Status, STANDINGS)))
def test_the_way_to_where_a_case_stands_is_always_allowed(
    current: Status, standing: Standing
) -> None:
    now = current
    for to in way_from(current=current, standing=standing):
        now = step(current=now, to=to)
    if current in ENDED_BY_PEOPLE:
        assert now is current
    elif standing.outcome is not None:
        assert now is standing.outcome
    else:
        assert now in ACTIVE
