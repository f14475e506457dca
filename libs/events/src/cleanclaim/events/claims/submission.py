"""A claim on its way: held, sent, taken or refused before any adjudication."""

from typing import Annotated, Literal
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import (
    Cents,
    Code,
    ControlNumber,
    Day,
    Instant,
    Npi,
    Part,
    Quantity,
    limited,
    plain,
)

ClaimType = Literal["professional", "institutional"]


class EditFinding(Part):
    """What one edit found on a claim; its text is looked up by rule, for text may quote."""

    rule_id: Annotated[Code, plain("Id of the edit.")]
    severity: Annotated[Code, plain("error holds the claim; warning may be accepted.")]
    line_id: Annotated[UUID | None, limited("Service line, where one is meant.")] = None
    pointer: Annotated[Code | None, plain("Name of the field that the edit points at.")] = None


class ClaimHeld(Fact):
    """Edits hold a version of a claim; it was not sent."""

    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    claim_version: Annotated[int, limited("Version of the claim, from 1.", ge=1)]
    encounter_id: Annotated[UUID, limited("Encounter that it bills.")]
    encounter_version: Annotated[int, limited("Version of the encounter.", ge=1)]
    payer_id: Annotated[UUID, limited("Payer it would go to.")]
    claim_type: Annotated[ClaimType, limited("Closed set.")]
    total_charge_cents: Annotated[Cents, limited("Charge of the whole claim.")]
    file_by_on: Annotated[Day | None, limited("Last day for filing, where known.")] = None
    findings: Annotated[tuple[EditFinding, ...], limited("What holds it.", min_length=1)]


class ClaimLine(Part):
    """One billed service line, as sent."""

    line_id: Annotated[UUID, limited("Our id of the line, kept over all versions of the claim.")]
    line_control_number: Annotated[ControlNumber, limited("Line control number (REF*6R).")]
    revenue_code: Annotated[Code | None, limited("Revenue code, institutional claims.")] = None
    procedure_code: Annotated[Code | None, limited("HCPCS or CPT code.")] = None
    modifiers: Annotated[tuple[Code, ...], limited("Up to four, in order.", max_length=4)] = ()
    diagnosis_pointers: Annotated[
        tuple[int, ...], limited("Places in `diagnosis_codes`, from 1.", max_length=4)
    ] = ()
    units: Annotated[Quantity, limited("Units of service, decimal text.")]
    unit_code: Annotated[Code, limited("UN units, MJ minutes, DA days.")] = "UN"
    charge_cents: Annotated[Cents, limited("Charge of the line.")]
    service_from_on: Annotated[Day, limited("First day of service.")]
    service_to_on: Annotated[Day, limited("Last day of service.")]


class OtherPayer(Part):
    """Another payer on file for the same services."""

    payer_id: Annotated[UUID, limited("The payer.")]
    payer_responsibility: Annotated[Code, limited("Its place in the order: P, S, T.")]


