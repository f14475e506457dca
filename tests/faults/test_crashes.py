"""Processes die at every named point and at random moments; nothing is lost, nothing doubled."""

import asyncio
import contextlib
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from cleanclaim.chassis.runtime import (
    FAIL_POINT_MARKS_VARIABLE,
    FAIL_POINTS_VARIABLE,
    FailPoint,
)
from cleanclaim.devstack.errors import StackError
from cleanclaim.payersim.scenario import Rule

from ..journeys.stories import a_scenario, a_story, book
from .world import LONG, Driver, business_as_usual, chance, healed, judged, longer, sampled

WORKERS = tuple(
    f"{one}:worker"
    for one in ("intake", "claims", "remittance", "denials", "reconcile", "accounts")
)
RELAYS_AND_CONSUMES = (
    FailPoint.RELAY_BEFORE_SEND,
    FailPoint.RELAY_AFTER_SEND,
    FailPoint.RELAY_AFTER_DELETE,
    FailPoint.CONSUMER_BEFORE_COMMIT,
    FailPoint.CONSUMER_AFTER_COMMIT,
    FailPoint.CONSUMER_BEFORE_OFFSETS,
)
TAKES_FILES = (FailPoint.MAILBOX_AFTER_CLAIM, FailPoint.MAILBOX_AFTER_ACCEPT)
PASSED: Mapping[str, tuple[FailPoint, ...]] = {
    **dict.fromkeys(WORKERS, RELAYS_AND_CONSUMES),
    "claims:worker": RELAYS_AND_CONSUMES + TAKES_FILES,
    "reconcile:worker": RELAYS_AND_CONSUMES + TAKES_FILES,
    "remittance:worker": (*RELAYS_AND_CONSUMES, *TAKES_FILES, FailPoint.POSTING_EVERY_CLAIM),
    "intake:api": (FailPoint.OUTBOX_AFTER_COMMIT,),
    "claims:api": (FailPoint.SUBMISSION_AFTER_PUT, FailPoint.OUTBOX_AFTER_COMMIT),
}
"""Which named points each process passes in a day on which claims are sent, refused and paid."""
REFUSED = Rule(name="refused", outcome="deny", procedure="99214", reason="50")
VISITS = 10

Deaths = Mapping[str, Sequence[FailPoint]]
"""At which points each process dies, once at each, in the order in which it comes to them."""


def deaths(*, everywhere: bool) -> Deaths:
    """Every point in every process that passes it, or each point in one that the seed chooses."""
    if everywhere:
        return PASSED
    drawn = chance("crashes")
    chosen: dict[str, list[FailPoint]] = {}
    for point in FailPoint:
        # those that pass it, and of these the ones that die least often yet
        parts = [part for part, passed in PASSED.items() if point in passed]
        fewest = min(len(chosen.get(part, ())) for part in parts)
        part = drawn.choice([one for one in parts if len(chosen.get(one, ())) == fewest])
        chosen.setdefault(part, []).append(point)
    return chosen


def test_every_named_point_is_met_by_some_process():
    met = {point for points in deaths(everywhere=False).values() for point in points}

    assert met == set(FailPoint)
    assert met == {point for points in PASSED.values() for point in points}


class Crashes:
    """Processes that die the moment they come to a point, and are started anew each time."""

    def __init__(self, system, folder: Path, dying: Deaths) -> None:
        self._system = system
        self._folder = folder
        self._dying = dying
        drawn = chance("skips")
        # in the middle of an 835 rather than at its first claim
        self._skips = {FailPoint.POSTING_EVERY_CLAIM: drawn.randint(0, VISITS // 2)}

    def _environment(self, part: str) -> dict[str, str]:
        marks = self._marks(part)
        marks.mkdir(parents=True, exist_ok=True)
        points = (f"{one}:{self._skips.get(one, 0)}" for one in self._dying.get(part, ()))
        return {FAIL_POINTS_VARIABLE: ",".join(points), FAIL_POINT_MARKS_VARIABLE: str(marks)}

    def _marks(self, part: str) -> Path:
        return self._folder / part.replace(":", "-")

    def alive(self) -> list[str]:
        """The points to which their process did not come."""
        return [
            f"{part} {point}"
            for part, points in self._dying.items()
            for point in points
            if not (self._marks(part) / point).exists()
        ]

    async def start(self, parts) -> None:
        """Start these parts anew, armed with those of their points that they have not met."""
        extra = {part: self._environment(part) for part in parts}
        await asyncio.to_thread(self._system.restart, *extra, extra=extra)

    async def revive(self, stop: asyncio.Event) -> None:
        """Start anew whatever has died."""
        while not stop.is_set():
            if fallen := await asyncio.to_thread(self._system.fallen):
                # what comes to its next point before it serves is started once more
                with contextlib.suppress(StackError):
                    await self.start(fallen)
            await asyncio.sleep(0.1)


async def _a_day(story, driver, day: int) -> None:
    """Somebody changes the directory; claims are sent, refused and paid."""
    await driver.add_payer(day)
    await driver.send(driver.visits(VISITS) + driver.visits(2, "99214"))
    await story.settled()
    await driver.submit_and_pay(day)
    await healed(story)


async def test_processes_killed_at_every_named_point_lose_and_double_nothing(
    system, places, tmp_path
):
    async with a_story(system, a_scenario(REFUSED), "Named points") as story:
        driver = Driver(story, tmp_path / "journal")
        crashes = Crashes(system, tmp_path / "marks", deaths(everywhere=LONG))
        await crashes.start(deaths(everywhere=LONG))
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(crashes.revive(stop))
            looks = group.create_task(sampled(story, places, stop))
            await _a_day(story, driver, 0)
            stop.set()
        assert crashes.alive() == [], "these never came to their point"
        assert looks.result()
        await judged(story, places, driver)
        # 128 dollars charged, 25 % contractual; a refused one of 179 stays open
        assert (await book(story))["bank"] == VISITS * 96_00


MORTAL = (*WORKERS, "intake:api", "claims:api")


async def _killing(system) -> None:
    """Kill one process after another, whatever each is doing, and start it anew."""
    drawn = chance("moments")
    parts = [*MORTAL] * longer(1, 5)
    drawn.shuffle(parts)
    for part in parts:
        await asyncio.sleep(drawn.uniform(0.1, longer(1, 2)))
        system.signal(part, signal.SIGKILL)
        await asyncio.to_thread(system.restart, part)


async def test_processes_killed_at_random_moments_lose_and_double_nothing(system, places, tmp_path):
    async with a_story(system, a_scenario(REFUSED), "Random moments") as story:
        driver = Driver(story, tmp_path / "journal")
        async with business_as_usual(story, places, driver, VISITS) as days:
            await _killing(system)
        assert (await book(story))["bank"] == sum(days) * 96_00
