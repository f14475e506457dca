"""The three equations of an 835, on the guide's own vectors and on every way to break one."""

import pytest

from cleanclaim.remittance.domain.balancing import equations, failing
from cleanclaim.remittance.domain.remittance import Remittance

from .builders import a_line, a_payment, a_remittance, as_a_whole

PLAIN = a_payment()
REVERSAL = a_payment(-100_00, -50_00, "CO-45 -2000, PR-1 -3000", status="22")
CORRECTION = a_payment(100_00, 80_00, "CO-45 2000")
A = a_payment(600_00, 600_00, "")
B = a_payment(-800_00, -800_00, "", status="22")

BALANCED = {
    "a plain payment": a_remittance(PLAIN, payment=50_00),
    "a reversal and its correction": a_remittance(REVERSAL, CORRECTION, payment=30_00),
    "a balance carried forward": a_remittance(A, B, payment=0, plb=(-200_00,)),
    "a balance taken and carried again": a_remittance(
        a_payment(50_00, 50_00, ""), payment=0, plb=(200_00, -150_00)
    ),
    "an overpayment not yet recovered": a_remittance(
        a_payment(-37_50, -37_50, "", status="22"), payment=0, plb=(-37_50,)
    ),
    "adjustments of the claim as a whole": a_remittance(as_a_whole(100_00, 60_00, "CO-45 4000")),
    "lines that pay and a claim that takes": a_remittance(
        as_a_whole(100_00, 60_00, "CO-45 4000", lines=(a_line(100_00, 100_00),))
    ),
    "nothing at all": a_remittance(payment=0),
}
BROKEN = {
    "a line short by a cent": (a_remittance(a_payment(100_00, 50_00, "CO-45 4999")), "service_line", 1),
    "a claim that pays other than its lines": (
        a_remittance(a_payment(100_00, 50_00, lines=(a_line(100_00, 40_00, "CO-45 6000"),))),
        "claim", -10_00,
    ),
    "a claim as a whole": (a_remittance(as_a_whole(100_00, 60_00, "CO-45 3000")), "claim", 10_00),
    "a payment of a cent more": (a_remittance(PLAIN, payment=50_01), "transaction", -1),
    "a provider adjustment left out": (a_remittance(PLAIN, payment=40_00), "transaction", 10_00),
}  # fmt: skip


@pytest.mark.parametrize("name", BALANCED)
def test_a_balanced_remittance_fails_no_equation(name: str) -> None:
    assert failing(equations(BALANCED[name])) is None


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_remittance_fails_by_name_and_difference(name: str) -> None:
    remittance, equation, difference = BROKEN[name]
    failed = failing(equations(remittance))
    assert failed is not None
    assert (failed.name, failed.failures[0].difference_cents) == (equation, difference)


def test_a_report_stays_short_however_much_is_wrong() -> None:
    wrong: Remittance = a_remittance(*(a_payment(100_00, 50_00, "CO-45 1") for _ in range(200)))
    line, claim, _ = equations(wrong)
    assert (line.failed, len(line.failures), claim.failed) == (200, 50, 200)
