"""What tests of services stand on: a real database, a clock in hand, events delivered, a client."""

import asyncio
import json
import os
import random
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from pydantic import SecretStr
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from cleanclaim.chassis.app import create_app
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.context import ServiceContext, ServiceParts
from cleanclaim.chassis.db import Database, async_url
from cleanclaim.chassis.environment import ServiceSettings
from cleanclaim.chassis.fences import Roles, put_fences, role_statements
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.migrations import drift, migrate
from cleanclaim.chassis.operations.stream import administering, listening, partitions_of
from cleanclaim.chassis.runtime import FailPoint, derived_id
from cleanclaim.chassis.subscriptions import group_of
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Workroom
from cleanclaim.events.catalog import entry_of, key_of
from cleanclaim.events.envelope import Envelope, Fact
from cleanclaim.events.wire import WireRecord, decode, encode

ORGANIZATION = UUID("01980000-0000-7000-8000-0000000000a1")
OTHER_ORGANIZATION = UUID("01980000-0000-7000-8000-0000000000b2")
MONDAY = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""The virtual instant at which tests begin."""
SECRETS = "CLEANCLAIM_TEST_SECRETS"
"""Names the folder of the test stack's role passwords: roles are the whole cluster's."""


class TestRuntime:
    """A clock that stands still until it is moved, ids that repeat with the seed, no waiting."""

    __test__ = False

    def __init__(self, now: datetime = MONDAY, seed: int = 1) -> None:
        self.instant = now
        self.random = random.Random(seed)  # noqa: S311
        self.fail_points: list[FailPoint] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.instant

    def wall_now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self.instant.timestamp()

    def new_id(self) -> UUID:
        milliseconds = int(self.instant.timestamp() * 1000)
        bits = (milliseconds << 80) | self.random.getrandbits(80)
        return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | (0x7 << 76) | (0x2 << 62))

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.instant += timedelta(seconds=seconds)

    async def breathe(self) -> None:
        await asyncio.sleep(0)

    async def wait(self, seconds: float, *events: asyncio.Event) -> None:
        if not any(event.is_set() for event in events):
            await self.sleep(seconds)

    def move(self, **delta: int) -> None:
        """Let time pass: `move(days=3)`."""
        self.instant += timedelta(**delta)

    def fail_point(self, point: FailPoint) -> None:
        self.fail_points.append(point)


class ServiceUnderTest:
    """One service on a real, freshly migrated database of its own, without a broker."""

    def __init__(self, parts: ServiceParts, context: ServiceContext, admin_url: str) -> None:
        self.parts = parts
        self.context = context
        self.admin_url = admin_url
        self.runtime: TestRuntime = context.runtime  # type: ignore[assignment]
        self._sequences: dict[tuple[str, UUID], int] = {}
        self._position = 0

    @property
    def workroom(self) -> Workroom:
        return self.context.workroom

    async def deliver(
        self,
        *facts: Fact,
        organization_id: UUID = ORGANIZATION,
        partners: Any = None,
        correlation_id: UUID | None = None,
    ) -> list[Envelope]:
        """Deliver facts as the stream would, through the service's real subscriptions.

        Failures are raised, not parked. Returns the envelopes, for `redeliver`.
        """
        reads, envelopes = [], []
        for fact in facts:
            envelope = self.envelope_for(
                fact, organization_id=organization_id, correlation_id=correlation_id
            )
            reads.append(self._read(envelope, fact))
            envelopes.append(envelope)
        await self._apply(reads, partners)
        return envelopes

    async def redeliver(self, envelope: Envelope, fact: Fact, partners: Any = None) -> None:
        """Deliver the same event again, byte for byte."""
        await self._apply([self._read(envelope, fact)], partners)

    async def hear(self, *records: WireRecord) -> None:
        """Deliver records as they stand on the wire, in this order."""
        await self._apply([self._as_read(record) for record in records], None)

    async def _apply(self, reads: Sequence[Read], partners: Any) -> None:
        applier = BatchApplier(
            workroom=self.workroom,
            subscriptions=self.parts.subscriptions,
            partners=partners if partners is not None else self.context.partners,
        )
        heard = [read for read in (applier.read(one.incoming) for one in reads) if read]
        await applier.apply(heard, await applier.fetch(heard))

    def envelope_for(
        self,
        fact: Fact,
        *,
        organization_id: UUID = ORGANIZATION,
        correlation_id: UUID | None = None,
    ) -> Envelope:
        """An envelope around a fact, numbered as its teller would number it."""
        entry = entry_of(fact)
        key = key_of(fact)
        subject = (entry.topic, key)
        self._sequences[subject] = self._sequences.get(subject, 0) + 1
        number = self._sequences[subject]
        return Envelope(
            event_id=derived_id(key, f"test:{entry.type}:{number}"),
            event_type=entry.type,
            source=f"cleanclaim/{entry.teller}",
            organization_id=organization_id,
            aggregate_id=key,
            aggregate_version=number,
            occurred_at=self.runtime.now(),
            correlation_id=correlation_id or derived_id(key, "correlation"),
            causation_id=None,
            actor_id=None,
            traceparent=None,
            schema_version=entry.version,
        )

    def _read(self, envelope: Envelope, fact: Fact) -> Read:
        return self._as_read(encode(envelope, fact))

    def _as_read(self, record: WireRecord) -> Read:
        self._position += 1
        incoming = Incoming(
            topic=record.topic,
            partition=0,
            position=self._position,
            key=record.key,
            headers=dict(record.headers),
            value=record.value,
        )
        return Read(incoming, None)

    async def told(self, *models: type[Fact], organization_id: UUID = ORGANIZATION) -> list[Fact]:
        """The facts the service told so far (of these types), read back from its event log."""
        wanted = {entry_of(model).type for model in models}
        async with self.workroom.reading(organization_id) as work:
            table = work.schema_tables.event_log
            rows = await work.connection.execute(
                table.select().order_by(table.c.recorded_at, table.c.id)
            )
            facts = []
            for row in rows.mappings():
                payload = row["payload"]
                body = payload if isinstance(payload, str) else json.dumps(payload)
                headers: Mapping[str, str] = row["headers"]
                heard = decode(
                    key=str(row["aggregateid"]).encode(),
                    headers={name: value.encode() for name, value in headers.items()},
                    value=body.encode(),
                )
                if not wanted or heard.envelope.event_type in wanted:
                    facts.append(heard.fact)
            return facts

    @asynccontextmanager
    async def client(
        self,
        scope: str,
        *,
        organization_id: UUID | None = ORGANIZATION,
        subject: str = "tester",
    ) -> AsyncIterator[httpx.AsyncClient]:
        """An HTTP client whose calls are made by a principal with these scopes."""
        app = create_app(self.parts, None)
        app.state.context = self.context
        app.state.verifier = _TrustingVerifier(
            Principal(
                subject=subject,
                client_id="tests",
                organization_id=organization_id,
                scopes=frozenset(scope.split()),
                token_id="test",  # noqa: S106
            )
        )
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport,
            base_url=f"http://{self.parts.name}",
            headers={"Authorization": "Bearer test"},
        ) as client:
            yield client

    async def empty(self) -> None:
        """Empty every table of the schema, as the administrator."""
        engine = create_async_engine(async_url(self.admin_url))
        names = ", ".join(table.fullname for table in self.parts.metadata.sorted_tables)
        async with engine.begin() as connection:
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
            await connection.execute(
                text(f"ALTER TABLE {self.parts.name}.audit_log DISABLE TRIGGER USER")
            )
            await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            await connection.execute(
                text(f"ALTER TABLE {self.parts.name}.audit_log ENABLE TRIGGER USER")
            )
        await engine.dispose()
        # the keys went with their table, so what the vault remembers of them is wrong
        self.context.vault = Vault(secrets.token_bytes(32))

    async def drift(self) -> list[str]:
        """What the migrations leave different from the tables that the code speaks of."""
        engine = create_async_engine(async_url(self.admin_url))
        async with engine.connect() as connection:
            found = await connection.run_sync(drift, self.parts.name, self.parts.metadata)
        await engine.dispose()
        return found

    async def migrate_to(self, target: str) -> str | None:
        """Migrate up or down to a revision, `base` or `head`; answers the revision reached."""
        return await migrate(
            service=self.parts.name,
            metadata=self.parts.metadata,
            migrations=self.parts.migrations,
            url=self.admin_url,
            passwords={},
            append_only=self.parts.append_only,
            target=target,
        )


async def hear_from_now_on(bootstrap_servers: str, service: str, topics: Sequence[str]) -> None:
    """Let the service's group begin at the end of these topics, whoever filled them before."""
    async with administering(bootstrap_servers) as admin:
        partitions = await partitions_of(admin, topics)
    async with listening(bootstrap_servers, group=group_of(service)) as consumer:
        consumer.assign(partitions)
        await consumer.commit(await consumer.end_offsets(partitions))


