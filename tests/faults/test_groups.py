"""Consumers come, go and hang, and clocks go wrong; each fact has its effect once."""

import asyncio
import signal

from cleanclaim.chassis.runtime import (
    FAIL_POINT_MARKS_VARIABLE,
    FAIL_POINT_STOPS_VARIABLE,
    FAIL_POINTS_VARIABLE,
    FailPoint,
)

from ..journeys.stories import a_scenario, a_story, book
from .world import Driver, business_as_usual, chance, judged, longer

VISITS = 8
DAY_SECONDS = 86_400
SESSION_SECONDS = 10
ZOMBIE = "accounts:worker"


async def test_a_worker_that_hangs_past_its_session_has_no_second_effect(system, places, tmp_path):
    # with its transaction open, or with all done but the offsets
    point = chance("zombie").choice(
        (FailPoint.CONSUMER_BEFORE_COMMIT, FailPoint.CONSUMER_AFTER_COMMIT)
    )
    async with a_story(system, a_scenario(), "Zombie") as story:
        driver = Driver(story, tmp_path / "journal")
        hanging = {
            FAIL_POINTS_VARIABLE: f"{point}:1",
            FAIL_POINT_MARKS_VARIABLE: str(tmp_path),
            FAIL_POINT_STOPS_VARIABLE: "1",
        }
        await asyncio.to_thread(system.restart, ZOMBIE, extra={ZOMBIE: hanging})
        with system.beside("accounts", "worker", name="accounts-worker-1"):
            await driver.send(driver.visits(3 * VISITS))
            while not (tmp_path / point).exists():  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.2)
            # its session ends and its partitions go to the other one; then it wakes
            await asyncio.sleep(longer(SESSION_SECONDS + 5, 130))
            system.signal(ZOMBIE, signal.SIGCONT)
            await story.settled()
            await driver.submit_and_pay()
            await story.taken()
        await judged(story, places, driver)
        assert (await book(story))["bank"] == 3 * VISITS * 96_00


async def test_a_storm_of_rebalances_stops_nothing_and_doubles_nothing(system, places, tmp_path):
    drawn = chance("storm")
    async with a_story(system, a_scenario(), "Rebalance storm") as story:
        driver = Driver(story, tmp_path / "journal")
        async with business_as_usual(story, places, driver, VISITS) as days:
            for number in range(longer(5, 40)):
                service = drawn.choice(("claims", "remittance", "accounts", "reconcile"))
                with system.beside(service, "worker", name=f"{service}-worker-{number + 10}"):
                    await asyncio.sleep(drawn.uniform(2, 5))
        assert (await book(story))["bank"] == sum(days) * 96_00


async def test_services_whose_clocks_are_a_day_off_order_and_book_alike(system, places, tmp_path):
    async with a_story(system, a_scenario(), "Skewed clocks") as story:
        driver = Driver(story, tmp_path / "journal")
        offsets = {"accounts:worker": DAY_SECONDS + 7200, "denials:worker": -DAY_SECONDS - 7200}
        files = {part: tmp_path / part.replace(":", "-") for part in offsets}

        def shift(seconds: int = 0) -> None:
            for part, file in files.items():
                now = system.clock_offset_seconds + offsets[part] + seconds
                file.write_text(str(now))

        shift()
        extra = {part: {"CLEANCLAIM_CLOCK_FILE": str(file)} for part, file in files.items()}
        await asyncio.to_thread(system.restart, *files, extra=extra)
        try:
            await driver.send(driver.visits(VISITS))
            await story.settled()
            # both jump back an hour in the middle of it
            shift(-3600)
            await driver.submit_and_pay()
            await story.taken()
        finally:
            await asyncio.to_thread(system.restart, *files)
        await judged(story, places, driver)
        assert (await book(story))["bank"] == VISITS * 96_00
