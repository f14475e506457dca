"""PostedTotals: whether all of a remittance was posted, by its own word and by what we heard."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from cleanclaim.reconcile.domain.variance import Variance, VarianceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedTotals:
    """What a remittance announced, what it says was posted, what was heard of it (cents).

    `posted_cents` is Σ paid - Σ provider adjustments (PLB) of RemittancePosted, None before it;
    `claims_told_cents` is what RemittancePosted says its claim payments are, and
    `claims_heard_cents` the sum of those payments and reversals as each was heard.
    """

    remittance_id: UUID
    payer_id: UUID | None
    trace_number: str
    payment_cents: int
    posted_cents: int | None
    claims_told_cents: int
    claims_heard_cents: int

    @property
    def complete(self) -> bool:
        """BPR02 = Σ CLP04 - Σ PLB (835 balancing, 005010X221A1 1.10.2.1.3), and all was heard."""
        return (
            self.posted_cents == self.payment_cents
            and self.claims_told_cents == self.claims_heard_cents
        )

    @property
    def actual_cents(self) -> int:
        """What stands posted: by its word, less what it told of and we did not hear."""
        if self.posted_cents is None:
            return 0
        return self.posted_cents - self.claims_told_cents + self.claims_heard_cents


def of_incomplete(totals: PostedTotals, *, opened_on: date) -> Variance:
    """A remittance that was not posted whole within its window."""
    return Variance(
        variance_id=uuid5(totals.remittance_id, VarianceKind.REMITTANCE_INCOMPLETE),
        kind=VarianceKind.REMITTANCE_INCOMPLETE,
        expected_cents=totals.payment_cents,
        actual_cents=totals.actual_cents,
        payer_id=totals.payer_id,
        remittance_id=totals.remittance_id,
        trace_number=totals.trace_number,
        opened_on=opened_on,
    )
