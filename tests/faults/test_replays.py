"""The whole stream from its first record into empty tables gives the same content again."""
# ruff: noqa: S608 - statements of our own names

from importlib import import_module

import asyncpg
import pytest

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.inbox import Incoming
from cleanclaim.chassis.testing import service_under_test
from cleanclaim.events.catalog import heard_by

from ..journeys.stories import a_scenario, a_story
from .test_crashes import REFUSED
from .test_deliveries import a_paid_day, records_of
from .world import Driver, chance, healed

PROJECTIONS = {
    "intake": ("payers",),
    "claims": ("claim_decisions",),
    "remittance": ("payer_references", "provider_references", "claim_references"),
    "denials": (
        *("payers", "providers", "submissions", "decisions", "decision_reversals"),
        *("submission_rejections", "denials", "denial_lines", "denial_steps"),
    ),
    "reconcile": ("payers", "billed_claims", "heard_payments", "clearing_postings"),
    "accounts": (
        *("payers", "patient_accounts", "claims", "billed_lines", "payer_decisions"),
        *("journal_entries", "postings", "subledger_lines"),
    ),
}
"""What each service makes of the stream alone, without a door of its own."""
WRITTEN_NOW = ("recorded_at", "changed_at")
"""Columns that say when a row was written, not when something happened."""


@pytest.fixture(scope="module")
async def day(system, tmp_path_factory):
    """A day on which claims are paid and refused, and every record that was told of it."""
    async with a_story(system, a_scenario(REFUSED), "Replayed") as story:
        driver = Driver(story, tmp_path_factory.mktemp("replays") / "journal")
        await driver.send(driver.visits(2, "99214"))
        await a_paid_day(story, driver)
        await healed(story)
        yield story.clinic.organization_id, await records_of(story)


async def _content(url, service, organization):
    connection = await asyncpg.connect(url)
    try:
        return {
            table: await connection.fetch(
                f"SELECT to_jsonb(t) - $2::text[] AS row FROM {service}.{table} t"
                " WHERE organization_id = $1 ORDER BY 1",
                organization,
                WRITTEN_NOW,
            )
            for table in PROJECTIONS[service]
        }
    finally:
        await connection.close()


async def replayed(system, service, organization, records):
    """What comes of the records in empty tables of the service, and what stands in its own."""
    parts = import_module(f"cleanclaim.{service}.main").PARTS
    heard = [one for one in parts.subscriptions if one.fetch is None]
    topics = sorted({entry.topic for entry in heard_by(service)})
    # across topics nobody assumes order: the seed says which topic comes first
    chance(f"replay/{service}").shuffle(topics)
    async with service_under_test(parts, admin_url=system.database_url) as empty:
        applier = BatchApplier(workroom=empty.workroom, subscriptions=heard, partners=None)
        for topic in topics:
            reads = [
                read
                for one in records
                if one.topic == topic and (read := applier.read(_incoming(one))) is not None
            ]
            for first in range(0, len(reads), 50):
                await applier.apply(reads[first : first + 50], {})

        again = await _content(empty.admin_url, service, organization)
    assert all(again[table] for table in PROJECTIONS[service][:1])
    return again, await _content(system.database_url, service, organization)


@pytest.mark.parametrize("service", PROJECTIONS)
async def test_a_replay_into_empty_tables_gives_equal_content(system, day, service):
    organization, records = day
    again, before = await replayed(system, service, organization, records)
    assert again == before


def _incoming(record) -> Incoming:
    return Incoming(
        topic=record.topic,
        partition=record.partition,
        position=record.offset,
        key=record.key,
        headers=dict(record.headers),
        value=record.value,
    )
