"""One transaction: what is told is numbered, logged and queued with the change, or not at all."""

import asyncio
from uuid import UUID, uuid5

import asyncpg
import pytest
from sqlalchemy import text

from cleanclaim.chassis.outbox import bucket_of, pending
from cleanclaim.chassis.runtime import FailPoint
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.intake import PatientRegistered

from . import toy as toys

SUBJECT = UUID("01980000-0000-7000-8000-00000000c001")


async def _count(toy: ServiceUnderTest, table: str) -> int:
    async with toy.workroom.reading(ORGANIZATION) as work:
        counted = text(f"SELECT count(*) FROM toy.{table}")  # noqa: S608 - a table of the toy
        return int(await work.connection.scalar(counted))


async def test_a_change_and_its_fact_are_kept_together(toy: ServiceUnderTest) -> None:
    async with toy.workroom.work(ORGANIZATION) as work:
        thing_id = await toys.keep_thing(work, name="one", cents=100)
    told = await toy.told(PatientRegistered)
    assert [fact.patient_id for fact in told] == [thing_id]
    assert await _count(toy, "outbox") == 1
    assert FailPoint.OUTBOX_AFTER_COMMIT in toy.runtime.fail_points


async def test_a_failed_change_leaves_neither_row_nor_fact(toy: ServiceUnderTest) -> None:
    async def fail_late() -> None:
        async with toy.workroom.work(ORGANIZATION) as work:
            await toys.keep_thing(work, name="one", cents=100)
            await work.write_told()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_late()
    assert await _count(toy, "things") == 0
    assert await _count(toy, "event_log") == 0
    assert await _count(toy, "outbox") == 0
    assert await _count(toy, "event_subject") == 0


async def test_facts_of_one_key_are_numbered_without_gap_over_many_writers(
    toy: ServiceUnderTest,
) -> None:
    async def write(rounds: int) -> None:
        for _ in range(rounds):
            async with toy.workroom.work(ORGANIZATION) as work:
                work.tell(toys.a_fact(SUBJECT), toys.a_fact(SUBJECT))

    await asyncio.gather(*(write(5) for _ in range(6)))
    async with toy.workroom.reading(ORGANIZATION) as work:
        rows = await work.connection.execute(
            text(
                "SELECT e.aggregate_version FROM toy.outbox o JOIN toy.event_log e"
                " ON e.id = o.event_id ORDER BY o.seq"
            )
        )
        assert [row[0] for row in rows] == list(range(1, 61))
        assert await pending(work.connection, work.schema_tables) == 60


async def test_the_bucket_of_a_key_never_changes() -> None:
    keys = [uuid5(SUBJECT, str(number)) for number in range(200)]
    assert bucket_of(SUBJECT) == 13
    assert {bucket_of(key) for key in keys} == set(range(32))


async def test_many_facts_take_as_few_statements_as_one(toy: ServiceUnderTest) -> None:
    async def statements_for(count: int) -> int:
        async with toy.workroom.work(ORGANIZATION) as work:
            seen = []
            engine = toy.workroom.database.engine.sync_engine
            from sqlalchemy import event  # noqa: PLC0415

            def note(*arguments: object) -> None:
                seen.append(arguments[2])

            event.listen(engine, "before_cursor_execute", note)
            work.tell(*(toys.a_fact(uuid5(SUBJECT, str(number))) for number in range(count)))
            await work.write_told()
            event.remove(engine, "before_cursor_execute", note)
            return len(seen)

    assert await statements_for(1) == await statements_for(500) == 3


async def test_a_connection_that_the_server_closed_while_it_lay_idle_is_replaced_unseen(
    toy: ServiceUnderTest,
) -> None:
    async with toy.workroom.work(ORGANIZATION) as work:
        server_process = await work.connection.scalar(text("SELECT pg_backend_pid()"))
    admin = await asyncpg.connect(toy.admin_url)
    await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", server_process)
    await admin.close()
    await asyncio.sleep(0)  # the driver hears of it with the loop's next round
    async with toy.workroom.work(ORGANIZATION) as work:
        again = await work.connection.scalar(text("SELECT pg_backend_pid()"))
    assert again != server_process


async def test_an_organization_sees_only_its_own_rows(toy: ServiceUnderTest) -> None:
    async with toy.workroom.work(OTHER_ORGANIZATION) as work:
        await toys.keep_thing(work, name="theirs", cents=5)
    assert await _count(toy, "things") == 0
    assert await _count(toy, "event_log") == 0
