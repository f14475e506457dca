"""Measures the whole way, encounter accepted to deposit matched, beside its floors: `make bench`.

Knobs: VISITS=200 (how many encounters), ROWS=50000 (rows and events of the floors), KEEP=1.
"""

import asyncio
import os
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
from floors import consume, make_topic, messages_like, postgres_rows, produce
from machine import age_of, measured_on, percentile, resident_mib, table, whole

from cleanclaim.devstack.parts import SERVICES, service_parts
from cleanclaim.devstack.places import state_folder
from cleanclaim.devstack.stack import ONLY_INFRASTRUCTURE, Stack
from cleanclaim.events.accounts import JournalPosted
from cleanclaim.events.claims import ClaimSubmitted
from cleanclaim.events.examples import example_record
from cleanclaim.events.reconcile import DepositMatched
from cleanclaim.events.remittance import ClaimPaymentPosted
from cleanclaim.payersim.scenario import Money, Payer, Scenario
from cleanclaim.seed.doors import Doors
from cleanclaim.seed.encounters import visits
from cleanclaim.seed.story import Story, told

SENT_ON = date(2026, 3, 2)
PAID_ON = date(2026, 3, 17)
PAYERS = tuple(
    Payer(name=f"Invented Payer {n}", identifier=f"INV0{n}", originating_company_id=f"199000002{n}")
    for n in range(1, 4)
)
SCENARIO = Scenario(payers=PAYERS, rules=(), money=Money())


@dataclass(slots=True)
class TimedDoors(Doors):
    """The same doors, each answer timed; path → seconds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    async def post(self, service: str, path: str, body: Any = None, *, once: bool = True) -> Any:
        started = time.perf_counter()
        # named parent: a dataclass with slots is made anew, which a bare super() does not see
        answer = await Doors.post(self, service, path, body, once=once)
        self.seconds.setdefault(path, []).append(time.perf_counter() - started)
        return answer


@dataclass(slots=True)
class Way:
    """What one run of the way took: seconds by stretch, latencies of the encounter's door."""

    stretches: dict[str, float]
    accepts: list[float]


async def walk(stack: Stack, count: int) -> Way:
    """Send visits through every service until each deposit is matched; no errors, no waiting."""
    async with told(stack, SCENARIO, seed=7, name="Benchmark", begins_on=SENT_ON) as story:
        doors = TimedDoors(clients=story.clinic.doors.clients, run_name=story.clinic.doors.run_name)
        story.clinic.doors = doors
        sending = _clean_visits(story, count)
        started = time.perf_counter()
        marks: dict[str, float] = {}

        def mark(name: str) -> None:
            marks[name] = time.perf_counter() - started - sum(marks.values())

        await story.clinic.send(sending)
        mark("accepted: patient, coverage and encounter by REST")
        await _submitted(story, count)
        mark("submitted: claims built, edited and written as 837P")
        await _paid(story, count)
        mark("posted: 999, 277CA and 835 read, payments posted")
        await _matched(story, count)
        mark("matched: journal booked, bank file read, deposits matched")
        return Way(marks, doors.seconds["/v1/encounters"])


def _clean_visits(story: Story, count: int) -> list[Any]:
    made = visits(
        seed=7,
        count=count,
        payers=[payer.name for payer in PAYERS],
        medicare="",
        staff=story.clinic.staff,
        until_on=SENT_ON,
    )
    return [one.before or one for one in made]


async def _submitted(story: Story, count: int) -> None:
    while len(story.clinic.stream.of(ClaimSubmitted)) < count:
        await story.clinic.cut_batch()
        await asyncio.sleep(0.2)


async def _paid(story: Story, count: int) -> None:
    story.payers.answer_outbound(today=SENT_ON)
    story.day(PAID_ON)
    story.payers.pay_until(today=PAID_ON)
    stream = story.clinic.stream
    await stream.until(
        lambda: len(stream.of(ClaimPaymentPosted)) >= count, "all payments", seconds=600
    )


async def _matched(story: Story, count: int) -> None:
    stream = story.clinic.stream

    def done() -> bool:
        matched = {
            part.remittance_id for one in stream.of(DepositMatched) for part in one.fact.parts
        }
        paid = {one.fact.remittance_id for one in stream.of(ClaimPaymentPosted)}
        booked = {one.fact.claim_id for one in stream.of(JournalPosted)} - {None}
        return paid <= matched and len(booked) >= count

    await stream.until(done, "all deposits", seconds=600)


