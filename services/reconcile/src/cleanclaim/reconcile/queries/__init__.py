"""What can be asked of reconcile."""

from cleanclaim.reconcile.queries.calendar import day_of, today
from cleanclaim.reconcile.queries.counts import open_variance_cents, open_variances
from cleanclaim.reconcile.queries.days import day, flow_of
from cleanclaim.reconcile.queries.lists import (
    DepositFilter,
    VarianceFilter,
    bank_account,
    bank_accounts,
    bank_statement,
    bank_statements,
    candidates,
    deposit,
    deposits,
    matches,
    variance,
    variances,
)

__all__ = [
    "DepositFilter",
    "VarianceFilter",
    "bank_account",
    "bank_accounts",
    "bank_statement",
    "bank_statements",
    "candidates",
    "day",
    "day_of",
    "deposit",
    "deposits",
    "flow_of",
    "matches",
    "open_variance_cents",
    "open_variances",
    "today",
    "variance",
    "variances",
]
