"""The directory: organizations, billing providers and payers, each told whole on every change."""

from typing import Annotated, Literal
from uuid import UUID

from cleanclaim.events.envelope import Fact
from cleanclaim.events.vocabulary import Code, ControlNumber, Day, Label, Npi, Part, plain


class OrganizationConfigured(Fact):
    """An organization was set up or changed; days are reckoned in its time zone."""

    organization_id: Annotated[UUID, plain("The organization; also in the envelope.")]
    name: Annotated[Label, plain("The organization's public name.")]
    time_zone: Annotated[Code, plain("IANA time zone, for example America/Chicago.")]
    environment: Annotated[
        Literal["live", "test"],
        plain("Closed set. A test organization's claims go out marked as test (ISA15 T)."),
    ]


class Address(Part):
    """Where an organization receives mail; never a person's home."""

    street: Annotated[Label, plain("First street line.")]
    street_second_line: Annotated[Label | None, plain("Second street line.")] = None
    city: Annotated[Label, plain("City.")]
    state: Annotated[str, plain("Two-letter state code.", pattern=r"^[A-Z]{2}$")]
    postal_code: Annotated[str, plain("ZIP code, 5 or 9 digits.", pattern=r"^\d{5}(\d{4})?$")]


class ProviderVersion(Part):
    """A billing provider's identity between two days."""

    effective_from_on: Annotated[Day, plain("First day on which this version holds.")]
    effective_to_on: Annotated[Day | None, plain("Last day; absent while it is open.")] = None
    npi: Annotated[Npi, plain("Billing NPI (837 2010AA NM109).")]
    tin: Annotated[
        str | None,
        plain(
            "Employer identification number, nine digits. Absent where a sole proprietor bills"
            " under a social security number, which no event may carry.",
            pattern=r"^\d{9}$",
        ),
    ] = None
    name: Annotated[Label, plain("Name that the provider bills under.")]
    taxonomy_code: Annotated[str, plain("Provider taxonomy code.", pattern=r"^[0-9A-Z]{10}$")]
    address: Annotated[Address, plain("The billing organization's address (837 2010AA N3, N4).")]


class ProviderConfigured(Fact):
    """A billing provider was set up or changed; carries all its dated versions."""

    provider_id: Annotated[UUID, plain("Our id of the billing provider.")]
    versions: Annotated[
        tuple[ProviderVersion, ...], plain("Oldest first, without overlap.", min_length=1)
    ]

    def version_on(self, day: Day) -> ProviderVersion | None:
        """Return the version in force on that day, or None."""
        return next((one for one in self.versions if _in_force(one, day)), None)


class AppealLevel(Part):
    """One level of appeal and the days that the payer gives for it."""

    level: Annotated[int, plain("1 for the first appeal.", ge=1)]
    days: Annotated[int, plain("Calendar days from the day that `basis` names.", ge=1)]
    basis: Annotated[
        Code,
        plain("What the days count from: adjudicated_on, received_on or prior_level_decided_on."),
    ]


class PayerVersion(Part):
    """What holds for a payer between two days."""

    effective_from_on: Annotated[Day, plain("First day on which this version holds.")]
    effective_to_on: Annotated[Day | None, plain("Last day; absent while it is open.")] = None
    name: Annotated[Label, plain("The payer's name.")]
    payer_identifier: Annotated[ControlNumber, plain("Identifier in an 837 (2010BB NM109).")]
    remittance_names: Annotated[
        tuple[Label, ...], plain("Names it uses in an 835 (N1*PR02), beside `name`.")
    ] = ()
    remittance_identifiers: Annotated[
        tuple[ControlNumber, ...], plain("Identifiers it uses in an 835 (N1*PR04, REF*2U).")
    ] = ()
    originating_company_ids: Annotated[
        tuple[ControlNumber, ...], plain("Identifiers of whom its payments come from (TRN03).")
    ] = ()
    claim_filing_indicator: Annotated[Code, plain("SBR09 of its claims, for example MB or CI.")]
    timely_filing_days: Annotated[int, plain("Days from service to filing.", ge=1)]
    corrected_claim_days: Annotated[
        int | None, plain("Days from the answer to a corrected claim, where limited.", ge=1)
    ] = None
    takes_replacement: Annotated[
        bool, plain("True where frequency code 7 is taken; false where a claim is reopened.")
    ]
    appeal_levels: Annotated[tuple[AppealLevel, ...], plain("Lowest level first.")] = ()
    appeal_address: Annotated[Address | None, plain("Where appeals are mailed.")] = None
    edits_profile: Annotated[Code | None, plain("Name of the payer's profile of edits.")] = None
    enrolled_transactions: Annotated[
        tuple[Code, ...], plain("Transactions enrolled with it: 837P, 837I, 835, 270, 276.")
    ] = ()


class PayerConfigured(Fact):
    """A payer was set up or changed; carries all its dated versions."""

    payer_id: Annotated[UUID, plain("Our id of the payer.")]
    versions: Annotated[
        tuple[PayerVersion, ...], plain("Oldest first, without overlap.", min_length=1)
    ]

    def version_on(self, day: Day) -> PayerVersion | None:
        """Return the version in force on that day, or None."""
        return next((one for one in self.versions if _in_force(one, day)), None)


def _in_force(version: ProviderVersion | PayerVersion, day: Day) -> bool:
    ends = version.effective_to_on
    return version.effective_from_on <= day and (ends is None or day <= ends)
