"""May a remittance be posted, is it known already, or must all of it wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cleanclaim.remittance.domain.balancing import Equation, failing
from cleanclaim.remittance.domain.directory import Recognised
from cleanclaim.remittance.domain.remittance import HELD, POSTED, Remittance

MALFORMED = "malformed"
UNREADABLE = "unreadable"
UNBALANCED = "unbalanced"
NEGATIVE_PAYMENT = "negative_payment"
DEBIT = "debit"
DUPLICATE = "duplicate"
# A remittance held for these alone was whole and sums up: it counts when another one bears its key.
_WHOLE = frozenset(
    {"unknown_payer", "ambiguous_payer", "unknown_payee", "ambiguous_payee", DUPLICATE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """An earlier remittance with the same TRN03, TRN02, BPR02 and BPR16, but other content."""

    remittance_id: UUID
    status: str
    reasons: tuple[str, ...] = ()


def reasons_to_hold(
    remittance: Remittance,
    *,
    tried: tuple[Equation, ...],
    payer: Recognised,
    payee: Recognised,
    namesakes: Sequence[Namesake] = (),
) -> tuple[str, ...]:
    """Why this remittance may not be posted, the gravest first; empty when it may.

    All or nothing: nothing of a held remittance is posted, and no sum is ever made to fit.
    """
    reasons = [MALFORMED] if remittance.faults else []
    head = remittance.head
    if head is None:
        return (*reasons, UNREADABLE)
    if failing(tried) is not None:
        reasons.append(UNBALANCED)
    if head.payment_cents < 0:
        reasons.append(NEGATIVE_PAYMENT)
    if head.is_debit and head.payment_cents:
        reasons.append(DEBIT)
    reasons += [found.reason for found in (payer, payee) if found.reason]
    if any(contradicts(remittance, one) for one in namesakes):
        reasons.append(DUPLICATE)
    return tuple(reasons)


def contradicts(remittance: Remittance, earlier: Namesake) -> bool:
    """Whether an earlier remittance with the same key and other content stands in the way.

    Where nothing was paid, payers reuse traces and the content alone decides. An earlier one that
    was rejected, cut or out of balance is what this one is sent instead of.
    """
    if remittance.head is None or remittance.head.payment_cents == 0:
        return False
    if earlier.status == POSTED:
        return True
    return earlier.status == HELD and set(earlier.reasons) <= _WHOLE
