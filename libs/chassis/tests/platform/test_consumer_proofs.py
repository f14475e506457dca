"""Consumers die, hang and come and go in the middle: each event still has its effect once."""

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cleanclaim.chassis.broker import Outgoing, Publisher
from cleanclaim.chassis.parking import parked_events, retry_key, skip_event
from cleanclaim.chassis.runtime import FailPoint, SystemRuntime
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.events.wire import WireRecord, encode

from . import toy as toys
from .test_hearing import _applier
from .workers import Forge

SEED = int(os.environ.get("SEED") or 7)


def _payers(count: int) -> list[UUID]:
    return [SystemRuntime().new_id() for _ in range(count)]


def _told(toy: ServiceUnderTest, payer_id: UUID, name: str) -> WireRecord:
    fact = toys.a_payer(payer_id, name)
    return encode(toy.envelope_for(fact), fact)


async def _publish(broker: str, records: Sequence[WireRecord]) -> None:
    publisher = Publisher(broker, client_id="tests")
    await publisher.publish(
        [Outgoing(one.topic, one.key, one.headers, one.value) for one in records]
    )
    await publisher.close()


async def _counts(toy: ServiceUnderTest) -> dict[UUID, tuple[int, str]]:
    """How many events of each payer had their effect, and the last name."""
    async with toy.workroom.reading(ORGANIZATION) as work:
        table = toys.PAYERS
        rows = await work.connection.execute(select(table.c.id, table.c.version, table.c.name))
        return {row.id: (row.version, row.name) for row in rows}


async def _told_about(toy: ServiceUnderTest, payers: Sequence[UUID]) -> int:
    """How many facts the toy told of these; each event it applied makes it tell one."""
    async with toy.workroom.reading(ORGANIZATION) as work:
        log = work.schema_tables.event_log
        counted = select(func.count()).where(log.c.aggregateid.in_(payers))
        return int(await work.connection.scalar(counted) or 0)


async def _until(toy: ServiceUnderTest, expected: dict[UUID, tuple[int, str]]) -> None:
    """Return when the effects are there; what came twice would be seen as a wrong count."""
    try:
        async with asyncio.timeout(90):
            while not expected.items() <= (await _counts(toy)).items():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        found = await _counts(toy)
        wrong = {one: (found.get(one), at) for one, at in expected.items() if found.get(one) != at}
        raise AssertionError(
            f"SEED={SEED}: {len(wrong)} differ, such as {[*wrong.items()][:3]}"
        ) from None


async def test_a_consumer_that_dies_anywhere_applies_each_event_once_and_in_order(
    toy: ServiceUnderTest, broker: str, forge: Forge
) -> None:
    chance = random.Random(SEED)
    points = [
        FailPoint.CONSUMER_BEFORE_COMMIT,
        FailPoint.CONSUMER_AFTER_COMMIT,
        FailPoint.CONSUMER_BEFORE_OFFSETS,
    ]
    payers, each = _payers(30), 8
    for number in range(1, each + 1):
        records = [_told(toy, payer, f"Name {number}") for payer in payers]
        await _publish(broker, records + (records if chance.random() < 0.3 else []))
        if chance.random() < 0.8:
            pid = forge.start("consumer", die_at=chance.choice(points), skip=chance.randrange(2))
            if not await forge.gone(pid, seconds=chance.random() * 3):
                forge.send(pid, signal.SIGKILL)
    forge.start("consumer")
    await _until(toy, dict.fromkeys(payers, (each, f"Name {each}")))
    assert await _told_about(toy, payers) == len(payers) * each


async def test_consumers_that_come_and_go_double_nothing(
    toy: ServiceUnderTest, broker: str, forge: Forge
) -> None:
    payers, each = _payers(30), 6
    forge.start("consumer")
    for number in range(1, each + 1):
        guest = forge.start("consumer")
        await _publish(broker, [_told(toy, payer, f"Name {number}") for payer in payers])
        await asyncio.sleep(0.4)
        forge.send(guest, signal.SIGTERM)
    await _until(toy, dict.fromkeys(payers, (each, f"Name {each}")))
    assert await _told_about(toy, payers) == len(payers) * each


@pytest.mark.parametrize(
    "stop_at", [FailPoint.CONSUMER_BEFORE_COMMIT, FailPoint.CONSUMER_BEFORE_OFFSETS]
)
async def test_a_consumer_that_wakes_up_after_its_partitions_went_has_no_effect(
    toy: ServiceUnderTest, broker: str, forge: Forge, stop_at: FailPoint
) -> None:
    payers = _payers(20)
    await _publish(broker, [_told(toy, payer, "Name 1") for payer in payers])
    zombie = forge.start("consumer", stop_at=stop_at)
    await forge.stopped(zombie)
    forge.start("consumer")
    await _publish(broker, [_told(toy, payer, "Name 2") for payer in payers])
    await _until(toy, dict.fromkeys(payers, (2, "Name 2")))
    forge.send(zombie, signal.SIGCONT)
    await _publish(broker, [_told(toy, payer, "Name 3") for payer in payers])
    await _until(toy, dict.fromkeys(payers, (3, "Name 3")))
    assert forge.state(zombie), "the woken consumer goes on as a member like any other"
    assert await _told_about(toy, payers) == len(payers) * 3


async def test_poison_on_the_stream_holds_back_its_key_alone_and_is_retried_in_order(
    toy: ServiceUnderTest, broker: str, forge: Forge
) -> None:
    sick, *well = _payers(6)
    records = [_told(toy, sick, name) for name in ("Poison", "Second", "Third")]
    records += [_told(toy, payer, "Fine") for payer in well]
    await _publish(broker, records)
    forge.start("consumer")
    await _until(toy, dict.fromkeys(well, (1, "Fine")))
    async with asyncio.timeout(30):
        while len(await parked_events(toy.workroom, ORGANIZATION)) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    first, second, _ = await parked_events(toy.workroom, ORGANIZATION)
    assert sick not in await _counts(toy)
    applier = _applier(toy)
    assert await retry_key(toy.workroom, applier, ORGANIZATION, first.id) == 0
    await skip_event(toy.workroom, ORGANIZATION, first.id, by=toys.OPERATOR, because="a test")
    assert await retry_key(toy.workroom, applier, ORGANIZATION, second.id) == 2
    # the toy counts on from the first it applies, which is the second of its key
    assert (await _counts(toy))[sick] == (3, "Third")
    await _publish(broker, records[:3])  # the skipped one, and those applied, once more
    await _publish(broker, [_told(toy, sick, "Fourth")])
    await _until(toy, {sick: (4, "Fourth")})
    assert await parked_events(toy.workroom, ORGANIZATION) == []
