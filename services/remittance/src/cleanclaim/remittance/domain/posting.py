"""One claim payment judged: posted to a claim, waiting for one, or only noted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from cleanclaim.codes.vocabulary import Disposition
from cleanclaim.remittance.domain.claim_payment import (
    FORWARDED,
    POSTS_NOTHING,
    ClaimPayment,
)
from cleanclaim.remittance.domain.claim_reference import ClaimReference, rank
from cleanclaim.remittance.domain.decision import (
    Answerer,
    Decision,
    Open,
    earlier_answers,
    left_open,
    standing,
)
from cleanclaim.remittance.domain.denial import Denial, denial_in
from cleanclaim.remittance.domain.disposition import circumstances_of, is_forwarded, judged
from cleanclaim.remittance.domain.further_payer import left_undecided, limited_to_open
from cleanclaim.remittance.domain.matching import Found, find_claim, with_lines
from cleanclaim.remittance.domain.reversal import defects_of, find_original, negated


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One claim payment of a remittance, before anybody knows which claim it answers.

    `carrier_id` is the payer that it was sent on to (NM1*TT), where that one is known.
    """

    claim_payment_id: UUID
    remittance_id: UUID
    payer_id: UUID
    payment: ClaimPayment
    carrier_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A decision on a claim, the denial in it, and the old answer it replaces, if it does."""

    decision: Decision
    denial: Denial | None = None
    superseded: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """No claim, no original: booked as unapplied; `claim_id` where the claim at least is known."""

    answer: Answer
    reason: str
    claim_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """CLP02 23 or 25, or a reversal of what was replaced already: kept, and posts nothing."""

    answer: Answer
    reason: str


Verdict = Posted | Waiting | Noted


def judge(
    answer: Answer, bearing: Sequence[ClaimReference], decisions: Sequence[Decision]
) -> Verdict:
    """What becomes of one answer.

    `bearing` are the claim versions that bear its patient control number, `decisions` all that was
    posted to claims for the same services, oldest first.
    """
    if answer.payment.status in POSTS_NOTHING:
        return Noted(answer=answer, reason="posts_nothing")
    found = find_claim(answer.payment, answer.payer_id, bearing)
    if found.reference is None:
        return Waiting(answer=answer, reason=found.reason)
    return judge_found(answer, found, decisions)


def judge_found(answer: Answer, found: Found, decisions: Sequence[Decision]) -> Verdict:
    """The same for an answer whose claim was found, or named by a person."""
    reference = found.reference
    if reference is None:
        return Waiting(answer=answer, reason=found.reason)
    if answer.payment.is_reversal:
        return _reverse(answer, reference, decisions)
    return _post(answer, reference, found.responsibility, decisions)


def _reverse(answer: Answer, reference: ClaimReference, decisions: Sequence[Decision]) -> Verdict:
    original = find_original(answer.payment, answer.payer_id, reference.claim_id, decisions)
    taken_back = original.decision
    if taken_back is None:
        if _replaced_already(answer, reference, decisions):
            return Noted(answer=answer, reason="replaced_already")
        return Waiting(answer=answer, reason=original.reason, claim_id=reference.claim_id)
    decision = replace(
        taken_back,
        claim_payment_id=answer.claim_payment_id,
        remittance_id=answer.remittance_id,
        sequence=_next_sequence(decisions, reference.claim_id, answer.payer_id),
        payment=negated(taken_back.payment, answer.payment),
        reverses=taken_back.claim_payment_id,
        defects=defects_of(taken_back.payment, answer.payment),
    )
    return Posted(decision=decision)


def _post(
    answer: Answer, reference: ClaimReference, responsibility: str, decisions: Sequence[Decision]
) -> Posted:
    superseded = _superseded(answer, reference, decisions)
    if superseded is not None:
        decisions = [*decisions, superseded]
    matched = with_lines(answer.payment, reference)
    on_file = reference.next_payer_after(responsibility)
    forwarded = (
        matched.status in FORWARDED
        or matched.carrier is not None
        or is_forwarded(matched.all_remark_codes)
    )
    next_payer = answer.carrier_id or (None if matched.carrier else on_file)
    around = circumstances_of(matched, further_payer=next_payer is not None, forwarded=forwarded)
    payment = judged(matched, around, is_professional=reference.is_professional)
    unanswered = 0
    if rank(responsibility) > 0:
        payment, unanswered = _as_further_payer(
            payment, reference, answer, responsibility, decisions
        )
    passed_on = payment.total(Disposition.NEXT_PAYER.value) != 0
    decision = Decision(
        claim_payment_id=answer.claim_payment_id,
        remittance_id=answer.remittance_id,
        reference=reference,
        payer_id=answer.payer_id,
        responsibility=responsibility,
        sequence=_next_sequence(decisions, reference.claim_id, answer.payer_id),
        payment=payment,
        next_payer_id=next_payer if passed_on else None,
        forwarded_to_payer_id=next_payer if forwarded else None,
        defects=("answered_again_without_reversal",) if superseded else (),
        unanswered_cents=unanswered,
    )
    return Posted(decision=decision, denial=denial_in(payment), superseded=superseded)


def _as_further_payer(
    payment: ClaimPayment,
    reference: ClaimReference,
    answer: Answer,
    responsibility: str,
    decisions: Sequence[Decision],
) -> tuple[ClaimPayment, int]:
    """The payment held to what was open with its payer, and what of that it left unanswered."""
    if not earlier_answers(decisions, responsibility):
        return left_undecided(payment), 0
    answerer = Answerer(payer_id=answer.payer_id, responsibility=responsibility)
    still_open = left_open(decisions, reference, answerer)
    limited = limited_to_open(payment, *rooms(payment, still_open))
    answered = limited.paid_cents + sum(
        one.amount_cents
        for one in limited.all_adjustments
        if one.disposition != Disposition.PRIOR_PAYER
    )
    return limited, max(0, still_open.total - answered)


def rooms(payment: ClaimPayment, still_open: Open) -> tuple[dict[int, int], int]:
    """What is open for each line by its number, and for the claim as a whole.

    What an earlier payer left open for the whole claim goes to the lines in their order, each up
    to what it asks for; the last line that asks gets no more than is left.
    """
    by_line, pool = dict(still_open.by_line), still_open.of_claim
    asked: dict[int, int] = {}
    for line in payment.lines:
        wanted = line.paid_cents + sum(
            max(0, one.amount_cents)
            for one in line.adjustments
            if one.disposition != Disposition.PRIOR_PAYER
        )
        own = by_line.get(line.line_id, 0) if line.line_id else 0
        given = min(wanted, own) if own > 0 else own
        if line.line_id is not None:
            by_line[line.line_id] = own - given
        lent = max(0, min(wanted - given, pool))
        pool -= lent
        asked[line.number] = given + lent
    return asked, pool + sum(by_line.values()) if payment.lines else still_open.total


def _superseded(
    answer: Answer, reference: ClaimReference, decisions: Sequence[Decision]
) -> Decision | None:
    """A reversal of ours, where the payer answers anew and left its unpaid answer standing.

    Payers send the new answer to a denial alone (RFI 1741 asks for the reversal too). Only an
    answer that paid nothing is replaced so, for no cash may move without the payer's word.
    """
    old = [
        one
        for one in standing(decisions)
        if one.payer_id == answer.payer_id
        and one.reference.claim_id == reference.claim_id
        and one.remittance_id != answer.remittance_id
        and one.payment.paid_cents == 0
        and one.payment.charge_cents == answer.payment.charge_cents
    ]
    if not old:
        return None
    return replace(
        old[-1],
        claim_payment_id=uuid5(answer.claim_payment_id, "superseded"),
        remittance_id=answer.remittance_id,
        sequence=_next_sequence(decisions, reference.claim_id, answer.payer_id),
        payment=negated(old[-1].payment, answer.payment),
        reverses=old[-1].claim_payment_id,
        superseding=True,
    )


def _replaced_already(
    answer: Answer, reference: ClaimReference, decisions: Sequence[Decision]
) -> bool:
    return answer.payment.paid_cents == 0 and any(
        one.superseding
        and one.payer_id == answer.payer_id
        and one.reference.claim_id == reference.claim_id
        and one.payment.charge_cents == answer.payment.charge_cents
        for one in decisions
    )


def _next_sequence(decisions: Sequence[Decision], claim_id: UUID, payer_id: UUID) -> int:
    return 1 + sum(
        one.reference.claim_id == claim_id and one.payer_id == payer_id for one in decisions
    )
