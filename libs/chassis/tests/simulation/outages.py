"""Takes the database away from who uses it: the server ends sessions, the driver finds out."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy import Connection, event, make_url

from cleanclaim.chassis.fences import Roles

from .clockwork import Actor, Clockwork, Crash
from .model import Databases
from .swarm import Fault, Swarm

LONGEST_SECONDS = 10.0
# the server heeds a signal of its own while it sleeps, and answers nothing more
DIE = "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)"
GONE_MS = 5_000


class Outages:
    """What is done in one life to the sessions of three services with a real server."""

    def __init__(
        self,
        clockwork: Clockwork,
        swarm: Swarm,
        databases: Databases,
        admin: "asyncpg.Connection[Any]",
    ) -> None:
        self.clockwork = clockwork
        self.swarm = swarm
        self.databases = databases
        self._admin = admin
        self._away_until: dict[str, float] = {}
        self._closed_port = 0
        self.lost_commits: dict[Actor, Fault] = {}
        """By process: how its last COMMIT ended, where it was told of no end."""
        self.lines: set[FrailLine] = set()

    @contextmanager
    def striking(self) -> Iterator[None]:
        """While the block runs, statements, commits and connections may be struck."""
        engines = {service: one.engine.sync_engine for service, one in self.databases.of.items()}
        hooks: list[tuple[Any, str, Any]] = []
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # and never listens
            self._closed_port = nobody.getsockname()[1]
            for service, engine in engines.items():
                hooks += [
                    (engine, "before_cursor_execute", self._at_statement),
                    (engine, "commit", self._at_commit),
                    (engine, "do_connect", self._door_of(service)),
                ]
            for target, name, hook in hooks:
                event.listen(target, name, hook, **({"retval": True} if "before" in name else {}))
            try:
                yield
            finally:
                for target, name, hook in hooks:
                    event.remove(target, name, hook)

    def heal(self) -> None:
        self._away_until.clear()

    def database(self, service: str) -> "FrailDatabase":
        return FrailDatabase(self, service)

    @property
    def _role(self) -> str:
        actor = self.clockwork.running
        return actor.role if actor else ""

    def _away(self, service: str) -> bool:
        return self.clockwork.now < self._away_until.get(service, 0.0)

    async def begins(self, service: str) -> None:
        """Somebody wants a connection: now and then the database has just gone away."""
        if self._away(service) or not self.swarm.drawn(Fault.DATABASE_AWAY):
            return
        seconds = self.clockwork.chance.random() * LONGEST_SECONDS
        self._away_until[service] = self.clockwork.now + seconds
        roles = Roles.of(service)
        ended = await self._admin.fetch(
            "SELECT pid, pg_terminate_backend(pid, $2) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = ANY($1)",
            [roles.app, roles.relay],
            GONE_MS,
        )
        self.databases.dead.update(row["pid"] for row in ended)
        for line in [one for one in self.lines if one.service == service]:
            await line.hear()

    def port(self, service: str, usual: int) -> int:
        """Where the service's database listens: while it is away, nobody does."""
        if not self._away(service):
            return usual
        self.swarm.note(Fault.DATABASE_AWAY, self._role)
        return self._closed_port

    def _door_of(self, service: str) -> Any:
        def door(_dialect: Any, _record: Any, _words: Any, settings: dict[str, Any]) -> None:
            settings["port"] = self.port(service, settings["port"])

        return door

    def _at_statement(
        self, connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        self.clockwork.point("statement")
        if not self.swarm.happens(Fault.SESSION_LOST, self._role):
            return statement, parameters
        driver = self._doomed(connection)
        if self.clockwork.chance.random() < 0.5:
            driver._transport.abort()
            return statement, parameters
        return DIE, ()

    def _at_commit(self, connection: Connection) -> None:
        try:
            self.clockwork.point("commit")
        except Crash:
            # a commit that raised here counts as done: the session would go back to the pool with
            # its transaction open, and whoever takes it next would commit what the dead one wrote
            connection.dialect.do_rollback(connection.connection)
            raise
        lost = next(
            (
                fault
                for fault in (Fault.COMMIT_LOST, Fault.COMMIT_ACK_LOST)
                if self.swarm.happens(fault, self._role)
            ),
            None,
        )
        actor = self.clockwork.running
        if lost is None or actor is None:
            return
        self.lost_commits[actor] = lost
        driver = self._doomed(connection)
        words = f"COMMIT; {DIE}" if lost is Fault.COMMIT_ACK_LOST else DIE
        connection.connection.dbapi_connection._transaction = _LastWords(driver, words)

    def _doomed(self, connection: Connection) -> Any:
        driver = connection.connection.driver_connection
        self.databases.dead.add(driver.get_server_pid())
        return driver

    async def end(self, pid: int) -> None:
        """End a session, or wait until it has ended: what it held is free then."""
        await self._admin.fetchval("SELECT pg_terminate_backend($1, $2)", pid, GONE_MS)


class _LastWords:
    """A transaction whose COMMIT the server hears, or does not, before the session ends."""

    def __init__(self, driver: Any, words: str) -> None:
        self._driver = driver
        self._words = words

    async def commit(self) -> None:
        await self._driver.execute(self._words)


class FrailDatabase:
    """A service's database that may be away when somebody wants a connection."""

    def __init__(self, outages: Outages, service: str) -> None:
        self._outages = outages
        self._service = service
        self._database = outages.databases.of[service]
        self.engine = self._database.engine

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        await self._outages.begins(self._service)
        async with self._database.connect() as connection:
            yield connection


class FrailLine:
    """A relay's own connection: each statement is a transaction of its own."""

    def __init__(
        self, connection: "asyncpg.Connection[Any]", service: str, outages: Outages
    ) -> None:
        self.service = service
        self.pid = connection.get_server_pid()
        self.connection = connection
        self._transport = connection._transport
        self._outages = outages

    async def fetch(self, statement: str, *values: Any) -> Any:
        if self._struck(Fault.SESSION_LOST):
            await self._lose()
        return await self.connection.fetch(statement, *values)

    async def execute(self, statement: str, *values: Any) -> Any:
        if self._struck(Fault.COMMIT_LOST):
            await self._lose()
        done = await self.connection.execute(statement, *values)
        if self._struck(Fault.COMMIT_ACK_LOST):
            await self._lose()
            return await self.connection.execute(statement, *values)  # nobody answers
        return done

    def _struck(self, fault: Fault) -> bool:
        return self._outages.swarm.happens(fault, "relay")

    async def _lose(self) -> None:
        if self._outages.clockwork.chance.random() < 0.5:
            self._transport.abort()
        else:
            await self._outages.end(self.pid)
            await self.hear()

    async def hear(self) -> None:
        """The driver hears a moment later that the server ended its session: runs would differ."""
        while not self._transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.001)


class OnFrailLine:
    """What makes a relay's class one whose connection may be refused and lost."""

    outages: Outages
    _line: FrailLine | None = None

    async def _connected(self) -> FrailLine:
        service = self._service
        await self.outages.begins(service)
        usual = make_url(self.outages.databases.relay_url(service))
        url = usual.set(port=self.outages.port(service, usual.port))
        self._url = url.render_as_string(hide_password=False)
        connection = await super()._connected()
        if self._line is None or self._line.connection is not connection:
            self._lay(FrailLine(connection, service, self.outages))
        return self._line

    def _lay(self, line: FrailLine | None) -> None:
        self.outages.lines.discard(self._line)
        self._line = line
        if line is not None:
            self.outages.lines.add(line)

    async def _let_go(self) -> None:
        """A session ends a moment after its process: wait, or runs would differ."""
        line = self._line
        self._lay(None)
        await super()._let_go()
        if line is not None:
            await self.outages.end(line.pid)
