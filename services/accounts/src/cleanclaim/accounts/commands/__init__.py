"""What the book does when it hears a fact."""

from cleanclaim.accounts.commands.banking import (
    book_deposits,
    book_matches,
    book_provider_adjustments,
    book_variances,
)
from cleanclaim.accounts.commands.charging import book_claims, book_encounters
from cleanclaim.accounts.commands.happened import Happened
from cleanclaim.accounts.commands.knowing import keep_payers, open_patient_accounts
from cleanclaim.accounts.commands.paying import book_payments, book_reversals, book_unmatched

__all__ = [
    "Happened",
    "book_claims",
    "book_deposits",
    "book_encounters",
    "book_matches",
    "book_payments",
    "book_provider_adjustments",
    "book_reversals",
    "book_unmatched",
    "book_variances",
    "keep_payers",
    "open_patient_accounts",
]
