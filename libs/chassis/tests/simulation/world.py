"""One run of the simulation: services, relays and consumers that die, and a driver that asks."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, event

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.breaker import Breaker
from cleanclaim.chassis.broker import Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.parking import parked_events, retry_key
from cleanclaim.chassis.relay import Relay, lock_namespace
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION
from cleanclaim.chassis.work import Workroom

from ..platform.toy import a_payer
from .clockwork import Actor, Clockwork, Crash, SimulatedRuntime
from .fake_broker import FakeBroker, FakeProducer, FakeReader, Faults
from .judging import Journal, judge
from .model import BOOKS, METADATA, MIRROR, ORDERS, Databases, Releases, subscriptions

WORKS = 8
KEYS = 6
CONSUMERS = (BOOKS, BOOKS, MIRROR)
HEARS = {BOOKS: ["cleanclaim.directory"], MIRROR: ["cleanclaim.intake"]}


@dataclass(frozen=True, slots=True)
class Parts:
    """The classes that are put to the test; a planted mistake replaces one."""

    relay: type[Relay] = Relay
    consumer: type[Consumer] = Consumer
    applier: type[BatchApplier] = BatchApplier


@dataclass(slots=True)
class World:
    """Everything that lives in one run."""

    seed: int
    databases: Databases
    admin: "asyncpg.Connection[Any]"
    parts: Parts = field(default_factory=Parts)
    journal: Journal = field(default_factory=Journal)
    releases: Releases = field(default_factory=Releases)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    clockwork: Clockwork = field(init=False)
    broker: FakeBroker = field(init=False)
    _asked: bool = False
    _poisoned: bool = False

    def __post_init__(self) -> None:
        self.clockwork = Clockwork(self.seed)
        self.broker = FakeBroker(self.clockwork, Faults.drawn(self.clockwork.chance))

    async def run(self) -> str:
        """Live it, heal it, let it come to rest, judge it; returns the trace's digest.

        Raises:
            Breach: an invariant does not hold. NeverQuiet: it does not come to rest.
        """
        await self.databases.empty(self.admin)
        engines = [database.engine.sync_engine for database in self.databases.of.values()]
        for engine in engines:
            event.listen(engine, "before_cursor_execute", self._at_statement)
            event.listen(engine, "commit", self._at_commit)
        try:
            await self._live()
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", self._at_statement)
                event.remove(engine, "commit", self._at_commit)
            await asyncio.gather(*self.clockwork.cancel(), return_exceptions=True)
        await judge(self.admin, self.broker, self.journal)
        return self.clockwork.trace

    async def _live(self) -> None:
        self.clockwork.spawn("driver", self._drive)
        for service in (ORDERS, BOOKS):
            self.clockwork.spawn(f"relay of {service}", self._process(self._relay(service)))
        for number, service in enumerate(CONSUMERS):
            name = f"consumer {number} of {service}"
            self.clockwork.spawn(name, self._process(self._consumer(service, name)))
        await self.clockwork.run(self._has_asked, look_every=5)
        self.broker.heal()
        self.releases.poisonous = frozenset()
        if self._poisoned:
            self.clockwork.spawn("operator", self._retry_parked)
        await self.clockwork.run(self._rests, look_every=20)
        self.stopping.set()
        await self.clockwork.finish()

    def _at_statement(self, *_: Any) -> None:
        self.clockwork.point("statement")

    def _at_commit(self, connection: Connection) -> None:
        try:
            self.clockwork.point("commit")
        except Crash:
            # a commit that raised here counts as done: the session would go back to the pool with
            # its transaction open, and whoever takes it next would commit what the dead one wrote
            connection.dialect.do_rollback(connection.connection)
            raise

    def _process(self, live: Callable[[], Awaitable[None]]) -> Callable[[Actor], Awaitable[None]]:
        """A process that dies by chance and is started again a little later."""

        async def process(actor: Actor) -> None:
            while True:
                if self.broker.happens(self.broker.faults.crash):
                    actor.points_left = 1 + self.clockwork.chance.randrange(150)
                try:
                    await live()
                except Crash:
                    actor.dead = False
                    await self.clockwork.turn("starts again", self.clockwork.chance.random() * 5)
                else:
                    return

        return process

    def _workroom(self, service: str, name: str) -> Workroom:
        return Workroom(
            service=service,
            database=self.databases.of[service],
            runtime=SimulatedRuntime(self.clockwork, name),
            metadata=METADATA[service],
        )

    def _relay(self, service: str) -> Callable[[], Awaitable[None]]:
        async def live() -> None:
            await self._locks_free(service)
            publisher = Publisher("", client_id="", connect=lambda: FakeProducer(self.broker))  # type: ignore[arg-type,return-value]
            await self.parts.relay(
                service=service,
                database_url=self.databases.relay_url(service),
                publisher=publisher,
                runtime=SimulatedRuntime(self.clockwork, f"relay {service}"),
            ).run(self.stopping)

        return live

    async def _locks_free(self, service: str) -> None:
        """A dead relay's session ends a moment after it: wait, or runs would differ."""
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1"
        space = lock_namespace(service) % 2**32
        while await self.admin.fetchval(query, space):  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    def applier(self, service: str, name: str) -> BatchApplier:
        return self.parts.applier(
            workroom=self._workroom(service, name),
            subscriptions=subscriptions(self.releases)[service],
            partners=None,
        )

    def _consumer(self, service: str, name: str) -> Callable[[], Awaitable[None]]:
        async def live() -> None:
            await self.parts.consumer(
                applier=self.applier(service, name),
                connect=lambda: FakeReader(self.broker, service),
                runtime=SimulatedRuntime(self.clockwork, name),
                breaker=Breaker(in_a_row=10_000, share_percent=101),
            ).run(self.stopping)

        return live

    async def _drive(self, actor: Actor) -> None:
        """Ask for things, some at once; a death in between leaves an end that nobody knows."""
        chance = random.Random(f"driver/{self.seed}")
        room = self._workroom(ORDERS, "driver")
        keys = [UUID(int=chance.getrandbits(122) << 6) for _ in range(KEYS)]
        homes = {key: chance.choice((ORGANIZATION, OTHER_ORGANIZATION)) for key in keys}
        value, poisonous = 1, set()
        for _ in range(WORKS):
            organization_id = homes[chance.choice(keys)]
            mine = [key for key in keys if homes[key] == organization_id]
            asked: Mapping[int, UUID] = {
                value + n: chance.choice(mine) for n in range(chance.randrange(1, 6))
            }
            value += len(asked)
            poisonous |= {one for one in asked if chance.random() < self.broker.faults.poison}
            self.releases.poisonous = frozenset(poisonous)
            self._poisoned = bool(poisonous)
            if chance.random() < self.broker.faults.crash:
                actor.points_left = 1 + self.clockwork.chance.randrange(10)
            try:
                async with room.work(organization_id) as work:
                    work.tell(*(a_payer(key, f"Value {n}") for n, key in asked.items()))
            except Crash:
                actor.dead = False
                self.journal.unknown += asked
            else:
                self.journal.accepted += asked
            actor.points_left = None
            await self.clockwork.turn("thinks", chance.random() * 2)
        self._asked = True

    async def _has_asked(self) -> bool:
        return self._asked

    async def _retry_parked(self, _: Actor) -> None:
        """A fixed release runs: the operator retries every parked key, in order."""
        applier = self.applier(BOOKS, "operator")
        while not self.stopping.is_set():
            for organization_id in (ORGANIZATION, OTHER_ORGANIZATION):
                parked = await parked_events(applier.workroom, organization_id)
                if parked:
                    await retry_key(applier.workroom, applier, organization_id, parked[0].id)
            await self.clockwork.turn("looks at what is parked", 3.0, self.stopping)

    async def _rests(self) -> bool:
        if self.broker.behind(HEARS):
            return False
        waiting = await self.admin.fetchval(
            f"SELECT (SELECT count(*) FROM {ORDERS}.outbox) + (SELECT count(*) FROM {BOOKS}.outbox)"
            f" + (SELECT count(*) FROM {BOOKS}.parked_keys)"
        )
        return bool(waiting == 0)
