"""Edits on time: a claim after its filing limit is refused for good, so it is held before."""

from collections.abc import Iterator
from datetime import timedelta

from cleanclaim.claims.domain.edits.finding import Finding, Subject

DAYS_OF_WARNING = 7


def filing_limit_is_kept(subject: Subject) -> Iterator[Finding]:
    """The claim must arrive by the payer's limit, counted from the first day of service.

    Source: the payer's dated policy; for Medicare 42 CFR 424.44 (one calendar year).
    """
    last = subject.claim.file_by_on
    if last is None:
        return
    if subject.as_of_on > last:
        yield Finding(
            rule_id="filing.limit_passed",
            message="The payer's limit for filing has passed.",
            fix="Ask the payer for an exception, or write the charge off; do not just send it.",
            pointer="/file_by_on",
        )
    elif subject.as_of_on > last - timedelta(days=DAYS_OF_WARNING):
        yield Finding(
            rule_id="filing.limit_near",
            severity="warning",
            message="The payer's limit for filing is less than a week away.",
            fix="Send the claim today.",
            pointer="/file_by_on",
        )


def service_lies_in_the_past(subject: Subject) -> Iterator[Finding]:
    """Care is billed after it was given (005010X222A1, DTP*472: no later than the transaction)."""
    if subject.claim.service_to_on > subject.as_of_on:
        yield Finding(
            rule_id="service.in_future",
            message="The last day of service has not come yet.",
            fix="Correct the dates in intake, or release the claim after that day.",
            pointer="/service_to_on",
        )


EDITS = (filing_limit_is_kept, service_lies_in_the_past)
