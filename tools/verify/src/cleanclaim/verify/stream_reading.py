"""Reads every topic from its first record on, and how far each service has come."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from cleanclaim.events.catalog import TOPICS
from cleanclaim.verify.places import SERVICES
from cleanclaim.verify.stream_index import Record, StreamIndex
from cleanclaim.verify.verdicts import CannotLook

RECORDS_AT_ONCE = 5_000
SILENT_SECONDS = 30
_TROUBLE = (KafkaError, OSError, TimeoutError)

Offsets = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Ends of all partitions, and how far each service had committed, at one instant."""

    ends: Offsets
    committed: Mapping[str, Offsets]

    def reached(self, service: str, topic: str, partition: int) -> int:
        """Records before this position were applied, parked or skipped by the service."""
        return self.committed[service].get((topic, partition), 0)


class StreamReader:
    """A consumer of no group: it moves nobody's offsets."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        admin: AIOKafkaAdminClient,
        partitions: Sequence[TopicPartition],
    ) -> None:
        self._consumer = consumer
        self._admin = admin
        self._partitions = list(partitions)

    async def progress(self) -> Progress:
        """Where topics end and services stand now. Raises CannotLook."""
        try:
            ends = await self._consumer.end_offsets(self._partitions)
            committed = {}
            for service in SERVICES:
                offsets = await self._admin.list_consumer_group_offsets(f"cleanclaim-{service}")
                committed[service] = {
                    (one.topic, one.partition): kept.offset for one, kept in offsets.items()
                }
        except _TROUBLE as error:
            raise _unreadable(error) from None
        return Progress(ends=_plain(ends), committed=committed)

    async def fill(self, index: StreamIndex, *, organization: UUID | None, early: Offsets) -> None:
        """Read all that lies in the topics now into the index. Raises CannotLook.

        `early` are the ends from before the databases were looked at.
        """
        partitions = self._partitions
        try:
            begins = await self._consumer.beginning_offsets(partitions)
            ends = await self._consumer.end_offsets(partitions)
            for one, begin in begins.items():
                if begin > 0 or TOPICS[one.topic].compacted:
                    index.cut(one.topic)
            waiting = {one for one in partitions if ends[one] > begins[one]}
            self._consumer.assign(partitions)
            await self._consumer.seek_to_beginning(*partitions)
            silent = 0
            while waiting:
                polled = await self._consumer.getmany(timeout_ms=1000, max_records=RECORDS_AT_ONCE)
                silent = 0 if polled else silent + 1
                if silent >= SILENT_SECONDS:
                    raise TimeoutError
                batch = [record for records in polled.values() for record in records]
                index.add(_wanted(batch, organization, early))
                waiting = {one for one in waiting if await self._consumer.position(one) < ends[one]}
        except _TROUBLE as error:
            raise _unreadable(error) from None


def _partitions_in(told: Sequence[Mapping[str, Any]]) -> list[TopicPartition]:
    there = [one for one in told if not one["error_code"]]
    if missing := {*TOPICS} - {one["topic"] for one in there}:
        raise CannotLook(f"the broker has no topic {', '.join(sorted(missing))}")
    return [
        TopicPartition(one["topic"], part["partition"])
        for one in there
        for part in one["partitions"]
    ]


def _wanted(batch: Sequence[Any], organization: UUID | None, early: Offsets) -> list[Record]:
    name = str(organization).encode() if organization else None
    found = []
    for record in batch:
        headers = dict(record.headers)
        if record.value is None or (name and headers.get("ce_organization") != name):
            continue
        place = (record.topic, record.partition)
        found.append(
            Record(
                topic=record.topic,
                partition=record.partition,
                position=record.offset,
                key=(record.key or b"").decode("utf-8", "replace"),
                event_id=_id_in(headers),
                event_type=_text(headers, "ce_type"),
                sequence=_number_in(headers),
                early=record.offset < early.get(place, 0),
            )
        )
    return found


def _text(headers: Mapping[str, bytes], name: str) -> str | None:
    value = headers.get(name)
    return value.decode("utf-8", "replace") if value else None


def _id_in(headers: Mapping[str, bytes]) -> UUID | None:
    try:
        return UUID(_text(headers, "ce_id") or "")
    except ValueError:
        return None


def _number_in(headers: Mapping[str, bytes]) -> int | None:
    text = _text(headers, "ce_sequence") or ""
    return int(text) if text.isascii() and text.isdigit() else None


def _plain(offsets: Mapping[TopicPartition, int]) -> dict[tuple[str, int], int]:
    return {(one.topic, one.partition): offset for one, offset in offsets.items()}


def _unreadable(error: Exception) -> CannotLook:
    return CannotLook(f"the broker does not answer ({type(error).__name__})")


@asynccontextmanager
async def reading(bootstrap_servers: str) -> AsyncIterator[StreamReader]:
    """A reader of all topics. Raises CannotLook where no broker answers."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest", enable_auto_commit=False
    )
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                await consumer.start()
                await admin.start()
                told = await admin.describe_topics(list(TOPICS))
        except _TROUBLE as error:
            raise _unreadable(error) from None
        yield StreamReader(consumer, admin, _partitions_in(told))
    finally:
        await consumer.stop()
        await admin.close()
