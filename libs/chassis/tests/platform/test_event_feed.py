"""The feed for readers without Kafka: whatever commits late, nothing is lost, nothing inverted."""

import asyncio
import json
import random
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from cleanclaim.chassis.event_feed import (
    Cursor,
    CursorFromAnotherLife,
    CursorOfAnotherReading,
    latest,
    read_feed,
)
from cleanclaim.chassis.pages import page_token
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION, ServiceUnderTest

from . import toy as toys

TYPES = ("cleanclaim.claims.ClaimSubmitted.v1", "cleanclaim.intake.PatientRegistered.v1")
SUBJECTS = [UUID(int=(0x0198 << 112) | (0x7 << 76) | (0x8 << 60) | one) for one in range(1, 9)]


async def _tell(toy: ServiceUnderTest, *subjects: UUID, organization_id: UUID = ORGANIZATION):
    async with toy.workroom.work(organization_id) as work:
        work.tell(*(toys.a_fact(one) for one in subjects))


async def _read(toy: ServiceUnderTest, cursor: Cursor, limit: int = 100):
    async with toy.workroom.reading(ORGANIZATION) as work:
        page = await read_feed(work, cursor, limit=limit)
    return [json.loads(one) for one in page.bodies], page


async def _all_since(toy: ServiceUnderTest, cursor: Cursor, limit: int = 100):
    found = []
    while True:
        bodies, page = await _read(toy, cursor, limit)
        found += bodies
        cursor = page.cursor
        if not page.has_more:
            return found, cursor


async def test_what_commits_late_is_read_after_what_was_told_later(toy: ServiceUnderTest):
    late, early = SUBJECTS[:2]
    async with toy.workroom.work(ORGANIZATION) as slow:
        slow.tell(toys.a_fact(late))
        await slow.write_told()
        await _tell(toy, early)
        before, cursor = await _all_since(toy, Cursor())
    assert [one["aggregate_id"] for one in before] == [str(early)]
    after, cursor = await _all_since(toy, cursor)
    assert [one["aggregate_id"] for one in after] == [str(late)]
    assert (await _all_since(toy, cursor))[0] == []


@pytest.mark.parametrize("seed", range(5))
async def test_a_reader_among_many_writers_reads_each_fact_once_in_its_keys_order(
    toy: ServiceUnderTest, seed: int
):
    chance = random.Random(seed)
    done = asyncio.Event()

    async def write(moves: random.Random) -> None:
        for _ in range(12):
            async with toy.workroom.work(ORGANIZATION) as work:
                work.tell(*(toys.a_fact(one) for one in moves.sample(SUBJECTS, 2)))
                await work.write_told()
                await asyncio.sleep(moves.random() / 200)

    async def follow() -> list[dict]:
        cursor, found, last_round = Cursor(), [], False
        while True:
            bodies, cursor = await _all_since(toy, cursor, limit=chance.randint(1, 7))
            found += bodies
            if last_round:
                return found
            last_round = done.is_set()
            await asyncio.sleep(0)

    following = asyncio.create_task(follow())
    await asyncio.gather(*(write(random.Random(f"{seed}-{one}")) for one in range(6)))
    done.set()
    found = await following

    assert len({one["event_id"] for one in found}) == len(found) == 6 * 12 * 2
    for subject in SUBJECTS:
        versions = [
            one["aggregate_version"] for one in found if one["aggregate_id"] == str(subject)
        ]
        assert versions == list(range(1, len(versions) + 1))


async def test_the_latest_place_leaves_out_what_was_and_takes_what_comes(toy: ServiceUnderTest):
    await _tell(toy, SUBJECTS[0])
    async with toy.workroom.reading(ORGANIZATION) as work:
        cursor = await latest(work)
    await _tell(toy, SUBJECTS[1])
    bodies, _ = await _all_since(toy, cursor)
    assert [one["aggregate_id"] for one in bodies] == [str(SUBJECTS[1])]


async def test_another_organization_is_never_in_it(toy: ServiceUnderTest):
    await _tell(toy, SUBJECTS[0], organization_id=OTHER_ORGANIZATION)
    assert (await _all_since(toy, Cursor()))[0] == []


async def test_a_cursor_of_a_database_made_anew_is_refused(toy: ServiceUnderTest):
    async with toy.workroom.reading(ORGANIZATION) as work:
        with pytest.raises(CursorFromAnotherLife):
            await read_feed(work, Cursor(seen=f"{2**40}:{2**40}:"))
        with pytest.raises(CursorFromAnotherLife):
            await read_feed(work, Cursor(window=f"{2**40}:{2**40}:", position=3))


