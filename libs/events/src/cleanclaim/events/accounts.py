"""What accounts tells: entries of the book, each balanced and each caused by one fact."""

from typing import Annotated
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import Cents, Code, ControlNumber, Day, Part, limited


class Posting(Part):
    """One side of an entry."""

    account: Annotated[Code, limited("Account of the book, for example insurance_receivable.")]
    amount_cents: Annotated[Cents, limited("Debit positive, credit negative.")]
    payer_id: Annotated[UUID | None, limited("Payer of the sub-ledger.")] = None
    trace_number: Annotated[
        ControlNumber | None, limited("Trace of the sub-ledger cash clearing.")
    ] = None
    line_id: Annotated[
        UUID | None, limited("Service line; absent where it is booked on the claim's own row.")
    ] = None
    open_item_id: Annotated[
        UUID | None, limited("Line of a sub-ledger of recoupment, carried balance or refund.")
    ] = None
    reason: Annotated[Code | None, limited("Reason code of an allowance or write-off.")] = None


class JournalPosted(Fact):
    """An entry was written in the book; its postings add up to 0 and are never changed."""

    entry_id: Annotated[UUID, limited("Our id of the entry.")]
    subject_id: Annotated[
        UUID,
        limited("The topic's key: the patient's account, else the remittance, else the deposit."),
    ]
    cause_event_id: Annotated[UUID, limited("The event that caused it.")]
    cause_event_type: Annotated[Code, limited("That event's type.")]
    counters_entry_id: Annotated[
        UUID | None, limited("Entry that this one takes back, where it takes one back.")
    ] = None
    effective_on: Annotated[Day, limited("Day that it counts for.")]
    patient_account_id: Annotated[UUID | None, limited("Account, where one is touched.")] = None
    claim_id: Annotated[UUID | None, limited("Claim, where one is touched.")] = None
    remittance_id: Annotated[UUID | None, limited("Remittance, where it has one.")] = None
    deposit_id: Annotated[UUID | None, limited("Deposit, where it has one.")] = None
    postings: Annotated[tuple[Posting, ...], limited("Both sides; sum 0.", min_length=2)]
