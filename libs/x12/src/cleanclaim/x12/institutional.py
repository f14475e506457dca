"""The typed institutional claim (837I, 005010X223A2): stay, codes of the bill, revenue lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from cleanclaim.x12.claims import Claim837, ServiceLine837
from cleanclaim.x12.parties import Party, Procedure


class InstitutionalDiagnosis(msgspec.Struct):
    """One HI composite: ABK principal, ABJ admitting, APR visit reason, ABN cause, ABF other.

    `present_on_admission` is Y, N, U (not documented), W (cannot be determined) or "" (exempt).
    """

    qualifier: str
    code: str
    present_on_admission: str = ""


class InstitutionalProcedure(msgspec.Struct):
    """One HI composite: BBR (CAH) the principal procedure, BBQ another; with its day."""

    qualifier: str
    code: str
    performed_on: dt.date | None = None


class OccurrenceSpan(msgspec.Struct):
    """HI*BI: an NUBC occurrence span code with its first and last day."""

    code: str
    from_on: dt.date | None
    through_on: dt.date | None


class Occurrence(msgspec.Struct):
    """HI*BH: an NUBC occurrence code with its day."""

    code: str
    occurred_on: dt.date | None


class ValueAmount(msgspec.Struct):
    """HI*BE: an NUBC value code. Its field is an amount; some codes (80 to 83) count days in it."""

    code: str
    amount_cents: int

    @property
    def quantity(self) -> Decimal:
        """The number as it stands, for the codes that count: 4 for four covered days."""
        return Decimal(self.amount_cents) / 100


class ServiceLine837I(ServiceLine837, kw_only=True):
    """Loop 2400 with its SV2: `units` SV205 in `unit` SV204 (UN or DA, days)."""

    revenue_code: str
    procedure: Procedure | None = None
    unit: str = "UN"
    units: Decimal
    non_covered_cents: int | None = None


class Claim837I(Claim837, kw_only=True):
    """An institutional claim: loop 2300 and all inside it.

    `facility_type` CLM05-1 and `frequency` CLM05-3 are the type of bill; `admission_type` CL101,
    `admission_source` CL102 and `patient_status` CL103 are NUBC codes.
    """

    facility_type: str = ""
    facility_type_qualifier: str = "A"
    admission_type: str = ""
    admission_source: str = ""
    patient_status: str = ""
    drg: str = ""
    diagnoses: list[InstitutionalDiagnosis] = msgspec.field(default_factory=list)
    procedures: list[InstitutionalProcedure] = msgspec.field(default_factory=list)
    occurrence_spans: list[OccurrenceSpan] = msgspec.field(default_factory=list)
    occurrences: list[Occurrence] = msgspec.field(default_factory=list)
    values: list[ValueAmount] = msgspec.field(default_factory=list)
    conditions: list[str] = msgspec.field(default_factory=list)
    treatments: list[str] = msgspec.field(default_factory=list)
    lines: list[ServiceLine837I] = msgspec.field(default_factory=list)

    @property
    def service_lines(self) -> Sequence[ServiceLine837]:
        return self.lines

    @property
    def type_of_bill(self) -> str:
        """Facility type and frequency, e.g. `111` for an inpatient hospital bill."""
        return self.facility_type + self.frequency

    @property
    def principal_diagnosis(self) -> str:
        return self._diagnosis("ABK", "BK")

    @property
    def admitting_diagnosis(self) -> str:
        return self._diagnosis("ABJ", "BJ")

    @property
    def attending_provider(self) -> Party | None:
        return self.provider("71")

    @property
    def operating_physician(self) -> Party | None:
        return self.provider("72")

    @property
    def statement_from_on(self) -> dt.date | None:
        return self.date("434")

    @property
    def statement_through_on(self) -> dt.date | None:
        """The last day of DTP 434, the first one where it names a single day."""
        fact = next((fact for fact in self.dates if fact.qualifier == "434"), None)
        return (fact.through_on or fact.from_on) if fact else None

    @property
    def admitted_on(self) -> dt.date | None:
        return self.date("435")

    @property
    def admission_hour(self) -> str:
        """HHMM of DTP 435, "" when only the day was sent."""
        return next((fact.raw[8:] for fact in self.dates if fact.qualifier == "435"), "")

    @property
    def discharge_hour(self) -> str:
        """HHMM of DTP 096; the day is `statement_through_on`."""
        return next((fact.raw for fact in self.dates if fact.qualifier == "096"), "")

    def _diagnosis(self, *qualifiers: str) -> str:
        return next((fact.code for fact in self.diagnoses if fact.qualifier in qualifiers), "")