async def handled_after(database_url: str) -> list[tuple[str, int, float, float]]:
    """Milliseconds from the teller's commit to the hearer's, by hearer: name, events, p50, p99."""
    connection = await asyncpg.connect(database_url)
    found = []
    try:
        for hearer in SERVICES:
            waits: list[float] = []
            for teller in SERVICES:
                rows = await connection.fetch(
                    "SELECT extract(epoch FROM pg_xact_commit_timestamp(i.xmin)"
                    " - pg_xact_commit_timestamp(e.xmin))::float8 * 1000 AS ms"
                    f" FROM {hearer}.inbox i JOIN {teller}.event_log e ON e.id = i.event_id"
                )
                waits += [row["ms"] for row in rows]
            if waits:
                found.append((hearer, len(waits), percentile(waits, 0.5), percentile(waits, 0.99)))
    finally:
        await connection.close()
    return found


def by_process(stack: Stack) -> list[tuple[str, float, float]]:
    """Each process after the run: name, resident MiB; then restarted alone: seconds to ready."""
    names = service_parts(SERVICES)
    memory = {one.name: resident_mib(one.pid) for one in stack.status() if one.name in names}
    rows = []
    for name in names:
        stack.restart(name)
        pid = next(one.pid for one in stack.status() if one.name == name)
        rows.append((name, memory[name], age_of(pid)))
    return rows


async def floors(stack: Stack, count: int) -> list[tuple[str, float]]:
    rows = await postgres_rows(stack.database_url, count)
    record = example_record(ClaimSubmitted)
    topic = f"floor.{secrets.token_hex(4)}"
    await make_topic(stack.kafka_bootstrap, topic)
    messages = messages_like(record, count)
    produced = await produce(stack.kafka_bootstrap, topic, messages)
    consumed = await consume(stack.kafka_bootstrap, topic, count)
    return [
        ("PostgreSQL, rows/s by COPY, no row-level security", rows["copy"]),
        ("PostgreSQL, rows/s by INSERT … SELECT unnest under row-level security", rows["unnest"]),
        (f"Kafka, events/s by a bare producer ({len(record.value):,} bytes each)", produced),
        ("Kafka, events/s by a bare consumer", consumed),
    ]


def prepare(stack: Stack) -> None:
    """Infrastructure that remembers when each transaction committed, then the services."""
    stack.up(only=ONLY_INFRASTRUCTURE)

    async def remember_commits() -> None:
        connection = await asyncpg.connect(stack.database_url)
        await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        await connection.close()

    asyncio.run(remember_commits())
    stack.restart("postgres")
    stack.up(virtual_now=datetime(2026, 3, 2, 15, tzinfo=UTC))


def show(count: int, way: Way) -> None:
    total = sum(way.stretches.values())
    print(f"\n{count} encounters, accepted to deposit matched: {total:.1f} s, "
          f"{count / total:.1f} claims/s\n")  # fmt: skip
    rows = [(name, took, count / took) for name, took in way.stretches.items()]
    print(table(("stretch", "seconds", "claims/s"), rows))
    accepts = [one * 1000 for one in way.accepts]
    print(f"\nEncounter's door, 8 at once: p50 {percentile(accepts, 0.5):.0f} ms, "
          f"p99 {percentile(accepts, 0.99):.0f} ms\n")  # fmt: skip


def main() -> None:
    count, rows = whole("VISITS", 200), whole("ROWS", 50_000)
    print(measured_on())
    stack = Stack.at(state_folder() / "benchmark", say=print)
    try:
        prepare(stack)
        way = asyncio.run(walk(stack, count))
        show(count, way)
        handled = asyncio.run(handled_after(stack.database_url))
        print(table(("hearer, teller's commit to its own", "events", "p50 ms", "p99 ms"), handled))
        below = asyncio.run(floors(stack, rows))
        print("\n" + table(("floor of the same run", "per second"), below), flush=True)
        heads = ("process", "MiB resident", "seconds to ready")
        print("\n" + table(heads, by_process(stack)))
    finally:
        if not os.environ.get("KEEP"):
            stack.down(purge=True)


if __name__ == "__main__":
    main()
