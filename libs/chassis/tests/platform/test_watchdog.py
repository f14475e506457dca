"""The watchdog finds a consumer that hangs, and forgives everything that is not its fault."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from fastapi import FastAPI

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import Outgoing, Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.health import answers, health_router
from cleanclaim.chassis.progress import Behind, KafkaLook, Progress, Watchdog
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.subscriptions import Fetched, Subscription
from cleanclaim.chassis.testing import ServiceUnderTest, TestRuntime
from cleanclaim.chassis.work import Work
from cleanclaim.events.claims import PayerConfigured
from cleanclaim.events.wire import Heard, encode

from . import toy as toys

MINE, THEIRS = TopicPartition("t", 0), TopicPartition("t", 1)


class _Broker:
    """What the broker would say."""

    def __init__(self, *behind: TopicPartition) -> None:
        self.behind: dict[TopicPartition, tuple[int, int]] = dict.fromkeys(behind, (5, 9))
        self.down = False

    async def __call__(self) -> Behind:
        if self.down:
            raise KafkaConnectionError
        return self.behind

    async def close(self) -> None:
        return


class _Case:
    def __init__(self, *behind: TopicPartition) -> None:
        self.runtime = TestRuntime()
        self.broker = _Broker(*behind)
        self.database_says: str | None = None
        self.progress = Progress(settled_at=self.runtime.monotonic(), assigned=frozenset({MINE}))

        async def database() -> str | None:
            return self.database_says

        self.watchdog = Watchdog(
            progress=self.progress, runtime=self.runtime, look=self.broker, database=database
        )

    async def after(self, minutes: int) -> str | None:
        for _ in range(minutes * 4):
            self.runtime.move(seconds=15)
            await self.watchdog.look_once()
        return self.watchdog.trouble


async def test_events_that_wait_while_nothing_excuses_it_fail_liveness() -> None:
    case = _Case(MINE)
    assert await case.after(minutes=1) is None
    assert "none was settled" in (await case.after(minutes=1) or "")
    case.progress.settled_at = case.runtime.monotonic()
    await case.watchdog.look_once()
    assert case.watchdog.trouble is None


@pytest.mark.parametrize(
    "excuse",
    [
        "no lag",
        "broker",
        "database",
        "paused",
        "waiting",
        "stopped",
        "another's partition",
        "moves",
    ],
)
async def test_an_excuse_never_fails_liveness_however_long_it_lasts(excuse: str) -> None:
    case = _Case(MINE)
    case.broker.down = excuse == "broker"
    case.database_says = "no answer" if excuse == "database" else None
    case.progress.waiting = excuse == "waiting"
    case.progress.stopped = excuse == "stopped"
    case.progress.paused = frozenset({MINE} if excuse == "paused" else ())
    if excuse == "no lag":
        case.broker.behind = {}
    if excuse == "another's partition":
        case.broker.behind = {THEIRS: (1, 9)}
    for step in range(20):
        if excuse == "moves":
            case.broker.behind = {MINE: (step, 99)}
        assert await case.after(minutes=1 if excuse != "moves" else 0) is None
        await case.watchdog.look_once()
        assert case.watchdog.trouble is None


async def test_the_minute_begins_anew_when_the_broker_is_back() -> None:
    case = _Case(MINE)
    case.broker.down = True
    await case.after(minutes=30)
    case.broker.down = False
    assert await case.after(minutes=1) is None
    assert await case.after(minutes=1) is not None


async def test_a_worker_shut_out_of_its_group_counts_only_when_the_whole_group_stands_still() -> (
    None
):
    case = _Case(THEIRS)
    case.progress.assigned = frozenset()
    assert await case.after(minutes=2) is not None


async def test_a_handler_that_never_returns_fails_liveness_of_its_process(
    toy: ServiceUnderTest, broker: str
) -> None:
    entered, let_go = asyncio.Event(), asyncio.Event()

    async def hang(_: Work, __: Sequence[Heard[PayerConfigured]], ___: Fetched) -> None:
        entered.set()
        await let_go.wait()

    fact = toys.a_payer(SystemRuntime().new_id(), "Hang")
    wire = encode(toy.envelope_for(fact), fact)
    publisher = Publisher(broker, client_id="tests")
    await publisher.publish([Outgoing(wire.topic, wire.key, wire.headers, wire.value)])
    await publisher.close()
    hanging = Subscription(model=PayerConfigured, apply=hang, kind="projector")
    consumer = Consumer(
        applier=BatchApplier(workroom=toy.workroom, subscriptions=[hanging], partners=None),
        connect=kafka_reader(broker, service="toy"),
        runtime=SystemRuntime(),
    )
    watchdog = Watchdog(
        progress=consumer.progress,
        runtime=SystemRuntime(),
        look=KafkaLook(broker, service="toy", topics=consumer.applier.topics),
        database=answers(toy.workroom),
        stalled_seconds=0.5,
    )
    app = FastAPI()
    app.include_router(health_router({}, lambda: watchdog.trouble))
    stopping = asyncio.Event()
    running = asyncio.create_task(consumer.run(stopping))
    try:
        await asyncio.wait_for(entered.wait(), timeout=60)
        async with (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url="http://toy"
            ) as client,
            asyncio.timeout(60),
        ):
            assert (await client.get("/healthz/live")).status_code == 200
            while (await client.get("/healthz/live")).status_code == 200:
                await watchdog.look_once()
                await asyncio.sleep(0.2)
            assert (await client.get("/healthz/ready")).status_code == 200
    finally:
        stopping.set()
        let_go.set()
        await watchdog.look.close()
        await running