class ClaimSubmitted(Fact):
    """A version of a claim was sent to its payer."""

    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    claim_version: Annotated[int, limited("Version of the claim, from 1.", ge=1)]
    encounter_id: Annotated[UUID, limited("Encounter that it bills.")]
    encounter_version: Annotated[int, limited("Version of the encounter it was built from.", ge=1)]
    patient_account_id: Annotated[UUID, limited("Account that its patient share goes to.")]
    coverage_id: Annotated[UUID, limited("Coverage that it is filed under.")]
    claim_type: Annotated[ClaimType, limited("Closed set.")]
    frequency_code: Annotated[Code, limited("CLM05-3: 1 original, 7 replacement, 8 void.")]
    replaces_version: Annotated[
        int | None, limited("Version that this one replaces or voids.", ge=1)
    ] = None
    payer_claim_control_number: Annotated[
        ControlNumber | None, limited("The payer's number of what is replaced (REF*F8).")
    ] = None
    correction_id: Annotated[
        UUID | None, limited("Correction that it answers, where it answers one.")
    ] = None
    related_claim_id: Annotated[
        UUID | None,
        limited("Earlier claim for the same services; charges are booked from the first alone."),
    ] = None
    patient_control_number: Annotated[
        str, limited("CLM01, made by us, one for each version sent.", pattern=r"^[0-9A-Z]{1,20}$")
    ]
    payer_id: Annotated[UUID, limited("Payer it was sent to.")]
    payer_responsibility: Annotated[Code, limited("SBR01: P, S, T.")]
    other_payers: Annotated[
        tuple[OtherPayer, ...], limited("Further payers on file, in their order.")
    ] = ()
    billing_provider_id: Annotated[UUID, limited("Our id of the billing provider.")]
    billing_provider_npi: Annotated[Npi, limited("Billing NPI as sent.")]
    rendering_provider_npi: Annotated[Npi | None, limited("Rendering or attending NPI.")] = None
    facility_code: Annotated[Code, limited("Place of service, or type of bill without frequency.")]
    diagnosis_codes: Annotated[tuple[Code, ...], limited("ICD-10-CM with the point, in order.")]
    authorization_present: Annotated[bool, limited("True where an authorization was sent.")]
    edit_profile: Annotated[Code | None, plain("Profile of edits that it passed.")] = None
    edit_profile_version: Annotated[Code | None, plain("Version of that profile.")] = None
    accepted_warnings: Annotated[
        tuple[Code, ...], limited("Rule ids of warnings that somebody accepted.")
    ] = ()
    lines: Annotated[tuple[ClaimLine, ...], limited("Service lines as sent.", min_length=1)]
    total_charge_cents: Annotated[Cents, limited("CLM02: sum of the lines' charges.")]
    service_from_on: Annotated[Day, limited("First day of service of the claim.")]
    service_to_on: Annotated[Day, limited("Last day of service of the claim.")]
    submitted_at: Annotated[Instant, limited("When it was handed over.")]
    file_by_on: Annotated[Day | None, limited("Last day for filing, where known.")] = None
    interchange_control_number: Annotated[
        ControlNumber | None, plain("ISA13 of the batch; absent on paper.")
    ] = None
    group_control_number: Annotated[ControlNumber | None, plain("GS06 of the batch.")] = None
    transaction_control_number: Annotated[ControlNumber | None, plain("ST02.")] = None
    transport: Annotated[Code, plain("How it went: mailbox, sftp, portal or paper.")]


class AnswerFinding(Part):
    """One code of an answer, with its place where the answerer gives one."""

    category_code: Annotated[Code | None, limited("277CA STC01-1, for example A7.")] = None
    status_code: Annotated[Code | None, limited("277CA STC01-2.")] = None
    entity_code: Annotated[Code | None, limited("277CA STC01-3.")] = None
    error_code: Annotated[Code | None, limited("TA105, IK304, IK403, IK502 or AK905.")] = None
    segment: Annotated[Code | None, limited("Segment at fault (IK301).")] = None
    segment_position: Annotated[int | None, limited("Its count within the set (IK302).")] = None
    element_position: Annotated[int | None, limited("Element at fault (IK401-1).")] = None
    line_id: Annotated[UUID | None, limited("Service line, where one is meant.")] = None


class _Answer(Fact):
    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    claim_version: Annotated[int, limited("Version that was answered.", ge=1)]
    answer: Annotated[Code, limited("Transaction that answers: TA1, 999 or 277CA.")]
    answered_by: Annotated[Code, limited("Who answers: clearinghouse or payer.")]
    findings: Annotated[tuple[AnswerFinding, ...], limited("Codes of the answer.")] = ()
    payer_claim_control_number: Annotated[
        ControlNumber | None, limited("The payer's number, where given.")
    ] = None
    answered_at: Annotated[Instant, limited("When it was answered, by the answer's own word.")]


class ClaimAcknowledged(_Answer):
    """A version of a claim was taken in by whoever answered; it is not yet decided."""


class ClaimRejected(_Answer):
    """A version of a claim was refused before adjudication; not a denial (fix and resend)."""
