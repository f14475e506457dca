"""The verifier finds each kind of breach where one is planted, and none where none is."""
# ruff: noqa: S608 - statements of our own names

import hashlib
from dataclasses import dataclass
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from cleanclaim.payersim.scenario import Rule
from cleanclaim.verify.journal import Entry, Journal
from cleanclaim.verify.judging import judge
from cleanclaim.verify.look import Wish
from cleanclaim.verify.report import breaches

from ..journeys.stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit

POSTINGS = "cleanclaim.postings"
DENIED = Rule(name="refused", outcome="deny", procedure="99214", reason="50")


@dataclass(frozen=True)
class Plant:
    """One wrong row: which id is chosen, how it is spoilt, how it is put right again."""

    name: str
    invariant: str
    pick: str
    spoil: tuple[str, ...]
    heal: tuple[str, ...]
    where: str


def _cent(invariant: str, table: str, column: str, where: str = "true") -> Plant:
    change = f"UPDATE {table} SET {column} = {column} %s 1 WHERE id = $1"
    return Plant(
        name=f"{invariant} {table}.{column} is a cent off",
        invariant=invariant,
        pick=f"SELECT id FROM {table} WHERE organization_id = $1 AND {where} LIMIT 1",
        spoil=(change % "+",),
        heal=(change % "-",),
        where=table.split(".", maxsplit=1)[0],
    )


def _copied(service: str, type_: str, invariant: str, name: str) -> Plant:
    columns = (
        "topic, aggregatetype, aggregateid, type, payload, headers, correlation_id, occurred_at"
    )
    return Plant(
        name=name,
        invariant=invariant,
        pick=f"SELECT id FROM {service}.event_log WHERE organization_id = $1"
        f" AND type LIKE '%.{type_}.v1' LIMIT 1",
        spoil=(
            (
                f"INSERT INTO {service}.event_log (id, organization_id, aggregate_version, {columns})"
                f" SELECT gen_random_uuid(), organization_id, aggregate_version + 1000, {columns}"
                f" FROM {service}.event_log WHERE id = $1"
            ),
        ),
        heal=(
            (
                f"DELETE FROM {service}.event_log WHERE aggregate_version > 1000 AND aggregateid ="
                f" (SELECT aggregateid FROM {service}.event_log WHERE id = $1)"
            ),
        ),
        where="event",
    )


def _set(
    invariant: str, table: str, column: str, *, good: str, bad: str, name: str, where: str = ""
) -> Plant:
    change = f"UPDATE {table} SET {column} = '%s' WHERE id = $1"
    return Plant(
        name=name,
        invariant=invariant,
        pick=f"SELECT id FROM {table} WHERE organization_id = $1 AND {column} = '{good}' LIMIT 1",
        spoil=(change % bad,),
        heal=(change % good,),
        where=where or table,
    )


