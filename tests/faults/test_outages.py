"""Broker and database go down and come back; what was accepted is there, once."""

import asyncio
import signal

import httpx

from ..journeys.stories import MONDAY, a_scenario, a_story, book
from .world import Driver, judged, longer, sampled

VISITS = 12


async def test_a_broker_that_is_down_stops_no_door_and_loses_nothing(
    system, places, administrator, tmp_path
):
    async with a_story(system, a_scenario(), "Broker down") as story:
        driver = Driver(story, tmp_path / "journal")
        await driver.send(driver.visits(VISITS))
        system.signal("kafka", signal.SIGKILL)
        await driver.send(driver.visits(VISITS))
        assert not driver.refused, "intake asks no broker before it accepts"
        assert await _healthy(system)
        waiting = await administrator.fetchval(
            "SELECT count(*) FROM intake.outbox o JOIN intake.event_log l ON l.id = o.event_id"
            " WHERE l.organization_id = $1",
            story.clinic.organization_id,
        )
        assert waiting >= VISITS
        await asyncio.sleep(longer(3, 60))
        # a relay that held its transaction open would stop vacuum and whoever waits for its locks
        assert await _idle_in_transaction(administrator) == []
        await asyncio.to_thread(system.restart, "kafka")

        await story.settled()
        await driver.submit_and_pay()
        await judged(story, places, driver)
        assert (await book(story))["bank"] == 2 * VISITS * 96_00


async def _healthy(system) -> bool:
    async with httpx.AsyncClient() as client:
        answers = [
            await client.get(f"{url}/healthz/{what}")
            for url in system.urls.values()
            for what in ("live", "ready")
        ]
    return all(one.status_code == httpx.codes.OK for one in answers)


async def _idle_in_transaction(administrator) -> list[str]:
    rows = await administrator.fetch(
        "SELECT application_name FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
        " AND state_change < now() - interval '2 seconds' AND application_name LIKE '%relay%'"
    )
    return [row[0] for row in rows]


async def test_a_database_restarted_at_once_under_load_loses_nothing(system, places, tmp_path):
    async with a_story(system, a_scenario(), "Database restarted") as story:
        driver = Driver(story, tmp_path / "journal")
        for day in range(longer(1, 5)):
            story.day(MONDAY)
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(sampled(story, places, stop))
                sending = group.create_task(driver.send(driver.visits(3 * VISITS)))
                await asyncio.sleep(0.7)
                # SIGQUIT is what `pg_ctl restart -m immediate` sends: no shutdown, recovery after
                system.signal("postgres", signal.SIGQUIT)
                await asyncio.to_thread(system.restart, "postgres")
                await sending
                await story.settled()
                await driver.submit_and_pay(day)
                stop.set()
            await judged(story, places, driver)
        assert set(driver.refused) <= {0, 409, 503}, "trouble of ours is told as such"
        assert (await book(story))["bank"] == longer(1, 5) * 3 * VISITS * 96_00
