"""What of a judged payment is a denial: which lines, how much, and is it the whole claim."""

from dataclasses import dataclass

from cleanclaim.codes.vocabulary import Disposition
from cleanclaim.remittance.domain.claim_payment import (
    POSTS_NOTHING,
    Adjustment,
    ClaimPayment,
    ServicePayment,
)

DENIED = Disposition.DENIED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """The refused part of a payment; `scope` is claim where all of it is, else line."""

    scope: str
    lines: tuple[ServicePayment, ...]
    denied_cents: int


def denied_cents(given: tuple[Adjustment, ...]) -> int:
    """Cents of the adjustments that are denials, 0 where none of them is positive."""
    denials = [one.amount_cents for one in given if one.disposition == DENIED]
    return sum(denials) if any(amount > 0 for amount in denials) else 0


def denial_in(payment: ClaimPayment) -> Denial | None:
    """The denial in a judged payment, or None.

    A line is denied when it pays 0 and a positive adjustment on it is a denial, partly denied when
    it pays more; a claim is denied when all its lines are, or when an adjustment of the claim as a
    whole refuses it and it pays 0. CLP02 = 4 alone, or paid = 0 alone, is none; CLP02 22, 23 and 25
    never are (RFI 1423, 1079).
    """
    if payment.is_reversal or payment.status in POSTS_NOTHING:
        return None
    refused = tuple(line for line in payment.lines if denied_cents(line.adjustments))
    of_claim = denied_cents(payment.adjustments)
    if not refused and not of_claim:
        return None
    fully = [line for line in refused if line.paid_cents == 0]
    all_lines = bool(payment.lines) and len(fully) == len(payment.lines)
    by_claim = bool(of_claim) and payment.paid_cents == 0
    return Denial(
        scope="claim" if all_lines or by_claim else "line",
        lines=refused,
        denied_cents=of_claim + sum(denied_cents(line.adjustments) for line in refused),
    )
