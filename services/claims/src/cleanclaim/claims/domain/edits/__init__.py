"""All edits that a claim passes before it is sent, in the order in which people read them."""

from datetime import date

from cleanclaim.claims.domain.claim import ClaimVersion
from cleanclaim.claims.domain.directory import Directory
from cleanclaim.claims.domain.edits import filing, parties, shape
from cleanclaim.claims.domain.edits.finding import Finding, Subject, holds

EDITS = (*parties.EDITS, *filing.EDITS, *shape.EDITS)

__all__ = ["EDITS", "Finding", "Subject", "findings_of", "holds"]


def findings_of(
    claim: ClaimVersion, *, directory: Directory, as_of_on: date
) -> tuple[Finding, ...]:
    """Everything that the edits find on a claim version on that day (the organization's)."""
    payer = directory.payers.get(claim.payer_id)
    connection_id = payer.connection_id if payer else None
    subject = Subject(
        claim=claim,
        provider=directory.providers.get(claim.billing_provider_npi),
        payer=payer,
        connection=directory.connections.get(connection_id) if connection_id else None,
        as_of_on=as_of_on,
    )
    return tuple(finding for edit in EDITS for finding in edit(subject))
