"""What reconcile tells: money seen in the bank, matched to remittances, and what does not agree."""

from typing import Annotated
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import (
    Cents,
    Code,
    ControlNumber,
    Day,
    Part,
    limited,
    plain,
)


class DepositRecorded(Fact):
    """Money was seen in the bank."""

    deposit_id: Annotated[UUID, plain("Our id of the deposit.")]
    bank_account_id: Annotated[UUID, plain("Our id of the bank account.")]
    bank_statement_id: Annotated[UUID | None, plain("Statement or file it was read from.")] = None
    amount_cents: Annotated[Cents, plain("Amount; negative where the bank took it back.")]
    deposited_on: Annotated[Day, plain("Day that the bank gives it.")]
    method: Annotated[Code, plain("ACH, CHK, WIRE, CARD, CASH and such.")]
    payer_id: Annotated[UUID | None, plain("The payer, where it was recognized.")] = None
    trace_number: Annotated[
        ControlNumber | None, plain("Reassociation trace number (CCD+ addenda TRN02), if any.")
    ] = None
    originating_company_id: Annotated[
        ControlNumber | None, plain("Company id of the ACH batch or of TRN03, if any.")
    ] = None


class DepositPart(Part):
    """The part of a deposit that one remittance explains."""

    remittance_id: Annotated[UUID, plain("The remittance.")]
    payer_id: Annotated[UUID, plain("Its payer.")]
    trace_number: Annotated[ControlNumber, plain("Its TRN02.")]
    amount_cents: Annotated[Cents, plain("What of the deposit it explains.")]


class DepositMatched(Fact):
    """A deposit was explained, in whole or in part, by remittances."""

    deposit_id: Annotated[UUID, plain("Our id of the deposit.")]
    match_id: Annotated[UUID, plain("Our id of this match; undone under the same id.")]
    parts: Annotated[tuple[DepositPart, ...], plain("What explains it.", min_length=1)]
    deposited_on: Annotated[Day, plain("Day that the bank gives it.")]
    amount_cents: Annotated[Cents, plain("Amount of the whole deposit.")]
    unexplained_cents: Annotated[Cents, plain("What no remittance explains after this match.")]
    inferred: Annotated[bool, plain("True where no trace number agreed and a rule inferred it.")]


class _Variance(Fact):
    variance_id: Annotated[UUID, plain("Our id of the variance; the topic's key.")]
    kind: Annotated[
        Code,
        plain(
            "deposit_short, deposit_over, remittance_without_deposit, deposit_without_remittance,"
            " remittance_incomplete or claim_underpaid."
        ),
    ]
    expected_cents: Annotated[Cents, plain("What should have been.")]
    actual_cents: Annotated[Cents, plain("What was.")]
    difference_cents: Annotated[Cents, plain("Actual minus expected.")]
    payer_id: Annotated[UUID | None, plain("The payer, where known.")] = None
    remittance_id: Annotated[UUID | None, plain("The remittance, where there is one.")] = None
    deposit_id: Annotated[UUID | None, plain("The deposit, where there is one.")] = None
    claim_id: Annotated[UUID | None, limited("The claim, where it concerns one.")] = None
    trace_number: Annotated[ControlNumber | None, plain("TRN02, where known.")] = None
    opened_on: Annotated[Day, plain("Day it was found.")]


class VarianceOpened(_Variance):
    """Two records of the same money do not agree; somebody must look."""


class VarianceResolved(_Variance):
    """A variance was explained, corrected or written off."""

    outcome: Annotated[Code, plain("explained, corrected or written_off.")]
    reason: Annotated[Code | None, plain("Reason code of a write-off, or what explains it.")] = None
    written_off_cents: Annotated[Cents, plain("Signed as the difference; 0 where none is.")]
    resolved_on: Annotated[Day, plain("Day it was resolved.")]
