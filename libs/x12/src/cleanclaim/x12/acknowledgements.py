"""The typed answers: 999 (005010X231A1) to a group, 277CA (005010X214) to each claim of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.parties import DateFact, Party, Procedure, Reference, reference_of

# Rejected before adjudication: returned unprocessable, or missing, invalid, related data
# (X12 code source 507 as used by 005010X214; RFI 1942).
REJECTING = frozenset({"A3", "A6", "A7", "A8"})


class ElementError(msgspec.Struct, kw_only=True):
    """One IK4; `value` is the bad data as the answerer copied it and may be PHI."""

    element: int
    component: int = 0
    repetition: int = 0
    data_element: str = ""
    code: str
    value: str = ""
    contexts: list[str] = []

    def __repr__(self) -> str:
        return f"ElementError(element={self.element}, component={self.component}, {self.code!r})"


class SegmentError(msgspec.Struct, kw_only=True):
    """One IK3: segment number counted from ST = 1."""

    segment_id: str
    segment_number: int
    loop: str = ""
    code: str = ""
    contexts: list[str] = []
    element_errors: list[ElementError] = []


class AcknowledgedSet(msgspec.Struct, kw_only=True):
    """AK2 to IK5: A accepted, E accepted with errors, R (M, W, X) rejected."""

    identifier: str
    control_number: str
    version: str = ""
    status: str = ""
    codes: list[str] = []
    segment_errors: list[SegmentError] = []


class InterchangeAcknowledgement(msgspec.Struct, kw_only=True):
    """One TA1: an interchange accepted (A), accepted with errors (E) or rejected (R).

    `interchange_control_number`, `created_on` and `created_time` are those of the ISA answered;
    `note` is a TA105 code, 000 when there is no error.
    """

    interchange_control_number: str
    created_on: date | None = None
    created_time: str = ""
    status: str = "A"
    note: str = "000"
    position: Position = Position()
    findings: list[Finding] = []


class Acknowledgement999(msgspec.Struct, kw_only=True):
    """AK1 to AK9: one functional group judged."""

    functional_code: str
    group_control_number: str
    version: str = ""
    status: str = ""
    sets_included: int = 0
    sets_received: int = 0
    sets_accepted: int = 0
    codes: list[str] = []
    sets: list[AcknowledgedSet] = []
    position: Position = Position()
    findings: list[Finding] = []


class StatusCode(msgspec.Struct):
    """Category (A0-A8 in a 277CA), status and the entity it speaks of.

    `code_list` is RX in a 277 whose status is an NCPDP reject code.
    """

    category: str
    status: str
    entity: str = ""
    code_list: str = ""


class ClaimStatus(msgspec.Struct, kw_only=True):
    """One STC: up to three status codes, the action (WQ accept, U reject) and the charge.

    A 277 has no action and message; it may have what was paid, when, and by which check.
    """

    codes: list[StatusCode]
    effective_on: date | None = None
    action: str = ""
    amount_cents: int | None = None
    message: str = ""
    paid_cents: int | None = None
    adjudicated_on: date | None = None
    remitted_on: date | None = None
    check_number: str = ""

    @property
    def category(self) -> str:
        return self.codes[0].category if self.codes else ""

    @property
    def status(self) -> str:
        return self.codes[0].status if self.codes else ""

    @property
    def entity(self) -> str:
        return self.codes[0].entity if self.codes else ""


class AcknowledgedLine(msgspec.Struct, kw_only=True):
    """Loop 2220D: a service line that was at fault."""

    procedure: Procedure
    charge_cents: int
    revenue_code: str = ""
    units: Decimal | None = None
    statuses: list[ClaimStatus] = []
    references: list[Reference] = []
    dates: list[DateFact] = []


class AcknowledgedProvider(msgspec.Struct, kw_only=True):
    """Loop 2000C: a billing provider, its totals and what was said of it."""

    party: Party = msgspec.field(default_factory=lambda: Party(entity="85"))
    trace: str = ""
    statuses: list[ClaimStatus] = []
    references: list[Reference] = []
    accepted_count: int | None = None
    rejected_count: int | None = None
    accepted_cents: int | None = None
    rejected_cents: int | None = None


class AcknowledgedClaim277CA(msgspec.Struct, kw_only=True):
    """Loop 2200D: what became of one claim; `patient_control_number` is our CLM01."""

    provider: AcknowledgedProvider = msgspec.field(default_factory=AcknowledgedProvider)
    patient: Party = msgspec.field(default_factory=lambda: Party(entity="QC"))
    patient_control_number: str = ""
    statuses: list[ClaimStatus] = []
    references: list[Reference] = []
    dates: list[DateFact] = []
    lines: list[AcknowledgedLine] = []
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def payer_claim_control_number(self) -> str:
        return reference_of(self.references, "1K")

    @property
    def clearinghouse_trace(self) -> str:
        return reference_of(self.references, "D9")

    @property
    def is_rejected(self) -> bool:
        return any(code.category in REJECTING for status in self.statuses for code in status.codes)


class ClaimAcknowledgement277CA(msgspec.Struct, kw_only=True):
    """One ST of a 277CA, from the information source down to the claims."""

    reference: str = ""
    created_on: date | None = None
    created_time: str = ""
    source: Party = msgspec.field(default_factory=lambda: Party(entity="PR"))
    source_trace: str = ""
    received_on: date | None = None
    processed_on: date | None = None
    receiver: Party = msgspec.field(default_factory=lambda: Party(entity="41"))
    trace: str = ""
    statuses: list[ClaimStatus] = []
    accepted_count: int | None = None
    rejected_count: int | None = None
    accepted_cents: int | None = None
    rejected_cents: int | None = None
    providers: list[AcknowledgedProvider] = []
    claims: list[AcknowledgedClaim277CA] = []
    position: Position = Position()
    findings: list[Finding] = []
