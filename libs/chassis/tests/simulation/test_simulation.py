"""Hundreds of lives of three services under faults, each from a seed; `make simulate SEEDS=200`."""

import os
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.polled import Polled
from cleanclaim.chassis.relay import Relay

from .lives import ENOUGH_FOR_EACH_KIND, Life, lived, never_happened
from .model import databases
from .world import Parts

SEEDS = int(os.environ.get("SEEDS") or ENOUGH_FOR_EACH_KIND)
ENOUGH = 60
"""A planted mistake must be found within so many seeds."""


@pytest.fixture(scope="session")
async def stage(admin_url: str) -> AsyncIterator[Any]:
    async with databases(admin_url) as found:
        yield found


@pytest.fixture(scope="session")
async def lives(stage: Any) -> list[Life]:
    return [await lived(stage, seed) for seed in range(1, SEEDS + 1)]


async def test_no_seed_loses_doubles_or_turns_anything_around(lives: list[Life]) -> None:
    failed = [life for life in lives if life.trouble is not None]
    assert not failed, "\n".join(f"{life.again}\n{life.report}" for life in failed[:3])
    assert len({life.trace for life in lives}) == SEEDS, "two seeds lived the same life"


async def test_every_kind_of_fault_happened_to_everybody_whom_it_may_strike(
    lives: list[Life], stage: Any
) -> None:
    further = range(SEEDS + 1, ENOUGH_FOR_EACH_KIND + 1)
    assert never_happened([*lives, *[await lived(stage, seed) for seed in further]]) == []


async def test_a_seed_is_the_same_life_each_time(lives: list[Life], stage: Any) -> None:
    again = [await lived(stage, life.seed) for life in lives[:3]]
    assert [(one.trace, one.happened) for one in again] == [
        (one.trace, one.happened) for one in lives[:3]
    ]


class _ForgetsBeforeSending(Relay):
    """Deletes what it is about to send: a death or a refusal in between loses it."""

    async def relay_once(self) -> int:
        publish, publisher = self._publisher.publish, self._publisher

        async def delete_first(records: Sequence[Any]) -> None:
            connection = await self._connected()
            await connection.execute(f"DELETE FROM {self._service}.outbox")
            await publish(records)

        publisher.publish = delete_first  # type: ignore[method-assign]
        try:
            return await super().relay_once()
        finally:
            publisher.publish = publish  # type: ignore[method-assign]


class _HasNoMemory(BatchApplier):
    """Takes every event for a new one, whatever the inbox says."""

    async def _drop_known(self, connection: Any, reads: Sequence[Read]) -> list[Read]:
        await super()._drop_known(connection, reads)
        return list(reads)


class _CommitsTooEarly(Consumer):
    """Commits offsets of what it has only read."""

    async def _take(self, reader: Any, polled: Polled, ahead: Polled, stopping: Any) -> None:
        await reader.commit(polled.ends)
        await super()._take(reader, polled, ahead, stopping)


class _ForgetsParkedKeys(BatchApplier):
    """Parks an event, but lets later ones of its key pass."""

    async def park_alone(self, read: Read, reason: str) -> None:
        await super().park_alone(read, reason)
        async with self.workroom.database.connect() as connection, connection.begin():
            await connection.execute(self.workroom.tables.parked_keys.delete())


class _GoesOnAfterAnOutage(Consumer):
    """Takes up after an outage behind what it had in hand, as if that had been applied."""

    def _go_back(self, _reader: Any, _polled: Polled, ahead: Polled) -> None:
        for partition in list(ahead.begins):
            ahead.drop(partition)


@pytest.mark.parametrize(
    "parts",
    [
        Parts(relay=_ForgetsBeforeSending),
        Parts(applier=_HasNoMemory),
        Parts(consumer=_CommitsTooEarly),
        Parts(applier=_ForgetsParkedKeys),
        Parts(consumer=_GoesOnAfterAnOutage),
    ],
    ids=[
        "relay deletes first",
        "no inbox",
        "offsets before effects",
        "key flows past poison",
        "an outage skips",
    ],
)
async def test_a_planted_mistake_is_found(stage: Any, parts: Parts) -> None:
    for seed in range(1, ENOUGH + 1):
        if (await lived(stage, seed, parts)).trouble is not None:
            return
    pytest.fail(f"no seed up to {ENOUGH} found it")
