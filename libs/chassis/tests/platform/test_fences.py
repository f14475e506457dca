"""Every trap of row-level security and roles that was ever met, each as a test."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from cleanclaim.chassis.db import plain_url
from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.migrations import drift, migrate
from cleanclaim.chassis.testing import (
    ORGANIZATION,
    OTHER_ORGANIZATION,
    ServiceUnderTest,
    role_passwords,
    role_url,
)
from cleanclaim.chassis.versions import versions_in

from . import toy as toys

ROLES = Roles.of("toy")


async def _as(toy: ServiceUnderTest, role: str) -> asyncpg.Connection:
    return await asyncpg.connect(plain_url(role_url(toy.admin_url, role)))


async def _two_organizations(toy: ServiceUnderTest) -> None:
    for organization in (ORGANIZATION, OTHER_ORGANIZATION):
        async with toy.workroom.work(organization) as work:
            await toys.keep_thing(work, name="thing", cents=5)


async def test_without_an_organization_nothing_is_seen(toy: ServiceUnderTest) -> None:
    await _two_organizations(toy)
    connection = await _as(toy, ROLES.app)
    try:
        assert await connection.fetchval("SELECT count(*) FROM toy.things") == 0
    finally:
        await connection.close()


async def test_a_session_used_before_sees_nothing_afterwards(toy: ServiceUnderTest) -> None:
    # after SET LOCAL the setting is '' and not NULL: a bare cast to uuid would raise here
    await _two_organizations(toy)
    connection = await _as(toy, ROLES.app)
    choose = "SELECT set_config('app.organization_id', $1, true)"
    try:
        async with connection.transaction():
            await connection.execute(choose, str(ORGANIZATION))
            assert await connection.fetchval("SELECT count(*) FROM toy.things") == 1
        assert await connection.fetchval("SELECT count(*) FROM toy.things") == 0
    finally:
        await connection.close()


async def test_a_row_for_another_organization_is_refused(toy: ServiceUnderTest) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with toy.workroom.work(ORGANIZATION) as work:
            await work.connection.execute(
                text(
                    "INSERT INTO toy.things (organization_id, id, name, amount_cents)"
                    " VALUES (:organization, gen_random_uuid(), 'x', 1)"
                ),
                {"organization": OTHER_ORGANIZATION},
            )


async def test_every_table_of_organizations_is_fenced_and_forced(toy: ServiceUnderTest) -> None:
    connection = await asyncpg.connect(plain_url(toy.admin_url))
    try:
        rows = await connection.fetch(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS fenced"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'"
            " WHERE n.nspname = 'toy' AND c.relkind = 'r'"
        )
    finally:
        await connection.close()
    assert len(rows) >= 9
    assert [row["relname"] for row in rows if not row["fenced"]] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM toy.things",
        "SELECT * FROM toy.raw_files",
        "INSERT INTO toy.outbox (bucket, event_id) VALUES (1, gen_random_uuid())",
        "UPDATE toy.event_log SET type = 'x'",
        "DELETE FROM toy.event_log",
    ],
)
async def test_the_relay_may_touch_nothing_but_its_queue(
    toy: ServiceUnderTest, statement: str
) -> None:
    connection = await _as(toy, ROLES.relay)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_relay_reads_the_log_of_every_organization(toy: ServiceUnderTest) -> None:
    await _two_organizations(toy)
    connection = await _as(toy, ROLES.relay)
    try:
        assert await connection.fetchval("SELECT count(*) FROM toy.event_log") == 2
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE toy.event_log SET type = 'x'",
        "DELETE FROM toy.event_log",
        "UPDATE toy.audit_log SET action = 'x'",
        "DELETE FROM toy.audit_log",
        "TRUNCATE toy.audit_log",
        "ALTER TABLE toy.things DISABLE ROW LEVEL SECURITY",
        "DROP TABLE toy.things",
        "CREATE TABLE toy.mine (id int)",
        "SET ROLE cleanclaim_toy_owner",
    ],
)
async def test_the_application_may_not_undo_history_or_fences(
    toy: ServiceUnderTest, statement: str
) -> None:
    connection = await _as(toy, ROLES.app)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["raw_files", "data_keys", "idempotency_keys", "parked_events"])
async def test_the_reporter_reads_no_sealed_content(toy: ServiceUnderTest, table: str) -> None:
    connection = await _as(toy, ROLES.reporter)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM toy.{table}")  # noqa: S608
    finally:
        await connection.close()


async def test_the_reporter_reads_across_organizations(toy: ServiceUnderTest) -> None:
    await _two_organizations(toy)
    connection = await _as(toy, ROLES.reporter)
    try:
        assert await connection.fetchval("SELECT count(*) FROM toy.things") == 2
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM toy.things")
    finally:
        await connection.close()


async def test_the_reporter_sees_where_an_event_is_parked_and_never_what_it_says(
    toy: ServiceUnderTest,
) -> None:
    connection = await _as(toy, ROLES.reporter)
    try:
        await connection.fetch("SELECT topic, key, position, reason, status FROM toy.parked_events")
        for column in ("value", "headers", "settled_because"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT {column} FROM toy.parked_events")  # noqa: S608
    finally:
        await connection.close()


async def test_the_reporter_may_write_nothing_anywhere(toy: ServiceUnderTest) -> None:
    connection = await _as(toy, ROLES.reporter)
    try:
        writable = await connection.fetch(
            "SELECT relname, privilege FROM pg_class"
            " JOIN pg_namespace ON pg_namespace.oid = relnamespace, unnest(ARRAY['INSERT',"
            " 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) AS privilege"
            " WHERE nspname = 'toy' AND relkind IN ('r', 'v', 'p')"
            " AND (has_table_privilege(pg_class.oid, privilege) OR (privilege IN ('INSERT',"
            " 'UPDATE', 'REFERENCES') AND has_any_column_privilege(pg_class.oid, privilege)))"
        )
        assert writable == []
        assert not await connection.fetchval("SELECT has_schema_privilege('toy', 'CREATE')")
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname='toy'")
        for statement in (
            "INSERT INTO toy.outbox (bucket, event_id) VALUES (1, gen_random_uuid())",
            "UPDATE toy.parked_events SET status = 'skipped'",
            "SELECT nextval('toy.outbox_seq_seq')",
            "SET ROLE cleanclaim_toy_owner",
            "SET ROLE cleanclaim_toy_app",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_code_and_migrated_schema_agree(toy: ServiceUnderTest) -> None:
    async with toy.workroom.database.connect() as connection:
        assert await connection.run_sync(drift, "toy", toys.METADATA) == []


async def test_a_second_migration_changes_nothing(toy: ServiceUnderTest) -> None:
    version = await migrate(
        service="toy",
        metadata=toys.METADATA,
        migrations=toys.PARTS.migrations,
        url=toy.admin_url,
        passwords=role_passwords("toy"),
    )
    assert version == versions_in(toys.PARTS.migrations).newest


async def test_an_administrator_is_asked_for_where_the_role_may_not(toy: ServiceUnderTest) -> None:
    from cleanclaim.chassis.migrations import AdministratorNeeded  # noqa: PLC0415

    url = role_url(toy.admin_url, ROLES.app)
    with pytest.raises((AdministratorNeeded, ProgrammingError)) as refused:
        await migrate(
            service="elsewhere",
            metadata=toys.METADATA,
            migrations=toys.PARTS.migrations,
            url=url,
            passwords={},
        )
    assert isinstance(refused.value, AdministratorNeeded)
    assert any("CREATE SCHEMA" in statement for statement in refused.value.statements)
