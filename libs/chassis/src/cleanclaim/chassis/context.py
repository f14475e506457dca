"""What a running service holds: its settings, workroom, vault, partners and mailboxes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import ColumnElement, MetaData

from cleanclaim.chassis.auth import ServiceSigner
from cleanclaim.chassis.db import Database
from cleanclaim.chassis.environment import ServiceSettings
from cleanclaim.chassis.runtime import Runtime
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.chassis.telemetry.names import Metric
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Work, Workroom

if TYPE_CHECKING:
    from cleanclaim.chassis.http import ServiceClient


@dataclass(slots=True, kw_only=True)
class ServiceContext:
    """One running service. Doors get it whole; commands get only the work they are handed."""

    settings: ServiceSettings
    workroom: Workroom
    runtime: Runtime
    vault: Vault
    signer: ServiceSigner | None
    partners: Any = None
    reports: Database | None = None
    """The reporter role's connection, where there is one: it reads across organizations."""

    @property
    def service(self) -> str:
        return self.workroom.service


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundFile:
    """A file as a mailbox door hands it over; `name` is the file's, made safe for logs."""

    organization_id: UUID
    connection: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxDoor:
    """Which inbound files a service takes (functional group codes such as FA, HP; or BAI2).

    `accept` must be safe to run again with the same file: it is, after a crash.
    """

    takes: frozenset[str]
    accept: Callable[[ServiceContext, InboundFile], Awaitable[None]]


Organizations = ColumnElement[UUID]
"""The column with the ids of those that a condition is asked of."""
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What happens because time passed; run for each organization, by one worker at a time.

    `due` is asked of all organizations in one statement: the condition under which the one of this
    id has work now. Only those are then run; without it, every organization is.
    """

    name: str
    every_seconds: int
    run: Callable[[ServiceContext, UUID], Awaitable[None]]
    due: Callable[[ServiceContext, Organizations], Condition] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A gauge of the service's own: asked of each organization, added up over all of them.

    `ask` answers numbers by the values of the metric's labels; `always` are those shown even as 0.
    """

    metric: Metric
    ask: Callable[[Work], Awaitable[Mapping[tuple[str, ...], int]]]
    always: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceParts:
    """What a service's `main` puts together; the chassis runs it as api, worker or migrate."""

    name: str
    title: str
    summary: str
    metadata: MetaData
    migrations: Path
    settings: type[ServiceSettings]
    routers: Sequence[APIRouter]
    subscriptions: Sequence[Subscription] = ()
    jobs: Sequence[Job] = ()
    mailbox_doors: Sequence[MailboxDoor] = ()
    measures: Sequence[Measure] = ()
    partners: "Callable[[Callable[[str], ServiceClient], ServiceSettings], Any] | None" = None
    """Makes the service's partners: (client for a base address, settings)."""
    append_only: frozenset[str] = field(default_factory=frozenset)
    """Tables whose rows the application may only insert and read."""
