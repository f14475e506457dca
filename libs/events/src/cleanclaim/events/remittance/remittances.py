"""A payer's statement of one payment as a whole, and what it moved outside any claim."""

from typing import Annotated
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import (
    Cents,
    Code,
    ControlNumber,
    Day,
    Npi,
    Part,
    limited,
    plain,
)


class ProviderAdjustment(Part):
    """One amount that the payer moved outside any claim (PLB)."""

    provider_adjustment_id: Annotated[UUID, plain("Our id of it.")]
    code: Annotated[Code, plain("Reason code (PLB03-1), for example WO.")]
    amount_cents: Annotated[Cents, plain("As written: positive lowers the payment.")]


class _Statement(Fact):
    remittance_id: Annotated[UUID, plain("Our id of the remittance.")]
    payer_id: Annotated[UUID | None, plain("The payer; absent while it is not recognized.")] = None
    payee_provider_id: Annotated[
        UUID | None, plain("Our id of the payee; absent while it is not recognized.")
    ] = None
    payee_npi: Annotated[Npi | None, plain("The payee's NPI (N1*PE), where given.")] = None
    payment_method: Annotated[Code, plain("BPR04: ACH, CHK, FWT, BOP or NON.")]
    trace_number: Annotated[ControlNumber, plain("TRN02: check or electronic transfer number.")]
    originating_company_id: Annotated[
        ControlNumber | None, plain("TRN03: who the payment comes from.")
    ] = None
    paid_on: Annotated[Day, plain("BPR16: day of the payment.")]
    payment_cents: Annotated[Cents, plain("BPR02: amount of the payment.")]


class RemittanceReceived(_Statement):
    """A remittance was taken in and read; nothing of it is posted yet."""

    produced_on: Annotated[Day | None, plain("DTM*405: day it was produced.")] = None
    claim_count: Annotated[int, plain("Number of claim payments (CLP).", ge=0)]
    total_charge_cents: Annotated[Cents, plain("Sum of CLP03.")]
    total_paid_cents: Annotated[Cents, plain("Sum of CLP04.")]
    total_patient_responsibility_cents: Annotated[Cents, plain("Sum of CLP05.")]
    provider_adjustments: Annotated[
        tuple[ProviderAdjustment, ...], plain("PLB amounts, in their order.")
    ] = ()
    source: Annotated[Code, plain("How it came: edi_file, mailbox or manual_eob.")]
    file_digest: Annotated[
        str | None, plain("SHA-256 of the file it came in.", pattern=r"^[0-9a-f]{64}$")
    ] = None
    mailbox: Annotated[Code | None, plain("Mailbox it came through.")] = None
    balanced: Annotated[bool, plain("True where all three 835 equations hold.")]
    failing_equation: Annotated[
        Code | None, plain("First equation that fails: service_line, claim or transaction.")
    ] = None


class RemittanceHeld(_Statement):
    """A remittance may not be posted until the cause is gone; all of it waits."""

    reasons: Annotated[
        tuple[Code, ...],
        plain("unbalanced, unknown_payer, unknown_payee, duplicate and such.", min_length=1),
    ]
    failing_equation: Annotated[
        Code | None, plain("First equation that fails: service_line, claim or transaction.")
    ] = None
    difference_cents: Annotated[Cents | None, plain("Left minus right side of that equation.")] = (
        None
    )


class RemittancePosted(_Statement):
    """All of a remittance was posted; the counts tell a hearer when it has heard all of it."""

    total_paid_cents: Annotated[Cents, plain("Sum of CLP04.")]
    posted_count: Annotated[int, plain("Claim payments told as posted.", ge=0)]
    posted_paid_cents: Annotated[Cents, plain("What those paid.")]
    reversed_count: Annotated[int, plain("Claim payments told as reversed.", ge=0)]
    reversed_paid_cents: Annotated[Cents, plain("What those took back, negative as written.")]
    unmatched_count: Annotated[int, plain("Claim payments that found no claim.", ge=0)]
    unmatched_paid_cents: Annotated[Cents, plain("What those paid.")]
    provider_adjustment_count: Annotated[int, plain("PLB amounts told.", ge=0)]
    provider_adjustment_cents: Annotated[Cents, plain("Their sum; positive lowers the payment.")]


class ProviderAdjustmentPosted(Fact):
    """A payer moved money outside any claim: recoupment, carried balance, interest and such.

    The reference that the payer wrote (PLB03-2) may hold a member number and stays with
    remittance; `open_item_id` stands for it.
    """

    provider_adjustment_id: Annotated[UUID, plain("Our id of it.")]
    remittance_id: Annotated[UUID, plain("Remittance that it stands in.")]
    payer_id: Annotated[UUID, plain("The payer.")]
    payee_provider_id: Annotated[UUID | None, plain("Our id of the payee.")] = None
    payee_npi: Annotated[Npi | None, plain("The payee's NPI, where given.")] = None
    code: Annotated[Code, plain("Reason code (PLB03-1), for example WO or FB.")]
    amount_cents: Annotated[Cents, plain("As written: positive lowers the payment.")]
    trace_number: Annotated[ControlNumber, plain("TRN02 of the remittance.")]
    paid_on: Annotated[Day, plain("Day of the payment.")]
    fiscal_period_ends_on: Annotated[Day, plain("PLB02: end of the fiscal period.")]
    claim_id: Annotated[
        UUID | None, limited("Claim that money is taken back for, where it was found.")
    ] = None
    open_item_id: Annotated[
        UUID | None,
        plain("Line of the sub-ledger (payer, payee, reference) that it opens or offsets."),
    ] = None
