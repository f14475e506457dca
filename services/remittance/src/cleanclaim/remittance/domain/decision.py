"""A payer's decision that was posted to a claim, and what all of them together left open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cleanclaim.codes.vocabulary import Disposition
from cleanclaim.remittance.domain.claim_payment import ClaimPayment, ServicePayment
from cleanclaim.remittance.domain.claim_reference import ClaimReference, rank

# These take an amount out of the payer's receivable; the others leave it there.
_SETTLES = frozenset(
    one.value
    for one in (
        Disposition.CONTRACTUAL,
        Disposition.PATIENT_SHARE,
        Disposition.NEXT_PAYER,
        Disposition.WITHHELD,
        Disposition.CAPITATED,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One posted decision; a reversal carries the negated amounts of what it undoes."""

    claim_payment_id: UUID
    remittance_id: UUID
    reference: ClaimReference
    payer_id: UUID
    responsibility: str
    sequence: int
    payment: ClaimPayment
    next_payer_id: UUID | None = None
    forwarded_to_payer_id: UUID | None = None
    reverses: UUID | None = None
    superseding: bool = False
    """True for a reversal of ours: the payer sent a new answer without taking the old one back."""
    defects: tuple[str, ...] = ()
    unanswered_cents: int = 0
    """What was open with a further payer and this answer neither paid nor gave a reason for."""

    @property
    def is_reversal(self) -> bool:
        return self.reverses is not None


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """Those that were not taken back, without the reversals themselves."""
    undone = {one.reverses for one in decisions if one.reverses is not None}
    return [one for one in decisions if not one.is_reversal and one.claim_payment_id not in undone]


def earlier_answers(decisions: Sequence[Decision], responsibility: str) -> list[Decision]:
    """The standing decisions of payers that come before this one in the order."""
    return [one for one in standing(decisions) if rank(one.responsibility) < rank(responsibility)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Cents that earlier answers left open with one payer: by line of ours, and for the claim.

    `of_claim` is what no line carries, because somebody answered for the claim as a whole.
    """

    by_line: Mapping[UUID, int]
    of_claim: int

    @property
    def total(self) -> int:
        return self.of_claim + sum(self.by_line.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """A payer in its place in the order; one payer may stand in two places."""

    payer_id: UUID
    responsibility: str


def left_open(decisions: Sequence[Decision], reference: ClaimReference, answerer: Answerer) -> Open:
    """What is open with a further payer: what was passed on to it, less what it settled so far.

    Decisions on other claims for the same services count by their counterpart lines.
    """
    by_line: dict[UUID, int] = {}
    of_claim = 0
    for decision in standing(decisions):
        ours = counterparts(decision.reference, reference)
        for line in decision.payment.lines:
            cents = _moved(decision, answerer, line.paid_cents, line)
            line_id = ours.get(line.line_id) if line.line_id else None
            if line_id is None:
                of_claim += cents
            else:
                by_line[line_id] = by_line.get(line_id, 0) + cents
        paid = 0 if decision.payment.lines else decision.payment.paid_cents
        of_claim += _moved(decision, answerer, paid, decision.payment)
    return Open(by_line=by_line, of_claim=of_claim)


def _moved(
    decision: Decision, answerer: Answerer, paid: int, place: ServicePayment | ClaimPayment
) -> int:
    cents = 0
    before = rank(decision.responsibility) < rank(answerer.responsibility)
    if before and decision.next_payer_id == answerer.payer_id:
        cents += _sum(place, {Disposition.NEXT_PAYER.value})
    own = (decision.payer_id, decision.responsibility)
    if own == (answerer.payer_id, answerer.responsibility):
        cents -= paid + _sum(place, _SETTLES)
    return cents


def _sum(place: ServicePayment | ClaimPayment, wanted: set[str] | frozenset[str]) -> int:
    return sum(one.amount_cents for one in place.adjustments if one.disposition in wanted)


def counterparts(theirs: ClaimReference, ours: ClaimReference) -> dict[UUID, UUID]:
    """The lines of one claim by those of another for the same services: their id to ours.

    The same id or line control number decides; else the same procedure, charge and day, in order.
    """
    if theirs.claim_id == ours.claim_id:
        return {line.line_id: line.line_id for line in (*theirs.lines, *ours.lines)}
    found: dict[UUID, UUID] = {}
    free = list(ours.lines)
    for same in (
        lambda a, b: a.line_id == b.line_id,
        lambda a, b: a.control_number == b.control_number and a.charge_cents == b.charge_cents,
        lambda a, b: (
            (a.code, a.charge_cents, a.service_from_on)
            == (b.code, b.charge_cents, b.service_from_on)
        ),
    ):
        for line in theirs.lines:
            if line.line_id in found:
                continue
            match = next((one for one in free if same(line, one)), None)
            if match is not None:
                found[line.line_id] = match.line_id
                free.remove(match)
    return found
