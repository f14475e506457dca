"""How urgent a claim's work is: each term has its bounds."""

from datetime import date, timedelta

import pytest

from cleanclaim.claims.domain.priorities import HELD, REJECTED, priority_of

TODAY = date(2026, 3, 2)
# kind, value in cents, days of age, days to the deadline (None: none), total
CASES = [
    (HELD, 0, 0, None, 30),
    (REJECTED, 0, 0, None, 40),
    (HELD, 99_99, 0, None, 30),
    (HELD, 100_00, 0, None, 31),
    (HELD, 1_000_000_00, 0, None, 80),
    (HELD, -5_00, 0, None, 30),
    (HELD, 0, 10, None, 40),
    (HELD, 0, 400, None, 60),
    (HELD, 0, 0, 91, 30),
    (HELD, 0, 0, 90, 40),
    (HELD, 0, 0, 30, 60),
    (HELD, 0, 0, 7, 90),
    (HELD, 0, 0, 0, 90),
    (HELD, 0, 0, -1, 35),
]


@pytest.mark.parametrize(("kind", "cents", "age", "left", "total"), CASES)
def test_the_table_of_priorities(
    kind: str, cents: int, age: int, left: int | None, total: int
) -> None:
    found = priority_of(
        kind,
        value_cents=cents,
        service_on=TODAY - timedelta(days=age),
        due_on=None if left is None else TODAY + timedelta(days=left),
        as_of_on=TODAY,
    )
    assert found.total == total == sum(found.terms.values())
