"""What operators see and do, on the real database and the real broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import select, text

from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import Outgoing, Publisher, create_topics
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.operations.groups import GroupActive, planned_rewind, rewind
from cleanclaim.chassis.operations.lag import lag_of
from cleanclaim.chassis.operations.projections import projection_named, rebuild
from cleanclaim.chassis.operations.republishing import (
    TopicInUse,
    prepare_topic,
    republish,
)
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.chassis.work import NO_ORGANIZATION
from cleanclaim.events.catalog import TOPICS, Topic
from cleanclaim.events.claims import OrganizationConfigured
from cleanclaim.events.wire import encode

from . import toy as toys

READ, WRITE = "cleanclaim/platform.read", "cleanclaim/platform.write"
CANARY = "Zebedee Quillfeather"
PAYER = UUID("01980000-0000-7000-8000-00000000d101")
OTHER_PAYER = UUID("01980000-0000-7000-8000-00000000d102")
OPERATOR = Principal(
    subject="operator-7",
    client_id="tests",
    organization_id=None,
    scopes=frozenset({WRITE}),
    token_id="1",
)


@pytest.fixture
async def topic(kafka: str) -> str:
    name = f"toy-{uuid4().hex}"
    await create_topics(kafka, [Topic(name, teller="toy", partitions=2)])
    return name


async def _publish(kafka: str, topic: str, count: int) -> None:
    publisher = Publisher(kafka, client_id="tests")
    records = [Outgoing(topic, key=b"one", headers=[], value=b"{}") for _ in range(count)]
    await publisher.publish(records)
    await publisher.close()


@asynccontextmanager
async def _member(kafka: str, group: str, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def _hear(kafka: str, group: str, topic: str, count: int) -> TopicPartition:
    """Let a member of the group hear and commit so many records."""
    async with _member(kafka, group, topic) as consumer:
        record = [await consumer.getone() for _ in range(count)][-1]
        place = TopicPartition(topic, record.partition)
        await consumer.commit({place: record.offset + 1})
        return place


async def test_lag_counts_what_waits_and_for_how_long(kafka, topic):
    group = f"group-{topic}"
    await _publish(kafka, topic, 3)

    async def lag():
        found = await lag_of(
            kafka, group=group, topics=[topic], now=datetime.now(UTC) + timedelta(seconds=90)
        )
        return {one.partition: (one.position, one.records, one.seconds) for one in found}

    unheard = await lag()
    (busy,) = [partition for partition, (_, records, _) in unheard.items() if records]
    assert unheard[busy][:2] == (None, 3)
    assert unheard[busy][2] >= 90
    assert unheard[1 - busy] == (None, 0, 0)
    await _hear(kafka, group, topic, 2)
    assert (await lag())[busy][:2] == (2, 1)
    await _hear(kafka, group, topic, 1)
    assert (await lag())[busy] == (3, 0, 0)


async def test_a_topic_that_is_not_there_has_no_lag(kafka):
    assert await lag_of(kafka, group="nobody", topics=["no-such"], now=datetime.now(UTC)) == []


async def test_a_rewind_goes_back_by_time_and_only_without_workers(kafka, topic):
    group = f"group-{topic}"
    await _publish(kafka, topic, 2)
    await asyncio.sleep(0.05)
    restored_at = datetime.now(UTC)
    await asyncio.sleep(0.05)
    await _publish(kafka, topic, 3)
    place = await _hear(kafka, group, topic, 5)

    (planned,) = await planned_rewind(kafka, group=group, topics=[topic], to=restored_at)
    assert (planned.partition, planned.position, planned.goes_to) == (place.partition, 5, 2)
    async with _member(kafka, group, topic) as worker:
        await worker.getmany(timeout_ms=500)
        with pytest.raises(GroupActive) as refused:
            await rewind(kafka, group=group, topics=[topic], to=restored_at)
        assert "Stop the service's workers" in (refused.value.fix or "")
    (moved,) = await rewind(kafka, group=group, topics=[topic], to=restored_at)
    assert moved.records == 3
    async with _member(kafka, group, topic) as worker:
        assert (await worker.getone()).offset == 2


async def test_a_rewind_never_jumps_over_what_was_not_heard(kafka, topic):
    group = f"group-{topic}"
    await _publish(kafka, topic, 3)
    await _hear(kafka, group, topic, 1)
    later = datetime.now(UTC) + timedelta(hours=1)
    assert await rewind(kafka, group=group, topics=[topic], to=later) == []


async def test_the_outbox_shows_what_waits_of_all_organizations(toy):
    for organization in (ORGANIZATION, OTHER_ORGANIZATION):
        async with toy.workroom.work(organization) as work:
            work.tell(toys.a_fact(uuid4()))
    async with toy.client(READ, organization_id=None) as operator:
        said = (await operator.get("/v1/platform/outbox")).json()
    assert (said["pending"], said["oldest_seconds"] >= 0) == (2, True)


async def test_no_organizations_token_opens_an_operators_door(toy):
    async with toy.client(f"{READ} {WRITE}", organization_id=ORGANIZATION) as somebody:
        for path in ("outbox", "parked-keys", "organizations", "projections"):
            answer = await somebody.get(f"/v1/platform/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "organization_named")
    async with toy.client(READ, organization_id=None) as reader:
        answer = await reader.post("/v1/platform/parked-events/1:retry")
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    async with toy.client("system/*.cruds", organization_id=None) as other:
        assert (await other.get("/v1/platform/lag")).status_code == 403


class _Parking:
    """Lets events fail as they would in a worker, so that they are parked."""

    def __init__(self, toy: ServiceUnderTest) -> None:
        self._toy = toy
        self._position = 0
        self.applier = BatchApplier(
            workroom=toy.workroom, subscriptions=toys.PARTS.subscriptions, partners=None
        )
        self._consumer = Consumer(
            applier=self.applier,
            connect=kafka_reader("nowhere:1", service="toy"),
            runtime=toy.runtime,
        )

    async def hear(self, *facts: object, organization: UUID = ORGANIZATION, **change) -> None:
        reads = []
        for fact in facts:
            wire = encode(self._toy.envelope_for(fact, organization_id=organization), fact)
            self._position += 1
            values = {"topic": wire.topic, "partition": 0, "position": self._position,
                      "key": wire.key, "headers": dict(wire.headers),
                      "value": wire.value}  # fmt: skip
            reads.append(self.applier.read(Incoming(**(values | change))))
        await self._consumer.apply([one for one in reads if one is not None], {})


async def _names(toy: ServiceUnderTest) -> dict[UUID, str]:
    async with toy.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(select(toys.PAYERS.c.id, toys.PAYERS.c.name))
        return {row.id: row.name for row in rows}


async def test_a_parked_key_is_shown_mended_and_drained_in_order(toy, monkeypatch):
    stream = _Parking(toy)
    await stream.hear(
        toys.a_payer(PAYER, "Poison"),
        toys.a_payer(PAYER, "Second"),
        toys.a_payer(OTHER_PAYER, "Other"),
        toys.a_payer(PAYER, "Third"),
    )
    assert await _names(toy) == {OTHER_PAYER: "Other"}
    async with toy.client(f"{READ} {WRITE}", organization_id=None) as operator:
        (key,) = (await operator.get("/v1/platform/parked-keys")).json()["items"]
        assert (key["key"], key["events"], key["reason"]) == (
            str(PAYER), 3, "failed: ZeroDivisionError",
        )  # fmt: skip
        place = f"/v1/platform/parked-events/{key['first']}"
        behind = (await operator.get(f"{place}/key")).json()["items"]
        assert [one["position"] for one in behind] == [1, 2, 4]
        again = (await operator.post(f"{place}:retry")).json()
        assert again == {"applied": 0, "still_parked": 3, "reason": "failed: ZeroDivisionError"}
        monkeypatch.setattr(toys, "POISON", "nothing is poison any more")
        assert (await operator.post(f"{place}:retry")).json()["applied"] == 3
        assert (await operator.get("/v1/platform/parked-keys")).json()["items"] == []
        assert (await operator.get(place)).json()["status"] == "applied"
    async with toy.workroom.reading(NO_ORGANIZATION) as work:
        log = work.schema_tables.audit_log
        retried = await work.connection.execute(
            select(log.c.resource, log.c.count)
            .where(log.c.purpose == "retry")
            .order_by(log.c.count)
        )
        assert list(retried) == [(f"parked_event:{key['first']}", 3)] * 2
    # in order: the last word stands; unlocked: the next event flows
    assert (await _names(toy))[PAYER] == "Third"
    await stream.hear(toys.a_payer(PAYER, "Fourth"))
    assert (await _names(toy))[PAYER] == "Fourth"


async def test_a_skip_needs_a_reason_and_is_audited(toy):
    stream = _Parking(toy)
    await stream.hear(toys.a_payer(PAYER, "Poison"), toys.a_payer(PAYER, "Second"))
    async with toy.client(f"{READ} {WRITE}", organization_id=None, subject="operator-7") as one:
        (key,) = (await one.get("/v1/platform/parked-keys")).json()["items"]
        place = f"/v1/platform/parked-events/{key['first']}"
        assert (await one.post(f"{place}:skip", json={})).status_code == 422
        told = await one.post(f"{place}:skip", json={"because": "member 123456789 called"})
        assert told.json()["code"] == "reason_names_somebody"
        told = await one.post(f"{place}:skip", json={"because": "a test system told it"})
        assert (told.json()["status"], told.json()["settled_by"]) == ("skipped", "operator-7")
        assert (await one.post(f"{place}:skip", json={"because": "again"})).status_code == 404
        (rest,) = (await one.get("/v1/platform/parked-keys")).json()["items"]
        retried = await one.post(f"/v1/platform/parked-events/{rest['first']}:retry")
        assert retried.json()["applied"] == 1
    assert await _names(toy) == {PAYER: "Second"}
    async with toy.workroom.reading(ORGANIZATION) as work:
        table = work.schema_tables.audit_log
        rows = await work.connection.execute(select(table).where(table.c.action == "skip"))
        (row,) = rows.mappings()
    assert (row["principal"], row["purpose"]) == ("operator-7", "a test system told it")
    assert row["resource"] == f"parked_event:{key['first']}"


async def test_nothing_that_an_event_says_is_shown(toy):
    stream = _Parking(toy)
    await stream.hear(toys.a_payer(PAYER, "Poison", payer_identifier=CANARY))
    await stream.hear(
        toys.a_payer(OTHER_PAYER), key=CANARY.encode(), value=f'{{"name": "{CANARY}"}}'.encode()
    )
    async with toy.client(f"{READ} {WRITE}", organization_id=None) as operator:
        keys = await operator.get("/v1/platform/parked-keys")
        assert len(keys.json()["items"]) == 2
        said = [keys.text]
        for key in keys.json()["items"]:
            place = f"/v1/platform/parked-events/{key['first']}"
            said += [(await operator.get(place)).text, (await operator.get(f"{place}/key")).text]
            said.append((await operator.post(f"{place}:retry")).text)
    assert CANARY not in "".join(said)
    assert "sha256:" in keys.text
    engine_says = await _as_reporter(toy, "SELECT value FROM toy.parked_events")
    assert "permission denied" in engine_says


async def _as_reporter(toy: ServiceUnderTest, statement: str) -> str:
    try:
        async with toy.context.reports.connect() as connection:
            await connection.execute(text(statement))
    except Exception as error:  # noqa: BLE001 - the refusal is what is asked for
        return str(error)
    return "allowed"


async def test_parked_keys_come_in_pages(toy):
    stream = _Parking(toy)
    for _ in range(3):
        await stream.hear(toys.a_payer(uuid4(), "Poison"))
    async with toy.client(READ, organization_id=None) as operator:
        first = (await operator.get("/v1/platform/parked-keys?limit=2")).json()
        token = first["next_page_token"]
        rest = (await operator.get(f"/v1/platform/parked-keys?limit=2&page_token={token}")).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_page_token"]) == (2, 1, None)


@pytest.fixture
async def on_the_stream(toy, kafka) -> list[UUID]:
    """Some organizations told on the real topic, and the toy's own settings pointed at it."""
    await create_topics(kafka, [TOPICS["cleanclaim.directory"]])
    known = [uuid4() for _ in range(3)]
    publisher = Publisher(kafka, client_id="tests")
    for number, organization in enumerate(known):
        fact = OrganizationConfigured(
            organization_id=organization,
            name=f"Clinic {number}",
            time_zone="America/Chicago",
            environment="test",
        )
        wire = encode(toy.envelope_for(fact, organization_id=organization), fact)
        await publisher.publish(
            [Outgoing(wire.topic, key=wire.key, headers=wire.headers, value=wire.value)]
        )
    await publisher.close()
    toy.context.settings = SimpleNamespace(kafka_bootstrap_servers=kafka)
    return known


