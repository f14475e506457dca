"""The operators' steps on running services: what is told again has no second effect."""

import asyncio
import json
import signal
import time
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer

from cleanclaim.devstack.watch import RUNNING
from cleanclaim.ops.doors import SERVICES

DIGEST = (
    "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
)


@pytest.fixture
def settled(guide, ops):
    """The guide's claim has been heard by everybody."""
    code, out, err = ops("lag", "--wait", "180")
    assert (code, out) == (0, "nothing waits\n"), err
    return ops


def content(system, *tables: str) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of all of them in order."""

    async def read() -> dict[str, tuple[int, str]]:
        connection = await asyncpg.connect(system.database_url)
        try:
            return {
                table: tuple(await connection.fetchrow(DIGEST.format(table=table)))
                for table in tables
            }
        finally:
            await connection.close()

    return asyncio.run(read())


def audited(system, service: str, resource: str, purpose: str) -> list[tuple[str, int]]:
    """Who did it, and with how many facts, as the service's audit log says."""

    async def read() -> list[tuple[str, int]]:
        connection = await asyncpg.connect(system.database_url)
        try:
            rows = await connection.fetch(
                f"SELECT principal, count FROM {service}.audit_log"  # noqa: S608
                " WHERE resource = $1 AND purpose = $2",
                resource,
                purpose,
            )
        finally:
            await connection.close()
        return [tuple(row) for row in rows]

    return asyncio.run(read())


def projections(ops) -> list[tuple[str, str]]:
    found = json.loads(ops("projections", "--json")[1])
    return [(one["service"], one["name"]) for one in found]


def test_every_projection_is_rebuilt_to_the_same_content(system, settled):
    known = projections(settled)
    assert len(known) >= 13
    tables = [f"{service}.{name}" for service, name in known]
    before = content(system, *tables)
    assert all(rows for table, (rows, _) in before.items() if table.endswith("organizations"))
    for service, name in known:
        code, out, err = settled("rebuild", service, name, "--yes", "--json")
        assert code == 0, err
        (done,) = json.loads(out)
        assert (done["projection"], done["status"]) == (name, "done")
        done_by = audited(system, service, f"projection:{name}", "rebuild")
        assert ("developer", done["applied"]) in done_by
    assert content(system, *tables) == before


def test_a_rebuild_is_only_shown_until_it_is_said(guide, ops):
    code, out, err = ops("rebuild", "intake", "payers")
    assert (code, "add --yes to do it" in err) == (0, True)
    assert "cleanclaim.claims.PayerConfigured.v1" in out
    for words in ((), ("--yes",)):
        code, _, err = ops("rebuild", "intake", "encounters", *words)
        assert (code, "backup" in err) == (1, True)


def test_a_rewound_worker_hears_again_and_nothing_doubles(system, settled):
    tables = ["accounts.journal_entries", "accounts.postings", "accounts.patient_accounts",
              "accounts.event_log"]  # fmt: skip
    before = content(system, *tables)
    assert before["accounts.journal_entries"][0]
    code, _, err = settled("rewind", "accounts", "--to", "2020-01-01T00:00:00Z")
    assert (code, "would be heard again" in err) == (0, True)
    code, _, err = settled("rewind", "accounts", "--to", "2020-01-01T00:00:00Z", "--yes")
    assert (code, "accounts refused (409 group_active)" in err) == (1, True)

    _end(system, "accounts:worker")
    heard_again = _when_empty(settled, "rewind", "accounts", "--to", "2020-01-01T00:00:00Z",
                              "--yes", "--json")  # fmt: skip
    assert heard_again["records"] > 0
    assert audited(
        system, "accounts", "group:cleanclaim-accounts", "rewind to 2020-01-01T00:00:00Z"
    ) == [("developer", heard_again["records"])]
    lag = json.loads(settled("lag", "accounts", "--json")[1])
    assert sum(one["records"] for one in lag) == heard_again["records"]

    system.restart("accounts:worker")
    assert settled("lag", "accounts", "--wait", "180")[:2] == (0, "nothing waits\n")
    assert content(system, *tables) == before


