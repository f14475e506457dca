"""Gauges tell what lies in the tables and on the broker, not what somebody remembered to count."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from prometheus_client import generate_latest
from sqlalchemy import func, select

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.context import Measure
from cleanclaim.chassis.db import insert_rows
from cleanclaim.chassis.lag import Lag
from cleanclaim.chassis.measuring import MeasureRound
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.telemetry import names
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.chassis.work import Work
from cleanclaim.chassis.work_items import WorkItem, close_items, open_items

from . import toy as toys
from .organizations import kept

SUBJECT = UUID("01980000-0000-7000-8000-00000000d0aa")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
THINGS = names.Metric("cleanclaim_claims_in_state", "gauge", ("state",), "stands in for a gauge")


def value(name: str, **labels: str) -> float | None:
    return telemetry.metrics.registry.get_sample_value(name, labels)


async def things(work: Work) -> dict[tuple[str, ...], int]:
    table = toys.THINGS
    rows = await work.connection.execute(
        select(table.c.name, func.count())
        .where(table.c.organization_id == work.organization_id)
        .group_by(table.c.name)
    )
    return {(name,): count for name, count in rows}


async def a_thing(toy: ServiceUnderTest, organization: UUID, name: str) -> None:
    async with toy.workroom.work(organization) as work:
        await toys.keep_thing(work, name=name, cents=1)


def a_round(toy: ServiceUnderTest, *, organizations: bool = True) -> MeasureRound:
    measure = Measure(metric=THINGS, ask=things, always=[("never",)])
    return MeasureRound(toy.context, [measure], organizations=organizations)


async def test_what_waits_in_the_outbox_is_counted_whoever_told_it(toy: ServiceUnderTest) -> None:
    for organization in (ORGANIZATION, OTHER_ORGANIZATION, OTHER_ORGANIZATION):
        await a_thing(toy, organization, "chair")

    await a_round(toy, organizations=False).measure()

    assert value("cleanclaim_outbox_pending", service="toy") == 3
    assert value("cleanclaim_parked_keys", service="toy") == 0


async def test_parked_keys_are_counted_until_they_are_released(toy: ServiceUnderTest) -> None:
    row = {"topic": "cleanclaim.claims", "key": b"k", "parked_at": NOON}
    async with toy.workroom.work(ORGANIZATION) as work:
        await insert_rows(work.connection, work.schema_tables.parked_keys, [row])
    await a_round(toy).measure()
    assert value("cleanclaim_parked_keys", service="toy") == 1

    async with toy.workroom.work(ORGANIZATION) as work:
        await work.connection.execute(work.schema_tables.parked_keys.delete())
    await a_round(toy).measure()
    assert value("cleanclaim_parked_keys", service="toy") == 0


async def test_a_services_own_gauge_adds_up_all_organizations(toy: ServiceUnderTest) -> None:
    await kept(toy, ORGANIZATION, OTHER_ORGANIZATION)
    for organization in (ORGANIZATION, OTHER_ORGANIZATION, OTHER_ORGANIZATION):
        await a_thing(toy, organization, "chair")

    await a_round(toy).measure()

    assert value(THINGS.name, state="chair") == 3
    assert value(THINGS.name, state="never") == 0


async def test_what_is_no_more_is_no_longer_shown(toy: ServiceUnderTest) -> None:
    await kept(toy, ORGANIZATION, OTHER_ORGANIZATION)
    await a_thing(toy, ORGANIZATION, "chair")
    await a_round(toy).measure()

    async with toy.workroom.work(ORGANIZATION) as work:
        await work.connection.execute(toys.THINGS.delete())
    await a_round(toy).measure()

    assert value(THINGS.name, state="chair") is None
    assert value(THINGS.name, state="never") == 0


async def test_open_work_is_counted_by_kind_and_closed_work_is_not(toy: ServiceUnderTest) -> None:
    await kept(toy, ORGANIZATION, OTHER_ORGANIZATION)
    for organization in (ORGANIZATION, OTHER_ORGANIZATION):
        async with toy.workroom.work(organization) as work:
            item = WorkItem(
                kind="thing_broken", subject_type="Basic", subject_id=SUBJECT,
                reason="broken", priority=1, due_on=date(2026, 3, 4),
            )  # fmt: skip
            await open_items(work, [item], opened_at=NOON)
    await a_round(toy).measure()
    labels = {"service": "toy", "kind": "thing_broken"}
    assert value("cleanclaim_work_items_open", **labels) == 2

    async with toy.workroom.work(ORGANIZATION) as work:
        await close_items(work, [SUBJECT], outcome="mended", closed_at=NOON)
    await a_round(toy).measure()
    assert value("cleanclaim_work_items_open", **labels) == 1


async def test_a_worker_without_jobs_asks_no_organization(toy: ServiceUnderTest) -> None:
    async def refuse(_: Work) -> dict[tuple[str, ...], int]:
        raise AssertionError

    await kept(toy, ORGANIZATION, OTHER_ORGANIZATION)
    measures = [Measure(metric=THINGS, ask=refuse)]
    await MeasureRound(toy.context, measures, organizations=False).measure()
    with pytest.raises(AssertionError):
        await MeasureRound(toy.context, measures, organizations=True).measure()


def test_counters_begin_at_zero_so_that_the_first_event_is_a_rise() -> None:
    telemetry.metrics.begin("begun", topics=["cleanclaim.claims"])
    shown = generate_latest(telemetry.metrics.registry).decode()
    assert 'cleanclaim_events_parked_total{service="begun"} 0.0' in shown
    labels = 'outcome="unknown_major",service="begun",topic="cleanclaim.claims"'
    assert f"cleanclaim_events_skipped_total{{{labels}}} 0.0" in shown


@pytest.fixture
async def topic(kafka: str) -> str:
    name = f"lag-{SystemRuntime().new_id()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(name, 2, 1)])
    await admin.close()
    return name


async def _write(kafka: str, topic: str, times: int, *, written_at: datetime) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    moment = int(written_at.timestamp() * 1000)
    for number in range(times):
        await producer.send_and_wait(topic, b"%d" % number, partition=0, timestamp_ms=moment)
    await producer.stop()


async def test_lag_is_told_in_records_and_seconds_until_all_is_settled(
    kafka: str, topic: str, toy: ServiceUnderTest
) -> None:
    runtime = toy.runtime
    await _write(kafka, topic, 5, written_at=runtime.wall_now() - timedelta(seconds=90))
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    first = TopicPartition(topic, 0)
    consumer.assign([first])
    lag = Lag("lagging", runtime)
    labels = {"service": "lagging", "topic": topic, "partition": "0"}
    try:
        async with asyncio.timeout(30):
            polled = await consumer.getmany(timeout_ms=20_000, max_records=2)
        lag.polled(polled)
        consumer.seek(first, 0)  # as the consumer does when the database is away
        await lag.tell(consumer, {})
        assert value("cleanclaim_consumer_lag_records", **labels) == 5
        assert value("cleanclaim_consumer_lag_seconds", service="lagging", topic=topic) >= 90

        runtime.move(seconds=2)
        consumer.seek(first, 5)
        await lag.tell(consumer, {})
        assert value("cleanclaim_consumer_lag_records", **labels) == 0
        assert value("cleanclaim_consumer_lag_seconds", service="lagging", topic=topic) == 0
        assert value("cleanclaim_consumer_paused", **labels) == 0

        consumer.pause(first)
        runtime.move(seconds=2)
        await lag.tell(consumer, {})
        assert value("cleanclaim_consumer_paused", **labels) == 1

        consumer.assign([TopicPartition(topic, 1)])  # the first goes to another worker
        runtime.move(seconds=2)
        await lag.tell(consumer, {})
        assert value("cleanclaim_consumer_lag_records", **labels) is None
        assert value("cleanclaim_consumer_lag_seconds", service="lagging", topic=topic) is None
    finally:
        await consumer.stop()
