"""An 835 file gone through claim by claim, so that its size is not held in memory twice."""

from dataclasses import dataclass, field

from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.remittance.edi_in.claims import claim_payment
from cleanclaim.x12 import (
    ClaimPayment835,
    Finding,
    Group,
    GroupEnd,
    Interchange,
    InterchangeEnd,
    Item,
    ProviderAdjustment835,
    Remittance835,
    TransactionSet,
    TransactionSetEnd,
    UnreadableClaim,
    read,
)


@dataclass(slots=True)
class SetRead:
    """One ST with all that was read of it; `around` are the findings of its envelopes."""

    held: TransactionSet
    around: tuple[list[Finding], list[Finding]]
    head: Remittance835 | None = None
    payments: list[ClaimPayment] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment835] = field(default_factory=list)


class FileReading:
    """Gathers the sets of a file; `findings` are those of its interchanges.

    Raises `Unreadable` where the content is no X12 at all.
    """

    def __init__(self, content: bytes) -> None:
        self.sets: list[SetRead] = []
        self.findings: list[Finding] = []
        self._interchange: list[Finding] = []
        self._group: list[Finding] = []
        for item in read(content):
            if not self._envelope(item) and self.sets:
                self._in_set(self.sets[-1], item)

    def _envelope(self, item: Item) -> bool:
        if isinstance(item, Interchange):
            self._interchange, self._group = list(item.findings), []
            self.findings += item.findings
        elif isinstance(item, InterchangeEnd):
            self._interchange += item.findings
            self.findings += item.findings
        elif isinstance(item, Group):
            self._group = list(item.findings)
        elif isinstance(item, GroupEnd):
            self._group += item.findings
        elif isinstance(item, TransactionSet):
            # the lists grow until their envelopes end: every set in them sees all of it
            self.sets.append(SetRead(held=item, around=(self._interchange, self._group)))
        else:
            return False
        return True

    def _in_set(self, current: SetRead, item: Item) -> None:
        if isinstance(item, ClaimPayment835):
            current.payments.append(claim_payment(len(current.payments) + 1, item))
            current.held.findings += item.findings
        elif isinstance(item, ProviderAdjustment835):
            current.provider_adjustments.append(item)
        elif isinstance(item, Remittance835):
            current.head = item
            current.held.findings += item.findings
        elif isinstance(item, UnreadableClaim):
            current.held.unreadable_claims.append(item)
            current.held.findings += item.findings
        elif isinstance(item, TransactionSetEnd):
            current.held.findings += item.findings
