"""What accounts tells: each entry of the book, once."""

from uuid import UUID

from cleanclaim.accounts.domain.journal import JournalEntry
from cleanclaim.accounts.domain.journal import Posting as BookedPosting
from cleanclaim.events.accounts import JournalPosted, Posting


def journal_posted(entry: JournalEntry, *, entry_id: UUID) -> JournalPosted:
    """The contract of an entry; why a cent moved stays here, its accounts and codes are told."""
    place = entry.place
    return JournalPosted(
        entry_id=entry_id,
        subject_id=place.subject_id,
        cause_event_id=entry.occasion.event_id,
        cause_event_type=entry.occasion.event_type,
        counters_entry_id=entry.counters_entry_id,
        effective_on=entry.effective_on,
        patient_account_id=place.patient_account_id,
        claim_id=place.claim_id,
        remittance_id=place.remittance_id,
        deposit_id=place.deposit_id,
        postings=tuple(_posting(one) for one in entry.postings),
    )


def _posting(posting: BookedPosting) -> Posting:
    return Posting(
        account=posting.account.value,
        amount_cents=posting.amount_cents,
        payer_id=posting.payer_id,
        trace_number=posting.trace_number,
        line_id=posting.line_id,
        open_item_id=posting.open_item_id,
        reason=posting.reason,
    )
