"""What a source says of an encounter, as a request carries it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cleanclaim.chassis.fields import Amount, Day
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.intake.api.person_shapes import (
    AN_ADDRESS,
    CLOSED,
    ExternalId,
    FacilityBody,
    PractitionerBody,
    ShortCode,
    Source,
    Text60,
)
from cleanclaim.intake.domain.charge import Charge
from cleanclaim.intake.domain.encounter import Accident, EncounterContent
from cleanclaim.values.errors import Invalid

_MOST_LINES = 200
Pointer = Annotated[int, Field(ge=-9999, le=9999, description="Place of a diagnosis, from 1.")]

A_LINE: dict[str, Any] = {
    "line_number": 1,
    "procedure_code": "99213",
    "modifiers": ["25"],
    "units": "1",
    "unit": "UN",
    "charge_cents": 12500,
    "service_from_on": "2026-03-02",
    "service_to_on": "2026-03-02",
    "place_of_service": None,
    "diagnosis_pointers": [1, 2],
}
A_PRACTITIONER = {
    "npi": "1234567893",
    "last_name": "Garrowby",
    "first_name": "Hugo",
    "taxonomy_code": "207Q00000X",
}
AN_ENCOUNTER: dict[str, Any] = {
    "external_id": "V-2026-000123",
    "source": "main-ehr",
    "patient_id": "01980a60-0000-7000-8000-000000000001",
    "coverage_ids": ["01980a60-0000-7000-8000-000000000003"],
    "self_pay": False,
    "claim_type": "professional",
    "service_from_on": "2026-03-02",
    "service_to_on": "2026-03-02",
    "place_of_service": "11",
    "billing_provider_npi": "1992753149",
    "rendering_provider": A_PRACTITIONER,
    "referring_provider": None,
    "facility": {"npi": "1245319599", "name": "Alder Street Clinic", "address": AN_ADDRESS},
    "prior_authorization_number": None,
    "assignment_of_benefits": True,
    "release_of_information": True,
    "signature_on_file": True,
    "diagnoses": ["E11.9", "I10"],
    "lines": [A_LINE],
    "total_charge_cents": 12500,
    "accident": None,
}


class LineNumberRepeated(Invalid):
    """A line number names a charge, so it stands once in an encounter."""


class LineBody(BaseModel):
    """One charge. `units` is decimal text; without days or number, the encounter's and the place.

    A line number names the same charge in every version of the encounter.
    """

    model_config = CLOSED

    line_number: Annotated[int, Field(ge=1, le=9999)] | None = None
    procedure_code: ShortCode | None = None
    modifiers: Annotated[list[ShortCode], Field(max_length=20)] = []
    units: Annotated[str, Field(max_length=20)] | None = None
    unit: ShortCode = "UN"
    charge_cents: Amount | None = None
    service_from_on: Day | None = None
    service_to_on: Day | None = None
    place_of_service: ShortCode | None = None
    diagnosis_pointers: Annotated[list[Pointer], Field(max_length=20)] = []


class AccidentBody(BaseModel):
    """What CLM11 asks: AA motor, EM employment, OA other; day; state of a motor accident."""

    model_config = CLOSED

    causes: Annotated[list[ShortCode], Field(max_length=3)] = []
    occurred_on: Day | None = None
    state: ShortCode | None = None

    def value(self) -> Accident:
        return Accident(causes=tuple(self.causes), occurred_on=self.occurred_on, state=self.state)


class EncounterBody(BaseModel):
    """An encounter as the source knows it.

    Only what makes it unreadable is refused. Whatever a payer would not take is a finding: it is
    kept, held, and answered with where and why. Without `coverage_ids` the patient's coverages in
    force on the first day of service are taken. `total_charge_cents` is compared with the lines.
    """

    model_config = CLOSED | ConfigDict(json_schema_extra={"examples": [AN_ENCOUNTER]})

    external_id: ExternalId
    source: Source
    patient_id: Annotated[UUID, Field(strict=False)]
    coverage_ids: (
        Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=20)] | None
    ) = None
    self_pay: bool = False
    claim_type: Literal["professional"] = "professional"
    service_from_on: Day | None = None
    service_to_on: Day | None = None
    place_of_service: ShortCode | None = None
    billing_provider_npi: Text60 | None = None
    rendering_provider: PractitionerBody | None = None
    referring_provider: PractitionerBody | None = None
    facility: FacilityBody | None = None
    prior_authorization_number: Text60 | None = None
    assignment_of_benefits: bool | None = None
    release_of_information: bool | None = None
    signature_on_file: bool | None = None
    diagnoses: Annotated[list[ShortCode], Field(max_length=50)] = []
    lines: Annotated[list[LineBody], Field(max_length=_MOST_LINES)] = []
    total_charge_cents: Amount | None = None
    accident: AccidentBody | None = None

    def content(self, encounter_id: UUID) -> EncounterContent:
        """What was sent, as a value. Raises LineNumberRepeated."""
        first, last = self.service_from_on, self.service_to_on or self.service_from_on
        rendering, referring = self.rendering_provider, self.referring_provider
        same = {
            "external_id", "source", "self_pay", "place_of_service", "billing_provider_npi",
            "prior_authorization_number", "assignment_of_benefits", "release_of_information",
            "signature_on_file",
        }  # fmt: skip
        chosen = self.coverage_ids
        return EncounterContent(
            **self.model_dump(include=same),
            claim_type=self.claim_type,
            service_from_on=first,
            service_to_on=last,
            rendering_provider=rendering.value() if rendering else None,
            referring_provider=referring.value() if referring else None,
            facility=self.facility.value() if self.facility else None,
            diagnoses=tuple(self.diagnoses),
            charges=self._charges(encounter_id),
            stated_total_charge_cents=self.total_charge_cents,
            accident=self.accident.value() if self.accident else None,
            coverage_ids=None if chosen is None else tuple(chosen),
        )

    def _charges(self, encounter_id: UUID) -> tuple[Charge, ...]:
        charges: list[Charge] = []
        seen: set[int] = set()
        last = self.service_to_on or self.service_from_on
        for place, line in enumerate(self.lines):
            number = line.line_number or place + 1
            if number in seen:
                raise LineNumberRepeated(
                    "This line number stands in the encounter twice.",
                    pointer=f"/lines/{place}/line_number",
                    fix="Give each line a number of its own, and keep it in later versions.",
                )
            seen.add(number)
            starts = line.service_from_on or self.service_from_on
            charges.append(
                Charge(
                    charge_id=derived_id(encounter_id, f"charge:{number}"),
                    line_number=number,
                    procedure_code=line.procedure_code,
                    modifiers=tuple(line.modifiers),
                    units=line.units,
                    unit=line.unit,
                    charge_cents=line.charge_cents,
                    service_from_on=starts,
                    service_to_on=line.service_to_on or line.service_from_on or last,
                    place_of_service=line.place_of_service,
                    diagnosis_pointers=tuple(line.diagnosis_pointers),
                )
            )
        return tuple(charges)
