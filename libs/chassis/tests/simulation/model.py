"""Three small services in a row: orders tells, books folds and tells on, mirror folds again.

What a service keeps of a key is a fold of the values it heard, in their order: a lost, doubled or
overtaken event makes another number.
"""

from collections.abc import Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Column, MetaData, Table, Uuid, event, make_url, select
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from cleanclaim.chassis.cause import Cause
from cleanclaim.chassis.db import Database, insert_rows, plain_url
from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.tables import service_metadata
from cleanclaim.chassis.testing import create_schema, new_database, role_url
from cleanclaim.chassis.work import Work
from cleanclaim.events.claims import PayerConfigured
from cleanclaim.events.intake import PatientRegistered
from cleanclaim.events.wire import Heard

PRIME = 2_147_483_647
ORDERS, BOOKS, MIRROR = "sim_orders", "sim_books", "sim_mirror"


def folded(before: int, value: int) -> int:
    """The next state of a key: any other order, number or value of events ends elsewhere."""
    return (before * 1_000_003 + value + 1) % PRIME


def _metadata(service: str) -> tuple[MetaData, Table]:
    metadata = service_metadata(service)
    folds = Table(
        "folds",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("fold", BigInteger, nullable=False),
        Column("heard", BigInteger, nullable=False),
    )
    return metadata, folds


METADATA: dict[str, MetaData] = {}
FOLDS: dict[str, Table] = {}
for _service in (ORDERS, BOOKS, MIRROR):
    METADATA[_service], FOLDS[_service] = _metadata(_service)


class Poisoned(Exception):  # noqa: N818 - what a mistake of ours would be
    """A value on which this release fails."""


class Releases:
    """Which release of the handlers runs: the broken one fails on some values for ever."""

    def __init__(self) -> None:
        self.poisonous: frozenset[int] = frozenset()
        self.failed = 0


async def _fold(work: Work, table: Table, values: Sequence[tuple[UUID, int]]) -> None:
    keys = {key for key, _ in values}
    rows = await work.connection.execute(select(table).where(table.c.id.in_(keys)))
    state = {row.id: (row.fold, row.heard) for row in rows}
    for key, value in values:
        fold, heard = state.get(key, (0, 0))
        state[key] = (folded(fold, value), heard + 1)
    await insert_rows(
        work.connection,
        table,
        [
            {"organization_id": work.organization_id, "id": key, "fold": fold, "heard": heard}
            for key, (fold, heard) in sorted(state.items())
        ],
        on_conflict="(organization_id, id) DO UPDATE SET fold = excluded.fold,"
        " heard = excluded.heard",
    )


def value_of(fact: PayerConfigured | PatientRegistered) -> int:
    """The number that an event stands for."""
    if isinstance(fact, PayerConfigured):
        return int(fact.versions[0].name.removeprefix("Value "))
    return fact.patient_version


def subscriptions(releases: Releases) -> dict[str, tuple[Subscription, ...]]:
    """What each service hears; orders hears nothing."""

    async def book(work: Work, heard: Sequence[Heard[PayerConfigured]], _: Fetched) -> None:
        if any(value_of(one.fact) in releases.poisonous for one in heard):
            releases.failed += 1
            raise Poisoned
        values = [(one.fact.payer_id, value_of(one.fact)) for one in heard]
        await _fold(work, FOLDS[BOOKS], values)
        for one in heard:
            fact = a_registration(one.fact.payer_id, value_of(one.fact))
            work.tell(fact, cause=Cause.of(one.envelope))

    async def mirror(work: Work, heard: Sequence[Heard[PatientRegistered]], _: Fetched) -> None:
        values = [(one.fact.patient_id, value_of(one.fact)) for one in heard]
        await _fold(work, FOLDS[MIRROR], values)

    return {
        ORDERS: (),
        BOOKS: (Subscription(model=PayerConfigured, apply=book, kind="reactor"),),
        MIRROR: (Subscription(model=PatientRegistered, apply=mirror, kind="projector"),),
    }


def a_registration(key: UUID, value: int) -> PatientRegistered:
    return PatientRegistered(patient_id=key, patient_version=value, patient_account_id=key)


class Databases:
    """The three services' schemas in one real database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lives = 0
        self.dead: set[int] = set()
        """Server processes that were ended: a connection to one of them may lie in a pool."""
        self.of = {
            service: Database(
                role_url(url, Roles.of(service).app), application="simulation", pool_size=4
            )
            for service in METADATA
        }
        for database in self.of.values():
            event.listen(database.engine.sync_engine, "checkout", self._refuse_the_dead)

    def _refuse_the_dead(self, _: Any, record: ConnectionPoolEntry, __: Any) -> None:
        """As the platform does where the driver has heard of it: it may hear a moment later."""
        driver: Any = record.driver_connection
        if driver.get_server_pid() in self.dead:
            raise DisconnectionError

    def relay_url(self, service: str) -> str:
        return role_url(self.url, Roles.of(service).relay)

    async def empty(self, admin: "asyncpg.Connection[Any]") -> None:
        names = ("event_log", "outbox", "event_subject", "inbox", "parked_events", "parked_keys",
                 "folds")  # fmt: skip
        tables = ", ".join(f"{service}.{name}" for service in METADATA for name in names)
        self._lives += 1
        if self._lives % 50 == 1:
            await admin.execute(f"TRUNCATE {tables} RESTART IDENTITY")
        else:  # much quicker for a few rows
            await admin.execute("".join(f"DELETE FROM {one};" for one in tables.split(", ")))


@asynccontextmanager
async def databases(admin_url: str) -> Any:
    """A new database with the three schemas, fenced as real ones are; an administrator's line."""
    async with new_database(admin_url, "simulation") as url:
        for service, metadata in METADATA.items():
            await create_schema(url, service, metadata)
        found = Databases(url)
        admin = await asyncpg.connect(plain_url(url))
        # sessions are lost all the time, and a new one would plan each statement five times
        await admin.execute(
            f"ALTER DATABASE {make_url(url).database} SET plan_cache_mode = force_generic_plan"
        )
        try:
            yield found, admin
        finally:
            await admin.close()
            for database in found.of.values():
                await database.close()
