"""Whom claims asks: intake, for one immutable version of an encounter at a time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from pydantic import BaseModel, ValidationError

from cleanclaim.chassis.environment import ServiceSettings
from cleanclaim.chassis.http import ServiceClient
from cleanclaim.claims.domain.encounter import (
    Accident,
    EncounterCharge,
    EncounterCoverage,
    EncounterVersion,
    Facility,
    Person,
    PostalAddress,
    Practitioner,
)
from cleanclaim.values.errors import Invalid

SCOPE = "system/Encounter.r"
AT_ONCE = 8
"""Questions to intake at the same time; more would only queue there."""
REMEMBERED = 2_000
"""Versions remembered in memory between building a claim and writing its file; never on disk."""

VersionKey = tuple[UUID, int]


class EncounterUnreadable(Invalid):
    """Intake answered with something that is no encounter version; its contract was broken."""


class Partners(Protocol):
    """What the doors ask for before they open a transaction."""

    async def encounter_versions(
        self, organization_id: UUID, wanted: Iterable[VersionKey]
    ) -> dict[VersionKey, EncounterVersion]:
        """The encounter versions (encounter, version) of an organization.

        Raises:
            Unavailable: intake does not answer.
            Missing: intake has no such version.
            EncounterUnreadable: the answer is not as agreed.
        """
        ...


class Intake:
    """Asks intake over HTTP; a version never changes, so each is asked for once."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._known: OrderedDict[tuple[UUID, UUID, int], EncounterVersion] = OrderedDict()

    async def encounter_versions(
        self, organization_id: UUID, wanted: Iterable[VersionKey]
    ) -> dict[VersionKey, EncounterVersion]:
        keys = list(dict.fromkeys(wanted))
        answers = await asyncio.gather(*(self._version(organization_id, *key) for key in keys))
        return dict(zip(keys, answers, strict=True))

    async def _version(
        self, organization_id: UUID, encounter_id: UUID, version: int
    ) -> EncounterVersion:
        key = (organization_id, encounter_id, version)
        if key not in self._known:
            async with self._limit:
                answer = await self._client.get(
                    f"/v1/encounters/{encounter_id}/versions/{version}",
                    organization_id=organization_id,
                    scope=SCOPE,
                )
            self._known[key] = read_encounter(answer)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key]


def make(client_for: Callable[[str], ServiceClient], settings: ServiceSettings) -> Intake:
    """The partners of a running service."""
    return Intake(client_for(settings.intake_url))


class _Address(BaseModel):
    line1: str
    line2: str | None = None
    city: str
    state: str
    zip: str

    def as_address(self) -> PostalAddress:
        return PostalAddress(
            line_1=self.line1,
            line_2=self.line2 or "",
            city=self.city,
            state=self.state,
            postal_code=self.zip,
        )


class _Person(BaseModel):
    last_name: str
    first_name: str
    middle_name: str | None = None
    birth_on: date | None = None
    sex: str | None = None
    address: _Address | None = None

    def as_person(self) -> Person:
        return Person(
            last_name=self.last_name,
            first_name=self.first_name,
            middle_name=self.middle_name or "",
            birth_on=self.birth_on,
            sex=self.sex or "U",
            address=self.address.as_address() if self.address else None,
        )


class _Coverage(BaseModel):
    coverage_id: UUID
    payer_id: UUID
    order: str
    member_id: str
    group_number: str | None = None
    relationship: str
    claim_filing_indicator: str | None = None
    subscriber: _Person

    def as_coverage(self) -> EncounterCoverage:
        return EncounterCoverage(
            coverage_id=self.coverage_id,
            payer_id=self.payer_id,
            order=self.order,
            member_id=self.member_id,
            group_number=self.group_number or "",
            relationship=self.relationship,
            filing_indicator=self.claim_filing_indicator or "",
            subscriber=self.subscriber.as_person(),
        )


