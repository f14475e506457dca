"""Events are applied once, broken ones are parked with their key, and others go on."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.parking import (
    NoSuchParkedEvent,
    ReasonMissing,
    parked_events,
    retry_key,
    skip_event,
)
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.claims import OrganizationConfigured
from cleanclaim.events.intake import PatientRegistered
from cleanclaim.events.wire import encode

from . import toy as toys

PAYER = UUID("01980000-0000-7000-8000-00000000d001")
OTHER_PAYER = UUID("01980000-0000-7000-8000-00000000d002")


def _applier(toy: ServiceUnderTest) -> BatchApplier:
    return BatchApplier(
        workroom=toy.workroom, subscriptions=toys.PARTS.subscriptions, partners=None
    )


class _Stream:
    """Records as a broker would hand them over, in one partition."""

    def __init__(self, toy: ServiceUnderTest) -> None:
        self._toy = toy
        self._position = 0
        self.applier = _applier(toy)
        self.consumer = Consumer(
            applier=self.applier,
            connect=kafka_reader("nowhere:1", service="toy"),
            runtime=toy.runtime,
        )

    def record(self, fact: object, organization: UUID = ORGANIZATION, **change: object) -> Incoming:
        envelope = self._toy.envelope_for(fact, organization_id=organization)  # type: ignore[arg-type]
        wire = encode(envelope, fact)  # type: ignore[arg-type]
        self._position += 1
        values = {
            "topic": wire.topic, "partition": 0, "position": self._position, "key": wire.key,
            "headers": dict(wire.headers), "value": wire.value,
        }  # fmt: skip
        return Incoming(**(values | change))  # type: ignore[arg-type]

    async def hear(self, *records: Incoming) -> None:
        reads = [read for read in map(self.applier.read, records) if read is not None]
        await self.consumer.apply(reads, {})


async def _names(toy: ServiceUnderTest, organization: UUID = ORGANIZATION) -> dict[UUID, str]:
    async with toy.workroom.reading(organization) as work:
        rows = await work.connection.execute(select(toys.PAYERS.c.id, toys.PAYERS.c.name))
        return {row.id: row.name for row in rows}


async def test_an_event_heard_twice_has_one_effect(toy: ServiceUnderTest) -> None:
    stream = _Stream(toy)
    record = stream.record(toys.a_payer(PAYER))
    await stream.hear(record, record)
    await stream.hear(record)
    assert await _names(toy) == {PAYER: "Prairie Mutual"}
    assert len(await toy.told(PatientRegistered)) == 1


async def test_a_batch_is_applied_organization_by_organization(toy: ServiceUnderTest) -> None:
    stream = _Stream(toy)
    await stream.hear(
        stream.record(toys.a_payer(PAYER, "Ours")),
        stream.record(toys.a_payer(OTHER_PAYER, "Theirs"), OTHER_ORGANIZATION),
        stream.record(toys.a_payer(PAYER, "Ours still")),
    )
    assert await _names(toy) == {PAYER: "Ours still"}
    assert await _names(toy, OTHER_ORGANIZATION) == {OTHER_PAYER: "Theirs"}


async def test_a_thousand_events_take_two_statements_and_one_for_each_organization(
    toy: ServiceUnderTest,
) -> None:
    stream = _Stream(toy)
    records = [
        stream.record(_configured(organization_id), organization_id)
        for organization_id in (ORGANIZATION, OTHER_ORGANIZATION) * 500
    ]
    statements: list[str] = []

    def note(*values: Any) -> None:
        statements.append(" ".join(str(values[2]).split()[:2]))

    engine = toy.workroom.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await stream.hear(*records)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    # which keys are held back, which events are new; then each organization and its handler
    organization = ["SELECT set_config('app.organization_id',", "INSERT INTO"]
    assert statements == ["SELECT limits.*,", "WITH given", *organization * 2]


def _configured(organization_id: UUID) -> OrganizationConfigured:
    return OrganizationConfigured(
        organization_id=organization_id,
        name="Lakeside Clinic",
        time_zone="America/Chicago",
        environment="test",
    )


async def test_a_poisoned_key_waits_while_others_flow(toy: ServiceUnderTest) -> None:
    stream = _Stream(toy)
    await stream.hear(
        stream.record(toys.a_payer(PAYER, "Poison")),
        stream.record(toys.a_payer(OTHER_PAYER, "Fine")),
        stream.record(toys.a_payer(PAYER, "After poison")),
    )
    assert await _names(toy) == {OTHER_PAYER: "Fine"}
    parked = await parked_events(toy.workroom, ORGANIZATION)
    assert [event.reason for event in parked] == [
        "failed: ZeroDivisionError",
        "waits behind a parked event of its key",
    ]


async def test_skipping_the_culprit_lets_its_key_flow_again(toy: ServiceUnderTest) -> None:
    stream = _Stream(toy)
    await stream.hear(
        stream.record(toys.a_payer(PAYER, "Poison")), stream.record(toys.a_payer(PAYER, "Second"))
    )
    first, second = await parked_events(toy.workroom, ORGANIZATION)
    assert await retry_key(toy.workroom, stream.applier, ORGANIZATION, first.id) == 0
    with pytest.raises(ReasonMissing):
        await skip_event(toy.workroom, ORGANIZATION, first.id, by=toys.OPERATOR, because=" ")
    await skip_event(toy.workroom, ORGANIZATION, first.id, by=toys.OPERATOR, because="test payer")
    assert await retry_key(toy.workroom, stream.applier, ORGANIZATION, second.id) == 1
    assert await _names(toy) == {PAYER: "Second"}
    assert await parked_events(toy.workroom, ORGANIZATION) == []
    await stream.hear(stream.record(toys.a_payer(PAYER, "Third")))
    assert await _names(toy) == {PAYER: "Third"}
    with pytest.raises(NoSuchParkedEvent):
        await retry_key(toy.workroom, stream.applier, ORGANIZATION, first.id)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": b"\xff\xfe not json"}, "PayerConfigured"),
        ({"value": b"{}"}, "PayerConfigured"),
        ({"key": b"another"}, "key differs"),
    ],
)
async def test_what_cannot_be_read_is_parked_with_its_reason(
    toy: ServiceUnderTest, change: dict[str, bytes], reason: str
) -> None:
    stream = _Stream(toy)
    await stream.hear(stream.record(toys.a_payer(PAYER), **change))
    parked = await parked_events(toy.workroom, ORGANIZATION)
    assert len(parked) == 1
    assert reason in parked[0].reason


@pytest.mark.parametrize(
    "change", [{"value": None}, {"headers": {"ce_type": b"cleanclaim.claims.NewThing.v1"}}]
)
async def test_tombstones_and_unknown_types_pass(
    toy: ServiceUnderTest, change: dict[str, object]
) -> None:
    stream = _Stream(toy)
    await stream.hear(stream.record(toys.a_payer(PAYER), **change))
    assert await parked_events(toy.workroom, ORGANIZATION) == []
    assert await _names(toy) == {}


async def test_what_was_overtaken_is_acknowledged(toy: ServiceUnderTest) -> None:
    stream = _Stream(toy)
    await stream.hear(
        stream.record(toys.a_payer(PAYER, "Overtaken")), stream.record(toys.a_payer(PAYER, "Next"))
    )
    assert await _names(toy) == {PAYER: "Next"}
    assert await parked_events(toy.workroom, ORGANIZATION) == []


async def test_facts_that_follow_have_the_same_id_on_every_run(toy: ServiceUnderTest) -> None:
    async def told_ids() -> list[UUID]:
        async with toy.workroom.reading(ORGANIZATION) as work:
            table = work.schema_tables.event_log
            return list((await work.connection.execute(select(table.c.id))).scalars())

    fact = toys.a_payer(PAYER)
    envelope = toy.envelope_for(fact)
    await toy.redeliver(envelope, fact)
    first = await told_ids()
    await toy.empty()
    await toy.redeliver(envelope, fact)
    assert await told_ids() == first
