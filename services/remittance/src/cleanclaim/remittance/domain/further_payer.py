"""A second or later payer restates the whole charge: rule D9 (RFI 1696, 2143)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cleanclaim.codes.vocabulary import Disposition
from cleanclaim.remittance.domain.claim_payment import Adjustment, ClaimPayment

SHARE = frozenset({Disposition.PATIENT_SHARE.value, Disposition.NEXT_PAYER.value})
_PRIOR = Disposition.PRIOR_PAYER.value
_UNDECIDED = Disposition.UNDECIDED.value
# What stays as it is where nobody knows what was open: it moves nothing in the book.
_MOVES_NOTHING = frozenset({_PRIOR, _UNDECIDED, Disposition.DENIED.value})


@dataclass(slots=True)
class _Room:
    """Cents that are still open with the payer while one line is gone through."""

    left: int

    def take(self, adjustment: Adjustment) -> Iterator[Adjustment]:
        """The adjustment up to what is left; the rest of it belongs to the prior payer."""
        amount = adjustment.amount_cents
        taken = amount if amount <= 0 else max(0, min(amount, self.left))
        self.left -= taken
        if taken or not amount:
            yield replace(adjustment, amount_cents=taken)
        if taken != amount:
            yield replace(
                adjustment, amount_cents=amount - taken, disposition=_PRIOR, quantity=None
            )


def limited_to_open(
    payment: ClaimPayment, open_by_line: dict[int, int], open_on_claim: int
) -> ClaimPayment:
    """The judged payment of a further payer, held to what earlier answers left open with it.

    `open_by_line` gives, by line number, the cents left open on that line (T); `open_on_claim` is
    what is left for adjustments of the claim as a whole. Paid is posted as it stands; the share
    goes first, up to T less paid; other adjustments up to what is left then; the rest of each is
    `prior_payer`, whatever its code. Paid above T shows as a credit balance.
    """
    lines = []
    for line in payment.lines:
        room = _Room(open_by_line.get(line.number, 0) - line.paid_cents)
        lines.append(replace(line, adjustments=_placed(line.adjustments, room)))
    own = open_on_claim - (0 if payment.lines else payment.paid_cents)
    adjustments = _placed(payment.adjustments, _Room(own))
    return replace(payment, lines=tuple(lines), adjustments=adjustments)


def left_undecided(payment: ClaimPayment) -> ClaimPayment:
    """The judged payment of a further payer where no earlier answer is ours: nobody knows T.

    Share and other adjustments are undecided; denials and what a prior payer did stay so, for
    they move nothing.
    """
    return replace(
        payment,
        adjustments=_unknown(payment.adjustments),
        lines=tuple(replace(one, adjustments=_unknown(one.adjustments)) for one in payment.lines),
    )


def _placed(given: tuple[Adjustment, ...], room: _Room) -> tuple[Adjustment, ...]:
    """Each adjustment in its old place, but the share is served before the others."""
    placed: dict[int, tuple[Adjustment, ...]] = {}
    for number, one in enumerate(given):
        if one.disposition in SHARE:
            placed[number] = tuple(room.take(one))
    for number, one in enumerate(given):
        if number not in placed:
            placed[number] = (one,) if one.disposition == _PRIOR else tuple(room.take(one))
    return tuple(part for number in range(len(given)) for part in placed[number])


def _unknown(given: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(
        one if one.disposition in _MOVES_NOTHING else replace(one, disposition=_UNDECIDED)
        for one in given
    )
