"""Claims and directories for tests of rules, without a database."""

from dataclasses import replace
from datetime import date
from typing import Any

from cleanclaim.chassis.testing import ORGANIZATION
from cleanclaim.claims.domain.claim import ClaimVersion, ServiceLine, draft
from cleanclaim.claims.domain.directory import (
    BusinessAddress,
    Connection,
    Directory,
    Payer,
    PayerVersion,
    Provider,
    ProviderVersion,
)
from cleanclaim.claims.domain.encounter import EncounterVersion
from cleanclaim.claims.partners import read_encounter

from ..builders import NPI, an_encounter, an_id

PAYER_ID = an_id("payer")
CONNECTION_ID = an_id("connection")
MONDAY = date(2026, 3, 2)


def a_provider(**changes: Any) -> Provider:
    version = ProviderVersion(
        effective_from_on=date(2020, 1, 1),
        npi=NPI,
        tin="371234567",
        name="Prairie Family Clinic",
        taxonomy_code="207Q00000X",
        address=BusinessAddress(
            street="100 Main St", city="Springfield", state="IL", postal_code="627010001"
        ),
    )
    return Provider(provider_id=an_id("provider"), versions=(replace(version, **changes),))


def a_payer(**changes: Any) -> Payer:
    version = PayerVersion(
        effective_from_on=date(2020, 1, 1),
        name="Prairie Mutual Health",
        payer_identifier="PMH01",
        claim_filing_indicator="CI",
        timely_filing_days=180,
        takes_replacement=True,
    )
    return Payer(
        payer_id=PAYER_ID, connection_id=CONNECTION_ID, versions=(replace(version, **changes),)
    )


def a_connection(**changes: Any) -> Connection:
    connection = Connection(
        connection_id=CONNECTION_ID, name="clearinghouse", purpose="clearinghouse"
    )
    return replace(connection, **changes)


def a_directory(
    *,
    provider: Provider | None = None,
    payer: Payer | None = None,
    connection: Connection | None = None,
) -> Directory:
    """With a provider, a payer and a connection of the usual kind where none is given."""
    return Directory(
        organization_id=ORGANIZATION,
        providers={NPI: provider or a_provider()},
        payers={PAYER_ID: payer or a_payer()},
        connections={CONNECTION_ID: connection or a_connection()},
    )


def a_read_encounter(**changes: Any) -> EncounterVersion:
    return read_encounter(an_encounter(PAYER_ID, **changes))


def a_claim(directory: Directory | None = None, **changes: Any) -> ClaimVersion:
    made = draft(
        a_read_encounter(),
        claim_number="C000000001",
        version=1,
        directory=directory or a_directory(),
    )
    return replace(made, **changes)


def a_line(**changes: Any) -> ServiceLine:
    return replace(a_claim().lines[0], **changes)
