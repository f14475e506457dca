"""What passes by itself is waited out and blamed on no request and no event."""

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from cleanclaim.chassis.broker import BrokerUnavailable
from cleanclaim.chassis.db import Database
from cleanclaim.chassis.health import no_room
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.values.errors import Conflict

ELSEWHERE = {
    "a password that has just been changed": {"password": "not yet told to this process"},
    "a database that is just being restored": {"database": "not_there_yet"},
    "a port where nobody listens": {"port": 1},
}


@pytest.mark.parametrize("trouble", ELSEWHERE)
async def test_a_connection_that_is_refused_is_an_outage(admin_url: str, trouble: str) -> None:
    url = make_url(admin_url).set(**ELSEWHERE[trouble])
    database = Database(url.render_as_string(hide_password=False), application="tests")

    with pytest.raises(Exception, match=r".") as refused:
        async with database.connect():
            pass

    assert is_infrastructure(refused.value)


async def test_a_mistake_of_ours_is_no_outage(admin_url: str) -> None:
    database = Database(admin_url, application="tests")

    with pytest.raises(Exception, match="does not exist") as mistaken:
        async with database.connect() as connection:
            await connection.execute(text("SELECT no_such_column"))
    await database.close()

    assert not is_infrastructure(mistaken.value)


FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"


async def test_a_full_disk_makes_unready_until_there_is_room(admin_url: str) -> None:
    database = Database(admin_url, application="tests")
    assert await no_room(database) is None

    with pytest.raises(Exception, match="could not extend file") as full:
        async with database.connect() as connection:
            await connection.execute(text(FULL))

    assert is_infrastructure(full.value)
    assert database.out_of_room
    assert await no_room(database) is None, "it asks for room, and there is some"
    assert not database.out_of_room
    await database.close()


class _Said(Exception):  # noqa: N818 - what the driver hands on is no error of ours
    """What the database said, as the driver hands it on."""

    def __init__(self, sqlstate: str | None, cause: Exception | None = None) -> None:
        super().__init__("said")
        self.sqlstate = sqlstate
        self.__cause__ = cause


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (BrokerUnavailable("no broker"), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (OperationalError("", {}, _Said(None)), True),
        (InterfaceError("", {}, _Said(None)), True),
        # the server ends the session and has not hung up yet
        (asyncpg.InternalClientError("another operation is in progress"), True),
        # a value that the driver cannot encode never fits, however long one waits
        (InterfaceError("", {}, _Said(None, ValueError("too large"))), False),
        *((DBAPIError("", {}, _Said(state)), True)
          for state in ("57P01", "53300", "08006", "40P01", "40001", "55P03", "25P03")),
        *((DBAPIError("", {}, _Said(state)), False) for state in ("23505", "42501", "22003")),
        (Conflict("overtaken"), False),
        (ZeroDivisionError(), False),
    ],
    ids=lambda value: getattr(getattr(value, "orig", None), "sqlstate", None) or repr(value),
)  # fmt: skip
def test_whether_waiting_helps(error: Exception, passes: bool) -> None:
    assert is_infrastructure(error) is passes
