"""The directory as JSON: what is sent and what comes back."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from cleanclaim.chassis import fields
from cleanclaim.claims.domain.directory import (
    AppealLevel,
    BusinessAddress,
    Connection,
    Payer,
    PayerVersion,
    Provider,
    ProviderVersion,
)
from cleanclaim.values.npi import is_npi

Day = Annotated[fields.Day, Field(examples=["2026-01-01"])]
Id = Annotated[UUID, Field(strict=False)]
Name = Annotated[str, Field(min_length=1, max_length=60, examples=["Prairie Family Clinic"])]
Short = Annotated[str, Field(min_length=1, max_length=50)]
_ORGANIZATION: JsonDict = {
    "name": "Prairie Family Clinic",
    "time_zone": "America/Chicago",
    "environment": "test",
}
_ADDRESS: JsonDict = {"street": "100 Main St", "city": "Springfield", "state": "IL",
            "postal_code": "627010001"}  # fmt: skip
_PROVIDER: JsonDict = {
    "versions": [
        {
            "effective_from_on": "2020-01-01",
            "npi": "1234567893",
            "tin": "371234567",
            "name": "Prairie Family Clinic",
            "taxonomy_code": "207Q00000X",
            "address": _ADDRESS,
        }
    ]
}
_PAYER: JsonDict = {
    "connection_id": "01980000-0000-7000-8000-0000000000c1",
    "versions": [
        {
            "effective_from_on": "2020-01-01",
            "name": "Prairie Mutual Health",
            "payer_identifier": "PMH01",
            "claim_filing_indicator": "CI",
            "timely_filing_days": 180,
            "takes_replacement": True,
            "enrolled_transactions": ["837P", "835"],
        }
    ],
}
_CONNECTION: JsonDict = {
    "name": "clearinghouse",
    "purpose": "clearinghouse",
    "sender_id": "PRAIRIE01",
    "receiver_id": "CLEARHOUSE",
    "receiver_name": "Clear House",
    "contact_name": "Billing office",
    "contact_phone": "2175550100",
}


def _an_npi(text: str) -> str:
    if not is_npi(text):
        raise ValueError("an NPI has ten digits, first 1 or 2, with a right check digit")
    return text


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class OrganizationIn(_Input):
    """An organization to be set up; its id is made here unless one is given."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [_ORGANIZATION]}
    )

    organization_id: Annotated[
        UUID | None, Field(strict=False, description="Where another system has named it already.")
    ] = None
    name: Annotated[str, Field(min_length=1, max_length=120)]
    time_zone: Annotated[str, Field(min_length=1, max_length=60)]
    environment: Literal["live", "test"]


class OrganizationOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "01980000-0000-7000-8000-0000000000a1", **_ORGANIZATION}]
        }
    )

    id: UUID
    name: str
    time_zone: str
    environment: str

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "OrganizationOut":
        names = ("id", "name", "time_zone", "environment")
        return cls(**{name: row[name] for name in names})


class AddressIn(_Input):
    street: Annotated[str, Field(min_length=1, max_length=55)]
    street_second_line: Annotated[str | None, Field(max_length=55)] = None
    city: Annotated[str, Field(min_length=2, max_length=30)]
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    postal_code: Annotated[str, Field(pattern=r"^\d{5}(\d{4})?$")]


class ProviderVersionIn(_Input):
    """A billing identity between two days; `tin_kind` ssn for a sole proprietor without an EIN."""

    effective_from_on: Day
    effective_to_on: Day | None = None
    npi: Annotated[str, AfterValidator(_an_npi)]
    tin: Annotated[str, Field(pattern=r"^\d{9}$", description="Nine digits; an SSN is sealed.")]
    tin_kind: Literal["ein", "ssn"] = "ein"
    name: Name
    taxonomy_code: Annotated[str, Field(pattern=r"^[0-9A-Z]{10}$")]
    address: AddressIn

    def as_version(self) -> ProviderVersion:
        fields = self.model_dump(exclude={"address", "tin"})
        tin = self.tin if self.tin_kind == "ein" else None
        return ProviderVersion(
            **fields, tin=tin, address=BusinessAddress(**self.address.model_dump())
        )


