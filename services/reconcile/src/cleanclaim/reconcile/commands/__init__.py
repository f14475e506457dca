"""What reconcile does when asked, told, or when time passes."""

from cleanclaim.reconcile.commands.bank import (
    StatementTaken,
    open_bank_account,
    record_statement,
)
from cleanclaim.reconcile.commands.matching import match_by_person
from cleanclaim.reconcile.commands.projections import (
    keep_billed_claims,
    keep_clearing,
    keep_payers,
    keep_payments,
)
from cleanclaim.reconcile.commands.receipts import HeardReceipt, expect_receipts, note_posted
from cleanclaim.reconcile.commands.variances import (
    explain_variance,
    judge_windows,
    write_off_variance,
)

__all__ = [
    "HeardReceipt",
    "StatementTaken",
    "expect_receipts",
    "explain_variance",
    "judge_windows",
    "keep_billed_claims",
    "keep_clearing",
    "keep_payers",
    "keep_payments",
    "match_by_person",
    "note_posted",
    "open_bank_account",
    "record_statement",
    "write_off_variance",
]
