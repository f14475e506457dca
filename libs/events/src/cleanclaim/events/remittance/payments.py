"""A payer's decision on one claim: posted, reversed, unmatched, and the part it refused."""

from typing import Annotated, Literal
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import (
    Cents,
    Code,
    ControlNumber,
    Day,
    Instant,
    Part,
    Quantity,
    limited,
)


class Adjustment(Part):
    """One reason why less was paid than charged (CAS), with our one judgement of it."""

    group_code: Annotated[Code, limited("CO, PR, OA or PI.")]
    reason_code: Annotated[Code, limited("CARC.")]
    amount_cents: Annotated[Cents, limited("As written: positive lowers the payment.")]
    quantity: Annotated[Quantity | None, limited("Units adjusted, where given.")] = None
    disposition: Annotated[
        Code,
        limited(
            "contractual, patient_share, next_payer, prior_payer, denied, payer_initiated,"
            " undecided, withheld or capitated; decided once, by remittance."
        ),
    ]


class PaidLine(Part):
    """One service line as the payer decided it (SVC)."""

    line_id: Annotated[
        UUID | None, limited("Our id of the line; absent where none of ours answers to it.")
    ] = None
    line_control_number: Annotated[
        ControlNumber | None, limited("REF*6R, where the payer returned it.")
    ] = None
    procedure_qualifier: Annotated[Code, limited("SVC01-1: for example HC.")]
    procedure_code: Annotated[Code, limited("Procedure or revenue code that was paid.")]
    modifiers: Annotated[tuple[Code, ...], limited("Up to four, in order.", max_length=4)] = ()
    units: Annotated[Quantity | None, limited("SVC05; 1 where the payer gave none.")] = None
    submitted_procedure_code: Annotated[
        Code | None, limited("SVC06-2, where the payer changed the code.")
    ] = None
    service_from_on: Annotated[Day | None, limited("First day of service.")] = None
    service_to_on: Annotated[Day | None, limited("Last day of service.")] = None
    charge_cents: Annotated[Cents, limited("SVC02.")]
    paid_cents: Annotated[Cents, limited("SVC03.")]
    allowed_cents: Annotated[Cents | None, limited("AMT*B6, where given.")] = None
    adjustments: Annotated[tuple[Adjustment, ...], limited("In their order.")] = ()
    remark_codes: Annotated[tuple[Code, ...], limited("RARC (LQ*HE).")] = ()


class _Decision(Fact):
    claim_payment_id: Annotated[UUID, limited("Our id of the payer's decision on the claim.")]
    remittance_id: Annotated[UUID, limited("Remittance that it stands in.")]
    claim_id: Annotated[UUID, limited("Our id of the claim.")]
    claim_version: Annotated[int, limited("Version that was decided.", ge=1)]
    claim_type: Annotated[Literal["professional", "institutional"], limited("Closed set.")]
    patient_account_id: Annotated[UUID, limited("Account of the patient.")]
    payer_id: Annotated[UUID, limited("Payer that decided.")]
    payer_responsibility: Annotated[Code, limited("Its place in the order: P, S, T.")]
    payment_sequence: Annotated[
        int, limited("Count of this payer's decisions on the claim, from 1.", ge=1)
    ]
    claim_status_code: Annotated[Code, limited("CLP02.")]
    payer_claim_control_number: Annotated[ControlNumber | None, limited("CLP07, where given.")] = (
        None
    )
    adjudicated_on: Annotated[Day, limited("Day of the decision.")]
    service_from_on: Annotated[Day | None, limited("First day of service.")] = None
    service_to_on: Annotated[Day | None, limited("Last day of service.")] = None


