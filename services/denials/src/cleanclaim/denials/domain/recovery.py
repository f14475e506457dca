"""How much of a refusal is expected to come in: shares by category, given as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cleanclaim.codes.vocabulary import RootCause

STARTING_SHARES: Mapping[RootCause, int] = {
    RootCause.BILLING_DATA: 80,
    RootCause.ELIGIBILITY_REGISTRATION: 60,
    RootCause.COB: 65,
    RootCause.PROVIDER_ENROLLMENT: 55,
    RootCause.CODING: 60,
    RootCause.DOCUMENTATION: 65,
    RootCause.AUTHORIZATION: 45,
    RootCause.MEDICAL_NECESSITY: 45,
    RootCause.BUNDLING: 35,
    RootCause.PAYER_PROCESSING: 60,
    RootCause.TIMELY_FILING: 20,
    RootCause.DUPLICATE: 15,
    RootCause.NON_COVERED: 15,
    RootCause.CONTRACTUAL: 10,
    RootCause.PATIENT_RESPONSIBILITY: 10,
}
"""Percent of refused money that comes in after work, by category.

Starting assumptions of this project and not measurements: they only order the work until an
organization's own outcomes are known. They book nothing and promise nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRecovery:
    """Cents expected, and the percent and the sentence behind them."""

    expected_cents: int
    share_percent: int
    because: str


def expected_recovery(
    *, category: str, never_worth_it: bool, denied_cents: int, work_by_on: date | None, as_of: date
) -> ExpectedRecovery:
    """Whole cents expected of what was refused, rounded down; 0 once the last day has passed."""
    if work_by_on is not None and work_by_on < as_of:
        return ExpectedRecovery(expected_cents=0, share_percent=0, because="deadline_passed")
    if never_worth_it:
        return ExpectedRecovery(expected_cents=0, share_percent=0, because="never_worth_it")
    share = STARTING_SHARES[RootCause(category)]
    return ExpectedRecovery(
        expected_cents=denied_cents * share // 100,
        share_percent=share,
        because="category_share",
    )
