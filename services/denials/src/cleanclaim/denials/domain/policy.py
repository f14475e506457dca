"""What a payer allows: days to correct and to appeal, by the version in force on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# SBR09 of Medicare part A and part B; Medicare Advantage has other words and other days.
_MEDICARE = frozenset({"MA", "MB"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLevel:
    """One level: calendar days from the day that `basis` names."""

    level: int
    days: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerPolicy:
    """A payer's terms between two days, both included; open where `effective_to_on` is None."""

    effective_from_on: date
    effective_to_on: date | None
    name: str
    claim_filing_indicator: str
    timely_filing_days: int
    corrected_claim_days: int | None
    takes_replacement: bool
    appeal_levels: tuple[AppealLevel, ...]

    @property
    def is_medicare(self) -> bool:
        """Original Medicare, whose notices are presumed received five days after their date."""
        return self.claim_filing_indicator in _MEDICARE

    def level(self, number: int) -> AppealLevel | None:
        return next((one for one in self.appeal_levels if one.level == number), None)


def policy_on(*, versions: Sequence[PayerPolicy], day: date) -> PayerPolicy | None:
    """The version in force on a day, or None: then nothing is known of the payer's terms."""
    return next((one for one in versions if _in_force(one, day)), None)


def _in_force(version: PayerPolicy, day: date) -> bool:
    ends = version.effective_to_on
    return version.effective_from_on <= day and (ends is None or day <= ends)
