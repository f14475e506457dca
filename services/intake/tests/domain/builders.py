"""Encounter versions that every rule passes, to be spoiled one field at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.intake.domain.charge import Charge
from cleanclaim.intake.domain.coverage import Coverage
from cleanclaim.intake.domain.encounter import (
    Encounter,
    EncounterContent,
    EncounterState,
    EncounterVersion,
    standing,
)
from cleanclaim.intake.domain.patient import Patient
from cleanclaim.intake.domain.payer import Payer, PayerTerms
from cleanclaim.intake.domain.person import Address, Person, Practitioner
from cleanclaim.intake.domain.rules import Examination, examine

NAMES = UUID("01980a60-0000-7000-8000-000000000002")
SERVED_ON = date(2026, 2, 27)
RECEIVED_ON = date(2026, 3, 2)


def named(name: str) -> UUID:
    return uuid5(NAMES, name)


def an_address(**changes: Any) -> Address:
    return replace(
        Address(line1="12 Alder Street", city="Boston", state="MA", zip="02118"), **changes
    )


def a_person(**changes: Any) -> Person:
    person = Person(
        last_name="Quillfeather",
        first_name="Ada",
        birth_on=date(1980, 2, 14),
        sex="F",
        address=an_address(),
    )
    return replace(person, **changes)


def a_coverage(payer: str = "Prairie Mutual", **changes: Any) -> Coverage:
    coverage = Coverage(
        coverage_id=named(f"coverage {payer}"),
        version=1,
        payer_id=named(payer),
        order="P",
        member_id="W12345678",
        relationship="18",
    )
    return replace(coverage, **changes)


def a_charge(line_number: int = 1, **changes: Any) -> Charge:
    charge = Charge(
        charge_id=named(f"charge {line_number}"),
        line_number=line_number,
        procedure_code="99213",
        modifiers=("25",),
        units="1",
        charge_cents=125_00,
        service_from_on=SERVED_ON,
        service_to_on=SERVED_ON,
        diagnosis_pointers=(1,),
    )
    return replace(charge, **changes)


def a_practitioner(**changes: Any) -> Practitioner:
    practitioner = Practitioner(
        npi="1245319599", last_name="Garrowby", first_name="Hugo", taxonomy_code="207Q00000X"
    )
    return replace(practitioner, **changes)


def content(**changes: Any) -> EncounterContent:
    said = EncounterContent(
        external_id="V-1",
        source="main-ehr",
        service_from_on=SERVED_ON,
        service_to_on=SERVED_ON,
        place_of_service="11",
        billing_provider_npi="1234567893",
        rendering_provider=a_practitioner(),
        assignment_of_benefits=True,
        release_of_information=True,
        signature_on_file=True,
        diagnoses=("E11.9", "I10"),
        charges=(a_charge(),),
    )
    return replace(said, **changes)


def a_version(
    *,
    person: Person | None = None,
    coverages: tuple[Coverage, ...] | None = None,
    **changes: Any,
) -> EncounterVersion:
    """A version; `changes` are those of its content."""
    return EncounterVersion(
        encounter_id=named("encounter"),
        version=1,
        received_on=RECEIVED_ON,
        content=content(**changes),
        patient=Patient(
            patient_id=named("patient"),
            patient_account_id=named("account"),
            version=1,
            external_id="MRN-1",
            source="main-ehr",
            person=person or a_person(),
        ),
        coverages=(a_coverage(),) if coverages is None else coverages,
    )


def a_standing(state: EncounterState, **changes: Any) -> Encounter:
    """Where an encounter stands; a billed one had its first version billed."""
    at = datetime(2026, 3, 2, 15, tzinfo=UTC)
    stands = standing(a_version(), (), received_at=at, updated_at=at)
    billed = 1 if state is EncounterState.BILLED else None
    return replace(stands, **({"state": state, "billed_version": billed} | changes))


def a_payer(name: str = "Prairie Mutual", indicator: str = "CI") -> Payer:
    terms = PayerTerms(
        effective_from_on=date(2020, 1, 1),
        effective_to_on=None,
        claim_filing_indicator=indicator,
        timely_filing_days=180,
    )
    return Payer(payer_id=named(name), terms=(terms,))


KNOWN = (
    a_payer(),
    a_payer("Second Mutual"),
    a_payer("Third Mutual"),
    a_payer("Medicare", "MB"),
)


def found(version: EncounterVersion, environment: str | None = "live") -> list[str]:
    """What the whole book finds, as `rule code pointer`, warnings with a `?` before them."""
    examination = Examination(
        version=version,
        payers={payer.payer_id: payer for payer in KNOWN},
        environment=environment,
    )
    return [
        f"{'' if one.severity == 'error' else '?'}{one.rule_id} {one.code} {one.pointer}"
        for one in examine(examination)
    ]
