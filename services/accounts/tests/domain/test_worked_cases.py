"""The worked cases of the book, to the cent, as a billing person would write them down."""

import pytest

from .story import Story

REVERSE_AND_CORRECT = """
    charge   C1 X 250.00
    paid     P1 C1 X T1 134.00  contractual:45 50.00  patient_share:66 66.00
    banked   T1 X 134.00
    expect   insurance_receivable C1 0.00
    expect   patient_receivable C1 66.00
    expect   cash_clearing T1 0.00
    patient  C1 66.00
    expect   patient_receivable C1 0.00
    reversed P2 P1 T2 -134.00
    expect   insurance_receivable C1 250.00
    expect   patient_receivable C1 -66.00
    expect   contractual_allowance 0.00
    expect   cash_clearing T2 -134.00
    paid     P3 C1 X T2 184.00  contractual:45 50.00  patient_share:2 16.00
    banked   T2 X 50.00
    expect   insurance_receivable C1 0.00
    expect   patient_receivable C1 -50.00
    expect   contractual_allowance 50.00
    expect   cash_clearing T1 0.00
    expect   cash_clearing T2 0.00
    expect   bank 184.00
    expect   cash 66.00
"""

CROSSOVER = """
    charge   C1 Medicare 200.00
    paid     P1 C1 Medicare T1 94.08  contractual:45 80.00  contractual:253 1.92  next_payer:2 24.00  next Supplement
    expect   insurance_receivable C1 Supplement 24.00
    expect   insurance_receivable C1 Medicare 0.00
    expect   patient_receivable 0.00
    paid     P2 C1 Supplement T2 14.00  prior_payer:23 176.00  patient_share:3 10.00
    expect   insurance_receivable C1 Supplement 0.00
    expect   insurance_receivable C1 0.00
    expect   patient_receivable C1 10.00
    expect   contractual_allowance 81.92
    expect   gross_charges -200.00
"""

# RFI 1696, 2143: remittance judges what of a further payer's adjustments is the prior payer's.
FURTHER_PAYER_RESTATES_WITH_ITS_OWN_23 = """
    charge   C1 Medicare 500.00
    paid     P1 C1 Medicare T1 300.00  contractual:45 125.00  next_payer:1 75.00  next Medicaid
    paid     P2 C1 Medicaid T2 65.00  prior_payer:23 425.00  contractual:45 10.00
    expect   insurance_receivable C1 Medicare 0.00
    expect   insurance_receivable C1 Medicaid 0.00
    expect   patient_receivable 0.00
    expect   contractual_allowance 135.00
"""

FURTHER_PAYER_RESTATES_WITH_ONE_45 = """
    charge   C1 Medicare 500.00
    paid     P1 C1 Medicare T1 300.00  contractual:45 125.00  next_payer:1 75.00  next Medicaid
    paid     P2 C1 Medicaid T2 65.00  contractual:45 10.00  prior_payer:45 425.00
    expect   insurance_receivable C1 Medicare 0.00
    expect   insurance_receivable C1 Medicaid 0.00
    expect   patient_receivable 0.00
    expect   contractual_allowance 135.00
"""

THREE_REMITTANCES = """
    charge   A Z 600.00
    charge   B Z 50.00
    charge   C Z 900.00
    charge   X Z 800.00
    charge   Y Z 75.00
    paid     PX X Z T0 800.00
    paid     PY Y Z T0 75.00
    banked   T0 Z 875.00
    paid     PA A Z R1 600.00
    reversed VX PX R1 -800.00
    reversed VY PY R1 -75.00
    plb      R1 Z WO:Y -75.00
    plb      R1 Z FB:R1 -200.00
    expect   carried_balance -200.00
    expect   payer_recoupment Y -75.00
    expect   cash_clearing R1 0.00
    paid     PB B Z R2 50.00
    plb      R2 Z FB:R1 200.00
    plb      R2 Z FB:R2 -150.00
    expect   carried_balance -150.00
    expect   carried_balance R1 0.00
    expect   cash_clearing R2 0.00
    paid     PC C Z R3 900.00
    plb      R3 Z FB:R2 150.00
    plb      R3 Z WO:Y 75.00
    banked   R3 Z 675.00
    expect   carried_balance 0.00
    expect   payer_recoupment 0.00
    expect   cash_clearing R3 0.00
    expect   insurance_receivable X 800.00
    expect   insurance_receivable Y 75.00
    expect   insurance_receivable A 0.00
    expect   bank 1550.00
"""

OUR_REFUND_CONFIRMED = """
    charge   C1 X 220.00
    paid     P1 C1 X T0 220.00
    banked   T0 X 220.00
    refund   X OURS 120.00
    expect   refund_clearing 120.00
    expect   bank 100.00
    reversed P2 P1 R1 -220.00
    paid     P3 C1 X R1 100.00  contractual:45 120.00
    plb      R1 X WO:W -120.00
    expect   cash_clearing R1 0.00
    plb      R2 X WO:W 120.00
    plb      R2 X 72:OURS -120.00
    expect   cash_clearing R2 0.00
    expect   insurance_receivable C1 0.00
    expect   payer_recoupment 0.00
    expect   refund_clearing 0.00
    expect   refunds_payable 0.00
    expect   bank 100.00
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(REVERSE_AND_CORRECT, id="reverse and correct"),
        pytest.param(CROSSOVER, id="crossover"),
        pytest.param(FURTHER_PAYER_RESTATES_WITH_ITS_OWN_23, id="restated with OA-23"),
        pytest.param(FURTHER_PAYER_RESTATES_WITH_ONE_45, id="restated with one CO-45"),
        pytest.param(THREE_REMITTANCES, id="three remittances"),
        pytest.param(OUR_REFUND_CONFIRMED, id="our refund confirmed"),
    ],
)
def test_a_worked_case_stands_to_the_cent(text: str) -> None:
    story = Story().read(text)
    assert story.failed == []
    assert sum(one.amount_cents for entry in story.entries for one in entry.postings) == 0


def test_a_story_that_does_not_stand_says_where() -> None:
    story = Story().read("charge C1 X 250.00\nexpect insurance_receivable C1 200.00")
    assert story.failed == ["insurance_receivable C1: 250.00 instead of 200.00"]
