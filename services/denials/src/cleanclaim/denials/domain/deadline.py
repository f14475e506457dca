"""The two clocks of a case, to appeal and to correct: reckoned or unknown, never made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cleanclaim.denials.domain.plan import Plan, Resend
from cleanclaim.denials.domain.policy import AppealLevel, PayerPolicy

# 42 CFR 405.942(a)(1): the notice is presumed received 5 calendar days after its date,
# and the 120 days of a redetermination run from that receipt.
PRESUMED_RECEIPT_DAYS = 5


class Known(StrEnum):
    """Whether there is a last day, and if not, why."""

    KNOWN = "known"
    # A person must find it out: a work item says so.
    UNKNOWN = "unknown"
    # The right does not exist here, for example an appeal of an unprocessable claim.
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One clock: its last day, and how it was reckoned.

    `basis` names what the days count from, or why there is no day. A deadline does not roll past
    a weekend: a payer's policy may say so, the law's worked dates do not.
    """

    state: str
    basis: str
    due_on: date | None = None
    counted_from_on: date | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The days that deadlines are counted from."""

    adjudicated_on: date
    received_on: date
    service_from_on: date | None
    service_to_on: date | None
    claim_type: str
    file_by_on: date | None


def appeal_deadline(
    *, plan: Plan, policy: PayerPolicy | None, clock: Clock, level: int = 1
) -> Deadline:
    """Last day for an appeal at a level, by the payer's own terms."""
    if not plan.appealable:
        return Deadline(state=Known.NONE, basis="unprocessable_claim")
    if policy is None:
        return Deadline(state=Known.UNKNOWN, basis="no_payer_policy")
    terms = policy.level(level)
    if terms is None:
        return Deadline(state=Known.UNKNOWN, basis="no_appeal_level")
    return _by_level(terms=terms, policy=policy, clock=clock)


def _by_level(*, terms: AppealLevel, policy: PayerPolicy, clock: Clock) -> Deadline:
    if terms.basis == "adjudicated_on":
        return _counted(basis="adjudicated_on", from_on=clock.adjudicated_on, days=terms.days)
    if terms.basis == "received_on" and policy.is_medicare:
        presumed = clock.adjudicated_on + timedelta(days=PRESUMED_RECEIPT_DAYS)
        return _counted(basis="presumed_receipt", from_on=presumed, days=terms.days)
    if terms.basis == "received_on":
        return _counted(basis="received_on", from_on=clock.received_on, days=terms.days)
    return Deadline(state=Known.UNKNOWN, basis="appeal_basis_not_usable", days=terms.days)


def correction_deadline(*, plan: Plan, policy: PayerPolicy | None, clock: Clock) -> Deadline:
    """Last day for a corrected or new claim.

    The payer's days for corrected claims, where it has such; else timely filing, for a corrected
    claim obeys it too. An unprocessable claim was never taken in: its filing limit keeps running.
    """
    corrects = plan.resend != Resend.NEW_CLAIM
    if corrects and policy is not None and policy.corrected_claim_days is not None:
        days = policy.corrected_claim_days
        return _counted(basis="corrected_claim_days", from_on=clock.adjudicated_on, days=days)
    if corrects and policy is None:
        return Deadline(state=Known.UNKNOWN, basis="no_payer_policy")
    return _timely_filing(policy=policy, clock=clock)


def _timely_filing(*, policy: PayerPolicy | None, clock: Clock) -> Deadline:
    if clock.file_by_on is not None:
        return Deadline(state=Known.KNOWN, basis="claim_file_by", due_on=clock.file_by_on)
    if policy is None:
        return Deadline(state=Known.UNKNOWN, basis="no_payer_policy")
    # A professional claim counts from the first day of service, an institutional from the last.
    institutional = clock.claim_type == "institutional"
    served_on = clock.service_to_on if institutional else clock.service_from_on
    if served_on is None:
        return Deadline(state=Known.UNKNOWN, basis="no_service_date")
    return _counted(basis="timely_filing", from_on=served_on, days=policy.timely_filing_days)


def _counted(*, basis: str, from_on: date, days: int) -> Deadline:
    return Deadline(
        state=Known.KNOWN,
        basis=basis,
        due_on=from_on + timedelta(days=days),
        counted_from_on=from_on,
        days=days,
    )


def work_by(*, plan: Plan, appeal: Deadline, correction: Deadline) -> date | None:
    """The last day on which the plan can still be carried out, or None where none is known.

    A plan that is neither an appeal nor a correction is measured by the earlier of the two, so
    that finding things out does not lose the right to either.
    """
    if plan.action == "appeal":
        return appeal.due_on
    if plan.resend is not None or plan.action == "correct_and_resubmit":
        return correction.due_on
    known = [one.due_on for one in (appeal, correction) if one.due_on is not None]
    return min(known, default=None)
