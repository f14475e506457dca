"""A case before and after: what was heard since is brought into its state, money and assessment."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from cleanclaim.denials.domain.denial import Circumstances, Denial, Step, assess
from cleanclaim.denials.domain.settlement import Standing, way_from
from cleanclaim.denials.domain.status import ACTIVE, Status, step

_PAID = frozenset({Status.RECOVERED, Status.PARTLY_RECOVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A case after what was heard, its steps, and what the world is to be told of it."""

    before: Denial
    after: Denial
    steps: tuple[Step, ...]
    tell: Literal["resolved", "reopened"] | None

    @property
    def changed(self) -> bool:
        return self.after != self.before


def move(
    *, denial: Denial, standing: Standing, within: Circumstances, at: datetime, day: date
) -> Moved:
    """Bring a case to where it stands; `day` is the organization's day of `at`.

    Raises:
        StepRefused: the state that was derived does not follow from the present one.
    """
    way = way_from(current=denial.status, standing=standing)
    status = denial.status
    steps = []
    for position, to in enumerate(way, start=1):
        steps.append(
            Step(
                denial_id=denial.denial_id,
                version=denial.version + 1,
                position=position,
                from_status=status,
                to_status=step(current=status, to=to),
                because=standing.because,
                at=at,
            )
        )
        status = to
    after = _after(denial=denial, standing=standing, status=status, day=day)
    if status in ACTIVE:
        assessment = assess(
            cause=denial.cause,
            denied_cents=denial.denied_cents,
            within=within,
            level=denial.level,
            opened_on=denial.opened_on,
            as_of=day,
        )
        after = replace(after, assessment=assessment)
    if after != denial:
        after = replace(after, version=denial.version + 1)
    return Moved(before=denial, after=after, steps=tuple(steps), tell=_tell(denial, after))


def _after(*, denial: Denial, standing: Standing, status: Status, day: date) -> Denial:
    """The case in its new state; an end that stays an end keeps its day unless money changed."""
    if status in ACTIVE:
        return replace(
            denial,
            status=status,
            because=standing.because,
            recovered_cents=standing.recovered_cents,
            unattributed=standing.unattributed,
            resolved_on=None,
            resolved_by_payment_id=None,
        )
    if standing.outcome is not status:
        return denial
    recovered = standing.recovered_cents if status in _PAID else 0
    same = denial.status is status and denial.recovered_cents == recovered
    return replace(
        denial,
        status=status,
        because=standing.because,
        recovered_cents=recovered,
        unattributed=False,
        resolved_on=denial.resolved_on if same else day,
        resolved_by_payment_id=standing.claim_payment_id,
    )


def _tell(before: Denial, after: Denial) -> Literal["resolved", "reopened"] | None:
    if after.status in ACTIVE:
        return None if before.status in ACTIVE else "reopened"
    same = before.status is after.status and before.recovered_cents == after.recovered_cents
    return None if same else "resolved"