class ProviderIn(_Input):
    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [_PROVIDER]}
    )

    versions: Annotated[list[ProviderVersionIn], Field(min_length=1, max_length=100)]

    def as_provider(self, provider_id: UUID, *, version: int) -> Provider:
        versions = tuple(one.as_version() for one in self.versions)
        return Provider(provider_id=provider_id, version=version, versions=versions)

    def ssns(self) -> list[str | None]:
        return [one.tin if one.tin_kind == "ssn" else None for one in self.versions]


class _Entry(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AddressOut(_Entry):
    street: str
    street_second_line: str | None
    city: str
    state: str
    postal_code: str


class ProviderVersionOut(_Entry):
    """As sent, but a social security number is never shown again: `tin` is null then."""

    effective_from_on: date
    effective_to_on: date | None
    npi: str
    tin_kind: str
    tin: str | None
    name: str
    taxonomy_code: str
    address: AddressOut


class ProviderOut(_Entry):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [{"id": "01980000-0000-7000-8000-0000000000d1", "version": 1, **_PROVIDER}]
        },
    )

    id: UUID
    version: int
    versions: list[ProviderVersionOut]

    @classmethod
    def of(cls, one: Provider) -> "ProviderOut":
        versions = [ProviderVersionOut.model_validate(version) for version in one.versions]
        return cls(id=one.provider_id, version=one.version, versions=versions)


class AppealLevelShape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, from_attributes=True)

    level: Annotated[int, Field(ge=1, le=9)]
    days: Annotated[int, Field(ge=1, le=3650)]
    basis: Literal["adjudicated_on", "received_on", "prior_level_decided_on"]


class PayerVersionIn(_Input):
    """What holds for a payer between two days."""

    effective_from_on: Day
    effective_to_on: Day | None = None
    name: Name
    payer_identifier: Short
    remittance_names: list[Name] = []
    remittance_identifiers: list[Short] = []
    originating_company_ids: list[Short] = []
    claim_filing_indicator: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,2}$", examples=["CI"])]
    timely_filing_days: Annotated[int, Field(ge=1, le=3650)]
    corrected_claim_days: Annotated[int | None, Field(ge=1, le=3650)] = None
    takes_replacement: bool
    appeal_levels: list[AppealLevelShape] = []
    appeal_address: AddressIn | None = None
    edits_profile: Annotated[str | None, Field(min_length=1, max_length=60)] = None
    enrolled_transactions: list[Annotated[str, Field(min_length=1, max_length=10)]] = []

    def as_version(self) -> PayerVersion:
        lists = {"remittance_names", "remittance_identifiers", "originating_company_ids",
                 "enrolled_transactions"}  # fmt: skip
        fields = self.model_dump(exclude={"appeal_levels", "appeal_address", *lists})
        where = self.appeal_address
        return PayerVersion(
            **fields,
            remittance_names=tuple(self.remittance_names),
            remittance_identifiers=tuple(self.remittance_identifiers),
            originating_company_ids=tuple(self.originating_company_ids),
            enrolled_transactions=tuple(self.enrolled_transactions),
            appeal_levels=tuple(AppealLevel(**one.model_dump()) for one in self.appeal_levels),
            appeal_address=BusinessAddress(**where.model_dump()) if where else None,
        )


class PayerIn(_Input):
    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [_PAYER]})

    connection_id: Annotated[
        UUID | None, Field(strict=False, description="Mailbox that its claims go through.")
    ] = None
    versions: Annotated[list[PayerVersionIn], Field(min_length=1, max_length=100)]

    def as_payer(self, payer_id: UUID, *, version: int) -> Payer:
        return Payer(
            payer_id=payer_id,
            version=version,
            connection_id=self.connection_id,
            versions=tuple(one.as_version() for one in self.versions),
        )


