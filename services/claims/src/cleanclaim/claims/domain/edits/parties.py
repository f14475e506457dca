"""Edits on who bills and who is billed: known, in force on the day of service, and reachable."""

from collections.abc import Iterator

from cleanclaim.claims.domain.edits.finding import Finding, Subject


def billing_provider_is_known(subject: Subject) -> Iterator[Finding]:
    """Loop 2010AA needs name, address, NPI and tax number as they held on the day of service.

    Source: 005010X222A1, loop 2010AA; 45 CFR 162.412 (the NPI of the billing provider).
    """
    if subject.provider is None:
        yield Finding(
            rule_id="billing_provider.unknown",
            message="No provider of the directory has the billing NPI of the encounter.",
            fix="Add the provider, or correct the billing NPI in intake; then release the claim.",
            pointer="/billing_provider_npi",
        )
    elif subject.provider.version_on(subject.claim.service_from_on) is None:
        yield Finding(
            rule_id="billing_provider.not_in_force",
            message="The billing provider has no version in force on the first day of service.",
            fix="Add a version with effective dates that cover the service.",
            pointer="/service_from_on",
        )


def payer_is_known(subject: Subject) -> Iterator[Finding]:
    """Loop 2010BB needs the payer's name and identifier as they held on the day of service.

    Source: 005010X222A1, loop 2010BB.
    """
    if subject.payer is None:
        yield Finding(
            rule_id="payer.unknown",
            message="The payer of the primary coverage is not in the directory.",
            fix="Add the payer, or correct the coverage in intake; then release the claim.",
            pointer="/payer_id",
        )
    elif subject.payer.version_on(subject.claim.service_from_on) is None:
        yield Finding(
            rule_id="payer.not_in_force",
            message="The payer has no version in force on the first day of service.",
            fix="Add a version with effective dates that cover the service.",
            pointer="/service_from_on",
        )


def payer_is_reachable(subject: Subject) -> Iterator[Finding]:
    """An electronic claim goes through a clearinghouse mailbox that the payer is assigned to."""
    if subject.payer is None:
        return
    if subject.connection is None:
        yield Finding(
            rule_id="payer.no_connection",
            message="The payer has no connection that its claims could be sent through.",
            fix="Set the payer's connection_id to a connection of purpose clearinghouse.",
            pointer="/payer_id",
        )
    elif subject.connection.purpose != "clearinghouse":
        yield Finding(
            rule_id="payer.wrong_connection",
            message="The payer's connection carries no claims.",
            fix="Set the payer's connection_id to a connection of purpose clearinghouse.",
            pointer="/payer_id",
        )


def payer_is_enrolled(subject: Subject) -> Iterator[Finding]:
    """A payer refuses electronic claims of a submitter that has not enrolled for them.

    Where no enrolment at all is recorded, nothing is known and nothing is held.
    """
    payer = subject.payer
    terms = payer.version_on(subject.claim.service_from_on) if payer else None
    if terms and terms.enrolled_transactions and "837P" not in terms.enrolled_transactions:
        yield Finding(
            rule_id="payer.not_enrolled",
            message="The payer's enrolment does not list 837P.",
            fix="Enroll, then add 837P to the payer's enrolled_transactions.",
            pointer="/payer_id",
        )


EDITS = (billing_provider_is_known, payer_is_known, payer_is_reachable, payer_is_enrolled)
