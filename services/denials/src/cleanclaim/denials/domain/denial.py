"""A case: the parts of one refusal that one cure serves, with its assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cleanclaim.denials.domain.deadline import (
    Clock,
    Deadline,
    appeal_deadline,
    correction_deadline,
    work_by,
)
from cleanclaim.denials.domain.plan import Plan, Surroundings, plan_for
from cleanclaim.denials.domain.policy import PayerPolicy
from cleanclaim.denials.domain.priority import priority, priority_terms
from cleanclaim.denials.domain.recovery import ExpectedRecovery, expected_recovery
from cleanclaim.denials.domain.refusal import Origin, Refusal, RefusedPart
from cleanclaim.denials.domain.routing import CauseFound, find_cause
from cleanclaim.denials.domain.status import Status
from cleanclaim.values.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Plan, clocks, expected money and urgency of a case as of a day."""

    plan: Plan
    appeal: Deadline
    correction: Deadline
    work_by_on: date | None
    expected: ExpectedRecovery
    terms: Mapping[str, int]

    @property
    def priority(self) -> int:
        return priority(terms=self.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a case is assessed by, beside itself; all of it may be heard later than the refusal."""

    policy: PayerPolicy | None
    clock: Clock
    around: Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFound:
    """Parts of a refusal with one root cause, before they are a case with an id."""

    cause: CauseFound
    parts: tuple[RefusedPart, ...]
    scope: str
    whole_claim: bool

    @property
    def denied_cents(self) -> int:
        return sum(part.denied_cents for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A case. `recovered_cents` is what was paid of it after all; `level` is the open appeal's."""

    denial_id: UUID
    origin: Origin
    scope: str
    cause: CauseFound
    parts: tuple[RefusedPart, ...]
    status: Status
    level: int
    assessment: Assessment
    recovered_cents: int
    unattributed: bool
    assigned_to: str | None
    opened_at: datetime
    opened_on: date
    resolved_on: date | None
    resolved_by_payment_id: UUID | None
    because: str
    version: int

    @property
    def denied_cents(self) -> int:
        return sum(part.denied_cents for part in self.parts)


def cases_in(*, refusal: Refusal) -> list[CaseFound]:
    """The cases of a refusal: parts with one cause together, in the order of their lines.

    Raises:
        RefusalWithoutReason: a part is refused for no reason that was told.
    """
    grouped: dict[tuple[str, bool], list[tuple[CauseFound, RefusedPart]]] = {}
    for part in refusal.parts:
        cause = find_cause(part=part)
        grouped.setdefault((cause.key, part.whole_claim), []).append((cause, part))
    everything = refusal.scope == "claim" and len(grouped) == 1
    return [
        CaseFound(
            # the part with the most money tells the inputs; the causes are the same
            cause=max(members, key=lambda one: one[1].denied_cents)[0],
            parts=tuple(part for _, part in members),
            scope="claim" if whole or everything else "line",
            whole_claim=whole,
        )
        for (_, whole), members in grouped.items()
    ]


def assess(
    *,
    cause: CauseFound,
    denied_cents: int,
    within: Circumstances,
    level: int = 1,
    opened_on: date,
    as_of: date,
) -> Assessment:
    """Plan, deadlines, expected recovery and priority of a case as of a day."""
    plan = plan_for(cause=cause, around=within.around)
    appeal = appeal_deadline(plan=plan, policy=within.policy, clock=within.clock, level=level)
    correction = correction_deadline(plan=plan, policy=within.policy, clock=within.clock)
    last_day = work_by(plan=plan, appeal=appeal, correction=correction)
    expected = expected_recovery(
        category=cause.category,
        never_worth_it=plan.action == "appeal" and cause.appeal_worth == "never",
        denied_cents=denied_cents,
        # what was sent again in time is not lost when the day passes
        work_by_on=None if within.around.sent_again else last_day,
        as_of=as_of,
    )
    return Assessment(
        plan=plan,
        appeal=appeal,
        correction=correction,
        work_by_on=last_day,
        expected=expected,
        terms=priority_terms(
            denied_cents=denied_cents,
            share_percent=expected.share_percent,
            work_by_on=last_day,
            opened_on=opened_on,
            as_of=as_of,
        ),
    )


def part_keys(parts: Sequence[RefusedPart]) -> frozenset[UUID | None]:
    """What the parts are about: lines by id, None for the claim as a whole."""
    return frozenset(part.line_id for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a case's history; `because` is a word of ours, `version` the case's after it."""

    denial_id: UUID
    version: int
    position: int
    from_status: Status | None
    to_status: Status
    because: str
    at: datetime


class NoSuchDenial(Missing):
    """The organization has no case of that id."""
