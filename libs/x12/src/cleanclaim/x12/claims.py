"""The typed claims: what every 837 shares, and the professional claim (837P, 005010X222A1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.parties import (
    Adjustment,
    Amount,
    DateFact,
    InpatientAdjudication,
    OutpatientAdjudication,
    Party,
    Procedure,
    Reference,
    RestSegment,
    date_of,
    party_of,
    reference_of,
)


class Diagnosis(msgspec.Struct):
    """One HI composite: ABK principal, ABF other; the code without its dot."""

    qualifier: str
    code: str


class Note(msgspec.Struct):
    qualifier: str
    text: str


class Subscriber(msgspec.Struct, kw_only=True):
    """The SBR of loop 2000B and its NM1*IL; `relationship` is 18 when he is the patient."""

    payer_responsibility: str = ""
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    died_on: dt.date | None = None
    weight_pounds: Decimal | None = None
    pregnant: bool = False
    party: Party = msgspec.field(default_factory=lambda: Party(entity="IL"))


class Patient(msgspec.Struct, kw_only=True):
    """The PAT and NM1*QC of loop 2000C."""

    relationship: str = ""
    died_on: dt.date | None = None
    weight_pounds: Decimal | None = None
    pregnant: bool = False
    party: Party = msgspec.field(default_factory=lambda: Party(entity="QC"))


class Drug(msgspec.Struct, kw_only=True):
    """Loop 2410: LIN and CTP; `references` hold XZ (prescription) or VY (link)."""

    qualifier: str = ""
    code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    references: list[Reference] = []


class LineAdjudication(msgspec.Struct, kw_only=True):
    """Loop 2430: how another payer decided this line."""

    payer_identifier: str = ""
    paid_cents: int
    procedure: Procedure
    revenue_code: str = ""  # SVD04, institutional only
    units_paid: Decimal | None = None
    bundled_line: int | None = None
    adjustments: list[Adjustment] = []
    adjudicated_on: dt.date | None = None
    remaining_patient_liability_cents: int | None = None


class ServiceLine837(msgspec.Struct, kw_only=True):
    """What loop 2400 says in every 837; `charge_cents` is SV102, SV203 or SV302."""

    number: int = 0
    charge_cents: int
    dates: list[DateFact] = []
    references: list[Reference] = []
    amounts: list[Amount] = []
    notes: list[Note] = []
    providers: list[Party] = []
    drug: Drug | None = None
    adjudications: list[LineAdjudication] = []
    rest: list[RestSegment] = []

    @property
    def line_item_control_number(self) -> str:
        return reference_of(self.references, "6R")

    @property
    def service_from_on(self) -> dt.date | None:
        return date_of(self.dates, "472")

    @property
    def service_through_on(self) -> dt.date | None:
        """The end of a range; the day itself for a single date of service."""
        for fact in self.dates:
            if fact.qualifier == "472":
                return fact.through_on or fact.from_on
        return None

    def reference(self, qualifier: str) -> str:
        return reference_of(self.references, qualifier)

    def provider(self, entity: str) -> Party | None:
        return party_of(self.providers, entity)


class ServiceLine837P(ServiceLine837, kw_only=True):
    """Loop 2400 with its SV1: `units` SV104 in `unit` SV103 (UN or MJ)."""

    procedure: Procedure
    unit: str = "UN"
    units: Decimal
    place_of_service: str = ""
    diagnosis_pointers: list[int] = []
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False
    copay_exempt: bool = False


class OtherSubscriber(msgspec.Struct, kw_only=True):
    """Loop 2320 with 2330: another payer of the same claim and what it decided."""

    payer_responsibility: str = ""
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    adjustments: list[Adjustment] = []
    amounts: list[Amount] = []
    benefits_assigned: str = ""
    patient_signature_source: str = ""
    release_of_information: str = ""
    inpatient: InpatientAdjudication | None = None  # MIA, institutional only
    outpatient: OutpatientAdjudication | None = None
    subscriber: Party = msgspec.field(default_factory=lambda: Party(entity="IL"))
    payer: Party = msgspec.field(default_factory=lambda: Party(entity="PR"))
    providers: list[Party] = []
    dates: list[DateFact] = []
    rest: list[RestSegment] = []


class Claim837(msgspec.Struct, kw_only=True):
    """A claim and its context. Objects of the loops above it are shared between its neighbours."""

    submitter: Party = msgspec.field(default_factory=lambda: Party(entity="41"))
    receiver: Party = msgspec.field(default_factory=lambda: Party(entity="40"))
    billing_provider: Party = msgspec.field(default_factory=lambda: Party(entity="85"))
    pay_to_address: Party | None = None
    pay_to_plan: Party | None = None
    subscriber: Subscriber = msgspec.field(default_factory=Subscriber)
    payer: Party = msgspec.field(default_factory=lambda: Party(entity="PR"))
    patient: Patient | None = None
    patient_control_number: str
    charge_cents: int
    frequency: str = "1"
    accepts_assignment: str = "A"
    benefits_assigned: str = "Y"
    release_of_information: str = "Y"
    delay_reason: str = ""
    dates: list[DateFact] = []
    amounts: list[Amount] = []
    references: list[Reference] = []
    notes: list[Note] = []
    providers: list[Party] = []
    other_subscribers: list[OtherSubscriber] = []
    rest: list[RestSegment] = []
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def service_lines(self) -> Sequence[ServiceLine837]:
        """The lines, whatever the kind of claim."""
        return ()

    @property
    def rendering_provider(self) -> Party | None:
        return self.provider("82")

    @property
    def referring_provider(self) -> Party | None:
        return self.provider("DN")

    @property
    def service_facility(self) -> Party | None:
        return self.provider("77")

    @property
    def patient_party(self) -> Party:
        """The person treated: the patient of loop 2000C, else the subscriber."""
        return self.patient.party if self.patient else self.subscriber.party

    @property
    def line_total_cents(self) -> int:
        return sum(line.charge_cents for line in self.service_lines)

    def provider(self, entity: str) -> Party | None:
        return party_of(self.providers, entity)

    def reference(self, qualifier: str) -> str:
        return reference_of(self.references, qualifier)

    def date(self, qualifier: str) -> dt.date | None:
        return date_of(self.dates, qualifier)


class Claim837P(Claim837, kw_only=True):
    """A professional claim: loop 2300 and all inside it."""

    place_of_service: str = ""
    place_of_service_qualifier: str = "B"
    provider_signature: str = "Y"
    patient_signature_source: str = ""
    related_causes: list[str] = []
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    diagnoses: list[Diagnosis] = []
    lines: list[ServiceLine837P] = []

    @property
    def service_lines(self) -> Sequence[ServiceLine837]:
        return self.lines
