"""What a caller meets at every door: one answer per key, plain problems, and no value repeated."""

import asyncio
from uuid import UUID

import pytest

from cleanclaim.chassis.limits import LARGEST_BODY_BYTES
from cleanclaim.chassis.testing import OTHER_ORGANIZATION, ServiceUnderTest
from cleanclaim.events.intake import PatientRegistered

ALL = "system/Basic.crs"
KEY = {"Idempotency-Key": "5f6c1d2e-0001"}
THING = {"name": "one", "amount_cents": 100}


async def test_the_same_request_with_the_same_key_gets_the_same_answer(
    toy: ServiceUnderTest,
) -> None:
    async with toy.client(ALL) as client:
        first = await client.post("/v1/things", json=THING, headers=KEY)
        again = await client.post("/v1/things", json=THING, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await toy.told(PatientRegistered)) == 1


async def test_the_same_key_with_another_body_is_refused(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        await client.post("/v1/things", json=THING, headers=KEY)
        other = await client.post("/v1/things", json=THING | {"name": "two"}, headers=KEY)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"


async def test_the_same_key_of_another_organization_is_another_key(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        mine = await client.post("/v1/things", json=THING, headers=KEY)
    async with toy.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        theirs = await client.post("/v1/things", json=THING, headers=KEY)
    assert theirs.json()["id"] != mine.json()["id"]


async def test_twenty_at_once_with_one_key_make_one_thing(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/things", json=THING, headers=KEY) for _ in range(20))
        )
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 503}
    assert 201 in statuses
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert len(await toy.told(PatientRegistered)) == 1


async def test_a_failed_request_leaves_its_key_free(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        refused = await client.post("/v1/things", json=THING | {"name": "refused"}, headers=KEY)
        assert refused.status_code == 422
        assert (await client.post("/v1/things", json=THING, headers=KEY)).status_code == 201


@pytest.mark.parametrize(
    ("content", "status", "code", "pointer"),
    [
        (b'{"name": "one", "amount_cents": false}', 422, "int_type", "/amount_cents"),
        (b'{"name": "one", "amount_cents": "100"}', 422, "int_type", "/amount_cents"),
        (b'{"name": "one", "amount_cents": 1.5}', 422, "int_type", "/amount_cents"),
        (b'{"name": "one", "amount_cents": 1, "amout": 2}', 422, "extra_forbidden", "/amout"),
        (b'{"name": "one"}', 422, "missing", "/amount_cents"),
        (b'{"name": "one", ', 400, "json_invalid", ""),
        (b"\xff\xfe", 400, "json_invalid", ""),
        (b"[1]", 422, "model_attributes_type", ""),
    ],
)
async def test_bad_bodies_name_place_and_rule(
    toy: ServiceUnderTest, content: bytes, status: int, code: str, pointer: str
) -> None:
    async with toy.client(ALL) as client:
        answer = await client.post(
            "/v1/things", content=content, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    finding = answer.json()["errors"][0]
    assert (finding["code"], finding.get("pointer", "")) == (code, pointer)
    assert await toy.told() == []


async def test_a_rule_of_the_domain_becomes_a_problem(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        answer = await client.post("/v1/things", json=THING | {"name": "refused"})
    assert answer.json() == {
        "type": "/problems/thing_refused",
        "title": "The request breaks a rule",
        "status": 422,
        "code": "thing_refused",
        "detail": "this name is refused",
        "errors": [
            {
                "code": "thing_refused",
                "pointer": "/name",
                "message": "this name is refused",
                "fix": "choose another",
            }
        ],
    }


async def test_our_own_mistake_shows_nothing_of_itself(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        answer = await client.post("/v1/things", json=THING | {"name": "broken"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "broken" not in answer.text
    assert "ZeroDivision" not in answer.text


async def test_a_body_over_the_limit_is_refused(toy: ServiceUnderTest) -> None:
    async def chunks():
        for _ in range(LARGEST_BODY_BYTES // (1024 * 1024) + 1):
            yield b"x" * (1024 * 1024)

    async with toy.client(ALL) as client:
        told = await client.post("/v1/things", content=b"x" * (LARGEST_BODY_BYTES + 1))
        untold = await client.post(
            "/v1/things", content=chunks(), headers={"Content-Type": "application/json"}
        )
    assert told.status_code == 413
    assert untold.status_code == 413
    assert untold.json()["status"] == 413


async def test_a_wrong_scope_is_refused_and_another_organization_sees_nothing(
    toy: ServiceUnderTest,
) -> None:
    async with toy.client(ALL) as client:
        made = (await client.post("/v1/things", json=THING)).json()
        assert (await client.get(f"/v1/things/{made['id']}")).status_code == 200
    async with toy.client("system/Basic.c") as client:
        assert (await client.get(f"/v1/things/{made['id']}")).status_code == 403
    async with toy.client(ALL, organization_id=OTHER_ORGANIZATION) as client:
        assert (await client.get(f"/v1/things/{made['id']}")).status_code == 404
    async with toy.client(ALL, organization_id=None) as client:
        assert (await client.get(f"/v1/things/{made['id']}")).status_code == 403


async def test_every_read_of_a_thing_is_audited(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        made = (await client.post("/v1/things", json=THING)).json()
        await client.get(f"/v1/things/{made['id']}", headers={"X-Request-Id": "r-1"})
    async with toy.workroom.reading(UUID("01980000-0000-7000-8000-0000000000a1")) as work:
        rows = (await work.connection.execute(work.schema_tables.audit_log.select())).mappings()
        read = [row for row in rows if row["action"] == "read"]
    assert [(str(row["resource_id"]), row["principal"], row["request_id"]) for row in read] == [
        (made["id"], "tester", "r-1")
    ]


async def test_an_answer_names_its_request(toy: ServiceUnderTest) -> None:
    async with toy.client(ALL) as client:
        echoed = await client.get("/v1/nowhere", headers={"X-Request-Id": "mine-1"})
        made = await client.get("/v1/nowhere", headers={"X-Request-Id": "bad\tid" * 30})
    assert echoed.status_code == 404
    assert echoed.headers["X-Request-Id"] == "mine-1"
    assert UUID(made.headers["X-Request-Id"]).version == 7
