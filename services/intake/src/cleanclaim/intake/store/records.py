"""How people, coverages and encounter versions are written as the JSON that is sealed."""

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from cleanclaim.intake.domain.charge import Charge
from cleanclaim.intake.domain.coverage import SELF, Coverage
from cleanclaim.intake.domain.encounter import Accident, EncounterContent, EncounterVersion
from cleanclaim.intake.domain.patient import Patient
from cleanclaim.intake.domain.person import Address, Facility, Person, Practitioner

Record = dict[str, Any]
T = TypeVar("T")


def person_record(person: Person) -> Record:
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "middle_name": person.middle_name,
        "birth_on": _text(person.birth_on),
        "deceased_on": _text(person.deceased_on),
        "sex": person.sex,
        "address": _flat(person.address),
    }


def person_of(record: Record) -> Person:
    return Person(
        last_name=record["last_name"],
        first_name=record["first_name"],
        middle_name=record["middle_name"],
        birth_on=_day(record["birth_on"]),
        deceased_on=_day(record.get("deceased_on")),
        sex=record["sex"],
        address=_built(Address, record["address"]),
    )


def coverage_record(coverage: Coverage) -> Record:
    subscriber = coverage.subscriber
    return {
        "coverage_id": str(coverage.coverage_id),
        "coverage_version": coverage.version,
        "payer_id": str(coverage.payer_id),
        "order": coverage.order,
        "member_id": coverage.member_id,
        "group_number": coverage.group_number,
        "relationship": coverage.relationship,
        "claim_filing_indicator": coverage.claim_filing_indicator,
        "effective_from_on": _text(coverage.effective_from_on),
        "effective_to_on": _text(coverage.effective_to_on),
        "subscriber": person_record(subscriber) if subscriber else None,
    }


def coverage_of(record: Record) -> Coverage:
    subscriber = record["subscriber"]
    return Coverage(
        coverage_id=UUID(record["coverage_id"]),
        version=record["coverage_version"],
        payer_id=UUID(record["payer_id"]),
        order=record["order"],
        member_id=record["member_id"],
        group_number=record["group_number"],
        relationship=record["relationship"],
        claim_filing_indicator=record["claim_filing_indicator"],
        effective_from_on=_day(record["effective_from_on"]),
        effective_to_on=_day(record["effective_to_on"]),
        subscriber=person_of(subscriber) if subscriber else None,
    )


def version_record(version: EncounterVersion) -> Record:
    """The document of an encounter version: what claims reads, and what we need to read it back."""
    content, patient = version.content, version.patient
    return {
        "encounter_id": str(version.encounter_id),
        "encounter_version": version.version,
        "received_on": version.received_on.isoformat(),
        **_content_record(content),
        "patient_account_id": str(patient.patient_account_id),
        "patient": {
            "patient_id": str(patient.patient_id),
            "patient_version": patient.version,
            "external_id": patient.external_id,
            "source": patient.source,
            **person_record(patient.person),
        },
        "coverages": [_billed_coverage(one, patient.person) for one in version.coverages],
        "total_charge_cents": content.total_charge_cents,
    }


def _billed_coverage(coverage: Coverage, patient: Person) -> Record:
    """The coverage with its subscriber, who is the patient where nobody else is given."""
    given = coverage.subscriber is not None
    record = coverage_record(coverage) | {"subscriber_given": given}
    if not given and coverage.relationship == SELF:
        record["subscriber"] = person_record(patient)
    return record


def _registered_coverage(record: Record) -> Coverage:
    return coverage_of(record if record["subscriber_given"] else record | {"subscriber": None})


def _content_record(content: EncounterContent) -> Record:
    same = (
        "external_id", "source", "claim_type", "self_pay", "place_of_service",
        "billing_provider_npi", "prior_authorization_number", "assignment_of_benefits",
        "release_of_information", "signature_on_file", "stated_total_charge_cents",
    )  # fmt: skip
    facility, accident = content.facility, content.accident
    return {name: getattr(content, name) for name in same} | {
        "service_from_on": _text(content.service_from_on),
        "service_to_on": _text(content.service_to_on),
        "rendering_provider": _flat(content.rendering_provider),
        "referring_provider": _flat(content.referring_provider),
        "facility": _flat(facility) | {"address": _flat(facility.address)} if facility else None,
        "diagnoses": list(content.diagnoses),
        "lines": [_charge_record(charge) for charge in content.charges],
        "accident": {
            "causes": list(accident.causes),
            "occurred_on": _text(accident.occurred_on),
            "state": accident.state,
        }
        if accident
        else None,
        "coverage_ids": None
        if content.coverage_ids is None
        else [str(one) for one in content.coverage_ids],
    }


def version_of(record: Record) -> EncounterVersion:
    """The version that a document was written from."""
    patient = record["patient"]
    return EncounterVersion(
        encounter_id=UUID(record["encounter_id"]),
        version=record["encounter_version"],
        received_on=date.fromisoformat(record["received_on"]),
        content=_content_of(record),
        patient=Patient(
            patient_id=UUID(patient["patient_id"]),
            patient_account_id=UUID(record["patient_account_id"]),
            version=patient["patient_version"],
            external_id=patient["external_id"],
            source=patient["source"],
            person=person_of(patient),
        ),
        coverages=tuple(_registered_coverage(one) for one in record["coverages"]),
    )


def _content_of(record: Record) -> EncounterContent:
    same = {field.name for field in fields(EncounterContent)} & record.keys()
    facility, accident, chosen = record["facility"], record["accident"], record["coverage_ids"]
    return EncounterContent(
        **{name: record[name] for name in same}
        | {
            "service_from_on": _day(record["service_from_on"]),
            "service_to_on": _day(record["service_to_on"]),
            "rendering_provider": _built(Practitioner, record["rendering_provider"]),
            "referring_provider": _built(Practitioner, record["referring_provider"]),
            "facility": Facility(
                npi=facility["npi"],
                name=facility["name"],
                address=_built(Address, facility["address"]),
            )
            if facility
            else None,
            "diagnoses": tuple(record["diagnoses"]),
            "charges": tuple(_charge_of(line) for line in record["lines"]),
            "accident": Accident(
                causes=tuple(accident["causes"]),
                occurred_on=_day(accident["occurred_on"]),
                state=accident["state"],
            )
            if accident
            else None,
            "coverage_ids": None if chosen is None else tuple(UUID(one) for one in chosen),
        }
    )


def _charge_record(charge: Charge) -> Record:
    flat: Record = _flat(charge)
    return flat | {
        "charge_id": str(charge.charge_id),
        "modifiers": list(charge.modifiers),
        "diagnosis_pointers": list(charge.diagnosis_pointers),
        "service_from_on": _text(charge.service_from_on),
        "service_to_on": _text(charge.service_to_on),
    }


def _charge_of(record: Record) -> Charge:
    return Charge(
        **record
        | {
            "charge_id": UUID(record["charge_id"]),
            "modifiers": tuple(record["modifiers"]),
            "diagnosis_pointers": tuple(record["diagnosis_pointers"]),
            "service_from_on": _day(record["service_from_on"]),
            "service_to_on": _day(record["service_to_on"]),
        }
    )


def _flat(value: Any) -> Any:
    if value is None:
        return None
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _built(kind: type[T], record: Record | None) -> T | None:
    return None if record is None else kind(**record)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
