"""The breaker opens on too many failures in a row or in all, and stops the consumer and nothing else."""

import asyncio
from uuid import uuid5

import httpx
from fastapi import FastAPI

from cleanclaim.chassis.breaker import FEWEST, IN_A_ROW, Breaker
from cleanclaim.chassis.broker import Outgoing, Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.health import health_router
from cleanclaim.chassis.parking import parked_events
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.testing import ORGANIZATION, ServiceUnderTest
from cleanclaim.chassis.worker import health_checks
from cleanclaim.events.wire import encode

from . import toy as toys
from .test_hearing import _applier


def test_failures_in_a_row_open_it_and_one_success_between_them_does_not() -> None:
    breaker = Breaker()
    breaker.note(passed=0, failed=IN_A_ROW - 1)
    breaker.note(passed=1, failed=0)
    breaker.note(passed=0, failed=IN_A_ROW - 1)
    assert not breaker.open
    breaker.note(passed=0, failed=1)
    assert breaker.open


def test_half_of_many_open_it_though_others_pass_between_them() -> None:
    breaker = Breaker()
    for _ in range(FEWEST // 2 - 1):
        breaker.note(passed=1, failed=1)
    assert not breaker.open
    breaker.note(passed=1, failed=1)
    assert breaker.open


def test_a_few_failures_among_many_never_open_it() -> None:
    breaker = Breaker()
    for _ in range(1_000):
        breaker.note(passed=9, failed=1)
    assert not breaker.open


async def test_a_bad_release_stops_at_the_limit_and_fails_readiness_alone(
    toy: ServiceUnderTest, broker: str
) -> None:
    subjects = [uuid5(SystemRuntime().new_id(), str(number)) for number in range(3 * IN_A_ROW)]
    publisher = Publisher(broker, client_id="tests")
    wires = []
    for subject in subjects:
        fact = toys.a_payer(subject, "Poison")
        wires.append(encode(toy.envelope_for(fact), fact))
    await publisher.publish([Outgoing(one.topic, one.key, one.headers, one.value) for one in wires])
    await publisher.close()
    consumer = Consumer(
        applier=_applier(toy), connect=kafka_reader(broker, service="toy"), runtime=SystemRuntime()
    )
    await asyncio.wait_for(consumer.run(asyncio.Event()), timeout=60)
    assert len(await parked_events(toy.workroom, ORGANIZATION)) == IN_A_ROW
    app = FastAPI()
    app.include_router(health_router(health_checks(toys.PARTS, toy.context, consumer)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://toy"
    ) as client:
        ready, live = await client.get("/healthz/ready"), await client.get("/healthz/live")
    assert (ready.status_code, live.status_code) == (503, 200)
    assert "look at what is parked" in ready.json()["breaker"]

    # a fixed release goes on where this one stopped: what was parked stays, the rest has its turn
    fixed = Consumer(
        applier=_applier(toy),
        connect=kafka_reader(broker, service="toy"),
        runtime=SystemRuntime(),
        breaker=Breaker(in_a_row=10_000, share_percent=101),
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(fixed.run(stopping))
    async with asyncio.timeout(60):
        while len(await parked_events(toy.workroom, ORGANIZATION)) < len(subjects):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    stopping.set()
    await running
