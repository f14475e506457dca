"""Invented words that stand for a patient, and the search for them wherever they must not be."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from cleanclaim.chassis.db import async_url
from cleanclaim.devstack.state import State
from cleanclaim.events.catalog import TOPICS

LAST_NAME = "Quaxelbrandt"
FIRST_NAME = "Zvirenka"
BIRTH_ON = "1931-07-19"
STREET = "8841 Xylopharr"
CITY = "Wobblethorpe"
MEMBER_ID = "WXQ771904455"
GROUP_NUMBER = "GRQX99331"
RECORD_NUMBER = "MRN-QX-6620917"
TAX_ID = "900557731"
NOTE = "Vexillophone call about the knee"
CANARIES = (
    LAST_NAME, FIRST_NAME, BIRTH_ON, BIRTH_ON.replace("-", ""), STREET, CITY, MEMBER_ID,
    GROUP_NUMBER, RECORD_NUMBER, TAX_ID, "900-55-7731", NOTE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leak:
    """A canary where none may be."""

    place: str
    word: str


class Search:
    """Looks for these words wherever the system writes, says or keeps something."""

    def __init__(self, words: Iterable[str] = CANARIES) -> None:
        told = [one.encode() for one in words]
        kinds = (
            [re.escape(one) for one in told],
            [one.hex().encode() for one in told],
            [re.escape(one.decode().encode("utf-16-le")) for one in told],
        )
        self._patterns = [re.compile(b"|".join(kind), re.IGNORECASE) for kind in kinds]

    def within(self, place: str, content: bytes) -> Iterator[Leak]:
        """As text in either case, as hexadecimal, in wide letters."""
        for pattern in self._patterns:
            for found in pattern.finditer(content):
                yield Leak(place, found[0].decode("utf-8", "replace"))

    def logs(self, folder: Path) -> Iterator[Leak]:
        """What services, PostgreSQL and Kafka wrote down."""
        for path in sorted((folder / "logs").iterdir()):
            yield from self.within(f"log {path.name}", path.read_bytes())

    def names(self, folder: Path) -> Iterator[Leak]:
        """Names of files and folders; what an 837 for the payer holds is the payer's to read."""
        for path in folder.rglob("*"):
            yield from self.within(f"name {path.relative_to(folder)}", path.name.encode())

    def spans(self, received: Iterable[bytes]) -> Iterator[Leak]:
        for content in received:
            yield from self.within("span", content)

    def metrics(self, state: Path) -> Iterator[Leak]:
        """What /metrics of every process says."""
        for name, part in State.read(state).parts.items():
            if ":" in name:
                answer = httpx.get(f"http://127.0.0.1:{part.port}/metrics", timeout=30)
                assert b"# TYPE" in answer.content
                yield from self.within(f"metrics of {name}", answer.content)

    def answers(self, answers: Mapping[str, bytes]) -> Iterator[Leak]:
        for name, content in answers.items():
            yield from self.within(f"answer to {name}", content)

    async def stream(self, bootstrap_servers: str) -> list[Leak]:
        """Keys, headers and values of every record of every topic since the beginning."""
        found: list[Leak] = []
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
        await consumer.start()
        try:
            places = [
                TopicPartition(topic, number)
                for topic in TOPICS
                for number in range(TOPICS[topic].partitions)
            ]
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            left = sum((await consumer.end_offsets(places)).values())
            left -= sum((await consumer.beginning_offsets(places)).values())
            assert left > 0
            while left > 0:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    left -= len(records)
                    for record in records:
                        found += self._in_record(record)
        finally:
            await consumer.stop()
        return found

    def _in_record(self, record: Any) -> Iterator[Leak]:
        yield from self.within(f"key on {record.topic}", record.key or b"")
        yield from self.within(f"value on {record.topic}", record.value or b"")
        for name, value in record.headers:
            yield from self.within(f"header {name} on {record.topic}", value)

    async def tables(self, admin_url: str, services: Iterable[str]) -> list[Leak]:
        """Every column of every row of every service, as the administrator sees them."""
        found: list[Leak] = []
        engine = create_async_engine(async_url(admin_url))
        try:
            async with engine.connect() as connection:
                for table in await _tables(connection, services):
                    rows = await connection.execute(
                        text(f"SELECT t::text FROM {table} AS t")  # noqa: S608
                    )
                    for row in rows.scalars():
                        found += self.within(f"table {table}", (row or "").encode())
        finally:
            await engine.dispose()
        return found


async def _tables(connection: AsyncConnection, services: Iterable[str]) -> list[str]:
    """Qualified names of the services' tables."""
    names = await connection.execute(
        text(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname = ANY(:schemas)"
        ),
        {"schemas": list(services)},
    )
    found = list(names.scalars())
    assert found
    return found
