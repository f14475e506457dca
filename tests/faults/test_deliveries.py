"""The stream says things twice, in another order, late, and says nonsense; no effect is doubled."""
# ruff: noqa: S608 - statements of our own names

import asyncio
import json
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError

from cleanclaim.events.catalog import TOPICS, heard_by
from cleanclaim.ops.main import main as ops
from cleanclaim.seed.story import SERVICES

from ..journeys.stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit
from .world import Driver, chance, contents, healed, judged, longer

POSTINGS = "cleanclaim.postings"


async def records_of(story):
    """Every record of the story's organization, topic by topic, in their order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=story.stack.kafka_bootstrap)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic.name, number)
            for topic in TOPICS.values()
            for number in range(topic.partitions)
        ]
        ends = await consumer.end_offsets(partitions)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        waiting, found = {one for one in partitions if ends[one]}, []
        name = str(story.clinic.organization_id).encode()
        while waiting:
            polled = await consumer.getmany(timeout_ms=500)
            found += [
                record
                for several in polled.values()
                for record in several
                if dict(record.headers).get("ce_organization") == name
            ]
            waiting = {one for one in waiting if await consumer.position(one) < ends[one]}
        return found
    finally:
        await consumer.stop()


async def put(story, *records):
    """Put records (topic, key, value, headers) into topics as anyone could who may write there."""
    producer = AIOKafkaProducer(
        bootstrap_servers=story.stack.kafka_bootstrap, max_request_size=20_000_000
    )
    await producer.start()
    try:
        for topic, key, value, headers in records:
            await producer.send_and_wait(topic, key=key, value=value, headers=headers)
    finally:
        await producer.stop()


async def a_paid_day(story, driver, visits=8):
    await driver.send(driver.visits(visits))
    await story.settled()
    await story.submit(MONDAY)
    story.day(PAID_ON)
    await story.pay(PAID_ON)


async def test_what_is_said_twice_late_and_out_of_order_changes_nothing(
    system, places, administrator, tmp_path
):
    drawn = chance("deliveries")
    async with a_story(system, a_scenario(), "Said again") as story:
        driver = Driver(story, tmp_path / "journal")
        await a_paid_day(story, driver)
        await healed(story)
        before = await contents(administrator, story.clinic.organization_id)
        told = await records_of(story)
        # each once more and one fifty times, mixed over keys and topics, the newest of a key first
        again = told * longer(1, 4) + [drawn.choice(told)] * 50
        drawn.shuffle(again)
        again += reversed(told)
        await put(story, *((one.topic, one.key, one.value, list(one.headers)) for one in again))
        await healed(story)

        assert await contents(administrator, story.clinic.organization_id) == before
        await judged(story, places, driver)


def _poison(record, organization, name):
    """A record that must not be applied: value, headers and what becomes of it."""
    event_id = uuid4()
    headers = dict(record.headers) | {"ce_id": str(event_id).encode()}
    body = json.loads(record.value) | {"event_id": str(event_id)}
    if name == "not JSON":
        return event_id, b"{never", headers
    if name == "breaks its schema":
        return event_id, json.dumps(body | {"paid_cents": "ten"}).encode(), headers
    if name == "impossible money":
        changed = body | {"paid_cents": -(10**30)}
        return event_id, json.dumps(changed).encode(), headers
    if name == "unknown type":
        headers["ce_type"] = b"cleanclaim.remittance.NobodyKnowsThis.v1"
        return event_id, json.dumps(body).encode(), headers
    return event_id, None, headers


PARKED = ("not JSON", "breaks its schema", "impossible money")
PASSED_OVER = ("unknown type", "null value")


async def test_poison_parks_its_key_alone_and_the_rest_flows(
    system, places, administrator, tmp_path
):
    listeners = [one for one in SERVICES if any(e.topic == POSTINGS for e in heard_by(one))]
    async with a_story(system, a_scenario(), "Poison") as story:
        driver = Driver(story, tmp_path / "journal")
        await a_paid_day(story, driver, visits=8)
        organization = story.clinic.organization_id
        posted = [one for one in await records_of(story) if one.topic == POSTINGS]
        for record, name in zip(posted, PARKED + PASSED_OVER, strict=False):
            event_id, value, headers = _poison(record, organization, name)
            # claims keeps no money, so to it the third says nothing impossible
            driver.plant(event_id, refused=name != "impossible money")
            await put(story, (POSTINGS, record.key, value, list(headers.items())))
        with pytest.raises(MessageSizeTooLargeError):
            await put(story, (POSTINGS, posted[0].key, b"x" * 10_000_000, []))
        # all that comes after it, on other keys, flows
        await driver.send([a_visit(story, number=900 + one) for one in range(3)])
        await story.settled()
        await driver.submit_and_pay(1)
        await judged(story, places, driver)

        for service in listeners:
            poisoned = {one.key for one in posted[: 2 if service == "claims" else 3]}
            parked = await _parked(administrator, service, organization)
            assert {bytes(row["key"]) for row in parked} == poisoned
        # a person discards each, by command, with a reason
        for service in listeners:
            for row in await _parked(administrator, service, organization):
                await asyncio.to_thread(_skip, system, service, row["id"])
        await judged(story, places, driver)


async def _parked(administrator, service, organization):
    return await administrator.fetch(
        f"SELECT id, key FROM {service}.parked_events WHERE organization_id = $1"
        " AND status = 'parked'",
        organization,
    )


def _skip(system, service, number):
    where = ["--url", f"{service}={system.urls[service]}"]
    who = ["--token", system.token(scope="cleanclaim/platform.write")]
    because = ["--because", "a word of the tests", "--yes"]
    assert ops(["parked", "skip", service, str(number), *because, *where, *who]) == 0
