"""What can be asked of claims: the directory, claims, submissions and the answers to them."""

from cleanclaim.claims.queries.claims import (
    ClaimFilters,
    answers_to,
    claim_of,
    claim_versions,
    content_of,
    encounter_to_bill,
    findings_in,
    list_claims,
    submission_of_version,
)
from cleanclaim.claims.queries.counts import claims_by_state
from cleanclaim.claims.queries.directory import (
    connection_of,
    list_entries,
    organization_of,
    payer_of,
    provider_of,
)
from cleanclaim.claims.queries.submissions import (
    acknowledgement_of,
    has_a_file_to_cut,
    list_submissions,
    submission_of,
    submissions_with,
    waiting_for_a_file,
)

__all__ = [
    "ClaimFilters",
    "acknowledgement_of",
    "answers_to",
    "claim_of",
    "claim_versions",
    "claims_by_state",
    "connection_of",
    "content_of",
    "encounter_to_bill",
    "findings_in",
    "has_a_file_to_cut",
    "list_claims",
    "list_entries",
    "list_submissions",
    "organization_of",
    "payer_of",
    "provider_of",
    "submission_of",
    "submission_of_version",
    "submissions_with",
    "waiting_for_a_file",
]
