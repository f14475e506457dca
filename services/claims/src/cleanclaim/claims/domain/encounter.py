"""An encounter version as intake hands it out: what a claim is built from, never kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PostalAddress:
    """Where a person lives or a facility stands."""

    line_1: str
    line_2: str = ""
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """A patient or subscriber; no repr, so that no log shows one by accident."""

    last_name: str
    first_name: str
    middle_name: str = ""
    birth_on: date | None = None
    sex: str = "U"
    address: PostalAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EncounterCoverage:
    """A coverage on file; `order` is P, S or T, `relationship` the X12 individual code."""

    coverage_id: UUID
    payer_id: UUID
    order: str
    member_id: str
    group_number: str = ""
    relationship: str
    filing_indicator: str = ""
    subscriber: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """Somebody who rendered or referred, by NPI."""

    npi: str
    last_name: str
    first_name: str = ""
    taxonomy_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where it was done, when that is not the billing provider's address."""

    npi: str
    name: str
    address: PostalAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """Why the care was needed: X12 cause codes (AA, EM, OA), the day and the state."""

    causes: tuple[str, ...] = ()
    occurred_on: date | None = None
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterCharge:
    """One priced act of the encounter."""

    charge_id: UUID
    line_number: int
    procedure_code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    unit: str = "UN"
    charge_cents: int
    service_from_on: date
    service_to_on: date
    place_of_service: str = ""
    diagnosis_pointers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterVersion:
    """One immutable version of an encounter, with the people in it."""

    encounter_id: UUID
    encounter_version: int
    claim_type: str
    service_from_on: date
    service_to_on: date
    place_of_service: str
    patient_account_id: UUID
    billing_provider_npi: str
    rendering_provider: Practitioner | None = None
    referring_provider: Practitioner | None = None
    facility: Facility | None = None
    prior_authorization_number: str = field(default="", repr=False)
    assignment_of_benefits: bool = True
    release_of_information: bool = True
    signature_on_file: bool = True
    patient: Person
    coverages: tuple[EncounterCoverage, ...] = ()
    diagnoses: tuple[str, ...] = ()
    charges: tuple[EncounterCharge, ...] = ()
    total_charge_cents: int
    accident: Accident | None = None

    @property
    def primary(self) -> EncounterCoverage | None:
        """The coverage that is billed first, None where none is marked P."""
        return next((one for one in self.coverages if one.order == "P"), None)

    @property
    def further(self) -> Iterator[EncounterCoverage]:
        """The coverages behind the primary one, in their order."""
        rest = (one for one in self.coverages if one.order != "P")
        return iter(sorted(rest, key=lambda one: "STABCDEFGHU".find(one.order)))
