"""What denials tells: a refusal taken up as a case, and how it ended."""

from typing import Annotated
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import Cents, Code, ControlNumber, Day, Part, limited


class DenialReason(Part):
    """One pair of codes that the case rests on."""

    group_code: Annotated[Code, limited("CO, PR, OA or PI.")]
    reason_code: Annotated[Code, limited("CARC.")]
    remark_codes: Annotated[tuple[Code, ...], limited("RARC that stand with it.")] = ()


class DenialLine(Part):
    """A refused line of the case."""

    line_id: Annotated[UUID | None, limited("Our id of the line, where known.")] = None
    denied_cents: Annotated[Cents, limited("What was refused on it.")]


class DenialOpened(Fact):
    """A case was opened for a refusal, with its owner and its deadlines."""

    denial_id: Annotated[UUID, limited("Our id of the case.")]
    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    claim_version: Annotated[int, limited("Version that was refused.", ge=1)]
    claim_payment_id: Annotated[UUID, limited("The payer's decision.")]
    remittance_id: Annotated[UUID, limited("Remittance that it stands in.")]
    patient_account_id: Annotated[UUID, limited("Account of the patient.")]
    payer_id: Annotated[UUID, limited("Payer that refused.")]
    payer_responsibility: Annotated[Code, limited("Its place in the order: P, S, T.")]
    payer_claim_control_number: Annotated[
        ControlNumber | None, limited("The payer's number of the claim.")
    ] = None
    scope: Annotated[Code, limited("claim or line.")]
    category: Annotated[Code, limited("Kind of denial, for example authorization.")]
    rule_id: Annotated[Code, limited("Rule that chose category and owner.")]
    rule_version: Annotated[Code, limited("Version of that rule.")]
    owner_stage: Annotated[Code, limited("Who can cure it: intake, claims, denials and such.")]
    reasons: Annotated[tuple[DenialReason, ...], limited("What it rests on.", min_length=1)]
    lines: Annotated[tuple[DenialLine, ...], limited("Refused lines, where there are any.")] = ()
    denied_cents: Annotated[Cents, limited("All that was refused.")]
    adjudicated_on: Annotated[Day, limited("Day of the payer's decision.")]
    correct_by_on: Annotated[Day | None, limited("Last day for a corrected claim.")] = None
    appeal_by_on: Annotated[Day | None, limited("Last day for an appeal at `level`.")] = None
    level: Annotated[int, limited("Level of appeal that is open, from 1.", ge=1)] = 1


class DenialResolved(Fact):
    """A case came to its end; a later reversal may reopen it with a new DenialOpened."""

    denial_id: Annotated[UUID, limited("Our id of the case.")]
    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    patient_account_id: Annotated[UUID, limited("Account of the patient.")]
    payer_id: Annotated[UUID, limited("Payer that refused.")]
    category: Annotated[Code, limited("Kind of denial.")]
    outcome: Annotated[
        Code,
        limited(
            "recovered, partly_recovered, upheld, written_off, billed_to_patient,"
            " billed_to_other or superseded."
        ),
    ]
    claim_payment_id: Annotated[
        UUID | None, limited("The payment that resolved it, where one did.")
    ] = None
    denied_cents: Annotated[Cents, limited("What was refused.")]
    recovered_cents: Annotated[Cents, limited("What of it was paid after all.")]
    written_off_cents: Annotated[Cents, limited("What of it we gave up.")]
    level: Annotated[int, limited("Highest level of appeal reached; 0 without one.", ge=0)]
    days_open: Annotated[int, limited("Calendar days from opening to end.", ge=0)]
    resolved_on: Annotated[Day, limited("Day of the end.")]
