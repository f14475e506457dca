"""Who bills and who pays: billing providers and payers in dated versions, and the mailboxes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from cleanclaim.values.errors import Conflict, Invalid, Missing


class NoSuchEntry(Missing):
    """The directory of this organization has no entry of that id."""


class EntryChangedMeanwhile(Conflict):
    """Somebody else changed the entry since it was read."""


class DatedVersionsOverlap(Invalid):
    """Two versions would hold on one day, or a version ends before it begins."""


class UsageNotAllowed(Invalid):
    """Files of a test organization are marked T, those of a live one P (ISA15)."""


class NameTaken(Conflict):
    """A connection or provider of this organization has that name or number already."""


class Dated(Protocol):
    """A version that holds between two days, both included."""

    @property
    def effective_from_on(self) -> date: ...
    @property
    def effective_to_on(self) -> date | None: ...


DatedT = TypeVar("DatedT", bound=Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessAddress:
    """An organization's street address; `postal_code` of 5 or 9 digits."""

    street: str
    street_second_line: str | None = None
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderVersion:
    """A billing identity between two days.

    `tin` is an EIN; where a sole proprietor bills under a social security number it is None and
    `tin_kind` is `ssn`: that number lies sealed beside the entry.
    """

    effective_from_on: date
    effective_to_on: date | None = None
    npi: str
    tin_kind: str = "ein"
    tin: str | None = None
    name: str
    taxonomy_code: str
    address: BusinessAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A billing provider with all its versions, oldest first."""

    provider_id: UUID
    version: int = 1
    versions: tuple[ProviderVersion, ...]

    def version_on(self, day: date) -> ProviderVersion | None:
        return version_on(self.versions, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLevel:
    """One level of appeal; `days` count from the day that `basis` names."""

    level: int
    days: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerVersion:
    """What holds for a payer between two days."""

    effective_from_on: date
    effective_to_on: date | None = None
    name: str
    payer_identifier: str
    remittance_names: tuple[str, ...] = ()
    remittance_identifiers: tuple[str, ...] = ()
    originating_company_ids: tuple[str, ...] = ()
    claim_filing_indicator: str
    timely_filing_days: int
    corrected_claim_days: int | None = None
    takes_replacement: bool
    appeal_levels: tuple[AppealLevel, ...] = ()
    appeal_address: BusinessAddress | None = None
    edits_profile: str | None = None
    enrolled_transactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A payer with all its versions, oldest first, and the mailbox its claims go through."""

    payer_id: UUID
    version: int = 1
    connection_id: UUID | None = None
    versions: tuple[PayerVersion, ...]

    def version_on(self, day: date) -> PayerVersion | None:
        return version_on(self.versions, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A mailbox; `sender_id` and `receiver_id` are ISA06 and ISA08, `usage` ISA15.

    The names, contact and receiver's identifier stand in loops 1000A and 1000B of an 837.
    """

    connection_id: UUID
    version: int = 1
    name: str
    kind: str = "folder"
    purpose: str
    sender_id: str = ""
    receiver_id: str = ""
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    usage: str = "T"
    submitter_name: str = ""
    receiver_name: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The part of an organization's directory that a batch of claims needs."""

    organization_id: UUID
    providers: Mapping[str, Provider] = field(default_factory=dict)
    """By every NPI that one of its versions has."""
    payers: Mapping[UUID, Payer] = field(default_factory=dict)
    connections: Mapping[UUID, Connection] = field(default_factory=dict)


def version_on(versions: Iterable[DatedT], day: date) -> DatedT | None:
    """The version in force on that day, or None."""
    return next((one for one in versions if _in_force(one, day)), None)


def _in_force(version: Dated, day: date) -> bool:
    ends = version.effective_to_on
    return version.effective_from_on <= day and (ends is None or day <= ends)


def in_order(versions: Sequence[DatedT]) -> tuple[DatedT, ...]:
    """The versions oldest first.

    Raises:
        DatedVersionsOverlap: no day may have two versions, and none may end before it begins.
    """
    ordered = tuple(sorted(versions, key=lambda one: one.effective_from_on))
    for number, one in enumerate(ordered):
        follows = ordered[number + 1] if number + 1 < len(ordered) else None
        last = one.effective_to_on
        if last is not None and last < one.effective_from_on:
            raise _overlap("a version ends before it begins")
        if follows and (last is None or follows.effective_from_on < last + timedelta(days=1)):
            raise _overlap("two versions hold on one day")
    return ordered


def _overlap(what: str) -> DatedVersionsOverlap:
    return DatedVersionsOverlap(
        f"In `versions` {what}.",
        pointer="/versions",
        fix="Close a version with effective_to_on before the next one begins.",
    )


def usage_for(environment: str, wanted: str | None) -> str:
    """ISA15 of an organization's files: T where it is a test organization, else P.

    Raises:
        UsageNotAllowed: the other one was asked for.
    """
    allowed = "T" if environment == "test" else "P"
    if wanted not in {None, allowed}:
        raise UsageNotAllowed(
            f"A {environment} organization exchanges files with usage {allowed} alone.",
            pointer="/usage",
            fix=f"Send {allowed}, or leave usage out.",
        )
    return allowed
