"""Questions that people and jobs ask of denials."""

from cleanclaim.denials.queries.cases import (
    CaseFilter,
    case_steps,
    claims_with_active_cases,
    kept_case,
    one_case,
    page_of_cases,
    party_names,
)
from cleanclaim.denials.queries.counts import cases_by_status
from cleanclaim.denials.queries.summary import SummaryRow, today, totals

__all__ = [
    "CaseFilter",
    "SummaryRow",
    "case_steps",
    "cases_by_status",
    "claims_with_active_cases",
    "kept_case",
    "one_case",
    "page_of_cases",
    "party_names",
    "today",
    "totals",
]
