"""Every look and change is written down with its transaction, and never rewritten."""

from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from cleanclaim.chassis import audit
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.db import async_url
from cleanclaim.chassis.fences import Roles
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION

from . import toy as toys
from .test_hearing import _Stream

ENCOUNTER_ID = UUID(int=7)
CLERK = Principal(
    "clerk-7",
    "console",
    ORGANIZATION,
    frozenset({"system/Encounter.r", "cleanclaim/audit.read"}),
    "t",
)


async def a_read_by(toy, principal=None):
    async with toy.workroom.work(ORGANIZATION, principal=principal, request_id="r-1") as work:
        await audit.record(
            work,
            action="read",
            resource="encounter_version",
            resource_id=ENCOUNTER_ID,
            count=3,
            purpose="payment_inquiry",
        )


async def rows_of(toy, organization=ORGANIZATION):
    async with toy.workroom.reading(organization) as work:
        return (
            (await work.connection.execute(select(work.schema_tables.audit_log))).mappings().all()
        )


async def test_a_row_names_who_did_what_to_which_thing_and_by_what_right(toy):
    await a_read_by(toy, CLERK)
    (row,) = await rows_of(toy)
    assert {name: row[name] for name in row if name not in ("id", "occurred_at")} == {
        "organization_id": ORGANIZATION,
        "principal": "clerk-7",
        "client_id": "console",
        "action": "read",
        "resource": "encounter_version",
        "resource_id": ENCOUNTER_ID,
        "count": 3,
        "scope": "cleanclaim/audit.read system/Encounter.r",
        "request_id": "r-1",
        "purpose": "payment_inquiry",
        "chain_hash": None,
    }
    assert row["occurred_at"] == toy.runtime.now()


async def test_what_a_service_does_by_itself_is_named_after_it(toy):
    await a_read_by(toy)
    (row,) = await rows_of(toy)
    assert row["principal"] == f"service:{toy.workroom.service}"


async def test_a_row_is_gone_with_the_transaction_that_never_was(toy):
    async def failing_request():
        async with toy.workroom.work(ORGANIZATION) as work:
            await audit.record(work, action="write", resource="encounter_version")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing_request()
    assert await rows_of(toy) == []


async def test_no_organization_sees_anothers_rows(toy):
    await a_read_by(toy)
    assert await rows_of(toy, OTHER_ORGANIZATION) == []


CHANGES = {
    "update": lambda table: update(table).values(principal="nobody"),
    "delete": delete,
    "truncate": lambda table: text(f"TRUNCATE {table.fullname}"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_the_service_itself_has_no_right_to_change_a_row(toy, change):
    await a_read_by(toy)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with toy.workroom.work(ORGANIZATION) as work:
            await work.connection.execute(change(work.schema_tables.audit_log))
    assert len(await rows_of(toy)) == 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_not_even_the_administrator_changes_a_row_by_mistake(toy, change):
    await a_read_by(toy)
    with pytest.raises(DBAPIError, match="never changed or removed"):
        await as_administrator(toy, change(toy.workroom.tables.audit_log))


async def as_administrator(toy, statement):
    engine = create_async_engine(async_url(toy.admin_url))
    try:
        async with engine.begin() as connection:
            await connection.execute(statement)
    finally:
        await engine.dispose()


async def test_a_row_is_sealed_once_and_then_never_again(toy):
    await a_read_by(toy)
    table = toy.workroom.tables.audit_log
    await as_administrator(toy, update(table).values(chain_hash=b"first"))
    for values in ({"chain_hash": b"second"}, {"chain_hash": None}):
        with pytest.raises(DBAPIError, match="never changed"):
            await as_administrator(toy, update(table).values(values))


async def test_a_row_is_not_changed_under_the_cover_of_sealing(toy):
    await a_read_by(toy)
    table = toy.workroom.tables.audit_log
    with pytest.raises(DBAPIError, match="never changed"):
        await as_administrator(toy, update(table).values(chain_hash=b"x", principal="nobody"))


@asynccontextmanager
async def a_closed_log(toy):
    """The audit log without the service's right to write it, as a wrong hand may leave it."""
    role = Roles.of(toy.workroom.service).app
    log = toy.workroom.tables.audit_log.fullname
    await as_administrator(toy, text(f"REVOKE INSERT ON {log} FROM {role}"))
    try:
        yield
    finally:
        await as_administrator(toy, text(f"GRANT INSERT ON {log} TO {role}"))


async def test_where_nothing_can_be_audited_nothing_is_read_and_the_rest_goes_on(toy):
    async with toy.client("system/Basic.crs") as client:
        async with a_closed_log(toy):
            made = await client.post("/v1/things", json={"name": "one", "amount_cents": 100})
            refused = await client.get(f"/v1/things/{made.json()['id']}")
        answer = await client.get(f"/v1/things/{made.json()['id']}")
    assert made.status_code == 201
    assert (refused.status_code, refused.json()["code"]) == (503, "audit_closed")
    assert "migrate" in refused.text
    assert int(refused.headers["Retry-After"]) == 60
    # what was refused is read once it can be audited
    assert answer.status_code == 200
    assert [row["action"] for row in await rows_of(toy)] == ["read"]


async def test_an_operator_does_nothing_that_cannot_be_audited(toy, monkeypatch):
    stream = _Stream(toy)
    await stream.hear(stream.record(toys.a_payer(uuid4(), "Poison")))
    monkeypatch.setattr(toys, "POISON", "nothing is poison any more")
    scopes = "cleanclaim/platform.read cleanclaim/platform.write"
    async with toy.client(scopes, organization_id=None) as operator:
        (key,) = (await operator.get("/v1/platform/parked-keys")).json()["items"]
        place = f"/v1/platform/parked-events/{key['first']}"
        async with a_closed_log(toy):
            refused = [
                await operator.post(f"{place}:retry"),
                await operator.post(f"{place}:skip", json={"because": "a test"}),
            ]
        still = (await operator.get(place)).json()["status"]
        done = (await operator.post(f"{place}:retry")).json()
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(503, "audit_closed")}
    assert (still, done["applied"]) == ("parked", 1)


def test_the_statements_can_be_run_again():
    assert all("OR REPLACE" in statement for statement in audit.audit_ddl("claims"))