async def _organizations(toy: ServiceUnderTest) -> list[dict]:
    return await toy.workroom.organizations()


async def test_a_rebuild_gives_the_same_content_again(toy, on_the_stream):
    projection = projection_named(toys.PARTS, "organizations")
    steps = [one async for one in rebuild(toy.context, projection, OPERATOR)]
    content = await _organizations(toy)
    assert set(on_the_stream) <= {one["id"] for one in content}
    assert steps[-1].read == steps[-1].total >= 3
    table = toy.workroom.tables.organizations
    async with toy.workroom.work(ORGANIZATION) as work:
        await work.connection.execute(table.delete().where(table.c.id == on_the_stream[0]))
        await work.connection.execute(table.update().values(name="spoilt"))
    async with toy.client(f"{READ} {WRITE}", organization_id=None) as operator:
        answer = await operator.post("/v1/platform/projections/organizations:rebuild")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[-1]["status"] == "done"
    assert await _organizations(toy) == content


async def test_a_rebuild_that_is_left_changes_nothing(toy, on_the_stream):
    table = toy.workroom.tables.organizations
    async with toy.workroom.work(ORGANIZATION) as work:
        await work.connection.execute(
            table.insert().values(
                id=ORGANIZATION, name="Old", time_zone="UTC", environment="test", version=1
            )
        )
    steps = rebuild(toy.context, projection_named(toys.PARTS, "organizations"), OPERATOR)
    await anext(steps)
    await steps.aclose()
    assert [one["name"] for one in await _organizations(toy)] == ["Old"]


