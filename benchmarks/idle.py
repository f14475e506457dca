"""Measures what a stack costs that has nothing to do, and how fast it wakes: `make bench-idle`.

Knobs: IDLE=60 (for how many seconds it idles), ORGANIZATIONS=3, VISITS=20 (encounters and files
that are timed one by one), KEEP=1.
"""

import asyncio
import os
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench_way import PAYERS, SCENARIO, SENT_ON
from machine import measured_on, percentile, table, whole

from cleanclaim.devstack.places import state_folder
from cleanclaim.devstack.stack import Stack
from cleanclaim.events.claims import ClaimAcknowledged, ClaimSubmitted
from cleanclaim.events.envelope import Fact
from cleanclaim.seed.encounters import Visit, visits
from cleanclaim.seed.story import LocalStory, told
from cleanclaim.seed.stream import Stream

BATCH_SECONDS = "1"
"""The shortest a clean claim may wait for others, so that the job's own delay is what is seen."""
CALM_SECONDS = 20
"""A stack that has just worked grows idle in steps."""


def processor_seconds(pid: int) -> float:
    """User and system time of a process and its children, those that ended too."""
    whole_tree = _spent(pid)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        whole_tree += _spent(int(child))
    return whole_tree


def _spent(pid: int) -> float:
    try:
        # man 5 proc: fields 14 to 17, with children that were waited for
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields)) / os.sysconf("SC_CLK_TCK")


def idle(stack: Stack, seconds: int) -> list[tuple[str, float]]:
    """Share of one core that each part takes while nothing happens."""
    parts = {one.name: one.pid for one in stack.status()}
    before = {name: processor_seconds(pid) for name, pid in parts.items()}
    started = time.perf_counter()
    time.sleep(seconds)
    took = time.perf_counter() - started
    return [(name, (processor_seconds(parts[name]) - before[name]) / took) for name in parts]


def summed(shares: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The shares in percent: services' processes by their kind, the rest by name, and all."""
    kinds: dict[str, float] = {}
    for name, share in shares:
        service, _, role = name.partition(":")
        kinds[f"six {role}s" if role else service] = (
            kinds.get(f"six {role}s" if role else service, 0.0) + share * 100
        )
    return [*sorted(kinds.items()), ("all", sum(kinds.values()))]


async def waking(stories: Sequence[LocalStory], count: int) -> tuple[list[float], list[float]]:
    """Seconds from encounter accepted to claim submitted, and from file laid down to told.

    One at a time, each at a moment of chance, so that no rhythm of the stack is met.
    """
    chance = random.Random(7)
    submitted: list[float] = []
    answered: list[float] = []
    sending = [_clean_visits(story, count) for story in stories]
    for number in range(count):
        story, visit = stories[number % len(stories)], sending[number % len(stories)][number]
        stream = story.clinic.stream
        await asyncio.sleep(3 + 3 * chance.random())
        before = len(stream.of(ClaimSubmitted))
        await story.clinic.send_one(visit)
        submitted.append(await _until_more(stream, ClaimSubmitted, before))
        await asyncio.sleep(3 + 3 * chance.random())
        before = len(stream.of(ClaimAcknowledged))
        story.payers.answer_outbound(today=SENT_ON)
        answered.append(await _until_more(stream, ClaimAcknowledged, before))
    return submitted, answered


async def _until_more(stream: Stream, model: type[Fact], before: int) -> float:
    started = time.perf_counter()
    await stream.until(lambda: len(stream.of(model)) > before, model.__name__)
    return time.perf_counter() - started


def _clean_visits(story: LocalStory, count: int) -> list[Visit]:
    payers = [payer.name for payer in PAYERS]
    made = visits(
        seed=7, count=count, payers=payers, medicare="", staff=story.clinic.staff, until_on=SENT_ON
    )
    return [one.before or one for one in made]


async def measure(stack: Stack, *, organizations: int, seconds: int, count: int) -> None:
    async with AsyncExitStack() as open_stories:
        stories = [
            await open_stories.enter_async_context(
                told(stack, SCENARIO, seed=number, name=f"Idle {number}", begins_on=SENT_ON)
            )
            for number in range(1, organizations + 1)
        ]
        submitted, answered = await waking(stories, count)
    rows = [
        (name, percentile(waits, 0.5) * 1000, max(waits) * 1000)
        for name, waits in (
            ("encounter accepted to claim submitted", submitted),
            ("999 laid down to claim acknowledged", answered),
        )
    ]
    print("\n" + table(("idle stack wakes", "p50 ms", "longest ms"), rows), flush=True)
    await asyncio.sleep(CALM_SECONDS)
    shares = await asyncio.to_thread(idle, stack, seconds)
    print("\n" + table(("part", "% of a core"), [(name, share * 100) for name, share in shares]))
    print("\n" + table(("idle together", "% of a core"), summed(shares)))


def main() -> None:
    """Start a stack with a few organizations, wake it a few times, let it idle, print."""
    print(measured_on())
    stack = Stack.at(state_folder() / "benchmark-idle", say=print)
    try:
        stack.up(virtual_now=datetime(2026, 3, 2, 15, tzinfo=UTC))
        stack.restart(
            "claims:worker",
            extra={"claims:worker": {"CLEANCLAIM_CLAIMS_BATCH_SECONDS": BATCH_SECONDS}},
        )
        asyncio.run(
            measure(
                stack,
                organizations=whole("ORGANIZATIONS", 3),
                seconds=whole("IDLE", 60),
                count=whole("VISITS", 20),
            )
        )
    finally:
        if not os.environ.get("KEEP"):
            stack.down(purge=True)


if __name__ == "__main__":
    main()
