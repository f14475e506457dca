"""Day: the equations that tie billed, remitted, posted, booked and banked money, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class EquationName(StrEnum):
    POSTED = "remitted_is_posted"
    BOOKED = "posted_is_booked"
    BANKED = "remitted_is_banked"
    DEPOSITED = "deposited_is_banked"
    CLEARED = "book_is_cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All money up to the end of a day, in cents, each figure added up from its own records.

    remitted: Σ BPR02. posted: Σ paid - Σ PLB as posted. booked: cash clearing by payments and
    provider adjustments in the book. banked: Σ matched deposits. awaited: announced money inside
    its window. settled: what explained or written-off variances leave open, of the remittances
    and of the deposits. deposited: Σ bank lines, returns negative. unidentified: deposits inside
    their window. clearing: balance of cash clearing in the book. written_off: signed as booked.
    """

    remitted_cents: int
    posted_cents: int
    booked_cents: int
    banked_cents: int
    awaited_cents: int
    settled_cents: int
    deposited_cents: int
    unidentified_cents: int
    settled_deposit_cents: int
    settled_posting_cents: int
    matched_cents: int
    clearing_cents: int
    written_off_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenException:
    """Money that breaks an equation: by what name, how much (left minus right), since when.

    `variance_id` is None where no variance was opened for it yet: it has no owner then.
    """

    equation: EquationName
    name: str
    cents: int
    since_on: date
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None
    payer_id: UUID | None = None
    trace_number: str | None = None
    variance_id: UUID | None = None
    owner: str | None = None

    def age_days(self, on: date) -> int:
        return max((on - self.since_on).days, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """Left must equal right; `exception_cents` is what named exceptions explain of the rest."""

    name: EquationName
    left_cents: int
    right_cents: int
    exception_cents: int

    @property
    def difference_cents(self) -> int:
        return self.left_cents - self.right_cents

    @property
    def holds(self) -> bool:
        return self.difference_cents == 0

    @property
    def unaccounted_cents(self) -> int:
        """What nobody can name; anything but 0 is a fault of the system."""
        return self.difference_cents - self.exception_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The state of reconciliation at a day's end, in the organization's time zone."""

    on: date
    totals: Totals
    equations: tuple[Equation, ...]
    exceptions: tuple[OpenException, ...]

    @property
    def balanced(self) -> bool:
        """Every equation holds to the cent and no two exceptions hide each other."""
        return all(one.holds for one in self.equations) and not self.exceptions

    @property
    def failing_equation(self) -> EquationName | None:
        """The first that fails, in the order in which money moves; None where the day balances."""
        broken = {one.equation for one in self.exceptions}
        failing = (one.name for one in self.equations if not one.holds or one.name in broken)
        return next(failing, None)

    @property
    def accounted_for(self) -> bool:
        """Every cent of every difference is an exception with a name."""
        return all(one.unaccounted_cents == 0 for one in self.equations)


def day_of(on: date, totals: Totals, exceptions: Sequence[OpenException]) -> Day:
    """The five equations of a day, with what its exceptions explain of each."""
    sides = {
        EquationName.POSTED: (
            totals.remitted_cents,
            totals.posted_cents + totals.settled_posting_cents,
        ),
        EquationName.BOOKED: (totals.posted_cents, totals.booked_cents),
        EquationName.BANKED: (
            totals.remitted_cents,
            totals.banked_cents + totals.awaited_cents + totals.settled_cents,
        ),
        EquationName.DEPOSITED: (
            totals.deposited_cents,
            totals.banked_cents + totals.unidentified_cents + totals.settled_deposit_cents,
        ),
        EquationName.CLEARED: (
            totals.clearing_cents,
            totals.booked_cents - totals.matched_cents + totals.written_off_cents,
        ),
    }
    named = dict.fromkeys(EquationName, 0)
    for one in exceptions:
        named[one.equation] += one.cents
    equations = tuple(
        Equation(name=name, left_cents=left, right_cents=right, exception_cents=named[name])
        for name, (left, right) in sides.items()
    )
    return Day(on=on, totals=totals, equations=equations, exceptions=tuple(exceptions))
