"""A coverage: a member's right under a payer's plan, kept in immutable versions."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from cleanclaim.intake.domain.person import Person
from cleanclaim.values.errors import Invalid, Missing

Order = Literal["P", "S", "T"]
RANK = {"P": 1, "S": 2, "T": 3}
"""SBR01 of the first three payers: primary, secondary, tertiary."""
SELF = "18"
"""X12 element 1069: the patient is the subscriber."""


class NoSuchCoverage(Missing):
    """The organization has no coverage of this id."""


class CoverageUnknown(Invalid):
    """An encounter names a coverage that its patient does not have."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Coverage:
    """A version of a coverage; `subscriber` is None where the patient is the subscriber."""

    coverage_id: UUID
    version: int
    payer_id: UUID
    order: str
    member_id: str | None = None
    group_number: str | None = None
    relationship: str | None = None
    claim_filing_indicator: str | None = None
    subscriber: Person | None = None
    effective_from_on: date | None = None
    effective_to_on: date | None = None

    def in_force_on(self, day: date) -> bool:
        """Whether the registered dates hold the day; a missing date is no limit."""
        begun = self.effective_from_on is None or self.effective_from_on <= day
        return begun and (self.effective_to_on is None or day <= self.effective_to_on)


def by_rank(coverages: tuple[Coverage, ...]) -> tuple[Coverage, ...]:
    """Primary first, and what has the same rank as it was registered."""
    return tuple(sorted(coverages, key=lambda one: (RANK.get(one.order, 9), str(one.coverage_id))))