class _TrustingVerifier:
    # room tests are about the room; the real verifier is tested where it lives and in journeys
    def __init__(self, principal: Principal) -> None:
        self._principal = principal

    async def verify(self, _token: str) -> Principal:
        return self._principal


@asynccontextmanager
async def service_under_test(
    parts: ServiceParts, *, admin_url: str, partners: Any = None
) -> AsyncIterator[ServiceUnderTest]:
    """A service on a new database, migrated and fenced; dropped at the end."""
    async with new_database(admin_url, parts.name) as url:
        await migrate(
            service=parts.name,
            metadata=parts.metadata,
            migrations=parts.migrations,
            url=url,
            passwords=role_passwords(parts.name),
            append_only=parts.append_only,
        )
        runtime = TestRuntime()
        database = Database(
            role_url(url, Roles.of(parts.name).app), application="tests", pool_size=4
        )
        context = ServiceContext(
            settings=parts.settings.model_construct(
                database_url=SecretStr(""), **_defaults(parts.settings)
            ),
            workroom=Workroom(
                service=parts.name, database=database, runtime=runtime, metadata=parts.metadata
            ),
            runtime=runtime,
            vault=Vault(secrets.token_bytes(32)),
            signer=None,
            partners=partners,
            reports=Database(
                role_url(url, Roles.of(parts.name).reporter), application="tests", pool_size=1
            ),
        )
        try:
            yield ServiceUnderTest(parts, context, url)
        finally:
            await database.close()
            if context.reports is not None:
                await context.reports.close()


