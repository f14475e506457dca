"""Claim status asked (276) and answered (277), both 005010X212."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from cleanclaim.x12.acknowledgements import ClaimStatus
from cleanclaim.x12.findings import Finding, Position
from cleanclaim.x12.parties import DateFact, Party, Procedure, Reference, date_of, reference_of

Level = Literal["receiver", "provider", "claim"]


class StatusLine(msgspec.Struct, kw_only=True):
    """A service line asked for (2210) or answered (2220): its SVC, REF*FJ and DTP 472."""

    procedure: Procedure
    charge_cents: int
    paid_cents: int | None = None
    revenue_code: str = ""
    units: Decimal | None = None
    statuses: list[ClaimStatus] = []
    references: list[Reference] = []
    dates: list[DateFact] = []

    @property
    def line_item_control_number(self) -> str:
        return reference_of(self.references, "FJ")


class StatusContext(msgspec.Struct, kw_only=True):
    """What question and answer share: the parties above the claim, shared between neighbours.

    `subscriber` holds the DMG of a 276 (`birth_on`, `sex`); `dependent` is None when the
    subscriber is the patient. `trace` is TRN02: the asker's number, given back by the answer.
    """

    payer: Party = msgspec.field(default_factory=lambda: Party(entity="PR"))
    receiver: Party = msgspec.field(default_factory=lambda: Party(entity="41"))
    providers: list[Party] = []
    subscriber: Party | None = None
    dependent: Party | None = None
    trace: str = ""
    references: list[Reference] = []
    dates: list[DateFact] = []
    lines: list[StatusLine] = []
    position: Position = Position()
    findings: list[Finding] = []

    @property
    def patient(self) -> Party | None:
        return self.dependent or self.subscriber

    @property
    def patient_control_number(self) -> str:
        """REF*EJ."""
        return reference_of(self.references, "EJ")

    @property
    def payer_claim_control_number(self) -> str:
        """REF*1K."""
        return reference_of(self.references, "1K")

    @property
    def type_of_bill(self) -> str:
        """REF*BLT."""
        return reference_of(self.references, "BLT")

    @property
    def service_from_on(self) -> dt.date | None:
        return date_of(self.dates, "472")


class StatusInquiry276(StatusContext, kw_only=True):
    """One claim asked for (2200D or 2200E); `charge_cents` is AMT*T3."""

    charge_cents: int | None = None


class StatusAnswer277(StatusContext, kw_only=True):
    """One answer: to a claim, or to all that a provider or a receiver asked (`level`)."""

    level: Level = "claim"
    statuses: list[ClaimStatus] = []

    @property
    def is_found(self) -> bool:
        """False when a category says that the claim or request was not found (A4, D0, E…)."""
        return not any(
            code.category in {"A4", "D0"} or code.category.startswith("E")
            for status in self.statuses
            for code in status.codes
        )
