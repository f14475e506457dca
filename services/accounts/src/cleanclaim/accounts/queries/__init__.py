"""What can be asked of the book."""

from cleanclaim.accounts.queries.accounts import (
    AccountFilter,
    FamilyBalance,
    OpenAmount,
    account_postings,
    billed_lines,
    claim_balance,
    open_amounts,
    patient_account,
    patient_accounts,
)
from cleanclaim.accounts.queries.journal import (
    EntryFilter,
    LineFilter,
    account_sums,
    control_total,
    journal_entries,
    journal_entry,
    subledger_lines,
)
from cleanclaim.accounts.queries.reading import payer_names, today

__all__ = [
    "AccountFilter",
    "EntryFilter",
    "FamilyBalance",
    "LineFilter",
    "OpenAmount",
    "account_postings",
    "account_sums",
    "billed_lines",
    "claim_balance",
    "control_total",
    "journal_entries",
    "journal_entry",
    "open_amounts",
    "patient_account",
    "patient_accounts",
    "payer_names",
    "subledger_lines",
    "today",
]