def _end(system, part: str) -> None:
    system.signal(part, signal.SIGTERM)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        states = {one.name: one.state for one in system.status()}
        if states[part] != RUNNING:
            return
        time.sleep(0.2)
    raise AssertionError(f"{part} did not end")


def _when_empty(ops, *words: str) -> dict:
    """A static member counts until its session ends, so ask until it is gone."""
    deadline = time.monotonic() + 60
    code, out, err = ops(*words)
    while code == 1 and "group_active" in err and time.monotonic() < deadline:
        time.sleep(1)
        code, out, err = ops(*words)
    assert code == 0, err
    (answer,) = json.loads(out)
    return answer


def test_facts_are_republished_with_the_same_ids_in_order_per_key(system, guide, ops):
    name = f"cleanclaim.directory.{uuid4().hex[:8]}"
    words = ("republish", "claims", "cleanclaim.directory", "--to-topic", name)
    code, out, err = ops(*words)
    assert (code, "add --yes to do it" in err) == (0, True)
    code, out, err = ops(*words, "--yes", "--json")
    assert code == 0, err
    (sent,) = json.loads(out)
    assert (sent["to_topic"], sent["status"]) == (name, "done")
    assert ops(*words, "--yes")[0] == 1
    told = asyncio.run(_told(system, "cleanclaim.directory"))
    facts = sum(map(len, told.values()))
    heard = asyncio.run(_heard(system, name, facts))
    assert heard == told
    assert audited(system, "claims", "topic:cleanclaim.directory", f"republish to {name}") == [
        ("developer", facts)
    ]
    code, _, err = ops(*words[:-1], "cleanclaim.claims", "--yes")
    assert (code, "topic_in_use" in err) == (1, True)
    code, _, err = ops("republish", "claims", "cleanclaim.journal", "--to-topic", "new")
    assert (code, "topic_not_told" in err) == (1, True)


async def _told(system, topic: str) -> dict[str, list[str]]:
    connection = await asyncpg.connect(system.database_url)
    rows = await connection.fetch(
        "SELECT aggregateid::text AS key, id::text FROM claims.event_log WHERE topic = $1"
        " ORDER BY aggregate_version",
        topic,
    )
    await connection.close()
    by_key: dict[str, list[str]] = {}
    for row in rows:
        by_key.setdefault(row["key"], []).append(row["id"])
    return by_key


async def _heard(system, topic: str, count: int) -> dict[str, list[str]]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=system.kafka_bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    by_key: dict[str, list[str]] = {}
    for _ in range(count):
        record = await consumer.getone()
        event_id = dict(record.headers)["ce_id"].decode()
        by_key.setdefault(record.key.decode(), []).append(event_id)
    await consumer.stop()
    return by_key


def test_what_is_parked_and_what_waits_is_shown_of_every_service(guide, ops):
    code, out, _ = ops("outbox", "--json")
    assert (code, {one["service"] for one in json.loads(out)}) == (0, set(SERVICES))
    code, out, _ = ops("lag", "--all", "--json")
    assert (code, {one["service"] for one in json.loads(out)}) == (0, set(SERVICES))
    assert ops("parked", "ls", "claims")[0] in {0, 1}
    code, _, err = ops("parked", "show", "claims", "999999999")
    assert (code, "no_such_parked_event" in err) == (1, True)


def test_a_services_own_command_looks_at_what_is_parked_when_no_api_answers(system, capfd):
    nobody = "00000000-0000-0000-0000-000000000000"
    assert system.run("reconcile", "parked", nobody, "ls") == 0
    assert system.run("reconcile", "parked", nobody, "retry", "999999999") == 1
    assert system.run("reconcile", "parked", nobody, "skip") == 2
    said = capfd.readouterr().err
    assert "reconcile: no parked event 999999999" in said
    assert "name the event's number; ls shows it" in said
    assert "Traceback" not in said
