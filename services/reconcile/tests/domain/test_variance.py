"""What opens a variance, what ends it, and what never may."""

from collections.abc import Callable
from datetime import date

import pytest

from cleanclaim.reconcile.domain import variance as rules
from cleanclaim.reconcile.domain.matching import Match, match_deposits
from cleanclaim.reconcile.domain.posting import PostedTotals, of_incomplete
from cleanclaim.reconcile.domain.priorities import next_actions, priority_terms
from cleanclaim.reconcile.domain.variance import Variance, VarianceKind

from .builders import MONDAY, PRAIRIE, a_deposit, a_receipt, an_id

FRIDAY = date(2026, 3, 6)


def matched(cents: int) -> Match:
    (match,) = match_deposits([a_deposit(amount_cents=cents)], [a_receipt()])
    assert isinstance(match, Match)
    return match


@pytest.mark.parametrize(
    ("cents", "kind", "difference_cents"),
    [(149_99, "deposit_short", -1), (150_01, "deposit_over", 1), (1, "deposit_short", -149_99)],
)
def test_every_cent_of_difference_is_a_variance(
    cents: int, kind: str, difference_cents: int
) -> None:
    match = matched(cents)
    variance = rules.of_match(match, match.parts[0], opened_on=MONDAY)
    assert variance is not None
    assert (variance.kind, variance.difference_cents) == (kind, difference_cents)
    assert (variance.expected_cents, variance.actual_cents) == (150_00, cents)


def test_no_difference_is_no_variance() -> None:
    match = matched(150_00)
    assert rules.of_match(match, match.parts[0], opened_on=MONDAY) is None


OVERDUE: list[tuple[Variance, str, int, int]] = [
    (rules.of_overdue_receipt(a_receipt(), opened_on=MONDAY), "remittance_without_deposit", 15000, 0),
    (rules.of_overdue_deposit(a_deposit(), opened_on=MONDAY), "deposit_without_remittance", 0, 15000),
    (rules.of_returned(a_deposit(amount_cents=-50_00), opened_on=MONDAY), "deposit_returned", 0, -5000),
]  # fmt: skip


@pytest.mark.parametrize(("variance", "kind", "expected", "actual"), OVERDUE)
def test_what_is_missing_says_how_much(
    variance: Variance, kind: str, expected: int, actual: int
) -> None:
    assert (variance.kind, variance.expected_cents, variance.actual_cents) == (
        kind, expected, actual,
    )  # fmt: skip


def totals(**changes: int | None) -> PostedTotals:
    fields: dict[str, int | None] = {
        "payment_cents": 150_00,
        "posted_cents": 150_00,
        "claims_told_cents": 168_00,
        "claims_heard_cents": 168_00,
    }
    return PostedTotals(
        remittance_id=an_id("R"), payer_id=PRAIRIE, trace_number="T1", **fields | changes  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "complete", "actual_cents"),
    [
        ({}, True, 150_00),
        ({"posted_cents": None, "claims_told_cents": 0, "claims_heard_cents": 0}, False, 0),
        ({"posted_cents": 149_99}, False, 149_99),
        ({"claims_heard_cents": 100_00}, False, 82_00),
    ],
)
def test_a_remittance_is_whole_when_all_is_posted_and_heard(
    changes: dict[str, int | None], complete: bool, actual_cents: int
) -> None:
    assert totals(**changes).complete is complete
    assert of_incomplete(totals(**changes), opened_on=FRIDAY).actual_cents == actual_cents


def short() -> Variance:
    match = matched(145_00)
    variance = rules.of_match(match, match.parts[0], opened_on=MONDAY)
    assert variance is not None
    return variance


def test_a_write_off_gives_the_whole_difference_up() -> None:
    ended = rules.written_off(short(), reason="bank_fee", resolved_on=FRIDAY)
    assert (ended.status, ended.written_off_cents, ended.reason) == (
        "written_off", -5_00, "bank_fee",
    )  # fmt: skip
    assert ended.resolved_on == FRIDAY


def test_an_explanation_moves_no_money() -> None:
    ended = rules.explained(short(), reason="card_fee", resolved_on=FRIDAY)
    assert (ended.status, ended.written_off_cents) == ("explained", 0)


@pytest.mark.parametrize(
    "end",
    [
        lambda one: rules.corrected(one, resolved_on=FRIDAY),
        lambda one: rules.explained(one, reason="card_fee", resolved_on=FRIDAY),
        lambda one: rules.written_off(one, reason="bank_fee", resolved_on=FRIDAY),
    ],
)
def test_what_has_ended_stays_as_it_ended(end: Callable[[Variance], Variance]) -> None:
    ended = rules.explained(short(), reason="card_fee", resolved_on=FRIDAY)
    with pytest.raises(rules.VarianceAlreadyResolved):
        end(ended)


def test_missing_postings_cannot_be_written_off() -> None:
    variance = of_incomplete(totals(posted_cents=1), opened_on=MONDAY)
    with pytest.raises(rules.VarianceNotWritableOff):
        rules.written_off(variance, reason="small_balance", resolved_on=FRIDAY)


@pytest.mark.parametrize(
    ("as_of", "terms"),
    [
        (MONDAY, {"kind": 40, "value": 0, "age": 0}),
        (FRIDAY, {"kind": 40, "value": 0, "age": 8}),
        (date(2027, 3, 2), {"kind": 40, "value": 0, "age": 60}),
    ],
)
def test_a_priority_says_what_it_adds_up_from(as_of: date, terms: dict[str, int]) -> None:
    assert priority_terms(short(), as_of=as_of) == terms


def test_more_money_is_more_urgent_up_to_a_limit() -> None:
    values = [
        priority_terms(
            rules.of_overdue_receipt(a_receipt(payment_cents=cents), opened_on=MONDAY),
            as_of=MONDAY,
        )["value"]
        for cents in (99_99, 100_00, 2_500_00, 1_000_000_00)
    ]
    assert values == [0, 1, 25, 100]


@pytest.mark.parametrize("kind", list(VarianceKind))
def test_every_kind_says_what_to_do(kind: VarianceKind) -> None:
    assert "explain" in next_actions(kind)
