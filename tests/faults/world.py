"""What the fault tests share: seed, a driver that keeps a journal, contents, and the verdict."""
# ruff: noqa: S608 - statements of our own names

import asyncio
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from cleanclaim.devstack.parts import parts_named
from cleanclaim.devstack.watch import RUNNING
from cleanclaim.seed.clinic import PayerTerms, Sent
from cleanclaim.seed.doors import Refused, together
from cleanclaim.seed.story import SERVICES
from cleanclaim.verify.invariants import INVARIANTS
from cleanclaim.verify.journal import Entry, JournalWriter, read_journal
from cleanclaim.verify.judging import judge
from cleanclaim.verify.look import Wish
from cleanclaim.verify.report import breaches
from cleanclaim.verify.verdicts import CannotLook

from ..journeys.stories import MONDAY, a_visit

SEED = int(os.environ.get("CLEANCLAIM_FAULT_SEED") or "1")
LONG = os.environ.get("CLEANCLAIM_FAULT_LONG", "") not in {"", "0"}
RETRY_SECONDS = 120
HEAL_SECONDS = 300
"""Patience with a busy machine on which many processes die and start again."""
ROUNDS = 4
"""So often what is left is billed before a visit without a decision is called lost."""
AT_ONCE = frozenset(one.id for one in INVARIANTS if not one.reads_stream)
"""Invariants that are quick to judge, for no topic is read."""
TRANSIENT = frozenset({409, 429, 502, 503, 504})
"""What a client may send again: in flight, too many, not available for now."""


def chance(name: str) -> random.Random:
    """Chance that is the same for the same seed and purpose."""
    return random.Random(f"{SEED}/{name}")


def longer(short: int, long: int) -> int:
    """A number for the tests of every day, and the one for `make faults LONG=1`."""
    return long if LONG else short


def replay_of(test: str) -> str:
    """How to run a failed test again: seed, commit and one command."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    long = " LONG=1" if LONG else ""
    return f"seed={SEED} commit={commit}\nmake faults SEED={SEED}{long} T={test}"


async def persisted(ask: Callable[[], Awaitable], refused: Counter | None = None):
    """Ask until an answer comes, as a client does that may ask again; its answer.

    Raises whatever is no transient trouble, and the last trouble after two minutes.
    """
    deadline = asyncio.get_running_loop().time() + RETRY_SECONDS
    while True:
        try:
            return await ask()
        except (httpx.TransportError, Refused) as trouble:
            status = getattr(trouble, "status", 0)
            if refused is not None:
                refused[status] += 1
            late = asyncio.get_running_loop().time() > deadline
            if late or (status and status not in TRANSIENT):
                raise
        await asyncio.sleep(0.3)


class Driver:
    """Sends visits as a hospital's system does, and notes in a journal what it knows of each."""

    def __init__(self, story, path: Path) -> None:
        self.story = story
        self.journal = JournalWriter(path)
        self.refused: Counter = Counter()
        """Statuses of answers that were no success; 0 where no answer came."""
        self._sent = 0

    def visits(self, count: int, *codes: str):
        """So many further visits, each of a person of their own."""
        first = self._sent + 1
        self._sent += count
        return [a_visit(self.story, *codes, number=one) for one in range(first, first + count)]

    async def send(self, visits) -> list[Sent]:
        """Send visits, a few at a time, each until it has an answer."""

        def job(visit):
            return lambda: self._one(visit)

        return await together([job(visit) for visit in visits])

    async def _one(self, visit) -> Sent:
        self._note(visit.external_id, "unknown")
        sent = await persisted(lambda: self.story.clinic.send_one(visit), self.refused)
        self._note(visit.external_id, "ok", sent.encounter_id)
        return sent

    def _note(self, request, outcome, reference=None, kind="encounter") -> None:
        self.journal.write(
            Entry(
                request=request,
                kind=kind,
                outcome=outcome,
                organization_id=str(self.story.clinic.organization_id),
                reference=reference,
            )
        )

    def plant(self, event_id, *, refused: bool = True) -> None:
        """Note a record that no service told: nobody may apply it, or some may."""
        outcome = "fail" if refused else "unknown"
        self._note(f"record {event_id}", outcome, str(event_id), kind="record")

    async def add_payer(self, number: int) -> None:
        """Enter one more payer into the directory, which every service hears of."""
        doors = self.story.clinic.doors
        connections = await persisted(lambda: doors.every("claims", "/v1/connections"))
        (connection,) = [one for one in connections if one["purpose"] == "clearinghouse"]
        body = PayerTerms(
            name=f"Further Mutual {number}",
            identifier=f"FM{number:03d}",
            originating_company_id=f"19800{number:05d}",
        ).as_body(connection["id"])
        await persisted(lambda: doors.post("claims", "/v1/payers", body), self.refused)

    async def submit_and_pay(self, day: int = 0) -> None:
        """Cut a batch, have it answered and, two weeks and a weekend later, paid; wait for nothing.

        A payer pays after two weeks, on the Monday after where that is a weekend.
        """
        sent_on = MONDAY + timedelta(days=day)
        await persisted(self.story.clinic.cut_batch, self.refused)
        self.story.payers.answer_outbound(today=sent_on)
        paid_on = sent_on + timedelta(days=16)
        self.story.day(paid_on)
        self.story.payers.pay_until(today=paid_on)


