"""Records made without a teller, and a consumer of ours that hears them against the clock."""

import asyncio
import gc
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from floors import ORGANIZATION

from cleanclaim.chassis.batch import BatchApplier, Outcome, Read
from cleanclaim.chassis.broker import Outgoing, Publisher
from cleanclaim.chassis.collector import spare_the_collector
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.polled import MOST
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.subscriptions import Subscription
from cleanclaim.chassis.testing import hear_from_now_on
from cleanclaim.chassis.work import Workroom
from cleanclaim.events.catalog import entry_of, key_of
from cleanclaim.events.envelope import Envelope, Fact
from cleanclaim.events.wire import encode

RUNTIME = SystemRuntime()


class Timed(BatchApplier):
    """The applier, with its rate once it is warm: its batches are as large as they get."""

    began = 0.0
    ended = 0.0
    first = 0
    applied = 0

    @property
    def rate(self) -> float:
        """Events a second."""
        return (self.applied - self.first) / (self.ended - self.began)

    async def apply(
        self, reads: Sequence[Read], fetched: Mapping[UUID, Any], *, draining: bool = False
    ) -> Outcome:
        outcome = await super().apply(reads, fetched, draining=draining)
        self.ended = time.perf_counter()
        self.applied += outcome.applied
        if not self.began and len(reads) == MOST:
            self.began, self.first = self.ended, self.applied
        return outcome


def wires(facts: Sequence[Fact], organizations: int = 1) -> list[Outgoing]:
    """Facts as records, dealt out over organizations."""
    made = []
    for number, fact in enumerate(facts):
        entry = entry_of(fact)
        envelope = Envelope(
            event_id=RUNTIME.new_id(),
            event_type=entry.type,
            source="cleanclaim/benchmark",
            organization_id=UUID(int=ORGANIZATION.int + number % organizations),
            aggregate_id=key_of(fact),
            aggregate_version=1,
            occurred_at=RUNTIME.now(),
            correlation_id=RUNTIME.new_id(),
            schema_version=entry.version,
        )
        wire = encode(envelope, fact)
        made.append(Outgoing(wire.topic, wire.key, wire.headers, wire.value))
    return made


async def hear(
    bootstrap: str, room: Workroom, heard: Sequence[Subscription], records: Sequence[Outgoing]
) -> float:
    """Publish records, then let a consumer of the service catch up; events a second."""
    applier = Timed(workroom=room, subscriptions=heard, partners=None)
    await hear_from_now_on(bootstrap, room.service, applier.topics)
    publisher = Publisher(bootstrap, client_id="benchmark")
    for first in range(0, len(records), 5_000):
        await publisher.publish(records[first : first + 5_000])
    await publisher.close()
    # as a service begins; here it also spares what the benchmark holds
    spare_the_collector()
    consumer = Consumer(
        applier=applier,
        connect=kafka_reader(bootstrap, service=room.service),
        runtime=RUNTIME,
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(consumer.run(stopping))
    while applier.applied < len(records) and not running.done():
        await asyncio.sleep(0.01)
    stopping.set()
    await running
    gc.unfreeze()
    return applier.rate


async def apply_judged(
    room: Workroom, heard: Sequence[Subscription], records: Sequence[Outgoing]
) -> float:
    """Apply records that were judged before, without Kafka, batch by batch; events a second."""
    applier = BatchApplier(workroom=room, subscriptions=heard, partners=None)
    judged = [
        applier.read(
            Incoming(
                topic=one.topic, partition=0, position=place, key=one.key,
                headers=dict(one.headers), value=one.value,
            )
        )
        for place, one in enumerate(records)
    ]  # fmt: skip
    reads = [read for read in judged if read is not None]
    spare_the_collector()
    started = time.perf_counter()
    for first in range(0, len(reads), MOST):
        await applier.apply(reads[first : first + MOST], {})
    took = time.perf_counter() - started
    gc.unfreeze()
    return len(reads) / took