PLANTS = (
    _cent("I1", "accounts.postings", "amount_cents"),
    _cent("I1", "accounts.subledger_lines", "amount_cents"),
    _set(
        "I1",
        "accounts.event_log",
        "topic",
        name="I1 an entry of the book was never told",
        good="cleanclaim.journal",
        bad="cleanclaim.nowhere",
        where="accounts.journal_entries",
    ),
    _cent("I2", "accounts.payer_decisions", "paid_cents", "entry_id IS NOT NULL"),
    _cent("I2", "accounts.postings", "amount_cents", "account = 'gross_charges'"),
    _cent("I3", "claims.claims", "total_charge_cents"),
    _set(
        "I3",
        "claims.claims",
        "state",
        good="adjudicated",
        bad="accepted",
        name="I3 a claim's state is not what its facts say",
    ),
    _cent("I4", "claims.event_log", "aggregate_version"),
    _set(
        "I4",
        "claims.event_log",
        "type",
        name="I4 a sent claim is held without a rejection",
        good="cleanclaim.claims.ClaimAcknowledged.v1",
        bad="cleanclaim.claims.ClaimHeld.v1",
    ),
    _set(
        "I4",
        "denials.denials",
        "status",
        good="open",
        bad="appealed",
        name="I4 a case is where no step led",
    ),
    Plant(
        name="I5 a listener passed a fact over",
        invariant="I5",
        pick="SELECT id FROM remittance.event_log WHERE organization_id = $1"
        " AND type LIKE '%.ClaimPaymentPosted.v1' LIMIT 1",
        spoil=("DELETE FROM accounts.inbox WHERE event_id = $1",),
        heal=("INSERT INTO accounts.inbox (event_id) VALUES ($1)",),
        where="topic cleanclaim.postings",
    ),
    _copied("remittance", "ClaimPaymentPosted", "I6", "I6 a payment was told twice"),
    _copied("reconcile", "DepositMatched", "I7", "I7 a fact never reached its topic"),
    Plant(
        name="I7 the queue names an event that is in no log",
        invariant="I7",
        pick="SELECT id FROM denials.event_log WHERE organization_id = $1 LIMIT 1",
        # no relay owns that bucket
        spoil=(
            (
                "INSERT INTO denials.outbox (bucket, event_id) SELECT 99, gen_random_uuid()"
                " WHERE $1::uuid IS NOT NULL"
            ),
        ),
        heal=("DELETE FROM denials.outbox WHERE bucket = 99 AND $1::uuid IS NOT NULL",),
        where="denials.outbox",
    ),
    _cent("I9", "reconcile.expected_receipts", "posted_cents"),
    _cent("I9", "remittance.claim_payments", "paid_cents"),
    Plant(
        name="I10 an event is parked and its key flows on",
        invariant="I10",
        pick="SELECT $1::uuid AS id",
        spoil=(
            (
                "INSERT INTO denials.parked_events (organization_id, topic, key, partition, position,"
                " headers, value, reason, parked_at)"
                " VALUES ($1, 'cleanclaim.nowhere', '\\x41', 0, 1, '{}', '', 'planted', now())"
            ),
        ),
        heal=("DELETE FROM denials.parked_events WHERE organization_id = $1",),
        where="denials.parked_events cleanclaim.nowhere 0/1",
    ),
)


@pytest.fixture(scope="module")
async def story(system):
    """A whole day: nine visits, two of them refused, the rest paid and in the bank."""
    async with a_story(system, a_scenario(DENIED), "Planted breaches") as told:
        codes = ["99213"] * 7 + ["99214"] * 2
        visits = [a_visit(told, code, number=one) for one, code in enumerate(codes, 1)]
        told.sent = await told.clinic.send(visits)
        await told.settled()
        await told.submit(MONDAY)
        told.day(PAID_ON)
        await told.pay(PAID_ON)
        yield told


async def _verdicts(places, story, *only, journal=(), organization=None, settled=True):
    wish = Wish(
        organization=organization or story.clinic.organization_id,
        settled=settled,
        journal=Journal(journal),
    )
    return await judge(places, wish, only=only)


async def test_a_day_that_went_well_breaks_nothing(places, story):
    verdicts = await _verdicts(places, story)

    assert breaches(verdicts) == ""
    looked_at = {one.invariant.id: one.seen.counts for one in verdicts}
    assert looked_at["I3"] == {"claims folded": 9}
    assert looked_at["I5"]["deliveries"] > looked_at["I5"]["facts"] > 50
    assert looked_at["I7"]["records"] >= looked_at["I7"]["facts"]
    assert looked_at["I9"] == {"remittances": 1, "not heard whole yet": 0}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
async def test_a_planted_breach_is_found_at_its_place(places, administrator, story, plant):
    chosen = await administrator.fetchval(plant.pick, story.clinic.organization_id)
    assert chosen is not None, "nothing to spoil"
    for statement in plant.spoil:
        await administrator.execute(statement, chosen)
    try:
        (verdict,) = await _verdicts(places, story, plant.invariant)
        assert not verdict.holds
        assert plant.where in verdict.seen.breach.where
    finally:
        for statement in plant.heal:
            await administrator.execute(statement, chosen)
    (healed,) = await _verdicts(places, story, plant.invariant)
    assert healed.holds, healed.seen.breach


