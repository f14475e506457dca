"""Eligibility asked (270) and answered (271), both 005010X279A1."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from cleanclaim.x12.claims import Diagnosis
from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.parties import (
    Amount,
    DateFact,
    Party,
    Procedure,
    Reference,
    RestSegment,
)

ACTIVE = frozenset({"1", "2", "3", "4", "5"})  # EB01: active coverage of one kind or another
INACTIVE = frozenset({"6", "7", "8"})


class Trace(msgspec.Struct):
    """One TRN: `kind` 1 the asker's own, 2 the one given back; `originator` TRN03."""

    kind: str
    number: str
    originator: str = ""
    supplement: str = ""


class Specialty(msgspec.Struct):
    """One PRV: role (PE, BI, PC …), qualifier (PXC for a taxonomy code) and identifier."""

    role: str
    qualifier: str = ""
    identifier: str = ""


class Rejection(msgspec.Struct):
    """One AAA: why a request was refused (`reason` AAA03) and what to do (`follow_up` AAA04).

    `is_valid` is AAA01: Y when the request was understood and cannot be answered all the same.
    `level` says whom it blames: system (2000A), source (2100A), receiver, subscriber, dependent
    or benefit.
    """

    reason: str
    follow_up: str
    is_valid: bool = False
    level: str = ""


class InsuredPerson(msgspec.Struct, kw_only=True):
    """Loops 2000C and 2100C, or 2000D and 2100D: a person with what is said of him as a member."""

    party: Party
    traces: list[Trace] = []
    relationship: str = ""  # INS02
    changed: bool = False  # INS03, INS04: the answer corrects what was asked
    birth_sequence: str = ""  # INS17
    specialty: Specialty | None = None
    diagnoses: list[Diagnosis] = []
    dates: list[DateFact] = []
    rejections: list[Rejection] = []
    rest: list[RestSegment] = []


class EligibilityContext(msgspec.Struct, kw_only=True):
    """Who is asked (`source`), who asks (`receiver`), of whom; shared between neighbours."""

    source: Party = msgspec.field(default_factory=lambda: Party(entity="PR"))
    receiver: Party = msgspec.field(default_factory=lambda: Party(entity="1P"))
    receiver_specialty: Specialty | None = None
    subscriber: InsuredPerson | None = None
    dependent: InsuredPerson | None = None
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def person(self) -> InsuredPerson | None:
        """The one whose coverage it is about: the dependent, else the subscriber."""
        return self.dependent or self.subscriber

    @property
    def trace_number(self) -> str:
        """The TRN02 of the person, the asker's own (TRN01 = 2 in an answer) first."""
        traces = self.person.traces if self.person else []
        chosen = sorted(traces, key=lambda trace: trace.kind != "2")
        return chosen[0].number if chosen else ""


class EligibilityQuestion(msgspec.Struct, kw_only=True):
    """One 2110: `service_types` EQ01 (30 asks for all), or a procedure EQ02."""

    service_types: list[str] = []
    procedure: Procedure | None = None
    coverage_level: str = ""
    diagnosis_pointers: list[int] = []
    amounts: list[Amount] = []
    place_of_service: str = ""
    references: list[Reference] = []
    dates: list[DateFact] = []


class EligibilityInquiry270(EligibilityContext, kw_only=True):
    """One person asked for."""

    questions: list[EligibilityQuestion] = []


class Delivery(msgspec.Struct):
    """One HSD: how a benefit is delivered; `elements[0]` is HSD01."""

    elements: list[str] = []


class BenefitEntity(msgspec.Struct, kw_only=True):
    """Loop 2120: whom a benefit concerns, e.g. another payer (PRP, SEP) or a provider (P3)."""

    party: Party
    relationship: str = ""  # NM110
    specialty: Specialty | None = None


class Benefit(msgspec.Struct, kw_only=True):
    """One 2110 of an answer: its EB and what follows.

    `information` EB01 (1 active, 6 inactive, A co-insurance, B co-payment, C deductible, G out of
    pocket …), `period` EB06, `amount_cents` EB07, `rate` EB08 (0.2 is twenty per cent),
    `authorization` EB11 and `in_network` EB12 (Y, N, U, W).
    """

    information: str
    coverage_level: str = ""
    service_types: list[str] = []
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    amount_cents: int | None = None
    rate: Decimal | None = None
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    in_network: str = ""
    procedure: Procedure | None = None
    diagnosis_pointers: list[int] = []
    deliveries: list[Delivery] = []
    references: list[Reference] = []
    dates: list[DateFact] = []
    rejections: list[Rejection] = []
    messages: list[str] = []
    additional: list[RestSegment] = []  # III
    entities: list[BenefitEntity] = []


class EligibilityAnswer271(EligibilityContext, kw_only=True):
    """One person answered for, or a refusal by source or receiver (`subscriber` None)."""

    source_rejections: list[Rejection] = []
    receiver_rejections: list[Rejection] = []
    benefits: list[Benefit] = []

    @property
    def rejections(self) -> list[Rejection]:
        """All AAA that bear on this person."""
        people = [person for person in (self.subscriber, self.dependent) if person]
        return [
            *self.source_rejections,
            *self.receiver_rejections,
            *(rejection for person in people for rejection in person.rejections),
            *(rejection for benefit in self.benefits for rejection in benefit.rejections),
        ]

    @property
    def is_active(self) -> bool | None:
        """True, False, or None where neither was said."""
        told = {benefit.information for benefit in self.benefits}
        if told & ACTIVE:
            return True
        return False if told & INACTIVE else None

    def benefits_for(self, service_type: str, information: str = "") -> list[Benefit]:
        """The benefits that name a service type (EB03) and, where given, an EB01."""
        return [
            benefit
            for benefit in self.benefits
            if service_type in benefit.service_types and information in {"", benefit.information}
        ]