async def healed(story) -> None:
    """Wait until files are taken, lags are 0 and outboxes are empty; that is liveness."""
    await story.taken(seconds=HEAL_SECONDS)


async def judged(story, places, driver=None) -> None:
    """The verdict: heal, then every invariant must hold with nothing on its way."""
    await healed(story)
    wish = Wish(organization=story.clinic.organization_id, settled=True)
    if driver is not None:
        journal = read_journal(driver.journal.path)
        wish = Wish(organization=wish.organization, settled=True, journal=journal)
    assert breaches(await judge(places, wish)) == ""


async def sampled(story, places, stop: asyncio.Event) -> int:
    """Judge again and again while faults go on; how often it could be looked at.

    Each second what the databases alone show, every tenth time the topics too.
    """
    looks = tries = 0
    wish = Wish(organization=story.clinic.organization_id)
    while not stop.is_set():
        tries += 1
        try:
            verdicts = await judge(places, wish, only=AT_ONCE if tries % 10 else ())
        except CannotLook:
            verdicts = []
        assert breaches(verdicts) == ""
        looks += bool(verdicts)
        await asyncio.sleep(1)
    return looks


@asynccontextmanager
async def business_as_usual(story, places, driver, visits: int):
    """Day after day so many visits are sent, billed and paid while the block does harm.

    Yields the list of days done, which grows; after the block all of them are judged.
    """
    stop, days = asyncio.Event(), []

    async def live() -> None:
        while not stop.is_set():
            story.day(MONDAY)
            await driver.send(driver.visits(visits))
            await driver.submit_and_pay(len(days))
            days.append(visits)

    async with asyncio.TaskGroup() as group:
        group.create_task(live())
        looks = group.create_task(sampled(story, places, stop))
        yield days
        stop.set()
    assert looks.result()
    await _all_paid(story, driver, days)
    await judged(story, places, driver)


async def _all_paid(story, driver, days: list[int]) -> None:
    """Bill what was not built when the last batch was cut, until every visit has its decision.

    More than once, for the services cut batches of their own, and one may come after a look.
    """
    for _ in range(ROUNDS):
        await healed(story)
        claims = await story.clinic.doors.every("claims", "/v1/claims")
        states = Counter(one["state"] for one in claims)
        if states == {"adjudicated": sum(days)}:
            return
        await driver.submit_and_pay(len(days))
    pytest.fail(f"of {sum(days)} visits, their claims are {dict(states)}")


def made_whole(system, *, anew: bool, extra) -> None:
    """Start what does not run; `anew` starts every service again, for one may be armed to die.

    `extra` are variables, by part, that a module's tests have all services run with.
    """
    fallen = system.fallen()
    running = [part for one in SERVICES for part in parts_named(one) if part not in fallen]
    for part in running:
        system.signal(part, signal.SIGCONT)
    wanted = [*fallen, *running] if anew else fallen
    if wanted:
        system.restart(*wanted, extra=extra)


async def standing_still(system) -> set[str]:
    """Keys that are held back, and processes that say they cannot work (a breaker is open)."""
    found = set()
    connection = await asyncpg.connect(system.database_url)
    try:
        for service in SERVICES:
            keys = await connection.fetch(f"SELECT topic, key FROM {service}.parked_keys")
            found |= {f"{service} parks {topic} {key!r}" for topic, key in keys}
    finally:
        await connection.close()
    statuses = await asyncio.to_thread(system.status)
    return found | {f"{one.name} is {one.state}" for one in statuses if one.state != RUNNING}


async def left_behind(system, before: set[str]) -> set[str]:
    """What stands still that did not before, once a busy machine had some time to answer."""
    for _ in range(20):
        if not (left := await standing_still(system) - before):
            return set()
        await asyncio.sleep(0.5)
    return left


async def contents(administrator, organization, *, without=()) -> dict[str, tuple[int, str]]:
    """Every table's rows of an organization, as counts and fingerprints."""
    tables = await administrator.fetch(
        "SELECT table_schema AS schema, table_name AS name FROM information_schema.columns"
        " WHERE column_name = 'organization_id' AND table_schema = ANY($1) ORDER BY 1, 2",
        list(SERVICES),
    )
    found = {}
    for schema, name in tables:
        if name in without:
            continue
        row = await administrator.fetchrow(
            "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text)))"
            f" FROM {schema}.{name} t WHERE organization_id = $1",
            organization,
        )
        found[f"{schema}.{name}"] = (row[0], row[1])
    return found
