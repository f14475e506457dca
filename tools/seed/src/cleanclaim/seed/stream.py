"""Waits on the stream itself: everything an organization's services tell, as it is told."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer

from cleanclaim.events.catalog import TOPICS, entry_of
from cleanclaim.events.envelope import Fact
from cleanclaim.events.wire import Heard, decode


class StillWaiting(TimeoutError):  # noqa: N818 - says what is the matter
    """What was awaited has not been told in time; says what was told instead."""


class Stream:
    """All facts of one organization since the stream was opened, each once."""

    def __init__(self, consumer: AIOKafkaConsumer, organization_id: UUID) -> None:
        self._consumer = consumer
        self._organization_id = organization_id
        self._seen: set[UUID] = set()
        self._news = asyncio.Event()
        self.heard: list[Heard[Any]] = []

    def of(self, *models: type[Fact]) -> list[Heard[Any]]:
        """The facts of these types so far, in the order in which they arrived."""
        return [one for one in self.heard if isinstance(one.fact, models)]

    def counts(self) -> Counter[str]:
        """How many facts of each type came so far."""
        return Counter(entry_of(one.fact).name for one in self.heard)

    async def until(self, done: Callable[[], bool], what: str, *, seconds: int = 90) -> None:
        """Return as soon as `done()` holds.

        Raises:
            StillWaiting: it does not hold after `seconds`.
        """
        try:
            async with asyncio.timeout(seconds):
                while not done():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise StillWaiting(
                f"after {seconds} s still waiting for {what}; told so far: {dict(self.counts())}"
            ) from None

    async def quiet(self, *, seconds: float = 1.0) -> None:
        """Return when nothing was told for so long: what followed has followed."""
        while True:
            before = len(self.heard)
            await asyncio.sleep(seconds)
            if len(self.heard) == before:
                return

    async def listen(self) -> None:
        async for record in self._consumer:
            headers = dict(record.headers)
            if record.value is None or headers.get("ce_organization") != self._name:
                continue
            heard = decode(key=record.key, headers=headers, value=record.value)
            if heard.envelope.event_id not in self._seen:
                self._seen.add(heard.envelope.event_id)
                self.heard.append(heard)
                self._news.set()

    @property
    def _name(self) -> bytes:
        return str(self._organization_id).encode()


@asynccontextmanager
async def listening(bootstrap_servers: str, organization_id: UUID) -> AsyncIterator[Stream]:
    """The stream of one organization for as long as the block runs."""
    consumer = AIOKafkaConsumer(
        *TOPICS, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest"
    )
    await consumer.start()
    stream = Stream(consumer, organization_id)
    listener = asyncio.create_task(stream.listen())
    try:
        yield stream
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        # a fetch that waits for its next try lets its own cancellation out of stop()
        with contextlib.suppress(asyncio.CancelledError):
            await consumer.stop()
