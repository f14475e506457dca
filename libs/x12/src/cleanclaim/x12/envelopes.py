"""The heads and ends of interchange, group and set, as `read` gives them."""

from __future__ import annotations

from datetime import date

import msgspec

from cleanclaim.x12.acknowledgements import (
    AcknowledgedClaim277CA,
    AcknowledgedProvider,
    Acknowledgement999,
    ClaimAcknowledgement277CA,
    InterchangeAcknowledgement,
)
from cleanclaim.x12.claims import Claim837, Claim837P
from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.dental import Claim837D
from cleanclaim.x12.eligibility import EligibilityAnswer271, EligibilityInquiry270
from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.institutional import Claim837I
from cleanclaim.x12.parties import UnreadableClaim
from cleanclaim.x12.payments import (
    ClaimPayment835,
    ProviderAdjustment835,
    ProviderSummary835,
    Remittance835,
)
from cleanclaim.x12.status import StatusAnswer277, StatusInquiry276


class TransactionSet(msgspec.Struct, kw_only=True):
    """ST and, where the set has one, BHT. The lists are filled by `parse`, empty in a stream."""

    kind: str
    identifier: str
    control_number: str
    version: str = ""
    purpose: str = ""
    reference: str = ""
    created_on: date | None = None
    created_time: str = ""
    usage: str = ""
    claims: list[Claim837P] = []
    institutional_claims: list[Claim837I] = []
    dental_claims: list[Claim837D] = []
    remittance: Remittance835 | None = None
    acknowledgement: Acknowledgement999 | None = None
    claim_acknowledgement: ClaimAcknowledgement277CA | None = None
    status_inquiries: list[StatusInquiry276] = []
    status_answers: list[StatusAnswer277] = []
    eligibility_inquiries: list[EligibilityInquiry270] = []
    eligibility_answers: list[EligibilityAnswer271] = []
    unreadable_claims: list[UnreadableClaim] = []
    segment_count: int = 0
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def accepted(self) -> bool:
        return not any(finding.severity == "error" for finding in self.findings)


class Group(msgspec.Struct, kw_only=True):
    """GS: `functional_code` GS01, `version` GS08."""

    functional_code: str
    sender: str = ""
    receiver: str = ""
    created_on: date | None = None
    created_time: str = ""
    control_number: str
    version: str = ""
    transaction_sets: list[TransactionSet] = []
    sets_stated: int | None = None
    position: Position = Position()
    findings: list[Finding] = []


class Interchange(msgspec.Struct, kw_only=True):
    """ISA; `usage` P production, T test."""

    control_number: str
    sender_qualifier: str = ""
    sender: str = ""
    receiver_qualifier: str = ""
    receiver: str = ""
    created_on: date | None = None
    created_time: str = ""
    version: str = ""
    acknowledgement_requested: bool = False
    usage: str = ""
    delimiters: Delimiters = Delimiters()
    acknowledgements: list[InterchangeAcknowledgement] = []  # its TA1
    groups: list[Group] = []
    position: Position = Position()
    findings: list[Finding] = []


class TransactionSetEnd(msgspec.Struct, kw_only=True):
    """SE, or its absence. `findings` are those that no claim carries."""

    control_number: str
    segments_counted: int
    segments_stated: int | None = None
    claims_counted: int = 0
    findings: list[Finding] = []


class GroupEnd(msgspec.Struct, kw_only=True):
    control_number: str
    sets_counted: int
    sets_stated: int | None = None
    findings: list[Finding] = []


class InterchangeEnd(msgspec.Struct, kw_only=True):
    control_number: str
    groups_counted: int
    groups_stated: int | None = None
    findings: list[Finding] = []


Item = (
    Interchange
    | Group
    | TransactionSet
    | Claim837
    | Remittance835
    | ClaimPayment835
    | ProviderAdjustment835
    | ProviderSummary835
    | Acknowledgement999
    | ClaimAcknowledgement277CA
    | AcknowledgedProvider
    | AcknowledgedClaim277CA
    | InterchangeAcknowledgement
    | StatusInquiry276
    | StatusAnswer277
    | EligibilityInquiry270
    | EligibilityAnswer271
    | UnreadableClaim
    | TransactionSetEnd
    | GroupEnd
    | InterchangeEnd
)