class _Practitioner(BaseModel):
    npi: str
    last_name: str
    first_name: str | None = None
    taxonomy_code: str | None = None

    def as_practitioner(self) -> Practitioner:
        return Practitioner(
            npi=self.npi,
            last_name=self.last_name,
            first_name=self.first_name or "",
            taxonomy_code=self.taxonomy_code or "",
        )


class _Facility(BaseModel):
    npi: str | None = None
    name: str
    address: _Address | None = None


class _Accident(BaseModel):
    causes: list[str] = []
    cause: str | None = None
    occurred_on: date | None = None
    on: date | None = None
    state: str | None = None


class _Charge(BaseModel):
    charge_id: UUID
    line_number: int
    procedure_code: str
    modifiers: list[str] = []
    units: Decimal
    unit: str = "UN"
    charge_cents: int
    service_from_on: date
    service_to_on: date
    place_of_service: str | None = None
    diagnosis_pointers: list[int] = []

    def as_charge(self) -> EncounterCharge:
        fields = self.model_dump(exclude={"modifiers", "diagnosis_pointers", "place_of_service"})
        return EncounterCharge(
            **fields,
            modifiers=tuple(self.modifiers),
            diagnosis_pointers=tuple(self.diagnosis_pointers),
            place_of_service=self.place_of_service or "",
        )


class _Encounter(BaseModel):
    """The agreed answer; fields that it has beyond these are left alone."""

    encounter_id: UUID
    encounter_version: int
    claim_type: str
    service_from_on: date
    service_to_on: date
    place_of_service: str
    patient_account_id: UUID
    billing_provider_npi: str
    rendering_provider: _Practitioner | None = None
    referring_provider: _Practitioner | None = None
    facility: _Facility | None = None
    prior_authorization_number: str | None = None
    assignment_of_benefits: bool
    release_of_information: bool
    signature_on_file: bool
    patient: _Person
    coverages: list[_Coverage]
    diagnoses: list[str]
    lines: list[_Charge]
    total_charge_cents: int
    accident: _Accident | None = None

    def as_encounter(self) -> EncounterVersion:
        same = {
            "encounter_id", "encounter_version", "claim_type", "service_from_on",
            "service_to_on", "place_of_service", "patient_account_id", "billing_provider_npi",
            "assignment_of_benefits", "release_of_information", "signature_on_file",
            "total_charge_cents",
        }  # fmt: skip
        rendering, referring = self.rendering_provider, self.referring_provider
        return EncounterVersion(
            **self.model_dump(include=same),
            rendering_provider=rendering.as_practitioner() if rendering else None,
            referring_provider=referring.as_practitioner() if referring else None,
            facility=_facility(self.facility),
            prior_authorization_number=self.prior_authorization_number or "",
            patient=self.patient.as_person(),
            coverages=tuple(one.as_coverage() for one in self.coverages),
            diagnoses=tuple(self.diagnoses),
            charges=tuple(one.as_charge() for one in self.lines),
            accident=_accident(self.accident),
        )


def _facility(given: _Facility | None) -> Facility | None:
    if given is None:
        return None
    address = given.address.as_address() if given.address else None
    return Facility(npi=given.npi or "", name=given.name, address=address)


def _accident(given: _Accident | None) -> Accident | None:
    if given is None:
        return None
    causes = tuple(given.causes) or ((given.cause,) if given.cause else ())
    return Accident(
        causes=causes, occurred_on=given.occurred_on or given.on, state=given.state or ""
    )


def read_encounter(answer: object) -> EncounterVersion:
    """Intake's answer as a value. Raises EncounterUnreadable, naming fields, never values."""
    try:
        return _Encounter.model_validate(answer).as_encounter()
    except ValidationError as error:
        places = sorted({"/".join(map(str, one["loc"])) for one in error.errors()})
        raise EncounterUnreadable(
            f"Intake's encounter version breaks the contract at {', '.join(places[:10])}.",
            fix="Bring intake and claims to releases that agree.",
        ) from None
