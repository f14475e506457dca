"""What the reconciliation routes take and give: a day, its equations, its exceptions."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from cleanclaim.chassis import fields
from cleanclaim.reconcile.api import examples
from cleanclaim.reconcile.domain.day import Day, Equation, EquationName, OpenException


class RunIn(BaseModel):
    """The day whose windows are judged; the organization's today where none is given."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [examples.RUN_IN]}
    )

    as_of: fields.Day | None = None


class RunOut(BaseModel):
    """How many variances were opened by this run."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RUN]})

    as_of: date
    opened_count: int


class ExceptionOut(BaseModel):
    """Money that breaks an equation, with its name, age and owner; cents, left minus right."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EXCEPTION]})

    equation: EquationName
    name: str
    cents: int
    since_on: date
    age_days: int
    owner: str | None
    variance_id: UUID | None
    remittance_id: UUID | None
    deposit_id: UUID | None
    payer_id: UUID | None
    trace_number: str | None

    @classmethod
    def of(cls, one: OpenException, on: date) -> "ExceptionOut":
        return cls(
            equation=one.equation,
            name=one.name,
            cents=one.cents,
            since_on=one.since_on,
            age_days=one.age_days(on),
            owner=one.owner,
            variance_id=one.variance_id,
            remittance_id=one.remittance_id,
            deposit_id=one.deposit_id,
            payer_id=one.payer_id,
            trace_number=one.trace_number,
        )


class ExceptionsOut(BaseModel):
    """Every exception at the end of the day, oldest first."""

    items: list[ExceptionOut]


class EquationOut(BaseModel):
    """Left must equal right; what exceptions do not explain of the rest is unaccounted."""

    name: EquationName
    left_cents: int
    right_cents: int
    difference_cents: int
    exception_cents: int
    unaccounted_cents: int
    holds: bool

    @classmethod
    def of(cls, one: Equation) -> "EquationOut":
        return cls(
            name=one.name,
            left_cents=one.left_cents,
            right_cents=one.right_cents,
            difference_cents=one.difference_cents,
            exception_cents=one.exception_cents,
            unaccounted_cents=one.unaccounted_cents,
            holds=one.holds,
        )


class FlowOut(BaseModel):
    """What moved on the day itself, in cents."""

    billed_cents: int
    remitted_cents: int
    deposited_cents: int


class ExceptionSum(BaseModel):
    """How many exceptions of one name there are, how much money, how old the oldest is."""

    name: str
    count: int
    cents: int
    oldest_days: int
    unowned_count: int


class DayOut(BaseModel):
    """Reconciliation at the end of a day, all money up to then, in the organization's time zone.

    `balanced`: every equation holds and there is no exception. `accounted_for`: every cent of
    every difference is an exception with a name.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DAY]})

    on: date
    balanced: bool
    accounted_for: bool
    failing_equation: EquationName | None
    on_the_day: FlowOut
    remitted_cents: int
    posted_cents: int
    booked_cents: int
    banked_cents: int
    awaited_cents: int
    settled_cents: int
    deposited_cents: int
    unidentified_cents: int
    equations: list[EquationOut]
    exceptions: list[ExceptionSum]

    @classmethod
    def of(cls, day: Day, flow: dict[str, int]) -> "DayOut":
        totals = day.totals
        return cls(
            on=day.on,
            balanced=day.balanced,
            accounted_for=day.accounted_for,
            failing_equation=day.failing_equation,
            on_the_day=FlowOut(**flow),
            remitted_cents=totals.remitted_cents,
            posted_cents=totals.posted_cents,
            booked_cents=totals.booked_cents,
            banked_cents=totals.banked_cents,
            awaited_cents=totals.awaited_cents,
            settled_cents=totals.settled_cents,
            deposited_cents=totals.deposited_cents,
            unidentified_cents=totals.unidentified_cents,
            equations=[EquationOut.of(one) for one in day.equations],
            exceptions=_sums(day),
        )


def _sums(day: Day) -> list[ExceptionSum]:
    by_name: dict[str, list[OpenException]] = {}
    for one in day.exceptions:
        by_name.setdefault(one.name, []).append(one)
    return [
        ExceptionSum(
            name=name,
            count=len(several),
            cents=sum(one.cents for one in several),
            oldest_days=max(one.age_days(day.on) for one in several),
            unowned_count=sum(one.owner is None for one in several),
        )
        for name, several in sorted(by_name.items())
    ]
