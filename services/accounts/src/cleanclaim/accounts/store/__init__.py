"""How the book is remembered."""

from cleanclaim.accounts.store.billing import (
    claim_billings,
    encounter_billings,
    keep_claims,
    keep_encounters,
    keep_payers,
    open_accounts,
    time_zone,
)
from cleanclaim.accounts.store.credits import (
    insurance_credits,
    patient_credits,
    revalue_items,
    roots_of,
)
from cleanclaim.accounts.store.journal import ChangedLine, add_entries, entry_id_of
from cleanclaim.accounts.store.payments import (
    EarlyReversal,
    keep_decisions,
    keep_early_reversals,
    mark_reversed,
    posted_payments,
    take_early_reversals,
)
from cleanclaim.accounts.store.tables import APPEND_ONLY, METADATA

__all__ = [
    "APPEND_ONLY",
    "METADATA",
    "ChangedLine",
    "EarlyReversal",
    "add_entries",
    "claim_billings",
    "encounter_billings",
    "entry_id_of",
    "insurance_credits",
    "keep_claims",
    "keep_decisions",
    "keep_early_reversals",
    "keep_encounters",
    "keep_payers",
    "mark_reversed",
    "open_accounts",
    "patient_credits",
    "posted_payments",
    "revalue_items",
    "roots_of",
    "take_early_reversals",
    "time_zone",
]
