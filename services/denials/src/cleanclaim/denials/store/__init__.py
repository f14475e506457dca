"""What denials remembers: its tables, and the statements that write and read them back whole."""

from cleanclaim.denials.store.cases import (
    cases_of_claims,
    cases_of_payers,
    lock_case,
    write_cases,
    write_steps,
)
from cleanclaim.denials.store.directory import (
    keep_payers,
    keep_providers,
    policies_of,
    time_zone,
)
from cleanclaim.denials.store.story import (
    decisions_of,
    keep_decisions,
    keep_rejections,
    keep_reversals,
    keep_submissions,
    lock_claims,
    submissions_of,
)
from cleanclaim.denials.store.tables import APPEND_ONLY, METADATA
from cleanclaim.denials.store.urgency import change_item_owner, rank_again

__all__ = [
    "APPEND_ONLY",
    "METADATA",
    "cases_of_claims",
    "cases_of_payers",
    "change_item_owner",
    "decisions_of",
    "keep_decisions",
    "keep_payers",
    "keep_providers",
    "keep_rejections",
    "keep_reversals",
    "keep_submissions",
    "lock_case",
    "lock_claims",
    "policies_of",
    "rank_again",
    "submissions_of",
    "time_zone",
    "write_cases",
    "write_steps",
]