async def test_an_event_that_is_parked_and_applied_is_found(places, administrator, story):
    topic, partition, position, key = await _a_record(story)
    place = (topic, partition, position, key)
    await administrator.execute(
        "INSERT INTO accounts.parked_events (organization_id, topic, partition, position, key,"
        " headers, value, reason, parked_at) VALUES ($1, $2, $3, $4, $5, '{}', '', 'planted',"
        " now())",
        story.clinic.organization_id,
        *place,
    )
    await administrator.execute(
        "INSERT INTO accounts.parked_keys VALUES ($1, $2, now())", topic, key
    )
    try:
        (verdict,) = await _verdicts(places, story, "I10")
        assert verdict.seen.breach.what == "an event is parked and applied as well"
    finally:
        await administrator.execute("DELETE FROM accounts.parked_keys WHERE key = $1", key)
        await administrator.execute("DELETE FROM accounts.parked_events WHERE key = $1", key)


async def _a_record(story):
    """The place and key of one payment of the story in its topic."""
    consumer = AIOKafkaConsumer(
        POSTINGS,
        bootstrap_servers=story.stack.kafka_bootstrap,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async for record in consumer:
            if (
                dict(record.headers)["ce_organization"]
                == str(story.clinic.organization_id).encode()
                and b"ClaimPaymentPosted" in dict(record.headers)["ce_type"]
            ):
                return record.topic, record.partition, record.offset, record.key
    finally:
        await consumer.stop()


async def _put(story, organization, *records):
    producer = AIOKafkaProducer(bootstrap_servers=story.stack.kafka_bootstrap)
    await producer.start()
    for key, sequence in records:
        headers = {
            "ce_id": str(uuid4()),
            "ce_type": "cleanclaim.remittance.NobodyHearsThis.v1",
            "ce_organization": str(organization),
            "ce_sequence": str(sequence),
        }
        await producer.send_and_wait(
            POSTINGS,
            key=str(key).encode(),
            value=b"{}",
            headers=[(name, text.encode()) for name, text in headers.items()],
        )
    await producer.stop()


async def test_a_ghost_in_a_topic_is_found(places, story):
    # what lies in a topic stays there: an organization of its own keeps it from the other tests
    organization, key = uuid4(), uuid4()
    await _put(story, organization, (key, 1))

    (verdict,) = await _verdicts(places, story, "I7", organization=organization)

    assert "a ghost" in verdict.seen.breach.what
    assert str(key) in verdict.seen.breach.where


@pytest.mark.parametrize("numbers", [(2, 1), (1, 3)], ids=["turned round", "one missing"])
async def test_a_key_out_of_order_is_found(places, story, numbers):
    organization, key = uuid4(), uuid4()
    await _put(story, organization, *((key, number) for number in numbers))

    (verdict,) = await _verdicts(places, story, "I8", organization=organization)

    assert str(key) in verdict.seen.breach.where


def _request(story, outcome, kind="encounter", reference=None):
    return Entry(
        request=str(uuid4()),
        kind=kind,
        outcome=outcome,
        organization_id=str(story.clinic.organization_id),
        reference=reference,
    )


async def test_the_journal_of_a_driver_is_held_against_what_is_there(places, story):
    accepted = [_request(story, "ok", reference=one.encounter_id) for one in story.sent]
    gone = _request(story, "ok", reference=str(uuid4()))
    digest = hashlib.sha256(b"a file that nobody took").hexdigest()
    cases = {
        "all accepted": (accepted, True),
        "one is gone": ([*accepted, gone], False),
        "one ended without an answer": ([*accepted[1:], _request(story, "unknown")], True),
        "one was refused and is there": ([*accepted[1:], _request(story, "fail")], False),
        "a file is gone": ([*accepted, _request(story, "ok", "file", digest)], False),
        "a file was refused": ([*accepted, _request(story, "fail", "file", digest)], True),
    }
    for name, (journal, holds) in cases.items():
        (verdict,) = await _verdicts(places, story, "I5", journal=journal)
        assert verdict.holds == holds, name
