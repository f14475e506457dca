"""What counts as a denial, and of how much."""

import pytest

from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.denial import denial_in
from cleanclaim.remittance.domain.disposition import circumstances_of, judged

from .builders import a_line, a_payment, as_a_whole


def _denial(payment: ClaimPayment) -> tuple[str, int] | None:
    around = circumstances_of(payment, further_payer=False, forwarded=False)
    found = denial_in(judged(payment, around, is_professional=True))
    return (found.scope, found.denied_cents) if found else None


TWO_LINES = (a_line(60_00, 0, "CO-197 6000", number=1), a_line(40_00, 40_00, number=2))
BOTH_DENIED = (a_line(60_00, 0, "CO-197 6000", number=1), a_line(40_00, 0, "CO-16 4000", number=2))
CASES = {
    "the whole claim by its line": (a_payment(100_00, 0, "CO-197 10000"), ("claim", 100_00)),
    "one of two lines": (a_payment(100_00, 40_00, lines=TWO_LINES), ("line", 60_00)),
    "both lines": (a_payment(100_00, 0, lines=BOTH_DENIED), ("claim", 100_00)),
    "part of a line": (a_payment(100_00, 60_00, "CO-97 4000"), ("line", 40_00)),
    "the claim as a whole": (as_a_whole(100_00, 0, "CO-29 10000"), ("claim", 100_00)),
    "a hidden denial": (a_payment(100_00, 0, "CO-45 10000"), ("claim", 100_00)),
    "an unknown code": (a_payment(100_00, 0, "CO-ZZ9 10000"), ("claim", 100_00)),
    "the patient asked for it": (a_payment(100_00, 0, "PR-96 10000"), ("claim", 100_00)),
    "all to the deductible": (a_payment(100_00, 0, "PR-1 10000"), None),
    "capitated": (a_payment(100_00, 0, "CO-24 10000"), None),
    "reporting only": (a_payment(100_00, 0, "CO-246 10000"), None),
    "status 4 alone": (a_payment(100_00, 80_00, "CO-45 2000", status="4"), None),
    "a reversal of a denial": (a_payment(-100_00, 0, "CO-197 -10000", status="22"), None),
    "a predetermination": (a_payment(100_00, 0, "CO-197 10000", status="25"), None),
    "pended": (a_payment(100_00, 0, "OA-133 10000"), None),
    "nothing left to pay": (a_payment(100_00, 0, "OA-23 10000", status="2"), None),
    "a denial taken back": (a_payment(100_00, 120_00, "CO-97 -2000"), None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_denied(name: str) -> None:
    payment, expected = CASES[name]
    assert _denial(payment) == expected
