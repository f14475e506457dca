"""CLP, CAS and SVC of an 835 in our words."""

from datetime import date
from decimal import Decimal

from cleanclaim.remittance.domain.claim_payment import (
    Adjustment,
    Carrier,
    ClaimPayment,
    ServicePayment,
)
from cleanclaim.x12 import Adjustment as Adjustment835
from cleanclaim.x12 import ClaimPayment835, Procedure, ServicePayment835


def claim_payment(position: int, claim: ClaimPayment835) -> ClaimPayment:
    """One CLP; `position` counts from 1 in its remittance. Signs and amounts stand as written."""
    lines = tuple(_line(number, one) for number, one in enumerate(claim.lines, 1))
    first, last = _served(claim, lines)
    carrier = claim.crossover_carrier
    return ClaimPayment(
        position=position,
        patient_control_number=claim.patient_control_number.strip(),
        status=claim.status,
        charge_cents=claim.charge_cents,
        paid_cents=claim.paid_cents,
        patient_responsibility_cents=claim.patient_responsibility_cents,
        payer_claim_control_number=claim.payer_claim_control_number or None,
        original_reference=claim.reference("F8") or None,
        allowed_cents=_allowed(claim, lines),
        adjustments=tuple(_adjustment(one) for one in claim.adjustments),
        remark_codes=tuple(claim.remark_codes),
        lines=lines,
        service_from_on=first,
        service_to_on=last,
        carrier=Carrier(identifier=carrier.identifier, name=carrier.name) if carrier else None,
    )


def _served(
    claim: ClaimPayment835, lines: tuple[ServicePayment, ...]
) -> tuple[date | None, date | None]:
    first = claim.date("232") or min(
        (one.service_from_on for one in lines if one.service_from_on), default=None
    )
    last = claim.date("233") or max(
        (one.service_to_on for one in lines if one.service_to_on), default=first
    )
    return first, last


def _allowed(claim: ClaimPayment835, lines: tuple[ServicePayment, ...]) -> int | None:
    """AMT*AU, else the sum of AMT*B6 where every line has one."""
    stated = next((one.amount_cents for one in claim.amounts if one.qualifier == "AU"), None)
    if stated is not None:
        return stated
    of_lines = [line.allowed_cents for line in lines if line.allowed_cents is not None]
    return sum(of_lines) if lines and len(of_lines) == len(lines) else None


def _line(number: int, line: ServicePayment835) -> ServicePayment:
    # an institutional line may be paid by its revenue code alone (SVC04)
    paid = line.procedure if line.procedure.code else Procedure("NU", line.revenue_code)
    submitted = line.submitted_procedure
    changed = submitted is not None and submitted.code not in {"", paid.code}
    return ServicePayment(
        number=number,
        control_number=line.line_item_control_number or None,
        qualifier=paid.qualifier or "NU",
        code=paid.code,
        modifiers=tuple(one for one in paid.modifiers if one),
        units=None if line.units_paid is None else plain(line.units_paid),
        submitted_code=submitted.code if submitted and changed else None,
        submitted_modifiers=tuple(submitted.modifiers) if submitted and changed else (),
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        allowed_cents=line.allowed_cents,
        service_from_on=line.service_from_on,
        service_to_on=line.service_through_on,
        adjustments=tuple(_adjustment(one) for one in line.adjustments),
        remark_codes=tuple(one.code for one in line.remark_codes if one.qualifier == "HE"),
    )


def _adjustment(one: Adjustment835) -> Adjustment:
    return Adjustment(
        group=one.group,
        reason=one.reason,
        amount_cents=one.amount_cents,
        quantity=None if one.quantity is None else plain(one.quantity),
    )


def plain(quantity: Decimal) -> str:
    """A quantity as decimal text without exponent or idle zeros."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
