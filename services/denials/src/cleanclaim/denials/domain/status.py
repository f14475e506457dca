"""The states of a case and the steps between them; every other step is refused."""

from collections.abc import Mapping
from enum import StrEnum

from cleanclaim.values.errors import Conflict


class Status(StrEnum):
    OPEN = "open"
    IN_WORK = "in_work"
    CORRECTED = "corrected"
    APPEALED = "appealed"
    RECOVERED = "recovered"
    PARTLY_RECOVERED = "partly_recovered"
    UPHELD = "upheld"
    WRITTEN_OFF = "written_off"
    BILLED_TO_PATIENT = "billed_to_patient"
    BILLED_TO_OTHER = "billed_to_other"
    # A newer decision, a replacement or a void took its lines away.
    SUPERSEDED = "superseded"


class StepRefused(Conflict):
    """The case is in a state from which this step does not lead."""


ACTIVE = frozenset({Status.OPEN, Status.IN_WORK, Status.CORRECTED, Status.APPEALED, Status.UPHELD})
"""Somebody or something still has to act; the other states are ends."""

ENDED_BY_PEOPLE = frozenset({Status.WRITTEN_OFF, Status.BILLED_TO_PATIENT, Status.BILLED_TO_OTHER})
"""Ends that a person decided; no event changes them."""

_ANSWERED = frozenset({Status.RECOVERED, Status.PARTLY_RECOVERED, Status.SUPERSEDED})

STEPS: Mapping[Status, frozenset[Status]] = {
    Status.OPEN: _ANSWERED | {Status.IN_WORK, Status.CORRECTED},
    Status.IN_WORK: _ANSWERED | {Status.OPEN, Status.CORRECTED, Status.APPEALED},
    # back to work where the corrected claim itself was refused at the door
    Status.CORRECTED: _ANSWERED | {Status.IN_WORK, Status.UPHELD},
    Status.APPEALED: _ANSWERED | {Status.UPHELD},
    Status.UPHELD: _ANSWERED | ENDED_BY_PEOPLE | {Status.APPEALED},
    # reopened where the payer takes the money back
    Status.RECOVERED: frozenset({Status.OPEN, Status.PARTLY_RECOVERED, Status.SUPERSEDED}),
    Status.PARTLY_RECOVERED: ENDED_BY_PEOPLE
    | {Status.OPEN, Status.RECOVERED, Status.APPEALED, Status.SUPERSEDED},
    Status.SUPERSEDED: frozenset({Status.OPEN, Status.RECOVERED, Status.PARTLY_RECOVERED}),
    Status.WRITTEN_OFF: frozenset(),
    Status.BILLED_TO_PATIENT: frozenset(),
    Status.BILLED_TO_OTHER: frozenset(),
}


def step(*, current: Status, to: Status) -> Status:
    """The state after a step.

    Raises:
        StepRefused: no such step leads from the current state.
    """
    if to not in STEPS[current]:
        raise StepRefused(
            f"a case that is {current} cannot become {to}",
            fix="read the case again: its state may have changed meanwhile",
        )
    return to
