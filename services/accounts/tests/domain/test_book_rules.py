"""An entry balances or is refused; sub-ledgers, ages, priorities and words follow their rules."""

from datetime import UTC, date, datetime

import pytest

from cleanclaim.accounts.domain import attention
from cleanclaim.accounts.domain.aging import aged, bucket_of
from cleanclaim.accounts.domain.balance import Moved, balance_of
from cleanclaim.accounts.domain.chart import CHART, Account
from cleanclaim.accounts.domain.days import local_day
from cleanclaim.accounts.domain.explanation import in_words
from cleanclaim.accounts.domain.journal import JournalEntry, Place, Posting, UnbalancedEntry
from cleanclaim.accounts.domain.subledger import changes_of
from cleanclaim.codes.provider_adjustments import PlbAccount

from .builders import A_DAY, an_occasion, named


def an_entry(*cents: int, place: Place | None = None) -> JournalEntry:
    return JournalEntry(
        occasion=an_occasion(),
        effective_on=A_DAY,
        place=place or Place(deposit_id=named("D")),
        postings=tuple(Posting(account=Account.BANK, amount_cents=one, why="t") for one in cents),
    )


@pytest.mark.parametrize("cents", [(), (0,), (1,), (5, -4), (0, 0), (5, -5, 0)])
def test_an_entry_that_does_not_balance_or_moves_nothing_is_refused(cents: tuple[int, ...]) -> None:
    with pytest.raises(UnbalancedEntry):
        an_entry(*cents)


@pytest.mark.parametrize(
    ("place", "subject"),
    [
        (Place(patient_account_id=named("A"), remittance_id=named("R")), "A"),
        (Place(remittance_id=named("R"), deposit_id=named("D")), "R"),
        (Place(deposit_id=named("D")), "D"),
        (Place(about_id=named("V")), "V"),
    ],
)
def test_the_subject_is_the_account_else_the_remittance_else_the_deposit(
    place: Place, subject: str
) -> None:
    assert an_entry(5, -5, place=place).place.subject_id == named(subject)


def test_an_entry_about_nothing_is_refused() -> None:
    with pytest.raises(UnbalancedEntry, match="touches no account"):
        _ = Place().subject_id


def test_every_account_is_in_the_chart_and_every_plb_account_in_the_accounts() -> None:
    assert set(CHART) == set(Account)
    assert {one.value for one in PlbAccount} <= {one.value for one in Account}


def test_postings_of_one_line_of_a_subledger_add_up_there() -> None:
    line = {"account": Account.CASH_CLEARING, "payer_id": named("X"), "trace_number": "T1"}
    entry = JournalEntry(
        occasion=an_occasion(),
        effective_on=A_DAY,
        place=Place(deposit_id=named("D")),
        postings=(
            Posting(amount_cents=70, why="a", line_id=named("L1"), **line),
            Posting(amount_cents=30, why="b", line_id=named("L2"), **line),
            Posting(account=Account.BANK, amount_cents=-100, why="c"),
        ),
    )
    ((where, change),) = changes_of([entry]).items()
    assert (where.trace_number, change.amount_cents) == ("T1", 100)


def test_a_line_of_a_subledger_has_one_id_in_each_organization() -> None:
    entry = an_entry(5, -5)
    other = Posting(account=Account.UNIDENTIFIED_DEPOSITS, amount_cents=-5, why="t")
    booked = JournalEntry(
        occasion=entry.occasion, effective_on=A_DAY, place=entry.place,
        postings=(entry.postings[0], other),
    )  # fmt: skip
    (line,) = changes_of([booked])
    assert line.id_in(named("O1")) == line.id_in(named("O1")) != line.id_in(named("O2"))


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-3, "days_0_30"), (0, "days_0_30"), (30, "days_0_30"), (31, "days_31_60"),
        (60, "days_31_60"), (61, "days_61_90"), (90, "days_61_90"), (91, "days_91_120"),
        (120, "days_91_120"), (121, "days_over_120"),
    ],
)  # fmt: skip
def test_an_amount_ages_from_bucket_to_bucket(days: int, bucket: str) -> None:
    since = date.fromordinal(A_DAY.toordinal() - days)
    assert bucket_of(since, as_of=A_DAY) == bucket


def test_the_buckets_add_up_to_what_is_owed() -> None:
    amounts = [(date(2026, 1, day), day * 7_00) for day in range(1, 29)]
    assert sum(aged(amounts, as_of=A_DAY).values()) == sum(cents for _, cents in amounts)


@pytest.mark.parametrize(
    ("value", "age", "left", "priority"),
    [
        (0, 0, None, 0),
        (50_00, 3, None, 8),
        (99_999_00, 400, 0, 260),
        (-50_00, 0, 14, 55),
        (0, 0, 30, 20),
        (0, 0, 31, 0),
    ],
)
def test_urgency_grows_with_money_age_and_deadline(
    value: int, age: int, left: int | None, priority: int
) -> None:
    terms = attention.priority_terms(value_cents=value, age_days=age, days_left=left)
    assert sum(terms.values()) == priority


def test_a_payers_credit_has_sixty_days_and_a_patients_has_none() -> None:
    payers = attention.insurance_credit(named("C"), credit_cents=1_00, today=A_DAY)
    patients = attention.patient_credit(named("A"), credit_cents=1_00, today=A_DAY)
    assert (payers.due_on, patients.due_on) == (date(2026, 5, 1), None)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Chicago", 2), ("UTC", 3), (None, 3), ("Nowhere/Land", 3), ("../etc/passwd", 3)],
)
def test_an_instant_falls_on_the_organizations_day(zone: str | None, day: int) -> None:
    assert local_day(datetime(2026, 3, 3, 2, tzinfo=UTC), zone).day == day


@pytest.mark.parametrize("why", ["patient_share", "contractual", "withheld"])
def test_a_payers_reason_is_told_in_words(why: str) -> None:
    assert in_words(why, "2").partition(": ")[2]


def test_a_word_without_a_reason_stands_alone() -> None:
    assert in_words("charge", None) == "charge for the service"
    assert in_words("some_later_word", None) == "some later word"


def test_a_balance_names_every_cent_even_of_accounts_that_are_no_claims() -> None:
    sums = [
        Moved(account=Account.GROSS_CHARGES, amount_cents=-100_00),
        Moved(account=Account.INSURANCE_RECEIVABLE, amount_cents=40_00, payer_id=named("X")),
        Moved(account=Account.INSURANCE_RECEIVABLE, amount_cents=-5_00, payer_id=named("Y")),
        Moved(account=Account.CASH_CLEARING, amount_cents=50_00),
        Moved(account=Account.PAYER_RECOUPMENT, amount_cents=15_00),
    ]
    total = balance_of(sums).total
    assert (total.billed_cents, total.paid_cents, total.other_cents) == (100_00, 50_00, 15_00)
    assert total.open_by_payer == {named("X"): 40_00, named("Y"): -5_00}
    assert total.difference_cents == 0
