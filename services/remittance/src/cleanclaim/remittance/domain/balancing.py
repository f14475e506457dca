"""The three equations of an 835, in cents (005010X221A1 1.10.2; RFI 358, 452, 2348, 2601)."""

from collections.abc import Iterator
from dataclasses import dataclass

from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.remittance import Remittance

SERVICE_LINE = "service_line"
CLAIM = "claim"
TRANSACTION = "transaction"
MOST_FAILURES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One place where an equation does not hold: `left` is what follows, `right` what is stated."""

    place: str
    left_cents: int
    right_cents: int

    @property
    def difference_cents(self) -> int:
        return self.left_cents - self.right_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One equation over the whole remittance: both sums, how often it was tried, where it fails."""

    name: str
    left_cents: int
    right_cents: int
    tried: int
    failed: int
    failures: tuple[Failure, ...]

    @property
    def holds(self) -> bool:
        return self.failed == 0


def equations(remittance: Remittance) -> tuple[Equation, Equation, Equation]:
    """The line, claim and transaction equations of a remittance with a readable head.

    - line: SVC02 less its CAS = SVC03
    - claim: CLP03 less all CAS = CLP04, and with lines: sum of SVC03 less claim CAS = CLP04
    - transaction: sum of CLP04 less sum of PLB = BPR02
    """
    payments = remittance.payments
    return (
        _equation(SERVICE_LINE, [one for p in payments for one in _lines(p)]),
        _equation(CLAIM, [one for p in payments for one in _claim(p)]),
        _equation(TRANSACTION, list(_transaction(remittance))),
    )


def failing(tried: tuple[Equation, ...]) -> Equation | None:
    """The first equation that fails, or None when all hold."""
    return next((one for one in tried if not one.holds), None)


def _lines(payment: ClaimPayment) -> Iterator[Failure]:
    for line in payment.lines:
        yield Failure(
            place=f"claim {payment.position}, line {line.number}",
            left_cents=line.charge_cents - line.adjusted_cents,
            right_cents=line.paid_cents,
        )


def _claim(payment: ClaimPayment) -> Iterator[Failure]:
    adjusted = sum(one.amount_cents for one in payment.all_adjustments)
    yield Failure(
        place=f"claim {payment.position}",
        left_cents=payment.charge_cents - adjusted,
        right_cents=payment.paid_cents,
    )
    if payment.lines:
        own = sum(one.amount_cents for one in payment.adjustments)
        yield Failure(
            place=f"claim {payment.position}, its lines",
            left_cents=sum(line.paid_cents for line in payment.lines) - own,
            right_cents=payment.paid_cents,
        )


def _transaction(remittance: Remittance) -> Iterator[Failure]:
    if remittance.head is None:
        return
    yield Failure(
        place="BPR02",
        left_cents=remittance.paid_cents - remittance.adjusted_cents,
        right_cents=remittance.head.payment_cents,
    )


def _equation(name: str, tried: list[Failure]) -> Equation:
    failures = [one for one in tried if one.difference_cents]
    return Equation(
        name=name,
        left_cents=sum(one.left_cents for one in tried),
        right_cents=sum(one.right_cents for one in tried),
        tried=len(tried),
        failed=len(failures),
        failures=tuple(failures[:MOST_FAILURES]),
    )
