"""What forbids posting a set, and what is only untidy."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.domain.remittance import Fault
from cleanclaim.values.cents import PLAUSIBLE_CENTS
from cleanclaim.x12 import Finding, TransactionSet

# Something is not there: a cut or overlong segment, beside all faults of the envelope itself.
_LOSES_CONTENT = frozenset({"segment-cut", "segment-too-long"})
# A missing trailer is the mark of a cut file; it tells on the last set, whose SE is missing too.
_OF_THE_LAST_SET = frozenset({"iea-missing", "ge-missing"})
_BALANCING = 3
_MOST_DEFECTS = 100
_QUANTITY = re.compile(r"-?\d{1,15}(\.\d{1,4})?")


def envelope_faults(
    envelopes: Iterable[Sequence[Finding]], held: TransactionSet
) -> tuple[Fault, ...]:
    """The faults of a set's own envelope and of those around it; they forbid posting.

    A missing GE or IEA takes down only the set that was cut, for the others ended as they should.
    """
    around = [
        one
        for findings in envelopes
        for one in findings
        if one.severity == "error" and one.rule not in _OF_THE_LAST_SET
    ]
    own = [one for one in held.findings if _forbids(one)]
    return tuple(dict.fromkeys(fault(one) for one in (*around, *own)))


def _forbids(finding: Finding) -> bool:
    if finding.severity != "error" or finding.snip == _BALANCING:
        return False
    return finding.level in {"interchange", "group", "set"} or finding.rule in _LOSES_CONTENT


def unreadable_faults(held: TransactionSet) -> tuple[Fault, ...]:
    """Amounts that nobody can read: they are in no sum, so nothing of the set is posted."""
    faults = []
    for one in held.unreadable_claims:
        told = [fault(found) for found in one.findings if found.severity == "error"]
        where = f"segment {one.position.segment_number} of set {held.control_number}"
        message = "an amount cannot be read: have the payer send it again"
        faults += told or [Fault(rule="amount-unreadable", place=where, message=message)]
    return tuple(dict.fromkeys(faults))


def defects(held: TransactionSet) -> tuple[Fault, ...]:
    """The payer's untidiness that loses nothing: told, logged and passed over."""
    passed = (one for one in held.findings if not _forbids(one) and one.snip != _BALANCING)
    return tuple(dict.fromkeys(fault(one) for one in passed))[:_MOST_DEFECTS]


def fault(finding: Finding) -> Fault:
    """A finding without its value, which may be PHI."""
    return Fault(rule=finding.rule, place=finding.place, message=finding.message)


def unstorable(payments: Iterable[ClaimPayment]) -> Iterator[Fault]:
    """Values that no fact could carry: empty where a code must be, too long, or no text at all."""
    for payment in payments:
        place = f"claim {payment.position}"
        yield from _bad(place, "CLP02", [payment.status])
        yield from _bad(place, "CLP07", [payment.payer_claim_control_number or "-"], 50)
        yield from _bad(place, "MIA or MOA", payment.remark_codes)
        yield from _bad(place, "CAS", _codes(payment))
        yield from _bad_amounts(place, payment)
        for line in payment.lines:
            at = f"{place}, line {line.number}"
            yield from _bad(at, "SVC01", [line.qualifier, line.code, *line.modifiers])
            yield from _bad(at, "SVC06", [line.submitted_code or "-"])
            yield from _bad(at, "REF*6R", [line.control_number or "-"], 50)
            yield from _bad(at, "LQ", line.remark_codes)
            yield from _bad_quantity(at, [line.units])


def _codes(payment: ClaimPayment) -> list[str]:
    return [text for one in payment.all_adjustments for text in (one.group, one.reason)]


def _bad(place: str, element: str, texts: Iterable[str], longest: int = 60) -> Iterator[Fault]:
    if all(text.isprintable() and 1 <= len(text) <= longest for text in texts):
        return
    message = f"{element} is empty, too long or no text: have the payer send it again"
    yield Fault(rule="value-unusable", place=place, message=message)


def _bad_amounts(place: str, payment: ClaimPayment) -> Iterator[Fault]:
    cents = [payment.charge_cents, payment.paid_cents, payment.patient_share_cents]
    cents += [one.amount_cents for one in payment.all_adjustments]
    cents += [amount for one in payment.lines for amount in (one.charge_cents, one.paid_cents)]
    if any(abs(amount) > PLAUSIBLE_CENTS for amount in cents):
        message = "an amount is larger than any payment: have the payer send it again"
        yield Fault(rule="amount-implausible", place=place, message=message)
    yield from _bad_quantity(place, [one.quantity for one in payment.all_adjustments])


def _bad_quantity(place: str, quantities: Iterable[str | None]) -> Iterator[Fault]:
    if any(one is not None and not _QUANTITY.fullmatch(one) for one in quantities):
        message = "a quantity has more digits than a quantity can have"
        yield Fault(rule="quantity-unusable", place=place, message=message)
