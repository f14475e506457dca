"""SubledgerLine: which line of a sub-ledger a posting falls on, and what entries add to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from cleanclaim.accounts.domain.chart import CHART, Account, Dimension
from cleanclaim.accounts.domain.journal import JournalEntry, Posting

_NAMESPACE = UUID("6f0d8f5e-3f0a-5d0c-9a55-0d6a9c0a6a11")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubledgerLine:
    """An account and the values it is kept by; its amount is 0 or an open item."""

    account: Account
    payer_id: UUID | None = None
    trace_number: str | None = None
    patient_account_id: UUID | None = None
    claim_id: UUID | None = None
    line_id: UUID | None = None
    remittance_id: UUID | None = None
    deposit_id: UUID | None = None
    open_item_id: UUID | None = None

    def id_in(self, organization_id: UUID) -> UUID:
        """The line's id: the same wherever and whenever it is reckoned."""
        values = (getattr(self, dimension.value) for dimension in Dimension)
        return uuid5(_NAMESPACE, "|".join(map(str, (organization_id, self.account, *values))))


@dataclass(slots=True, kw_only=True)
class Change:
    """What entries add to one line, in cents, and the earliest day that they count for."""

    amount_cents: int
    since_on: date


def line_of(posting: Posting, entry: JournalEntry) -> SubledgerLine | None:
    """The sub-ledger line of a posting; None where the account is kept in total only."""
    kept_by = CHART[posting.account].kept_by
    if not kept_by:
        return None
    values: dict[str, Any] = {one.value: _value(one, posting, entry) for one in kept_by}
    return SubledgerLine(account=posting.account, **values)


def _value(dimension: Dimension, posting: Posting, entry: JournalEntry) -> UUID | str | None:
    source = posting if hasattr(posting, dimension.value) else entry.place
    value: UUID | str | None = getattr(source, dimension.value)
    return value


def changes_of(entries: Iterable[JournalEntry]) -> dict[SubledgerLine, Change]:
    """What entries add to the sub-ledgers, line by line."""
    changes: dict[SubledgerLine, Change] = {}
    for entry in entries:
        for posting in entry.postings:
            line = line_of(posting, entry)
            if line is None:
                continue
            change = changes.setdefault(line, Change(amount_cents=0, since_on=entry.effective_on))
            change.amount_cents += posting.amount_cents
            change.since_on = min(change.since_on, entry.effective_on)
    return changes
