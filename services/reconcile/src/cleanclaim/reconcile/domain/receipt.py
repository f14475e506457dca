"""ExpectedReceipt: the money that a remittance announces, and how much of it has come."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cleanclaim.reconcile.domain.bank_calendar import window_ends_on
from cleanclaim.values.errors import Missing

NOTHING_TO_COME = "NON"


class NoSuchRemittance(Missing):
    """No remittance of that id was told to this service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReceipt:
    """One remittance as the bank should show it: BPR02 in cents, TRN02, TRN03, BPR04, BPR16.

    `written_off_cents` is signed as the variance was: negative for money that will never come.
    """

    remittance_id: UUID
    payer_id: UUID | None
    trace_number: str
    originating_company_id: str | None
    payment_method: str
    paid_on: date
    payment_cents: int
    matched_cents: int = 0
    written_off_cents: int = 0

    @property
    def open_cents(self) -> int:
        """What is still to come; negative where more came than was announced."""
        return self.payment_cents + self.written_off_cents - self.matched_cents

    @property
    def awaits_money(self) -> bool:
        """False for BPR02 = 0 or BPR04 = NON, which need no deposit, and for what has come."""
        if self.payment_method == NOTHING_TO_COME or self.payment_cents <= 0:
            return False
        return self.open_cents > 0

    @property
    def window_ends_on(self) -> date:
        """The last day on which its deposit is only awaited."""
        return window_ends_on(self.paid_on, self.payment_method)
