"""The balancing of an 835 (SNIP 3): line, claim and transaction, each finding naming both sums.

005010X221A1 section 1.10.2; X12 requests for interpretation 358, 452, 1604, 1756, 2348, 2601.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.x12 import rules
from cleanclaim.x12.amounts import text_of_cents
from cleanclaim.x12.payments import ClaimPayment835, ServicePayment835
from cleanclaim.x12.reporting import Place, Rule
from cleanclaim.x12.segments import Segment

Complaint = tuple[Rule, str, Place]
PREDETERMINED = "25"


class TransactionBalance:
    """Sums up a set: BPR02 = sum of CLP04 less the sum of the PLB amounts."""

    def __init__(self) -> None:
        self.payment: Segment | None = None
        self.payment_cents: int | None = None
        self.paid_cents = 0
        self.adjusted_cents = 0
        self.unknown = False

    def check(self) -> Iterator[Complaint]:
        if self.payment is None:
            return
        place = Place(2, data_element="782")
        if self.unknown or self.payment_cents is None:
            message = "the transaction cannot be balanced: an amount in it cannot be read"
            yield rules.NOT_BALANCED, message, place
            return
        due = self.paid_cents - self.adjusted_cents
        if due != self.payment_cents:
            message = (
                f"BPR02 is {text_of_cents(self.payment_cents)} but the claims pay"
                f" {text_of_cents(self.paid_cents)} less provider adjustments of"
                f" {text_of_cents(self.adjusted_cents)}, which is {text_of_cents(due)}:"
                " ask the payer for a balanced remittance"
            )
            yield rules.TOTAL_BALANCE, message, place
        if self.payment_cents < 0:
            message = "BPR02 is negative: a negative net is carried forward in PLB FB or WO"
            yield rules.NEGATIVE_TOTAL, message, place


def check_claim(claim: ClaimPayment835) -> Iterator[Complaint]:
    """The claim equation, and claim against lines."""
    paid = claim.charge_cents - claim.adjustment_total_cents
    if paid != claim.paid_cents:
        message = (
            f"CLP04 is {text_of_cents(claim.paid_cents)} but the charge"
            f" {text_of_cents(claim.charge_cents)} less all adjustments of"
            f" {text_of_cents(claim.adjustment_total_cents)} is {text_of_cents(paid)}"
        )
        yield rules.PAID_BALANCE, message, Place(4, data_element="782")
    if not claim.lines:
        message = "the claim has no SVC: lines are required for professional claims"
        stay = claim.inpatient is not None or claim.drg  # such a claim is paid as a whole
        if claim.status != PREDETERMINED and not stay:
            yield rules.NO_LINES, message, Place()
        return
    own = sum(adjustment.amount_cents for adjustment in claim.adjustments)
    lines = sum(line.paid_cents for line in claim.lines)
    if lines - own != claim.paid_cents:
        message = (
            f"CLP04 is {text_of_cents(claim.paid_cents)} but the lines pay"
            f" {text_of_cents(lines)} less claim adjustments of {text_of_cents(own)},"
            f" which is {text_of_cents(lines - own)}"
        )
        yield rules.LINES_PAID, message, Place(4, data_element="782")


def check_line(line: ServicePayment835) -> Iterator[Complaint]:
    """SVC02 less its adjustments is SVC03."""
    paid = line.charge_cents - line.adjustment_total_cents
    if paid != line.paid_cents:
        message = (
            f"SVC03 is {text_of_cents(line.paid_cents)} but the charge"
            f" {text_of_cents(line.charge_cents)} less adjustments of"
            f" {text_of_cents(line.adjustment_total_cents)} is {text_of_cents(paid)}"
        )
        yield rules.LINE_BALANCE, message, Place(3, data_element="782")
