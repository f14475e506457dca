"""Which claim, version and lines of ours an answer is meant for, and why one may be meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cleanclaim.remittance.domain.claim_payment import ClaimPayment, ServicePayment
from cleanclaim.remittance.domain.claim_reference import ClaimReference, ReferenceLine

NO_CLAIM = "no_claim"
SEVERAL_CLAIMS = "several_claims"
OTHER_PAYER = "other_payer"
NO_ORIGINAL = "no_original"
AMBIGUOUS_REVERSAL = "ambiguous_reversal"
# CLP02: in which place the payer answered (005010X221A1 2100 CLP02).
_PLACES = {"2": "S", "20": "S", "3": "T", "21": "T"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The version meant and the place in which the payer answered, or the reason for none."""

    reference: ClaimReference | None = None
    responsibility: str = ""
    reason: str = ""


def find_claim(payment: ClaimPayment, payer_id: UUID, bearing: Sequence[ClaimReference]) -> Found:
    """The claim version whose CLM01 the payer returned, and in which order that payer stands.

    A claim that was crossed over is answered under the first claim's CLM01 by another payer: the
    payers on file, or else CLP02, say in which place. Anybody else's answer waits for a person.
    """
    claims = {one.claim_id for one in bearing}
    if not claims:
        return Found(reason=NO_CLAIM)
    if len(claims) > 1:
        return Found(reason=SEVERAL_CLAIMS)
    newest = max(bearing, key=lambda one: one.claim_version)
    responsibility = _responsibility(payment, payer_id, newest)
    if responsibility is None:
        return Found(reason=OTHER_PAYER)
    return Found(reference=newest, responsibility=responsibility)


def _responsibility(payment: ClaimPayment, payer_id: UUID, reference: ClaimReference) -> str | None:
    stated = _PLACES.get(payment.status)
    on_file = [one.responsibility for one in reference.further_payers if one.payer_id == payer_id]
    if payer_id == reference.payer_id:
        # a payer may hold two coverages of a patient and answer for both under one number
        return stated if stated in on_file else reference.responsibility
    if on_file:
        return stated if stated in on_file else on_file[0]
    return stated


def with_lines(payment: ClaimPayment, reference: ClaimReference) -> ClaimPayment:
    """The payment with our line ids: by line control number, else by facts that only one shares."""
    by_control = {line.control_number.upper(): line for line in reference.lines}
    free = list(reference.lines)
    matched: list[ServicePayment] = []
    for line in payment.lines:
        ours = by_control.get((line.control_number or "").upper())
        if ours in free:
            free.remove(ours)
        matched.append(_named(line, ours, "line_control_number") if ours else line)
    return replace(payment, lines=tuple(_by_facts(line, free) for line in matched))


def _named(line: ServicePayment, ours: ReferenceLine, how: str) -> ServicePayment:
    return replace(line, line_id=ours.line_id, matched_by=how)


def _by_facts(line: ServicePayment, free: list[ReferenceLine]) -> ServicePayment:
    if line.line_id is not None:
        return line
    best = sorted(((agreement(line, one), one) for one in free), key=lambda pair: -len(pair[0]))
    if not best or not _enough(best[0][0]):
        return line
    rivals = [one for facts, one in best if len(facts) == len(best[0][0])]
    if (
        len({(one.code, one.modifiers, one.charge_cents, one.service_from_on) for one in rivals})
        > 1
    ):
        return line
    free.remove(rivals[0])
    return _named(line, rivals[0], "+".join(best[0][0]))


def agreement(line: ServicePayment, ours: ReferenceLine) -> tuple[str, ...]:
    """The facts that a paid line shares with one of ours: procedure, modifiers, charge, day."""
    code = line.submitted_code or line.code
    modifiers = line.submitted_modifiers if line.submitted_code else line.modifiers
    return tuple(
        name
        for name, agrees in (
            ("procedure", code == ours.code),
            ("modifiers", sorted(modifiers) == sorted(ours.modifiers)),
            ("charge", abs(line.charge_cents) == ours.charge_cents),
            ("day", line.service_from_on == ours.service_from_on),
        )
        if agrees
    )


def _enough(facts: tuple[str, ...]) -> bool:
    # payers drop a modifier or the day; procedure and charge together seldom lie
    return "procedure" in facts and ("charge" in facts or {"modifiers", "day"} <= set(facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A claim that an unmatched payment may be meant for; `reasons` say what speaks for it."""

    reference: ClaimReference
    reasons: tuple[str, ...]
    score: int


_WEIGHTS = {"charge": 30, "service_day": 30, "payer": 15, "procedures": 20, "line_charges": 15}


def candidates(
    payment: ClaimPayment, payer_id: UUID, near: Sequence[ClaimReference]
) -> tuple[Candidate, ...]:
    """The claims that share most with a payment, the likeliest first; a person decides."""
    ranked = []
    for reference in near:
        reasons = tuple(name for name in _WEIGHTS if _speaks(name, payment, payer_id, reference))
        score = sum(_WEIGHTS[name] for name in reasons)
        if {"charge", "service_day"} & set(reasons):
            ranked.append(Candidate(reference=reference, reasons=reasons, score=score))
    return tuple(sorted(ranked, key=lambda one: (-one.score, str(one.reference.claim_id))))


def _speaks(name: str, payment: ClaimPayment, payer_id: UUID, ours: ClaimReference) -> bool:
    if name == "charge":
        return abs(payment.charge_cents) == ours.charge_cents
    if name == "service_day":
        return payment.service_from_on == ours.service_from_on
    if name == "payer":
        return payer_id in {ours.payer_id, *(one.payer_id for one in ours.further_payers)}
    if name == "procedures":
        paid = sorted(line.submitted_code or line.code for line in payment.lines)
        return bool(paid) and paid == sorted(line.code for line in ours.lines)
    return bool(payment.lines) and sorted(abs(line.charge_cents) for line in payment.lines) == (
        sorted(line.charge_cents for line in ours.lines)
    )
