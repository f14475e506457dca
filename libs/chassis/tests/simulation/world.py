"""One run of the simulation: services, relays and consumers that die, and a driver that asks."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.breaker import Breaker
from cleanclaim.chassis.broker import Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.parking import parked_events, retry_key
from cleanclaim.chassis.relay import Relay
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION
from cleanclaim.chassis.work import Workroom

from ..platform.toy import a_payer
from .clockwork import Actor, Clockwork, Crash, SimulatedRuntime
from .fake_broker import FakeBroker, FakeProducer, FakeReader
from .judging import Journal, judge
from .model import BOOKS, METADATA, MIRROR, ORDERS, Databases, Releases, subscriptions
from .outages import OnFrailLine, Outages
from .swarm import FATAL, Fault, Swarm, told_of

WORKS = 8
KEYS = 6
RELAYS = (ORDERS, ORDERS, BOOKS)
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
    swarm: Swarm = field(init=False)
    broker: FakeBroker = field(init=False)
    outages: Outages = field(init=False)
    _asked: bool = False
    _poisoned: bool = False

    def __post_init__(self) -> None:
        self.clockwork = Clockwork(self.seed)
        self.swarm = Swarm(self.clockwork.chance)
        self.broker = FakeBroker(self.clockwork, self.swarm)
        self.outages = Outages(self.clockwork, self.swarm, self.databases, self.admin)

    async def run(self) -> str:
        """Live it, heal it, let it come to rest, judge it; returns the trace's digest.

        Raises:
            Breach: an invariant does not hold. NeverQuiet: it does not come to rest.
        """
        await self.databases.empty(self.admin)
        try:
            with self.outages.striking():
                await self._live()
        finally:
            await asyncio.gather(*self.clockwork.cancel(), return_exceptions=True)
        await judge(self.admin, self.broker, self.journal)
        return self.clockwork.trace

    @property
    def happened(self) -> Counter[str]:
        """How often each kind of fault happened so far."""
        found = self.swarm.happened.copy()
        found[str(Fault.POISON)] += self.releases.failed
        for (_, point), times in self.clockwork.deaths.items():
            found[told_of(Fault.CRASH, point)] += times
        return found

    async def _live(self) -> None:
        self.clockwork.spawn("driver", self._drive)
        for number, service in enumerate(RELAYS):
            name = f"relay {number} of {service}"
            self.clockwork.spawn(name, self._process(self._relay(service, name)))
        for number, service in enumerate(CONSUMERS):
            name = f"consumer {number} of {service}"
            self.clockwork.spawn(name, self._process(self._consumer(service, name)))
        await self.clockwork.run(self._has_asked, look_every=5)
        self.swarm.heal()
        self.broker.heal()
        self.outages.heal()
        self.releases.poisonous = frozenset()
        if self._poisoned:
            self.clockwork.spawn("operator", self._retry_parked)
        await self.clockwork.run(self._rests, look_every=20)
        self.stopping.set()
        await self.clockwork.finish()

    def _process(self, live: Callable[[], Awaitable[None]]) -> Callable[[Actor], Awaitable[None]]:
        """A process that dies by chance and is started again a little later."""

        async def process(actor: Actor) -> None:
            while True:
                self._doom(actor, within=150)
                try:
                    await live()
                except Crash:
                    actor.dead = False
                    await self.clockwork.turn("starts again", self.clockwork.chance.random() * 5)
                else:
                    return

        return process

    def _doom(self, actor: Actor, *, within: int) -> None:
        """Now and then choose a death: at a named point, or wherever it is after so many points."""
        if not self.swarm.drawn(Fault.CRASH):
            return
        chance = self.clockwork.chance
        if chance.random() < 0.5:
            actor.fatal = chance.choice(FATAL[actor.role])
        else:
            actor.points_left = 1 + chance.randrange(within)

    def _workroom(self, service: str, name: str) -> Workroom:
        return Workroom(
            service=service,
            database=self.outages.database(service),  # type: ignore[arg-type]
            runtime=SimulatedRuntime(self.clockwork, name),
            metadata=METADATA[service],
        )

    def _relay(self, service: str, name: str) -> Callable[[], Awaitable[None]]:
        frail = type("FrailRelay", (OnFrailLine, self.parts.relay), {"outages": self.outages})

        async def live() -> None:
            publisher = Publisher("", client_id="", connect=lambda: FakeProducer(self.broker))  # type: ignore[arg-type,return-value]
            await frail(
                service=service,
                database_url=self.databases.relay_url(service),
                publisher=publisher,
                runtime=SimulatedRuntime(self.clockwork, name),
            ).run(self.stopping)

        return live

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
            poisonous |= {one for one in asked if chance.random() < self.swarm.rates[Fault.POISON]}
            self.releases.poisonous = frozenset(poisonous)
            self._poisoned = bool(poisonous)
            self._doom(actor, within=10)
            await self._ask(actor, room, organization_id, asked)
            actor.spare()
            await self.clockwork.turn("thinks", chance.random() * 2)
        self._asked = True

    async def _ask(
        self, actor: Actor, room: Workroom, organization_id: UUID, asked: Mapping[int, UUID]
    ) -> None:
        self.outages.lost_commits.pop(actor, None)
        try:
            async with room.work(organization_id) as work:
                work.tell(*(a_payer(key, f"Value {n}") for n, key in asked.items()))
        except Crash:
            actor.dead = False
            self.journal.unknown += asked
        except Exception as error:
            if not is_infrastructure(error):
                raise
            happened = self.outages.lost_commits.get(actor) is Fault.COMMIT_ACK_LOST
            (self.journal.done if happened else self.journal.undone).extend(asked)
        else:
            self.journal.done += asked

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