class _Payment(_Decision):
    next_payer_id: Annotated[
        UUID | None, limited("Payer that owes what is `next_payer`, where there is one.")
    ] = None
    forwarded_to_payer_id: Annotated[
        UUID | None, limited("Payer that the claim was crossed over to (NM1*TT).")
    ] = None
    trace_number: Annotated[ControlNumber, limited("TRN02 of the remittance.")]
    payment_method: Annotated[Code, limited("BPR04: ACH, CHK, FWT, BOP or NON.")]
    paid_on: Annotated[Day, limited("BPR16: day of the payment.")]
    charge_cents: Annotated[Cents, limited("CLP03.")]
    paid_cents: Annotated[Cents, limited("CLP04.")]
    allowed_cents: Annotated[Cents | None, limited("Allowed amount, where known.")] = None
    patient_responsibility_cents: Annotated[Cents, limited("CLP05, or the sum of PR.")]
    adjustments: Annotated[tuple[Adjustment, ...], limited("Of the claim as a whole.")] = ()
    remark_codes: Annotated[tuple[Code, ...], limited("RARC of the claim (MIA, MOA).")] = ()
    lines: Annotated[
        tuple[PaidLine, ...], limited("Lines; empty where the claim was paid as a whole.")
    ] = ()
    from_unapplied: Annotated[
        bool, limited("True where it was told as unmatched before under the same id.")
    ] = False


class ClaimPaymentPosted(_Payment):
    """A payer's decision was posted; money is booked from this and its reversal alone."""


class ClaimPaymentReversed(_Payment):
    """A payer took an earlier decision back; amounts stand as it negated them."""

    reverses_claim_payment_id: Annotated[UUID, limited("The decision that is undone.")]


class ClaimPaymentUnmatched(Fact):
    """A payment found no claim, or a reversal no original; it waits as unapplied cash.

    Answered by a ClaimPaymentPosted or ClaimPaymentReversed with the same claim_payment_id.
    """

    claim_payment_id: Annotated[UUID, limited("Our id of the payer's decision.")]
    remittance_id: Annotated[UUID, limited("Remittance that it stands in.")]
    payer_id: Annotated[UUID, limited("The payer.")]
    trace_number: Annotated[ControlNumber, limited("TRN02 of the remittance.")]
    payment_method: Annotated[Code, limited("BPR04.")]
    paid_on: Annotated[Day, limited("BPR16: day of the payment.")]
    claim_status_code: Annotated[Code, limited("CLP02.")]
    charge_cents: Annotated[Cents, limited("CLP03.")]
    paid_cents: Annotated[Cents, limited("CLP04.")]
    reason: Annotated[Code, limited("no_claim, several_claims, no_original or ambiguous_reversal.")]


class DeniedLine(Part):
    """One refused line, with all that the payer said of it."""

    line_id: Annotated[
        UUID | None, limited("Our id of the line; absent where none of ours answers to it.")
    ] = None
    line_control_number: Annotated[ControlNumber | None, limited("REF*6R, if returned.")] = None
    procedure_code: Annotated[Code, limited("Procedure or revenue code.")]
    modifiers: Annotated[tuple[Code, ...], limited("Up to four, in order.", max_length=4)] = ()
    units: Annotated[Quantity | None, limited("Units decided.")] = None
    service_from_on: Annotated[Day | None, limited("First day of service.")] = None
    service_to_on: Annotated[Day | None, limited("Last day of service.")] = None
    charge_cents: Annotated[Cents, limited("Charge of the line.")]
    paid_cents: Annotated[Cents, limited("Paid on the line; above 0 where partly denied.")]
    denied_cents: Annotated[Cents, limited("The refused part: adjustments denied on it.")]
    adjustments: Annotated[tuple[Adjustment, ...], limited("In their order.")] = ()
    remark_codes: Annotated[tuple[Code, ...], limited("RARC (LQ*HE).")] = ()


class ClaimDenied(_Decision):
    """A payer refused all or part of a claim; repeats the refused part of ClaimPaymentPosted."""

    scope: Annotated[Code, limited("claim where all is refused, else line.")]
    adjustments: Annotated[tuple[Adjustment, ...], limited("Of the claim as a whole.")] = ()
    remark_codes: Annotated[tuple[Code, ...], limited("RARC of the claim (MIA, MOA).")] = ()
    lines: Annotated[
        tuple[DeniedLine, ...], limited("Refused lines; empty where there are no lines.")
    ] = ()
    charge_cents: Annotated[Cents, limited("Charge of the claim.")]
    denied_cents: Annotated[Cents, limited("All that was refused.")]
    trace_number: Annotated[ControlNumber, limited("TRN02 of the remittance.")]
    received_at: Annotated[Instant, limited("When the remittance reached us.")]
