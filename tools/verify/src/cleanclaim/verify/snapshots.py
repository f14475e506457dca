"""One read-only snapshot of each service's schema, read by whole statements or in batches."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg

from cleanclaim.verify.verdicts import CannotLook

BATCH = 5_000
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 600

_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

Row = asyncpg.Record


class Snapshot:
    """A service's schema as it was at one instant; PostgreSQL refuses any write through it."""

    def __init__(self, service: str, connection: "asyncpg.Connection[Row]") -> None:
        self.service = service
        self._connection = connection

    async def rows(self, statement: str, *arguments: Any) -> list[Row]:
        """All rows of a statement that answers with few. Raises CannotLook."""
        try:
            return await self._connection.fetch(statement, *arguments)
        except _TROUBLE as error:
            raise self._trouble(error) from None

    async def count(self, statement: str, *arguments: Any) -> int:
        """The one number that a statement answers. Raises CannotLook."""
        (row,) = await self.rows(statement, *arguments)
        return int(row[0] or 0)

    async def batches(self, statement: str, *arguments: Any) -> AsyncIterator[list[Row]]:
        """The rows of a long answer, a few thousand at a time. Raises CannotLook."""
        try:
            cursor = await self._connection.cursor(statement, *arguments)
            while rows := await cursor.fetch(BATCH):
                yield rows
        except _TROUBLE as error:
            raise self._trouble(error) from None

    def _trouble(self, error: Exception) -> CannotLook:
        # the class alone: a server's message may quote a row
        return CannotLook(f"the database of {self.service} does not answer: {type(error).__name__}")


@asynccontextmanager
async def snapshots_of(databases: Mapping[str, str]) -> AsyncIterator[dict[str, Snapshot]]:
    """A snapshot of each database (service → address), all open until the block ends.

    Raises:
        CannotLook: one cannot be reached, or its role may not enter.
    """
    async with AsyncExitStack() as stack:
        opened = {}
        for service, url in databases.items():
            opened[service] = Snapshot(service, await _begin(stack, service, url))
        yield opened


async def _begin(
    stack: AsyncExitStack, service: str, url: str
) -> "asyncpg.Connection[asyncpg.Record]":
    try:
        connection = await asyncpg.connect(
            url.replace("postgresql+asyncpg://", "postgresql://", 1),
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings={"application_name": "cleanclaim-verify"},
        )
        stack.push_async_callback(_end, connection.close)
        await connection.set_type_codec(
            "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
        )
        transaction = connection.transaction(isolation="repeatable_read", readonly=True)
        await transaction.start()
        # the snapshot is taken by the first statement
        await connection.fetchval("SELECT 1")
    except _TROUBLE as error:
        raise CannotLook(
            f"the database of {service} cannot be entered ({type(error).__name__});"
            " see the address of its reporter role"
        ) from None
    stack.push_async_callback(_end, transaction.rollback)
    return connection


async def _end(step: Callable[[], Awaitable[None]]) -> None:
    # a connection that was lost meanwhile has nothing left to end
    with contextlib.suppress(*_TROUBLE):
        await step()
