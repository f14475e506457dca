"""A remittance (one ST of an 835) as it was read, and what may become of it."""

from dataclasses import dataclass
from datetime import date

from cleanclaim.remittance.domain.claim_payment import ClaimPayment
from cleanclaim.values.errors import Conflict, Missing

POSTED = "posted"
HELD = "held"
REJECTED = "rejected"


class NoSuchRemittance(Missing):
    """The organization has no remittance of that id."""


class RemittanceNotHeld(Conflict):
    """Only a held remittance can be released or rejected."""


class RemittanceStillHeld(Conflict):
    """What holds the remittance is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a file: the place and the rule in words, never a value."""

    rule: str
    place: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays, as the remittance names it: N1*PR, REF*2U, TRN03 and BPR10."""

    name: str
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who is paid (N1*PE): by NPI or by tax number."""

    npi: str | None = None
    tin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB: a positive amount lowers the payment, a negative one raises it."""

    position: int
    code: str
    reference: str
    amount_cents: int
    fiscal_period_ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """BPR and TRN: the payment as a whole, in cents."""

    payment_cents: int
    is_debit: bool
    method: str
    paid_on: date
    trace_number: str
    originating_company_id: str
    produced_on: date | None = None

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What no two posted remittances share: TRN03, TRN02, BPR02, BPR16."""
        return (
            self.originating_company_id,
            self.trace_number,
            self.payment_cents,
            self.paid_on.isoformat(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """All of one ST. `head` is None where no amount, day or trace of the payment can be read.

    `faults` are those that forbid posting; `defects` are the payer's untidiness, told and passed
    over. `content_hash` covers the normalised segments between ST and SE.
    """

    set_control_number: str
    set_number: int
    content_hash: bytes
    head: Head | None
    payer: Payer
    payee: Payee
    payments: tuple[ClaimPayment, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    faults: tuple[Fault, ...] = ()
    defects: tuple[Fault, ...] = ()

    @property
    def paid_cents(self) -> int:
        return sum(payment.paid_cents for payment in self.payments)

    @property
    def charge_cents(self) -> int:
        return sum(payment.charge_cents for payment in self.payments)

    @property
    def patient_responsibility_cents(self) -> int:
        return sum(payment.patient_share_cents for payment in self.payments)

    @property
    def adjusted_cents(self) -> int:
        """Sum of the provider adjustments (PLB)."""
        return sum(one.amount_cents for one in self.provider_adjustments)