async def create_schema(url: str, service: str, metadata: MetaData) -> None:
    """The roles, tables and fences of a service that has no migrations of its own."""
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        for statement in role_statements(service, role_passwords(service)):
            await connection.execute(text(statement))
        await connection.run_sync(metadata.create_all)
        await connection.run_sync(put_fences, service)
    await engine.dispose()


def _defaults(settings: type[ServiceSettings]) -> dict[str, Any]:
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in settings.model_fields.items()
        if not field.is_required()
    }


def role_url(url: str, role: str) -> str:
    """The address of a database as one of a service's roles."""
    rest = url.split("@", 1)[1]
    return f"postgresql://{role}:{_password(role)}@{rest}"


def role_passwords(service: str) -> dict[str, str]:
    """The passwords of a service's roles by kind, the same that running services were given."""
    kinds = ("app", "relay", "reporter")
    return {kind: _password(f"cleanclaim_{service}_{kind}") for kind in kinds}


def _password(role: str) -> str:
    path = Path(os.environ[SECRETS]) / f"{role}.password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


@asynccontextmanager
async def new_database(admin_url: str, purpose: str) -> AsyncIterator[str]:
    """An empty database with a name of its own, dropped at the end."""
    name = f"test_{purpose}_{secrets.token_hex(4)}"
    # no connection is kept: the server may be started anew while the database is in use
    engine = create_async_engine(
        async_url(admin_url), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        yield admin_url.rsplit("/", 1)[0] + f"/{name}"
    finally:
        async with engine.connect() as connection:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
