"""Writes entries, postings and what they add to the sub-ledgers, in three statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import RowMapping

from cleanclaim.accounts.domain.journal import JournalEntry
from cleanclaim.accounts.domain.subledger import changes_of
from cleanclaim.accounts.store.tables import JOURNAL_ENTRIES, POSTINGS, SUBLEDGER_LINES
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.runtime import derived_id
from cleanclaim.chassis.work import Work

_LINE_FIELDS = (
    "account", "payer_id", "trace_number", "patient_account_id", "claim_id", "line_id",
    "remittance_id", "deposit_id", "open_item_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of a sub-ledger after entries were written."""

    account: str
    payer_id: UUID | None
    remittance_id: UUID | None
    open_item_id: UUID | None
    amount_cents: int


def entry_id_of(entry: JournalEntry) -> UUID:
    """An entry's id: derived from the event that it cites, so that a second run makes the same."""
    return derived_id(entry.occasion.event_id, "journal-entry")


async def add_entries(
    work: Work, entries: Sequence[JournalEntry], *, recorded_at: datetime
) -> list[ChangedLine]:
    """Add entries to the book; what their sub-ledger lines are now."""
    organization_id = work.organization_id
    rows = [_entry_row(organization_id, entry, recorded_at) for entry in entries]
    await insert_rows(work.connection, JOURNAL_ENTRIES, rows)
    postings = [row for entry in entries for row in _posting_rows(organization_id, entry)]
    await insert_rows(work.connection, POSTINGS, postings)
    changed = await insert_rows(
        work.connection,
        SUBLEDGER_LINES,
        _line_rows(organization_id, entries, recorded_at),
        on_conflict="(organization_id, id) DO UPDATE SET"
        " amount_cents = subledger_lines.amount_cents + excluded.amount_cents,"
        " since_on = least(subledger_lines.since_on, excluded.since_on),"
        " changed_at = excluded.changed_at",
        returning=("account", "payer_id", "remittance_id", "open_item_id", "amount_cents"),
    )
    return [_changed(row) for row in changed]


def _changed(row: RowMapping) -> ChangedLine:
    return ChangedLine(**dict(row))


def _entry_row(organization_id: UUID, entry: JournalEntry, recorded_at: datetime) -> dict[str, Any]:
    place = entry.place
    return {
        "organization_id": organization_id,
        "id": entry_id_of(entry),
        "cause_event_id": entry.occasion.event_id,
        "cause_event_type": entry.occasion.event_type,
        "occurred_at": entry.occasion.occurred_at,
        "recorded_at": recorded_at,
        "effective_on": entry.effective_on,
        "counters_entry_id": entry.counters_entry_id,
        "subject_id": place.subject_id,
        "patient_account_id": place.patient_account_id,
        "claim_id": place.claim_id,
        "encounter_id": place.encounter_id,
        "remittance_id": place.remittance_id,
        "deposit_id": place.deposit_id,
    }


def _posting_rows(organization_id: UUID, entry: JournalEntry) -> list[dict[str, Any]]:
    entry_id = entry_id_of(entry)
    return [
        {
            "organization_id": organization_id,
            "id": derived_id(entry_id, str(position)),
            "entry_id": entry_id,
            "position": position,
            "account": posting.account.value,
            "amount_cents": posting.amount_cents,
            "why": posting.why,
            "reason": posting.reason,
            "payer_id": posting.payer_id,
            "trace_number": posting.trace_number,
            "line_id": posting.line_id,
            "open_item_id": posting.open_item_id,
            "effective_on": entry.effective_on,
            "patient_account_id": entry.place.patient_account_id,
            "claim_id": entry.place.claim_id,
        }
        for position, posting in enumerate(entry.postings, start=1)
    ]


def _line_rows(
    organization_id: UUID, entries: Sequence[JournalEntry], recorded_at: datetime
) -> list[dict[str, Any]]:
    rows = [
        {
            "organization_id": organization_id,
            "id": line.id_in(organization_id),
            **{name: getattr(line, name) for name in _LINE_FIELDS},
            "amount_cents": change.amount_cents,
            "since_on": change.since_on,
            "changed_at": recorded_at,
        }
        for line, change in changes_of(entries).items()
    ]
    # in one order everywhere, so that two writers never wait for each other
    return sorted(rows, key=lambda row: str(row["id"]))
