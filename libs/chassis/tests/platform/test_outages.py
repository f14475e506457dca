"""What passes by itself is waited out and blamed on no request and no event."""

import pytest
from sqlalchemy import make_url, text

from cleanclaim.chassis.db import Database
from cleanclaim.chassis.health import no_room
from cleanclaim.chassis.outages import is_infrastructure

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
