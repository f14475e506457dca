"""Amounts read strictly, show plainly, and share out to the last cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.values.cents import (
    GREATEST_CENTS,
    AmountUnreadable,
    WeightsUnusable,
    dollars,
    from_dollars_text,
    share,
)

amounts = st.integers(min_value=-GREATEST_CENTS, max_value=GREATEST_CENTS)


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (1234_50, "1,234.50"),
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (-1_000_000_00, "-1,000,000.00"),
    ],
)
def test_people_see_dollars(cents, shown):
    assert dollars(cents) == shown


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("123.4", 123_40),
        ("123.45", 123_45),
        ("123", 123_00),
        ("0", 0),
        ("-0", 0),
        ("-12.05", -12_05),
        (".5", 50),
        ("-.05", -5),
        ("000100", 100_00),
    ],
)
def test_plain_dollars_read_exactly(text, cents):
    assert from_dollars_text(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "1.",
        "1.234",
        "1.230",
        "1e2",
        "NaN",
        "Infinity",
        "+5",
        "--5",
        "5-",
        "(5.00)",
        "1,234.50",
        "$5",
        " 5",
        "5\n",
        "1_000",
        "٥",  # noqa: RUF001 - a digit elsewhere in the world
        "9" * 18,
        "9" * 5000,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text):
    with pytest.raises(AmountUnreadable) as refusal:
        from_dollars_text(text)
    assert refusal.value.fix


@given(amounts)
def test_what_is_shown_reads_back_to_the_same_cent(cents):
    assert from_dollars_text(dollars(cents).replace(",", "")) == cents


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [0, 3, 7], [0, 2, 3]),
        (1, [1, 1], [1, 0]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
    ],
)
def test_a_share_is_the_same_every_time(total, weights, parts):
    assert share(total, weights) == parts


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_shares_sum_to_the_total_and_stray_less_than_a_cent(total, weights):
    parts = share(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0, 0]), (1, [2, -1]), (0, [-1, 1])])
def test_nothing_is_shared_by_unusable_weights(total, weights):
    with pytest.raises(WeightsUnusable):
        share(total, weights)
