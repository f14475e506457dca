"""Writes entries into the book, tells them, and says what of it needs a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cleanclaim.accounts import events_out, store
from cleanclaim.accounts.domain import attention
from cleanclaim.accounts.domain.attention import Attention
from cleanclaim.accounts.domain.chart import Account
from cleanclaim.accounts.domain.days import local_day
from cleanclaim.accounts.domain.journal import JournalEntry
from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem, close_items, open_items


@dataclass(slots=True)
class Batch:
    """Entries of one batch of facts, in order, each with the thread it hangs on."""

    written: list[tuple[JournalEntry, Cause]] = field(default_factory=list)

    def add(self, entry: JournalEntry | None, thread: Cause) -> UUID | None:
        """Take an entry in; its id, or None where nothing moved."""
        if entry is None:
            return None
        self.written.append((entry, thread))
        return store.entry_id_of(entry)

    @property
    def entries(self) -> list[JournalEntry]:
        return [entry for entry, _ in self.written]


async def write(work: Work, *, batch: Batch) -> list[store.ChangedLine]:
    """Write and tell a batch of entries, however many, with a fixed number of statements."""
    if not batch.written:
        return []
    changed = await store.add_entries(work, batch.entries, recorded_at=work.now)
    for entry, thread in batch.written:
        entry_id = store.entry_id_of(entry)
        work.tell(events_out.journal_posted(entry, entry_id=entry_id), cause=thread)
    return changed


async def review_credits(
    work: Work, *, claim_ids: Iterable[UUID], patient_account_ids: Iterable[UUID], at: datetime
) -> None:
    """Open a work item for each credit balance, and close those of credits that are gone."""
    today = local_day(at, await store.time_zone(work))
    roots = await store.roots_of(work, claim_ids)
    insurance = await store.insurance_credits(work, roots) if roots else {}
    accounts = set(patient_account_ids)
    patients = await store.patient_credits(work, accounts) if accounts else {}
    found = [
        attention.insurance_credit(claim_id, credit_cents=cents, today=today)
        for claim_id, cents in insurance.items()
    ]
    found += [
        attention.patient_credit(account_id, credit_cents=cents, today=today)
        for account_id, cents in patients.items()
    ]
    gone = (roots | accounts) - insurance.keys() - patients.keys()
    await close(work, subject_ids=gone, kind=attention.CREDIT_BALANCE, outcome="credit_gone", at=at)
    await draw_attention(work, found=found, at=at)


async def review_open_items(
    work: Work, *, changed: Sequence[store.ChangedLine], at: datetime
) -> None:
    """Watch what payers moved outside claims: suspense, and money taken without a reversal."""
    today = local_day(at, await store.time_zone(work))
    found: list[Attention] = []
    gone: set[UUID] = set()
    for line in changed:
        subject_id = line.open_item_id
        if subject_id is None or line.account not in {Account.PAYER_RECOUPMENT, Account.SUSPENSE}:
            continue
        taken = line.account == Account.PAYER_RECOUPMENT
        if line.amount_cents == 0 or (taken and line.amount_cents < 0):
            gone.add(subject_id)
        elif taken:
            found.append(
                attention.open_recoupment(subject_id, value_cents=line.amount_cents, today=today)
            )
        else:
            found.append(
                attention.undecided_amount(
                    "open_item",
                    subject_id,
                    reason="suspense",
                    value_cents=line.amount_cents,
                    today=today,
                )
            )
    await close(work, subject_ids=gone, kind=attention.OPEN_RECOUPMENT, outcome="offset", at=at)
    await close(work, subject_ids=gone, kind=attention.UNDECIDED_AMOUNT, outcome="offset", at=at)
    await draw_attention(work, found=found, at=at)


async def draw_attention(work: Work, *, found: Sequence[Attention], at: datetime) -> None:
    """Open work items; an open one of the same trouble only gets its money brought up to date."""
    if not found:
        return
    await store.revalue_items(work, found)
    items = [
        WorkItem(
            kind=one.kind,
            subject_type=one.subject_type,
            subject_id=one.subject_id,
            reason=one.reason,
            priority=one.priority,
            priority_terms=one.priority_terms,
            value_cents=one.value_cents,
            due_on=one.due_on,
            next_actions=one.next_actions,
        )
        for one in found
    ]
    await open_items(work, items, opened_at=at)


async def close(
    work: Work, *, subject_ids: Iterable[UUID], kind: str, outcome: str, at: datetime
) -> None:
    """Close the open items of a kind, where there are subjects."""
    subjects = list(subject_ids)
    if subjects:
        await close_items(work, subjects, kind=kind, outcome=outcome, closed_at=at)
