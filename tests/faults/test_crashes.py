"""Processes die at every named point and at random moments; nothing is lost, nothing doubled."""

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from cleanclaim.chassis.runtime import (
    FAIL_POINT_MARK_VARIABLE,
    FAIL_POINT_SKIP_VARIABLE,
    FAIL_POINT_VARIABLE,
    FailPoint,
)
from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.remittance import ClaimPaymentPosted
from cleanclaim.payersim.scenario import Rule

from ..journeys.stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit, book
from .world import Driver, chance, judged, longer, sampled

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
DAYS = longer(2, max(map(len, PASSED.values())))
REFUSED = Rule(name="refused", outcome="deny", procedure="99214", reason="50")
VISITS = 10


@dataclass(frozen=True)
class Crash:
    """A process that dies the moment it comes to a point for the n-th time."""

    part: str
    point: FailPoint
    skip: int = 0

    def mark(self, folder) -> Path:
        """The file that it makes in the moment of dying there."""
        return folder / f"{self.part}-{self.point}".replace(":", "-")

    def environment(self, folder) -> dict[str, str]:
        return {
            FAIL_POINT_VARIABLE: self.point,
            FAIL_POINT_SKIP_VARIABLE: str(self.skip),
            FAIL_POINT_MARK_VARIABLE: str(self.mark(folder)),
        }


def rounds(days_wanted: int) -> list[list[Crash]]:
    """So many days, each with one crash in every process; two days hold every named point.

    The seed chooses which process meets which point on which day.
    """
    drawn = chance("crashes")
    days: list[dict[str, Crash]] = [{} for _ in range(days_wanted)]
    points = list(FailPoint)
    drawn.shuffle(points)
    # the points that fewest processes pass are given away first
    points.sort(key=lambda point: sum(point in passed for passed in PASSED.values()))
    for point in points:
        free = [
            (day, part)
            for part, passed in PASSED.items()
            if point in passed
            for day in days
            if part not in day
        ]
        day, part = drawn.choice(free)
        day[part] = _crash(drawn, part, point)
    for part, passed in PASSED.items():
        met = {day[part].point for day in days if part in day}
        left = [point for point in passed if point not in met]
        drawn.shuffle(left)
        for day in days:
            if part not in day and left:
                day[part] = _crash(drawn, part, left.pop())
    return [list(day.values()) for day in days]


def _crash(drawn, part, point) -> Crash:
    # in the middle of an 835 rather than at its first claim
    most = VISITS // 2 if point is FailPoint.POSTING_EVERY_CLAIM else 0
    return Crash(part=part, point=point, skip=drawn.randint(0, most))


def test_two_days_are_enough_to_meet_every_named_point():
    met = {crash.point for day in rounds(2) for crash in day}

    assert met == set(FailPoint)


def test_enough_days_bring_every_process_to_every_point_that_it_passes():
    days = rounds(max(map(len, PASSED.values())))

    met = {(crash.part, crash.point) for day in days for crash in day}
    assert met == {(part, point) for part, passed in PASSED.items() for point in passed}


async def revived(system, stop: asyncio.Event) -> None:
    """Start anew, without a point, whatever has died."""
    while not stop.is_set():
        fallen = await asyncio.to_thread(system.fallen)
        if fallen:
            await asyncio.to_thread(system.restart, *fallen)
        await asyncio.sleep(0.2)


async def _a_day(system, story, places, driver, week) -> None:
    """Claims are sent, refused and paid while whatever dies is started anew."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(revived(system, stop))
        looks = group.create_task(sampled(story, places, stop))
        await driver.send(driver.visits(VISITS) + driver.visits(2, "99214"))
        await story.settled()
        await driver.submit_and_pay(week)
        await story.taken()
        stop.set()
    assert looks.result()


async def test_processes_killed_at_every_named_point_lose_and_double_nothing(
    system, places, tmp_path
):
    async with a_story(system, a_scenario(REFUSED), "Named points") as story:
        driver = Driver(story, tmp_path / "journal")
        weeks = count()
        for crashes in rounds(DAYS):
            alive = crashes
            # another process may take the work over first: then the same point a day later
            for week in islice(weeks, 3):
                story.day(MONDAY)
                await asyncio.to_thread(
                    system.restart,
                    *(crash.part for crash in alive),
                    extra={crash.part: crash.environment(tmp_path) for crash in alive},
                )
                await _a_day(system, story, places, driver, week)
                alive = [crash for crash in alive if not crash.mark(tmp_path).exists()]
                if not alive:
                    break
            assert alive == [], "these never came to their point"
            await judged(story, places, driver)
        # 128 dollars charged, 25 % contractual; a refused one of 179 stays open
        assert (await book(story))["bank"] == next(weeks) * VISITS * 96_00


CLAIMS = 30
KILLED = ("claims:worker", "remittance:worker", "accounts:worker", "reconcile:worker")


async def test_workers_killed_while_a_day_is_paid_lose_and_double_nothing(system):
    async with a_story(system, a_scenario(), "Killed workers") as story:
        await story.clinic.send([a_visit(story, number=one) for one in range(1, CLAIMS + 1)])
        for worker in KILLED[:1]:
            system.signal(worker, signal.SIGKILL)
            system.restart(worker)
        await story.settled()
        await story.submit(MONDAY)
        story.day(PAID_ON)
        written = story.payers.pay_until(today=PAID_ON)
        assert len(written) == 2
        for worker in KILLED[1:]:
            system.signal(worker, signal.SIGKILL)
        for worker in KILLED[1:]:
            system.restart(worker)
        await story.taken()

        assert len({one.fact.claim_id for one in story.clinic.stream.of(ClaimSubmitted)}) == CLAIMS
        posted = [one.fact.claim_id for one in story.clinic.stream.of(ClaimPaymentPosted)]
        assert sorted(posted) == sorted(set(posted))
        assert len(posted) == CLAIMS
        causes = [one.envelope.causation_id for one in story.clinic.stream.of(JournalPosted)]
        assert len(causes) == len(set(causes))
        assert await book(story) == {
            "bank": CLAIMS * 96_00,
            "contractual_allowance": CLAIMS * 32_00,
            "gross_charges": -CLAIMS * 128_00,
        }