async def test_what_a_reactor_or_people_write_is_never_replayed(toy):
    async with toy.client(f"{READ} {WRITE}", organization_id=None) as operator:
        known = (await operator.get("/v1/platform/projections")).json()
        assert [one["name"] for one in known["projections"]] == ["organizations"]
        assert known["refuse_replay"] == ["cleanclaim.claims.PayerConfigured.v1"]
        for name, status in (("payers", 409), ("things", 409), ("no_such", 404)):
            answer = await operator.post(f"/v1/platform/projections/{name}:rebuild")
            assert answer.status_code == status
            assert answer.json()["errors"] or answer.json()["detail"]


async def test_republished_facts_have_the_same_ids_in_order_per_key(toy, kafka):
    toy.context.settings = SimpleNamespace(kafka_bootstrap_servers=kafka)
    subjects = [uuid4(), uuid4()]
    for _ in range(3):
        async with toy.workroom.work(ORGANIZATION) as work:
            work.tell(*(toys.a_fact(one) for one in subjects))
    async with toy.workroom.reading(ORGANIZATION) as work:
        log = work.schema_tables.event_log
        rows = await work.connection.execute(
            select(log.c.aggregateid, log.c.id, log.c.topic).order_by(log.c.aggregate_version)
        )
        kept = [(row.aggregateid, row.id) for row in rows]
    name = f"toy-again-{uuid4().hex}"
    source = TOPICS["cleanclaim.intake"]
    with pytest.raises(TopicInUse):
        await prepare_topic(
            toy.context, source=source, name="cleanclaim.claims", partitions=3, existing=True
        )
    await prepare_topic(toy.context, source=source, name=name, partitions=3, existing=False)
    with pytest.raises(TopicInUse):
        await prepare_topic(toy.context, source=source, name=name, partitions=3, existing=False)

    steps = [one async for one in republish(toy.context, topic=source.name, name=name)]
    assert (steps[-1].sent, steps[-1].total) == (6, 6)
    async with _member(kafka, f"group-{name}", name) as consumer:
        heard = [await consumer.getone() for _ in range(6)]
    for subject in subjects:
        wanted = [str(event) for key, event in kept if key == subject]
        found = [
            dict(one.headers)["ce_id"].decode() for one in heard if one.key == str(subject).encode()
        ]
        assert found == wanted
