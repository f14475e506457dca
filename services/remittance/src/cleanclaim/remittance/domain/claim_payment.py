"""A payer's decision on one claim as it was read (CLP, CAS, SVC), and as it is once posted."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

REVERSAL = "22"
NOT_OUR_CLAIM = "23"
PREDETERMINATION = "25"
POSTS_NOTHING = frozenset({NOT_OUR_CLAIM, PREDETERMINATION})
FORWARDED = frozenset({"19", "20", "21"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One triple of a CAS; a positive amount lowers the payment (005010X221A1 1.10.2).

    `disposition` is empty until the payment is judged.
    """

    group: str
    reason: str
    amount_cents: int
    quantity: str | None = None
    disposition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePayment:
    """One SVC; `number` counts from 1 in its claim. `line_id` is ours, once the line was found.

    `matched_by` says how: line_control_number, or the facts that agreed.
    """

    number: int
    control_number: str | None = None
    qualifier: str
    code: str
    modifiers: tuple[str, ...] = ()
    units: str | None = None
    submitted_code: str | None = None
    submitted_modifiers: tuple[str, ...] = ()
    charge_cents: int
    paid_cents: int
    allowed_cents: int | None = None
    service_from_on: date | None = None
    service_to_on: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remark_codes: tuple[str, ...] = ()
    line_id: UUID | None = None
    matched_by: str | None = None

    @property
    def adjusted_cents(self) -> int:
        return sum(one.amount_cents for one in self.adjustments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """The payer that a claim was sent on to (NM1*TT), as the remitting payer names it."""

    identifier: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPayment:
    """One CLP. `patient_control_number` is CLP01; `original_reference` is REF*F8."""

    position: int
    patient_control_number: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int | None = None
    payer_claim_control_number: str | None = None
    original_reference: str | None = None
    allowed_cents: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remark_codes: tuple[str, ...] = ()
    lines: tuple[ServicePayment, ...] = ()
    service_from_on: date | None = None
    service_to_on: date | None = None
    carrier: Carrier | None = None

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def all_adjustments(self) -> tuple[Adjustment, ...]:
        """Those of the claim as a whole, then those of its lines, in their order."""
        of_lines = tuple(one for line in self.lines for one in line.adjustments)
        return self.adjustments + of_lines

    @property
    def all_remark_codes(self) -> tuple[str, ...]:
        return self.remark_codes + tuple(code for line in self.lines for code in line.remark_codes)

    @property
    def patient_share_cents(self) -> int:
        """CLP05, or the sum of the PR adjustments where the payer left it out (RFI 2548)."""
        if self.patient_responsibility_cents is not None:
            return self.patient_responsibility_cents
        return sum(one.amount_cents for one in self.all_adjustments if one.group == "PR")

    def total(self, *dispositions: str) -> int:
        """Cents of all adjustments with one of these dispositions."""
        return sum(
            one.amount_cents for one in self.all_adjustments if one.disposition in dispositions
        )