class PayerVersionOut(_Entry):
    effective_from_on: date
    effective_to_on: date | None
    name: str
    payer_identifier: str
    remittance_names: list[str]
    remittance_identifiers: list[str]
    originating_company_ids: list[str]
    claim_filing_indicator: str
    timely_filing_days: int
    corrected_claim_days: int | None
    takes_replacement: bool
    appeal_levels: list[AppealLevelShape]
    appeal_address: AddressOut | None
    edits_profile: str | None
    enrolled_transactions: list[str]


class PayerOut(_Entry):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [{"id": "01980000-0000-7000-8000-0000000000e1", "version": 1, **_PAYER}]
        },
    )

    id: UUID
    version: int
    connection_id: UUID | None
    versions: list[PayerVersionOut]

    @classmethod
    def of(cls, one: Payer) -> "PayerOut":
        versions = [PayerVersionOut.model_validate(version) for version in one.versions]
        return cls(
            id=one.payer_id,
            version=one.version,
            connection_id=one.connection_id,
            versions=versions,
        )


class ConnectionIn(_Input):
    """A mailbox; one of purpose clearinghouse needs what stands in ISA and loop 1000."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [_CONNECTION]}
    )

    name: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$", description="Also its folder's name.")
    ]
    kind: Literal["folder"] = "folder"
    purpose: Literal["clearinghouse", "bank"]
    sender_id: Annotated[str, Field(max_length=15, description="ISA06.")] = ""
    receiver_id: Annotated[str, Field(max_length=15, description="ISA08.")] = ""
    sender_qualifier: Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")] = "ZZ"
    receiver_qualifier: Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")] = "ZZ"
    usage: Annotated[
        Literal["T", "P"] | None, Field(description="ISA15; follows the environment if left out.")
    ] = None
    submitter_name: Annotated[
        str, Field(max_length=60, description="NM1*41; the organization's name if left out.")
    ] = ""
    receiver_name: Annotated[str, Field(max_length=60)] = ""
    contact_name: Annotated[str, Field(max_length=60)] = ""
    contact_phone: Annotated[str, Field(pattern=r"^(\d{10})?$")] = ""

    @model_validator(mode="after")
    def _can_carry_claims(self) -> "ConnectionIn":
        needed = ("sender_id", "receiver_id", "receiver_name", "contact_name", "contact_phone")
        missing = [name for name in needed if not getattr(self, name)]
        if self.purpose == "clearinghouse" and missing:
            raise ValueError(f"a connection of purpose clearinghouse needs {', '.join(missing)}")
        return self

    def as_connection(self, connection_id: UUID, *, version: int) -> Connection:
        fields = self.model_dump(exclude={"usage"})
        return Connection(connection_id=connection_id, version=version, **fields)


class ConnectionOut(_Entry):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "01980000-0000-7000-8000-0000000000c1",
                    "version": 1,
                    "kind": "folder",
                    "sender_qualifier": "ZZ",
                    "receiver_qualifier": "ZZ",
                    "usage": "T",
                    "submitter_name": "Prairie Family Clinic",
                    **_CONNECTION,
                }
            ]
        },
    )

    id: UUID
    version: int
    name: str
    kind: str
    purpose: str
    sender_id: str
    receiver_id: str
    sender_qualifier: str
    receiver_qualifier: str
    usage: str
    submitter_name: str
    receiver_name: str
    contact_name: str
    contact_phone: str

    @classmethod
    def of(cls, one: Connection) -> "ConnectionOut":
        names = [name for name in cls.model_fields if name != "id"]
        return cls(id=one.connection_id, **{name: getattr(one, name) for name in names})


class ProviderPage(BaseModel):
    items: list[ProviderOut]
    next_page_token: str | None


class PayerPage(BaseModel):
    items: list[PayerOut]
    next_page_token: str | None


class ConnectionPage(BaseModel):
    items: list[ConnectionOut]
    next_page_token: str | None
