"""The typed remittance (835, 005010X221A1): head, claim payments, lines, provider adjustments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.parties import (
    Adjustment,
    Amount,
    Contact,
    DateFact,
    InpatientAdjudication,
    OutpatientAdjudication,
    Party,
    Procedure,
    Quantity,
    Reference,
    RestSegment,
    date_of,
    party_of,
    reference_of,
)


class RemarkCode(msgspec.Struct):
    """One LQ: `qualifier` HE for a RARC, RX for a drug reject code."""

    qualifier: str
    code: str


class ServicePayment835(msgspec.Struct, kw_only=True):
    """Loop 2110. `procedure` is the one adjudicated (SVC01), `submitted_procedure` SVC06."""

    procedure: Procedure
    charge_cents: int
    paid_cents: int
    revenue_code: str = ""
    units_paid: Decimal | None = None
    submitted_procedure: Procedure | None = None
    units_submitted: Decimal | None = None
    dates: list[DateFact] = []
    adjustments: list[Adjustment] = []
    references: list[Reference] = []
    amounts: list[Amount] = []
    quantities: list[Quantity] = []
    remark_codes: list[RemarkCode] = []

    @property
    def line_item_control_number(self) -> str:
        return reference_of(self.references, "6R")

    @property
    def service_from_on(self) -> dt.date | None:
        return date_of(self.dates, "150") or date_of(self.dates, "472")

    @property
    def service_through_on(self) -> dt.date | None:
        return date_of(self.dates, "151") or self.service_from_on

    @property
    def allowed_cents(self) -> int | None:
        """AMT*B6, the amount the payer allowed; None when it was not sent."""
        return next((a.amount_cents for a in self.amounts if a.qualifier == "B6"), None)

    @property
    def adjustment_total_cents(self) -> int:
        return sum([adjustment.amount_cents for adjustment in self.adjustments])

    def reference(self, qualifier: str) -> str:
        return reference_of(self.references, qualifier)


class ClaimPayment835(msgspec.Struct, kw_only=True):
    """Loop 2100: the payer's decision on one claim; `status` is CLP02."""

    header_number: str = ""
    patient_control_number: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int | None = None
    filing_indicator: str = ""
    payer_claim_control_number: str = ""
    facility_type: str = ""
    frequency: str = ""
    drg: str = ""
    drg_weight: Decimal | None = None
    discharge_fraction: Decimal | None = None
    adjustments: list[Adjustment] = []
    parties: list[Party] = []
    inpatient: InpatientAdjudication | None = None
    outpatient: OutpatientAdjudication | None = None
    references: list[Reference] = []
    dates: list[DateFact] = []
    contacts: list[Contact] = []
    amounts: list[Amount] = []
    quantities: list[Quantity] = []
    lines: list[ServicePayment835] = []
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def patient(self) -> Party | None:
        return self.party("QC")

    @property
    def insured(self) -> Party | None:
        return self.party("IL")

    @property
    def corrected_insured(self) -> Party | None:
        return self.party("74")

    @property
    def rendering_provider(self) -> Party | None:
        return self.party("82")

    @property
    def crossover_carrier(self) -> Party | None:
        return self.party("TT")

    @property
    def corrected_payer(self) -> Party | None:
        return self.party("PR")

    @property
    def other_subscriber(self) -> Party | None:
        return self.party("GB")

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"

    @property
    def remark_codes(self) -> list[str]:
        """The claim-level RARCs of MIA and MOA."""
        found = [] if self.inpatient is None else self.inpatient.remark_codes
        return found + ([] if self.outpatient is None else self.outpatient.remark_codes)

    @property
    def adjustment_total_cents(self) -> int:
        """Claim level and all lines."""
        own = sum(adjustment.amount_cents for adjustment in self.adjustments)
        return own + sum(line.adjustment_total_cents for line in self.lines)

    def party(self, entity: str) -> Party | None:
        return party_of(self.parties, entity)

    def reference(self, qualifier: str) -> str:
        return reference_of(self.references, qualifier)

    def date(self, qualifier: str) -> dt.date | None:
        return date_of(self.dates, qualifier)


class ProviderAdjustment835(msgspec.Struct, kw_only=True):
    """One pair of a PLB: a positive amount lowers the payment, a negative one raises it."""

    provider_identifier: str
    fiscal_period_on: dt.date | None = None
    reason: str
    reference: str = ""
    amount_cents: int
    position: Position = Position()


class ProviderSummary835(msgspec.Struct, kw_only=True):
    """TS3 and TS2 of one LX: what the payer sums up of the claims with this `header_number`."""

    header_number: str
    segments: list[RestSegment] = []
    position: Position = Position()


class Remittance835(msgspec.Struct, kw_only=True):
    """One ST of an 835: what was paid, how, by whom, to whom."""

    handling_code: str = "I"
    payment_cents: int
    credit_or_debit: str = "C"
    method: str
    payment_format: str = ""
    payer_bank_qualifier: str = ""
    payer_bank: str = ""
    payer_account_qualifier: str = ""
    payer_account: str = ""
    originator: str = ""
    originator_supplement: str = ""
    payee_bank_qualifier: str = ""
    payee_bank: str = ""
    payee_account_qualifier: str = ""
    payee_account: str = ""
    paid_on: dt.date | None = None
    trace_number: str = ""
    trace_originator: str = ""
    trace_supplement: str = ""
    receiver_identifier: str = ""
    version_reference: str = ""
    production_on: dt.date | None = None
    payer: Party = msgspec.field(default_factory=lambda: Party(entity="PR"))
    payee: Party = msgspec.field(default_factory=lambda: Party(entity="PE"))
    claims: list[ClaimPayment835] = []
    provider_adjustments: list[ProviderAdjustment835] = []
    provider_summaries: list[ProviderSummary835] = []
    rest: list[RestSegment] = []
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def claim_total_cents(self) -> int:
        return sum(claim.paid_cents for claim in self.claims)

    @property
    def provider_adjustment_total_cents(self) -> int:
        return sum(adjustment.amount_cents for adjustment in self.provider_adjustments)
