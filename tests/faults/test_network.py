"""The network between services, broker and databases is slow, half open, cut; nothing is lost."""

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cleanclaim.seed.story import SERVICES

from ..journeys.stories import a_scenario, a_story, book
from .proxies import BROKER, DATABASES, EDGES, INTAKE, at_rest, held_open, proxied
from .world import RETRY_SECONDS, Driver, business_as_usual, chance, longer

VISITS = 8
UNAVAILABLE = 503
OURS = {0, 409, UNAVAILABLE}
"""How trouble of ours may show at a door: no answer, still running, try again."""


@pytest.fixture(scope="module")
def proxies(system):
    with proxied(system, Path(os.environ["CLEANCLAIM_TOXIPROXY"])) as standing:
        yield standing


@pytest.fixture
def surroundings(proxies):
    """A service that is started again after a test that failed stands behind the proxies too."""
    return proxies.leading


@asynccontextmanager
async def a_spoilt_day(system, places, name, folder):
    """Business goes on while the block does harm; then all is judged and everything let go."""
    async with a_story(system, a_scenario(), name) as story:
        driver = Driver(story, folder / "journal")
        before = held_open(system)
        async with business_as_usual(story, places, driver, VISITS) as days:
            yield driver
        assert (await book(story))["bank"] == sum(days) * 96_00
        assert set(driver.refused) <= OURS, "trouble of ours is told as such"
        assert await at_rest(system, before) == {}, "files and threads are let go again"


SPOILT = {
    "the broker answers slowly": (BROKER, "latency", {"latency": 3000}),
    "the broker takes bytes and is silent": (BROKER, "timeout", {"timeout": 0}),
    "the database answers slowly": (DATABASES["accounts"], "latency", {"latency": 1500}),
    "the database takes bytes and is silent": (DATABASES["accounts"], "timeout", {"timeout": 0}),
    "intake takes bytes and is silent": (INTAKE, "timeout", {"timeout": 0}),
}


@pytest.mark.parametrize("name", SPOILT)
async def test_a_slow_or_half_open_network_piles_nothing_up(
    system, places, proxies, tmp_path, name
):
    edge, kind, attributes = SPOILT[name]
    async with a_spoilt_day(system, places, name.capitalize(), tmp_path):
        await asyncio.sleep(2)
        proxies.spoil(edge, kind, **attributes)
        await asyncio.sleep(longer(8, 75))
        proxies.mend(edge)
    assert system.fallen() == [], "a network's fault ends no process"


async def test_a_door_whose_database_is_silent_says_so_and_does_not_hang(
    system, places, proxies, tmp_path
):
    async with a_spoilt_day(system, places, "Silent database", tmp_path) as driver:
        await asyncio.sleep(2)
        proxies.spoil(DATABASES["intake"], "timeout", timeout=0)
        async with asyncio.timeout(RETRY_SECONDS):
            while not driver.refused[UNAVAILABLE]:  # noqa: ASYNC110 - a counter tells nobody
                await asyncio.sleep(0.2)
        proxies.mend(DATABASES["intake"])
    assert driver.refused[UNAVAILABLE]


async def test_a_database_connection_that_breaks_at_any_byte_is_asked_again(
    system, places, proxies, tmp_path
):
    drawn = chance("bytes")
    async with a_spoilt_day(system, places, "Broken connections", tmp_path) as driver:
        least = longer(12, 60)
        for spoilt in range(10 * least):
            if spoilt >= least and driver.refused:
                break
            edge = DATABASES[drawn.choice(SERVICES)]
            # so many bytes of each connection pass, then it is closed: often before the word
            # that a transaction was committed
            if drawn.random() < 0.7:
                stream = drawn.choice(("downstream", "upstream"))
                proxies.spoil(edge, "limit_data", stream=stream, bytes=drawn.randint(2_000, 20_000))
            else:
                proxies.spoil(edge, "reset_peer", timeout=drawn.randint(0, 50))
            await asyncio.sleep(drawn.uniform(0.2, 1))
            proxies.mend(edge)
    assert driver.refused, "no request met a broken connection"


async def test_edges_cut_one_by_one_and_mended_in_another_order_lose_nothing(
    system, places, proxies, tmp_path
):
    drawn = chance("swizzle")
    async with a_spoilt_day(system, places, "Swizzle", tmp_path):
        for _ in range(longer(1, 5)):
            for edge in drawn.sample(EDGES, len(EDGES)):
                proxies.cut(edge)
                await asyncio.sleep(drawn.uniform(0.1, longer(1, 4)))
            for edge in drawn.sample(EDGES, len(EDGES)):
                proxies.mend(edge)
                await asyncio.sleep(drawn.uniform(0.1, longer(1, 4)))
    assert system.fallen() == [], "a network's fault ends no process"
