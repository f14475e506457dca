"""Refused parts, policies and decisions with defaults that read like a sentence."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.denials.domain.deadline import Clock
from cleanclaim.denials.domain.policy import AppealLevel, PayerPolicy
from cleanclaim.denials.domain.refusal import Adjustment, RefusedPart
from cleanclaim.denials.domain.settlement import DecidedLine, Decision, Ground, SentVersion

_NAMES = UUID("01980a60-0000-7000-8000-00000000000e")


def named(name: str) -> UUID:
    return uuid5(_NAMES, name)


def an_adjustment(pair: str = "CO-197", cents: int = 200_00, told: str = "denied") -> Adjustment:
    group, reason = pair.split("-")
    return Adjustment(group_code=group, reason_code=reason, amount_cents=cents, disposition=told)


def a_part(*adjustments: Adjustment, **changes: Any) -> RefusedPart:
    """Line L1 of 200 dollars, refused whole with CO-197."""
    told = adjustments or (an_adjustment(),)
    line = changes.pop("line", "L1")
    values: dict[str, Any] = {
        "line_id": named(line) if line else None,
        "whole_claim": line is None,
        "line_control_number": line,
        "procedure_code": "93306",
        "modifiers": (),
        "units": "1",
        "service_from_on": date(2026, 9, 14),
        "service_to_on": date(2026, 9, 14),
        "charge_cents": sum(one.amount_cents for one in told),
        "paid_cents": 0,
        "denied_cents": sum(one.amount_cents for one in told if one.refuses),
        "adjustments": told,
        "remark_codes": (),
    }
    return RefusedPart(**(values | changes))


def a_policy(**changes: Any) -> PayerPolicy:
    """A commercial payer: 180 days to appeal, 365 to correct, 180 to file."""
    values: dict[str, Any] = {
        "effective_from_on": date(2020, 1, 1),
        "effective_to_on": None,
        "name": "Prairie Mutual",
        "claim_filing_indicator": "CI",
        "timely_filing_days": 180,
        "corrected_claim_days": 365,
        "takes_replacement": True,
        "appeal_levels": (AppealLevel(level=1, days=180, basis="adjudicated_on"),),
    }
    return PayerPolicy(**(values | changes))


def a_medicare_policy() -> PayerPolicy:
    """Original Medicare part B: redetermination within 120 days of receipt, claims reopened."""
    return a_policy(
        name="Medicare Part B",
        claim_filing_indicator="MB",
        timely_filing_days=365,
        corrected_claim_days=None,
        takes_replacement=False,
        appeal_levels=(AppealLevel(level=1, days=120, basis="received_on"),),
    )


def a_clock(adjudicated: str = "2026-09-30", **changes: Any) -> Clock:
    values: dict[str, Any] = {
        "adjudicated_on": date.fromisoformat(adjudicated),
        "received_on": date(2026, 10, 2),
        "service_from_on": date(2026, 9, 14),
        "service_to_on": date(2026, 9, 16),
        "claim_type": "professional",
        "file_by_on": None,
    }
    return Clock(**(values | changes))


def a_decision(sequence: int = 2, *lines: tuple[str | None, int, int], **changes: Any) -> Decision:
    """Decision number `sequence`; each line is (name, paid, refused) in cents."""
    decided = tuple(
        DecidedLine(line_id=named(name) if name else None, paid_cents=paid, refused_cents=refused)
        for name, paid, refused in lines
    )
    values: dict[str, Any] = {
        "claim_payment_id": named(f"D{sequence}"),
        "payment_sequence": sequence,
        "claim_version": 1,
        "paid_cents": sum(one.paid_cents for one in decided),
        "refused_cents": sum(one.refused_cents for one in decided),
        "lines": decided,
        "taken_back": False,
    }
    return Decision(**(values | changes))


def a_ground(*parts: RefusedPart, **changes: Any) -> Ground:
    """A case on the first decision of the first version."""
    values: dict[str, Any] = {
        "claim_payment_id": named("D1"),
        "payment_sequence": 1,
        "claim_version": 1,
        "parts": parts or (a_part(),),
        "has_predecessor": False,
    }
    return Ground(**(values | changes))


def a_version(
    number: int, *lines: str, frequency: str = "7", rejected: bool = False
) -> SentVersion:
    return SentVersion(
        claim_version=number,
        frequency_code=frequency,
        line_ids=frozenset(named(line) for line in lines or ("L1",)),
        rejected=rejected,
    )
