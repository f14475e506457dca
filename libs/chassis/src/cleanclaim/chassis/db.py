"""The connection to one service's own database, and set-based writing for its hot paths."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ExceptionContext, Table, TextClause, event, select, text, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_DISK_FULL = "53100"


def async_url(url: str) -> str:
    """A `postgresql://` address as SQLAlchemy's asyncpg dialect wants it."""
    for scheme in ("postgresql+asyncpg://", "postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+asyncpg://" + url.removeprefix(scheme)
    raise ValueError("a database address begins with postgresql://")


def plain_url(url: str) -> str:
    """The same address as asyncpg itself wants it."""
    return async_url(url).replace("postgresql+asyncpg://", "postgresql://", 1)


class Database:
    """An engine and its connections; who opens a transaction and who commits is `work`'s affair."""

    def __init__(
        self, url: str, *, application: str, pool_size: int = 8, command_seconds: int | None = None
    ) -> None:
        """`command_seconds` is how long a statement may take before it is given up.

        Without it a server that takes bytes and is silent would hold whoever asks for ever.
        """
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            connect_args={
                "server_settings": {"application_name": application},
                "timeout": 10,
                "command_timeout": command_seconds,
            },
        )
        self.out_of_room = False
        """A statement of this process found no room on the disk, and none since has found some."""
        event.listen(self.engine.sync_engine, "handle_error", self._note)
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)

    def _note(self, context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) == _DISK_FULL:
            self.out_of_room = True

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()


def _refuse_closed(_: Any, record: ConnectionPoolEntry, __: Any) -> None:
    """Let the pool connect anew where the server has closed a connection that lay idle.

    The driver hears of it by itself; a ping before each transaction (SQLAlchemy's `pool_pre_ping`)
    asks the server three times to learn the same.
    """
    driver: Any = record.driver_connection
    if driver.is_closed():
        raise DisconnectionError


def has_row(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether any row fulfils them, found anew by its index for each row of the statement around.

    PostgreSQL may answer EXISTS by reading the whole table once, which is right for many rows
    around it and far too much for a few organizations.
    """
    return select(true()).where(*conditions).limit(1).scalar_subquery().is_(true())


async def insert_rows(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    on_conflict: str = "",
    returning: Sequence[str] = (),
) -> Sequence[RowMapping]:
    """Write many rows with one statement: `INSERT … SELECT … FROM unnest(…)`.

    Every row names the same columns. `on_conflict` is the rest of that clause, such as
    `(organization_id, id) DO NOTHING`; identifiers in it are the programmer's, never input.
    PostgreSQL refuses COPY into a table with row-level security, hence unnest. Array columns
    are not supported (unnest would flatten them): keep lists in jsonb.
    """
    if not rows:
        return ()
    names = tuple(rows[0])
    values = {f"c{number}": _column_values(table, name, rows) for number, name in enumerate(names)}
    statement = _insert_statement(table, names, on_conflict, tuple(returning))
    result = await connection.execute(statement, values)
    return result.mappings().all() if returning else ()


def _column_values(table: Table, name: str, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    if isinstance(table.c[name].type, postgresql.JSON):  # JSONB is a kind of JSON
        return [None if row[name] is None else _json_text(row[name]) for row in rows]
    return [row[name] for row in rows]


def _json_text(value: Any) -> str:
    # a text is JSON already: what was validated is stored byte for byte
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


@lru_cache(maxsize=512)
def _insert_statement(
    table: Table, names: tuple[str, ...], on_conflict: str, returning: tuple[str, ...]
) -> TextClause:
    casts, selected = [], []
    for number, name in enumerate(names):
        kind = table.c[name].type.compile(dialect=_DIALECT)
        is_json = kind in {"JSON", "JSONB"}
        casts.append(f"CAST(:c{number} AS {'TEXT' if is_json else kind}[])")
        selected.append(f"CAST(v.c{number} AS {kind})" if is_json else f"v.c{number}")
    aliases = ", ".join(f"c{number}" for number in range(len(names)))
    columns = ", ".join(f'"{name}"' for name in names)
    sql = (
        f'INSERT INTO {table.schema}."{table.name}" ({columns}) '  # noqa: S608 - names of ours
        f"SELECT {', '.join(selected)} FROM unnest({', '.join(casts)}) "
        f"WITH ORDINALITY AS v({aliases}, ordinal) ORDER BY v.ordinal"
    )
    if on_conflict:
        sql += f" ON CONFLICT {on_conflict}"
    if returning:
        sql += " RETURNING " + ", ".join(f'"{name}"' for name in returning)
    return text(sql)
