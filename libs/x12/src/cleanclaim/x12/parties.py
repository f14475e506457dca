"""The small facts that every set shares: parties, references, dates, amounts, adjustments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from cleanclaim.x12.findings import Finding, Position


class Address(msgspec.Struct, kw_only=True):
    line_1: str = ""
    line_2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    subdivision: str = ""


class Reference(msgspec.Struct):
    """One REF: `qualifier` REF01, `value` REF02, `description` REF03."""

    qualifier: str
    value: str
    description: str = ""


class ContactNumber(msgspec.Struct):
    """One pair of a PER: TE telephone, EX extension, FX fax, EM electronic mail, UR web page."""

    qualifier: str
    number: str


class Contact(msgspec.Struct):
    function: str
    name: str = ""
    numbers: list[ContactNumber] = []


class DateFact(msgspec.Struct):
    """One DTP or DTM. `through_on` only for a range (RD8); `raw` is the text as sent."""

    qualifier: str
    from_on: date | None
    through_on: date | None = None
    raw: str = ""


class Amount(msgspec.Struct):
    qualifier: str
    amount_cents: int


class Quantity(msgspec.Struct):
    qualifier: str
    quantity: Decimal


class Adjustment(msgspec.Struct):
    """One triple of a CAS: group code, reason (CARC), cents and, where sent, a quantity.

    A positive amount lowers the payment, a negative one raises it (005010X221A1 1.10.2).
    """

    group: str
    reason: str
    amount_cents: int
    quantity: Decimal | None = None


class Procedure(msgspec.Struct):
    """A procedure composite: qualifier (HC, NU, N4, ER …), code, up to four modifiers."""

    qualifier: str
    code: str
    modifiers: list[str] = []
    description: str = ""


class RestSegment(msgspec.Struct):
    """A segment the guide knows and the types do not; `elements[0]` is its id."""

    loop: str
    elements: list[str]


class Party(msgspec.Struct, kw_only=True):
    """An NM1 or N1 and what follows it; `name` is the last name or the organisation."""

    entity: str
    is_person: bool = False
    name: str = ""
    first_name: str = ""
    middle_name: str = ""
    prefix: str = ""
    suffix: str = ""
    identifier_qualifier: str = ""
    identifier: str = ""
    additional_name: str = ""
    address: Address | None = None
    birth_on: date | None = None
    sex: str = ""
    taxonomy: str = ""
    references: list[Reference] = []
    contacts: list[Contact] = []

    @property
    def npi(self) -> str:
        """The national provider identifier, "" when the party is named otherwise."""
        return self.identifier if self.identifier_qualifier == "XX" else ""

    @property
    def tax_id(self) -> str:
        """The tax number of REF*EI, *SY or *TJ, or of an N1 that is named by one (FI)."""
        for qualifier in ("EI", "SY", "TJ"):
            if value := self.reference(qualifier):
                return value
        return self.identifier if self.identifier_qualifier == "FI" else ""

    def reference(self, qualifier: str) -> str:
        return reference_of(self.references, qualifier)


class OutpatientAdjudication(msgspec.Struct):
    """An MOA: `elements[0]` is MOA01; the remark codes are MOA03 to MOA07."""

    elements: list[str] = []

    @property
    def remark_codes(self) -> list[str]:
        return [code for code in self.elements[2:7] if code]


class InpatientAdjudication(msgspec.Struct):
    """An MIA: `elements[0]` is MIA01; the remark codes are MIA05 and MIA20 to MIA23."""

    elements: list[str] = []

    @property
    def remark_codes(self) -> list[str]:
        return [code for code in (*self.elements[4:5], *self.elements[19:23]) if code]


class UnreadableClaim(msgspec.Struct, kw_only=True):
    """Stands in the place of a claim (or PLB) with an amount that nobody can read.

    Park it: its findings say which amount; its bytes are at `position`.
    """

    loop: str
    patient_control_number: str = ""
    position: Position = Position()
    findings: list[Finding] = []


def reference_of(references: list[Reference], qualifier: str) -> str:
    for reference in references:
        if reference.qualifier == qualifier:
            return reference.value
    return ""


def date_of(dates: list[DateFact], qualifier: str) -> date | None:
    for fact in dates:
        if fact.qualifier == qualifier:
            return fact.from_on
    return None


def party_of(parties: list[Party], entity: str) -> Party | None:
    for party in parties:
        if party.entity == entity:
            return party
    return None
