"""One virtual clock, one actor at a time: chance alone, from a seed, decides who goes on and dies."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cleanclaim.chassis.runtime import FailPoint

MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
MOST_STEPS = 12_000


class Crash(BaseException):
    """A process dies here: as with SIGKILL, nothing that it does from now on has an effect."""


class NeverQuiet(AssertionError):  # noqa: N818 - says what is the matter
    """The world did not come to rest in time: something waits for what never comes."""


@dataclass(slots=True, eq=False)
class Actor:
    """One process: `points_left` counts down to its death, at `fatal` it dies at once."""

    name: str
    points_left: int | None = None
    fatal: str | None = None
    dead: bool = False

    @property
    def role(self) -> str:
        """What it does, as the first word of its name says."""
        return self.name.partition(" ")[0]

    def spare(self) -> None:
        """Let it live."""
        self.points_left = self.fatal = None


@dataclass(slots=True, eq=False)
class _Parked:
    actor: Actor
    due: float
    events: tuple[asyncio.Event, ...]
    go: asyncio.Future[None]
    why: str


@dataclass(slots=True)
class Clockwork:
    """Lets one parked actor go on at a time, and time pass only when none can."""

    seed: int
    now: float = 0.0
    steps: int = 0
    running: Actor | None = None
    deaths: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a process of which role died at which point."""
    chance: random.Random = field(init=False)
    _parked: list[_Parked] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _trace: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    @property
    def trace(self) -> str:
        """Everything that happened, as a digest: equal seeds must make it equal."""
        return self._trace.hexdigest()[:16]

    def spawn(self, name: str, live: Callable[[Actor], Awaitable[None]]) -> Actor:
        """A new actor; it begins when its turn comes."""
        actor = Actor(name)
        parked = self._park(actor, 0.0, (), "begins")

        async def life() -> None:
            try:
                await parked.go
                await live(actor)
            finally:
                self.running = None
                self._quiet.set()

        task = asyncio.get_running_loop().create_task(life())
        self._tasks.add(task)
        return actor

    def _park(
        self, actor: Actor, seconds: float, events: tuple[asyncio.Event, ...], why: str
    ) -> _Parked:
        go: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        parked = _Parked(actor, self.now + seconds, events, go, why)
        self._parked.append(parked)
        return parked

    async def turn(self, why: str, seconds: float = 0.0, *events: asyncio.Event) -> None:
        """Let others go on first, and time pass; the running actor may die before and after."""
        self.point(why)
        actor = self.running
        if actor is None or actor.dead:
            return
        parked = self._park(actor, seconds, events, why)
        self.running = None
        self._quiet.set()
        await parked.go
        self.point(why)

    def point(self, why: str) -> None:
        """A place where the running actor may die."""
        actor = self.running
        if actor is None or actor.dead:
            return
        if actor.points_left is not None:
            actor.points_left -= 1
        if actor.points_left == 0 or why == actor.fatal:
            actor.dead = True
            actor.spare()
            self.deaths[actor.role, str(why)] += 1
            self._note(f"{actor.name} dies at {why}")
            raise Crash(why)

    async def run(self, until: Callable[[], Awaitable[bool]], *, look_every: int = 40) -> None:
        """Go on until the condition holds.

        Raises:
            NeverQuiet: it does not hold after `MOST_STEPS`.
        """
        while self.steps < MOST_STEPS:
            if self.steps % look_every == 0 and await until():
                return
            await self.step()
        waits = [f"{one.actor.name} ({one.why})" for one in self._parked]
        raise NeverQuiet(f"not at rest after {MOST_STEPS} steps: {', '.join(waits)}")

    async def step(self) -> None:
        """One parked actor goes on until it parks again."""
        self.steps += 1
        ready = self._ready()
        if not ready:
            self.now = min(one.due for one in self._parked)
            ready = self._ready()
        chosen = ready[self.chance.randrange(len(ready))]
        self._parked.remove(chosen)
        self._note(f"{self.now:.3f} {chosen.actor.name} {chosen.why}")
        self.running = chosen.actor
        self._quiet.clear()
        chosen.go.set_result(None)
        await self._quiet.wait()
        for task in [one for one in self._tasks if one.done()]:
            self._tasks.discard(task)
            task.result()

    def _ready(self) -> list[_Parked]:
        return [
            one
            for one in self._parked
            if one.due <= self.now or any(event.is_set() for event in one.events)
        ]

    async def finish(self) -> None:
        """Step until every actor has ended; they have been told to stop."""
        while self._parked:
            await self.step()

    def cancel(self) -> list[asyncio.Task[None]]:
        """Give up all actors, after a failure."""
        for task in self._tasks:
            task.cancel()
        return list(self._tasks)

    def _note(self, what: str) -> None:
        self._trace.update(what.encode())


class SimulatedRuntime:
    """The runtime port on the clockwork: virtual time, seeded ids, death at named points."""

    def __init__(self, clockwork: Clockwork, name: str) -> None:
        self._clockwork = clockwork
        self.random = random.Random(f"{clockwork.seed}/{name}")

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self._clockwork.now)

    def wall_now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self._clockwork.now

    def new_id(self) -> UUID:
        milliseconds = int(self.now().timestamp() * 1000)
        bits = (milliseconds << 80) | self.random.getrandbits(80)
        return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | (0x7 << 76) | (0x2 << 62))

    async def sleep(self, seconds: float) -> None:
        await self._clockwork.turn("sleeps", seconds)

    async def breathe(self) -> None:
        # no turn of another actor: only what the same process does meanwhile goes on
        await asyncio.sleep(0)

    async def wait(self, seconds: float, *events: asyncio.Event) -> None:
        await self._clockwork.turn("waits", seconds, *events)

    def fail_point(self, point: FailPoint) -> None:
        self._clockwork.point(point)
