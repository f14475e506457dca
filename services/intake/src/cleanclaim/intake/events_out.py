"""What intake tells: domain values as the published contracts, without anything that names one."""

from collections.abc import Iterable

from cleanclaim.events.intake import (
    EncounterCoverage,
    EncounterFinding,
    EncounterHeld,
    EncounterLine,
    EncounterReady,
    PatientRegistered,
)
from cleanclaim.intake.domain.charge import Charge
from cleanclaim.intake.domain.coverage import RANK
from cleanclaim.intake.domain.encounter import EncounterVersion
from cleanclaim.intake.domain.finding import DataEntryFinding, errors_among
from cleanclaim.intake.domain.patient import Patient

HELD_BY_PERSON = "held_by_person"
VOIDED_BY_PERSON = "voided_by_person"


def patient_registered(patient: Patient) -> PatientRegistered:
    return PatientRegistered(
        patient_id=patient.patient_id,
        patient_version=patient.version,
        patient_account_id=patient.patient_account_id,
    )


def encounter_held(
    version: EncounterVersion,
    findings: Iterable[DataEntryFinding],
    *,
    stopped_by: str | None = None,
) -> EncounterHeld:
    """`stopped_by` is HELD_BY_PERSON or VOIDED_BY_PERSON where a person stopped it."""
    reasons = [
        EncounterFinding(rule_id=one.rule_id, pointer=one.pointer, charge_id=one.charge_id)
        for one in errors_among(findings)
    ]
    if stopped_by is not None:
        reasons.insert(0, EncounterFinding(rule_id=stopped_by))
    return EncounterHeld(
        encounter_id=version.encounter_id,
        encounter_version=version.version,
        patient_id=version.patient.patient_id,
        patient_account_id=version.patient.patient_account_id,
        findings=tuple(reasons),
    )


def encounter_ready(version: EncounterVersion) -> EncounterReady:
    """Only for a version without errors: its days and charges are all there then."""
    content, patient = version.content, version.patient
    if content.service_from_on is None or content.service_to_on is None:
        raise AssertionError("an encounter without days of service is never ready")
    return EncounterReady(
        encounter_id=version.encounter_id,
        encounter_version=version.version,
        patient_id=patient.patient_id,
        patient_version=patient.version,
        patient_account_id=patient.patient_account_id,
        claim_type="professional",
        self_pay=content.self_pay,
        coverages=tuple(
            EncounterCoverage(
                coverage_id=one.coverage_id, payer_id=one.payer_id, order=RANK[one.order]
            )
            for one in version.coverages
        ),
        service_from_on=content.service_from_on,
        service_to_on=content.service_to_on,
        lines=tuple(_line(charge) for charge in content.charges),
        total_charge_cents=content.total_charge_cents,
    )


def _line(charge: Charge) -> EncounterLine:
    starts, ends = charge.service_from_on, charge.service_to_on
    if charge.units is None or charge.charge_cents is None or starts is None or ends is None:
        raise AssertionError("a charge without units, amount or days is never ready")
    return EncounterLine(
        charge_id=charge.charge_id,
        procedure_code=charge.procedure_code,
        modifiers=charge.modifiers,
        units=charge.units,
        charge_cents=charge.charge_cents,
        service_from_on=starts,
        service_to_on=ends,
    )
