"""Which posted decision a reversal (CLP02 = 22) takes back, and what it then counters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.remittance.domain.claim_payment import (
    REVERSAL,
    Adjustment,
    ClaimPayment,
    ServicePayment,
)
from cleanclaim.remittance.domain.decision import Decision, standing
from cleanclaim.remittance.domain.matching import AMBIGUOUS_REVERSAL, NO_ORIGINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The decision taken back, or the reason why none was found."""

    decision: Decision | None = None
    reason: str = ""


def find_original(
    payment: ClaimPayment, payer_id: UUID, claim_id: UUID, decisions: Sequence[Decision]
) -> Original:
    """The standing decision of this payer on the claim whose money the reversal negates.

    The money must be equal: what differs stays unapplied until a person looks. Among several, the
    payer's own claim number decides, then the charge; equal ones are taken back newest first.
    """
    theirs = [
        one
        for one in standing(decisions)
        if one.payer_id == payer_id and one.reference.claim_id == claim_id
    ]
    if not theirs:
        return Original(reason=NO_ORIGINAL)
    equal = [one for one in theirs if one.payment.paid_cents == -payment.paid_cents]
    if not equal:
        return Original(reason=AMBIGUOUS_REVERSAL)
    numbers = {payment.payer_claim_control_number, payment.original_reference} - {None}
    best = max(
        equal,
        key=lambda one: (
            one.payment.charge_cents == -payment.charge_cents,
            one.payment.payer_claim_control_number in numbers,
            one.sequence,
        ),
    )
    if best.payment.charge_cents != -payment.charge_cents and len(equal) > 1:
        return Original(reason=AMBIGUOUS_REVERSAL)
    return Original(decision=best)


def negated(original: ClaimPayment, reversal: ClaimPayment) -> ClaimPayment:
    """The reversal as it is posted: exactly the original with all its amounts negated.

    A wrong or missing CAS on the payer's side is its defect (`defects_of`); the book counters what
    was posted, and the same dispositions, whatever splits they had (RFI 1147, 1429).
    """
    return replace(
        original,
        position=reversal.position,
        status=REVERSAL,
        payer_claim_control_number=reversal.payer_claim_control_number
        or original.payer_claim_control_number,
        original_reference=reversal.original_reference,
        charge_cents=-original.charge_cents,
        paid_cents=-original.paid_cents,
        patient_responsibility_cents=-original.patient_share_cents,
        allowed_cents=None if original.allowed_cents is None else -original.allowed_cents,
        adjustments=_opposite(original.adjustments),
        lines=tuple(_opposite_line(line) for line in original.lines),
    )


def defects_of(original: ClaimPayment, reversal: ClaimPayment) -> tuple[str, ...]:
    """What the payer wrote otherwise than it had to: the charge, or the adjustments."""
    defects = []
    if original.charge_cents != -reversal.charge_cents:
        defects.append("reversal_charge_differs")
    if _sums(original, sign=-1) != _sums(reversal, sign=1):
        defects.append("reversal_adjustments_differ")
    return tuple(defects)


def _sums(payment: ClaimPayment, *, sign: int) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for one in payment.all_adjustments:
        # 4010 reversals put everything under group CR (RFI 319)
        key = (one.group, one.reason)
        sums[key] = sums.get(key, 0) + sign * one.amount_cents
    return {key: cents for key, cents in sums.items() if cents}


def _opposite(given: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(replace(one, amount_cents=-one.amount_cents, quantity=None) for one in given)


def _opposite_line(line: ServicePayment) -> ServicePayment:
    return replace(
        line,
        charge_cents=-line.charge_cents,
        paid_cents=-line.paid_cents,
        allowed_cents=None if line.allowed_cents is None else -line.allowed_cents,
        adjustments=_opposite(line.adjustments),
    )