async def test_the_feed_is_served_as_told_and_each_reading_is_audited(toy: ServiceUnderTest):
    await _tell(toy, *SUBJECTS[:3])
    async with toy.client("cleanclaim/events.read") as client:
        first = (await client.get("/v1/events", params={"limit": 2})).json()
        rest = (await client.get("/v1/events", params={"cursor": first["next_cursor"]})).json()
        none = (await client.get("/v1/events", params={"cursor": rest["next_cursor"]})).json()
        other = {"event_type": "cleanclaim.claims.ClaimSubmitted.v1"}
        filtered = (await client.get("/v1/events", params=other)).json()
        ahead = (await client.get("/v1/events", params={"start": "latest"})).json()
    assert [len(one["items"]) for one in (first, rest, none, filtered, ahead)] == [2, 1, 0, 0, 0]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    async with toy.workroom.reading(ORGANIZATION) as work:
        logged = await work.connection.scalars(
            text("SELECT payload::text FROM toy.event_log ORDER BY position")
        )
        audited = await work.connection.scalars(
            text("SELECT count FROM toy.audit_log WHERE resource = 'events' ORDER BY count")
        )
        assert first["items"] + rest["items"] == [json.loads(one) for one in logged]
        assert list(audited) == [1, 2]


async def test_a_cursor_goes_on_only_with_what_it_was_given_for(toy: ServiceUnderTest):
    await _tell(toy, *SUBJECTS[:3])
    await _tell(toy, SUBJECTS[0], organization_id=OTHER_ORGANIZATION)
    types = {"event_type": list(TYPES)}
    async with toy.client("cleanclaim/events.read") as client:
        first = (await client.get("/v1/events", params=types | {"limit": 1})).json()
        on = {"cursor": first["next_cursor"]}
        turned = {"event_type": list(reversed(TYPES))}
        assert len((await client.get("/v1/events", params=turned | on)).json()["items"]) == 2
        others = [
            await client.get("/v1/events", params=on),
            await client.get("/v1/events", params=on | {"event_type": TYPES[0]}),
        ]
    async with toy.client("cleanclaim/events.read", organization_id=OTHER_ORGANIZATION) as client:
        others.append(await client.get("/v1/events", params=types | on))
    assert {(one.status_code, one.json()["code"]) for one in others} == {
        (422, "cursor_of_another_reading")
    }
    assert others[0].json()["errors"][0]["pointer"] == "/cursor"


async def test_a_cursor_of_another_service_is_refused(toy: ServiceUnderTest):
    async with toy.workroom.reading(ORGANIZATION) as work:
        theirs = replace(await latest(work), reading="0" * 16)
        with pytest.raises(CursorOfAnotherReading):
            await read_feed(work, theirs)


def _made_up(*parts: object) -> str:
    """A cursor with the right checksum, as only somebody who reads this code would make it."""
    return page_token(list(parts))


@pytest.mark.parametrize(
    "cursor",
    [
        "made-up",
        "",
        _made_up("1:2:", "", 0),
        _made_up("no snapshot", "", 0, ""),
        _made_up("2:1:", "", 0, ""),
        _made_up("1:9:5,3", "", 0, ""),
        _made_up("", f"1:{2**63}:", 0, ""),
        _made_up("0:1:", "", 0, ""),
        _made_up("", "", "many", ""),
        _made_up(None, "", 0, ""),
        _made_up("", "", 2**70, ""),
    ],
)
async def test_a_cursor_that_was_made_up_is_refused_by_its_own_name(
    toy: ServiceUnderTest, cursor: str
):
    async with toy.client("cleanclaim/events.read") as client:
        answer = await client.get("/v1/events", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")
    (finding,) = answer.json()["errors"]
    assert finding["pointer"] == "/cursor"
    assert "next_cursor" in finding["fix"]


@pytest.mark.parametrize("start", ["earliest", "latest"])
async def test_a_type_that_is_never_told_is_refused_and_not_awaited_for_ever(
    toy: ServiceUnderTest, start: str
):
    asked = {"event_type": [TYPES[0], "cleanclaim.claims.ClaimSubmited.v1"], "start": start}
    async with toy.client("cleanclaim/events.read") as client:
        answer = await client.get("/v1/events", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "event_type_not_told")
    assert answer.json()["errors"][0]["pointer"] == "/event_type/1"
    assert "Submited" not in answer.text


@pytest.mark.parametrize(
    ("scope", "params", "status"),
    [
        ("system/Claim.rs", {}, 403),
        ("cleanclaim/events.read", {"limit": 0}, 422),
        ("cleanclaim/events.read", {"start": "yesterday"}, 422),
    ],
)
async def test_the_feed_refuses(toy: ServiceUnderTest, scope: str, params: dict, status: int):
    async with toy.client(scope) as client:
        answer = await client.get("/v1/events", params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
