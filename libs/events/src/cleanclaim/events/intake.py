"""What intake tells: patients by id alone, and encounters as they become billable."""

from typing import Annotated, Literal
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import Cents, Code, Day, Part, Quantity, limited


class PatientRegistered(Fact):
    """A patient was registered and an account was made for them; who they are is asked of intake.

    The topic's key is the patient's id here, and the encounter's id in facts of encounters.
    """

    patient_id: Annotated[UUID, limited("Our id of the patient.")]
    patient_version: Annotated[int, limited("Version of the patient's record, from 1.", ge=1)]
    patient_account_id: Annotated[UUID, limited("Account that accounts opens for them.")]


class EncounterFinding(Part):
    """One reason why an encounter cannot be billed yet; its text is looked up by rule."""

    rule_id: Annotated[Code, limited("Id of the rule.")]
    pointer: Annotated[Code | None, limited("Name of the field that lacks or errs.")] = None
    charge_id: Annotated[UUID | None, limited("Charge, where one is meant.")] = None


class EncounterHeld(Fact):
    """A version of an encounter cannot be billed until what it lacks is put right."""

    encounter_id: Annotated[UUID, limited("Our id of the encounter.")]
    encounter_version: Annotated[int, limited("Version of the encounter, from 1.", ge=1)]
    patient_id: Annotated[UUID, limited("Our id of the patient.")]
    patient_account_id: Annotated[UUID, limited("The patient's account.")]
    findings: Annotated[tuple[EncounterFinding, ...], limited("What holds it.", min_length=1)]


class EncounterCoverage(Part):
    """A coverage that the encounter is to be billed under."""

    coverage_id: Annotated[UUID, limited("Our id of the coverage.")]
    payer_id: Annotated[UUID, limited("Its payer.")]
    order: Annotated[int, limited("1 primary, 2 secondary, 3 tertiary.", ge=1)]


class EncounterLine(Part):
    """One charge of the encounter, before billing."""

    charge_id: Annotated[UUID, limited("Our id of the charge.")]
    revenue_code: Annotated[Code | None, limited("Revenue code, institutional.")] = None
    procedure_code: Annotated[Code | None, limited("HCPCS or CPT code.")] = None
    modifiers: Annotated[tuple[Code, ...], limited("Up to four, in order.", max_length=4)] = ()
    units: Annotated[Quantity, limited("Units of service, decimal text.")]
    charge_cents: Annotated[Cents, limited("Charge of the line.")]
    service_from_on: Annotated[Day, limited("First day of service.")]
    service_to_on: Annotated[Day, limited("Last day of service.")]


class EncounterReady(Fact):
    """A version of an encounter can be billed; claims fetches exactly this version from intake."""

    encounter_id: Annotated[UUID, limited("Our id of the encounter.")]
    encounter_version: Annotated[int, limited("Version of the encounter, from 1.", ge=1)]
    patient_id: Annotated[UUID, limited("Our id of the patient.")]
    patient_version: Annotated[int, limited("Version of the patient that it stands on.", ge=1)]
    patient_account_id: Annotated[UUID, limited("Account, made by intake at registration.")]
    claim_type: Annotated[Literal["professional", "institutional"], limited("Closed set.")]
    self_pay: Annotated[bool, limited("True where no payer is to be billed.")]
    coverages: Annotated[
        tuple[EncounterCoverage, ...], limited("In their order; empty for self-pay.")
    ] = ()
    service_from_on: Annotated[Day, limited("First day of service.")]
    service_to_on: Annotated[Day, limited("Last day of service.")]
    lines: Annotated[tuple[EncounterLine, ...], limited("The charges.", min_length=1)]
    total_charge_cents: Annotated[Cents, limited("Sum of the lines' charges.")]
