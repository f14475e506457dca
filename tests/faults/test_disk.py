"""The database's disk is full: writes fail first, then the server; it is right after room returns."""

import asyncio
from contextlib import suppress

import asyncpg
import httpx

from ..journeys.stories import a_scenario, a_story, book
from .small_disk import on_small_disk
from .world import RETRY_SECONDS, Driver, business_as_usual

VISITS = 6
UNAVAILABLE = 503
OURS = {0, 409, UNAVAILABLE}


async def _readiness(url: str) -> tuple[int, str]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{url}/healthz/ready")
    return answer.status_code, answer.json().get("database", "")


async def _says(url: str, word: str) -> None:
    """Wait until a service says it is not ready, and why."""
    async with asyncio.timeout(RETRY_SECONDS):
        while True:
            status, why = await _readiness(url)
            if status == UNAVAILABLE and word in why:
                return
            await asyncio.sleep(0.2)


async def _checkpoint(url: str) -> None:
    """What the server does every five minutes, and dies of when it finds no room."""
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection = await asyncpg.connect(url, timeout=5)
        try:
            await connection.execute("CHECKPOINT")
        finally:
            connection.terminate()


async def _dead_of_it(system, url: str) -> None:
    """Have checkpoints tried until the server has died of one and a service says so."""
    log = system.places.log("postgres")
    async with asyncio.timeout(RETRY_SECONDS):
        while "PANIC" not in log.read_text() or "no answer" not in (await _readiness(url))[1]:
            await _checkpoint(system.database_url)


async def test_a_full_disk_is_told_as_such_and_nothing_is_lost_when_room_returns(
    system, places, tmp_path
):
    url = system.urls["intake"]
    async with (
        on_small_disk(system) as disk,
        a_story(system, a_scenario(), "Full disk") as story,
    ):
        driver = Driver(story, tmp_path / "journal")
        async with business_as_usual(story, places, driver, VISITS) as days:
            while not days:  # noqa: ASYNC110 - a list tells nobody
                await asyncio.sleep(0.2)
            refused = driver.refused[UNAVAILABLE]
            disk.fill()
            await _says(url, "no room")
            assert driver.refused[UNAVAILABLE] > refused, "a write without room is no success"
            await book(story)  # what needs no room is still answered

            await _dead_of_it(system, url)
            disk.free()
            if "postgres" in system.fallen():
                await asyncio.to_thread(system.restart, "postgres")
        assert (await _readiness(url))[0] == httpx.codes.OK
        assert set(driver.refused) <= OURS, "a full disk is told as an outage"
        assert (await book(story))["bank"] == sum(days) * 96_00
    assert system.fallen() == [], "a full disk ends no process of ours"
