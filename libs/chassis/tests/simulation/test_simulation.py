"""Hundreds of lives of three services under faults, each from a seed; `make simulate SEEDS=200`."""

import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from cleanclaim.chassis.batch import BatchApplier, Read
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.polled import Polled
from cleanclaim.chassis.relay import Relay

from .model import databases
from .world import Parts, World

SEEDS = int(os.environ.get("SEEDS") or 30)
SEED = int(os.environ["SEED"]) if os.environ.get("SEED") else None
ENOUGH = 60
"""A planted mistake must be found within so many seeds."""


@pytest.fixture(scope="session")
async def stage(admin_url: str) -> AsyncIterator[Any]:
    async with databases(admin_url) as found:
        yield found


async def _live(stage: Any, seed: int, parts: Parts | None = None) -> str:
    found, admin = stage
    return await World(seed, found, admin, parts or Parts()).run()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


async def test_no_seed_loses_doubles_or_turns_anything_around(stage: Any) -> None:
    seeds = [SEED] if SEED is not None else list(range(1, SEEDS + 1))
    lived: list[str] = []
    for seed in seeds:
        try:
            lived.append(await _live(stage, seed))
        except BaseException as error:
            error.add_note(f"seed={seed} commit={_commit()}; again: make simulate SEED={seed}")
            raise
    assert len(set(lived)) == len(seeds), "two seeds lived the same life: chance is not seeded"


async def test_a_seed_is_the_same_life_each_time(stage: Any) -> None:
    for seed in (3, 4, 5):
        assert await _live(stage, seed) == await _live(stage, seed)


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


@pytest.mark.parametrize(
    "parts",
    [
        Parts(relay=_ForgetsBeforeSending),
        Parts(applier=_HasNoMemory),
        Parts(consumer=_CommitsTooEarly),
        Parts(applier=_ForgetsParkedKeys),
    ],
    ids=["relay deletes first", "no inbox", "offsets before effects", "key flows past poison"],
)
async def test_a_planted_mistake_is_found(stage: Any, parts: Parts) -> None:
    for seed in range(1, ENOUGH + 1):
        try:
            await _live(stage, seed, parts)
        except AssertionError:
            return
    pytest.fail(f"no seed up to {ENOUGH} found it")
