"""The typed dental claim (837D, 005010X224A2): teeth, surfaces, orthodontics."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from cleanclaim.x12.claims import Claim837, Diagnosis, ServiceLine837
from cleanclaim.x12.parties import Procedure


class Tooth(msgspec.Struct):
    """One TOO: a tooth number (JP, universal numbering) and the surfaces treated, e.g. M, O, D."""

    qualifier: str
    number: str
    surfaces: list[str] = []


class ToothStatus(msgspec.Struct):
    """One DN2: E to be extracted, M missing."""

    number: str
    status: str


class Orthodontics(msgspec.Struct):
    """DN1: months of treatment in all and left; `is_treatment` DN103."""

    months: Decimal | None = None
    months_remaining: Decimal | None = None
    is_treatment: bool = False


class ServiceLine837D(ServiceLine837, kw_only=True):
    """Loop 2400 with its SV3: `cavities` SV304 (areas of the mouth), `units` SV306."""

    procedure: Procedure
    place_of_service: str = ""
    cavities: list[str] = msgspec.field(default_factory=list)
    prosthesis: str = ""  # I initial placement, R replacement
    units: Decimal | None = None
    diagnosis_pointers: list[int] = msgspec.field(default_factory=list)
    teeth: list[Tooth] = msgspec.field(default_factory=list)


class Claim837D(Claim837, kw_only=True):
    """A dental claim: loop 2300 and all inside it; `predetermination` CLM19 is PB or ""."""

    place_of_service: str = ""
    place_of_service_qualifier: str = "B"
    provider_signature: str = "Y"
    related_causes: list[str] = msgspec.field(default_factory=list)
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    predetermination: str = ""
    orthodontics: Orthodontics | None = None
    tooth_statuses: list[ToothStatus] = msgspec.field(default_factory=list)
    diagnoses: list[Diagnosis] = msgspec.field(default_factory=list)
    lines: list[ServiceLine837D] = msgspec.field(default_factory=list)

    @property
    def service_lines(self) -> Sequence[ServiceLine837]:
        return self.lines
