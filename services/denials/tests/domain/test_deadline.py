"""The last days to appeal and to correct, with the published dates of a Medicare contractor."""

from datetime import date
from typing import Any

import pytest

from cleanclaim.denials.domain.deadline import (
    Deadline,
    appeal_deadline,
    correction_deadline,
    work_by,
)
from cleanclaim.denials.domain.plan import Plan
from cleanclaim.denials.domain.policy import AppealLevel, PayerPolicy, policy_on

from .builders import a_clock, a_medicare_policy, a_policy

APPEAL = Plan(action="appeal", resend=None, appealable=True, because=())
REPLACE = Plan(action="correct_and_resubmit", resend="replace", appealable=True, because=())
NEW = Plan(action="new_claim", resend="new_claim", appealable=False, because=())
FOLLOW = Plan(action="follow_up", resend=None, appealable=True, because=())


@pytest.mark.parametrize(
    ("notice", "last_day"), [("2022-05-15", "2022-09-17"), ("2022-08-15", "2022-12-18")]
)
def test_a_redetermination_ends_120_days_after_presumed_receipt_even_on_a_weekend(
    notice: str, last_day: str
) -> None:
    found = appeal_deadline(plan=APPEAL, policy=a_medicare_policy(), clock=a_clock(notice))
    assert found.due_on == date.fromisoformat(last_day)
    assert found.basis == "presumed_receipt"
    assert found.due_on.weekday() >= 5


APPEALS: dict[str, tuple[Plan, PayerPolicy | None, str, str, str | None]] = {
    "commercial, from the decision": (
        APPEAL, a_policy(), "known", "adjudicated_on", "2027-03-29",
    ),
    "commercial, from the receipt": (
        APPEAL,
        a_policy(appeal_levels=(AppealLevel(level=1, days=60, basis="received_on"),)),
        "known", "received_on", "2026-12-01",
    ),
    "no policy": (APPEAL, None, "unknown", "no_payer_policy", None),
    "a policy without levels": (
        APPEAL, a_policy(appeal_levels=()), "unknown", "no_appeal_level", None,
    ),
    "only a second level": (
        APPEAL,
        a_policy(appeal_levels=(AppealLevel(level=2, days=60, basis="adjudicated_on"),)),
        "unknown", "no_appeal_level", None,
    ),
    "a first level that counts from a level before it": (
        APPEAL,
        a_policy(appeal_levels=(AppealLevel(level=1, days=9, basis="prior_level_decided_on"),)),
        "unknown", "appeal_basis_not_usable", None,
    ),
    "a word that we do not know": (
        APPEAL,
        a_policy(appeal_levels=(AppealLevel(level=1, days=9, basis="postmarked_on"),)),
        "unknown", "appeal_basis_not_usable", None,
    ),
    "an unprocessable claim": (NEW, a_policy(), "none", "unprocessable_claim", None),
}  # fmt: skip


@pytest.mark.parametrize(("plan", "policy", "state", "basis", "due"), APPEALS.values(), ids=APPEALS)
def test_the_last_day_to_appeal(
    plan: Plan, policy: PayerPolicy | None, state: str, basis: str, due: str | None
) -> None:
    found = appeal_deadline(plan=plan, policy=policy, clock=a_clock())
    assert (found.state, found.basis) == (state, basis)
    assert found.due_on == (date.fromisoformat(due) if due else None)


NO_LIMIT = a_policy(corrected_claim_days=None)
CORRECTIONS: dict[str, tuple[Plan, PayerPolicy | None, dict[str, Any], str, str | None]] = {
    "the payer's days for corrected claims": (
        REPLACE, a_policy(), {}, "corrected_claim_days", "2027-09-30",
    ),
    "else timely filing, from the first day of a professional claim": (
        REPLACE, NO_LIMIT, {}, "timely_filing", "2027-03-13",
    ),
    "from the last day of an institutional one": (
        REPLACE, NO_LIMIT, {"claim_type": "institutional"}, "timely_filing", "2027-03-15",
    ),
    "else the day that the claim itself was told with": (
        REPLACE, NO_LIMIT, {"file_by_on": date(2027, 1, 4)}, "claim_file_by", "2027-01-04",
    ),
    "a new claim obeys timely filing alone": (
        NEW, a_policy(), {}, "timely_filing", "2027-03-13",
    ),
    "a new claim with its filing day told, whoever the payer": (
        NEW, None, {"file_by_on": date(2027, 1, 4)}, "claim_file_by", "2027-01-04",
    ),
    "no policy": (REPLACE, None, {"file_by_on": date(2027, 1, 4)}, "no_payer_policy", None),
    "no policy, new claim": (NEW, None, {}, "no_payer_policy", None),
    "no day of service": (
        REPLACE, NO_LIMIT, {"service_from_on": None}, "no_service_date", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "policy", "clock", "basis", "due"), CORRECTIONS.values(), ids=CORRECTIONS
)
def test_the_last_day_to_correct(
    plan: Plan, policy: PayerPolicy | None, clock: dict[str, Any], basis: str, due: str | None
) -> None:
    found = correction_deadline(plan=plan, policy=policy, clock=a_clock(**clock))
    assert found.basis == basis
    assert found.due_on == (date.fromisoformat(due) if due else None)
    assert (found.state == "unknown") is (due is None)


def a_deadline(due: str | None) -> Deadline:
    day = date.fromisoformat(due) if due else None
    return Deadline(state="known" if day else "unknown", basis="test", due_on=day)


@pytest.mark.parametrize(
    ("plan", "appeal", "correction", "last_day"),
    [
        (APPEAL, "2027-03-01", "2027-01-01", "2027-03-01"),
        (REPLACE, "2027-01-01", "2027-03-01", "2027-03-01"),
        (FOLLOW, "2027-03-01", "2027-01-01", "2027-01-01"),
        (FOLLOW, None, "2027-01-01", "2027-01-01"),
        (FOLLOW, None, None, None),
        (APPEAL, None, "2027-01-01", None),
    ],
)
def test_the_day_to_work_by_follows_the_plan(
    plan: Plan, appeal: str | None, correction: str | None, last_day: str | None
) -> None:
    found = work_by(plan=plan, appeal=a_deadline(appeal), correction=a_deadline(correction))
    assert found == (date.fromisoformat(last_day) if last_day else None)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2025-12-31", "old"), ("2026-01-01", "new"), ("2019-12-31", None), ("2030-01-01", "new")],
)
def test_the_policy_in_force_is_the_one_of_the_day(day: str, name: str | None) -> None:
    versions = (
        a_policy(name="old", effective_to_on=date(2025, 12, 31)),
        a_policy(name="new", effective_from_on=date(2026, 1, 1)),
    )
    found = policy_on(versions=versions, day=date.fromisoformat(day))
    assert (found.name if found else None) == name
