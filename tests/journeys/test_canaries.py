"""Nothing of a patient is found where only ids, codes and money may be; and the search can fail."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaProducer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from cleanclaim.events.examples import example_record
from cleanclaim.events.remittance import ClaimDenied
from cleanclaim.payersim.scenario import Rule
from cleanclaim.seed.people import Person
from cleanclaim.seed.story import SERVICES

from . import canaries
from .canaries import Leak, Search
from .payers import put
from .stories import MONDAY, PAID_ON, a_scenario, a_story, a_visit

PLANTED = "Plantadorovska"
POISON = "Venomyrskaya"
OPERATOR = "cleanclaim/platform.read cleanclaim/platform.write"


def _the_canary(story, **spoilt):
    """A visit of a person whose every trait is unmistakable."""
    visit = a_visit(story, "99213", "85025")
    person = Person(
        last_name=canaries.LAST_NAME,
        first_name=canaries.FIRST_NAME,
        birth_on=date.fromisoformat(canaries.BIRTH_ON),
        sex="F",
        address={
            "line1": f"{canaries.STREET} Street",
            "line2": None,
            "city": canaries.CITY,
            "state": "IL",
            "zip": "62701",
        },
    )
    traits = {"member_id": canaries.MEMBER_ID, "group_number": canaries.GROUP_NUMBER}
    return replace(
        visit,
        external_id=canaries.RECORD_NUMBER,
        patient=person,
        coverage=visit.coverage | traits,
        encounter=visit.encounter | spoilt,
    )


async def test_nothing_of_a_patient_shows_where_it_must_not(system, spans):
    rule = Rule(name="bundled", outcome="deny", lines="85025", group="CO", reason="97")
    async with a_story(system, a_scenario(rule), "Canaries") as story:
        await _a_whole_story(story)
        answers = await _refusals(story)
        await story.settled()
        files = await _damaged_files(story)
        await asyncio.sleep(1)  # the exporters send what is left
    search = Search()
    assert answers
    assert any(canaries.LAST_NAME.upper().encode() in one for one in files)
    found = [
        *search.logs(system.places.folder),
        *search.names(system.places.mailbox),
        *search.spans(spans.received),
        *search.metrics(system.places.state),
        *search.answers(answers),
        *await search.stream(system.kafka_bootstrap),
        *await search.tables(system.database_url, SERVICES),
    ]
    assert found == []
    assert spans.received


async def _a_whole_story(story) -> None:
    """Held for an error, noted on, corrected, sent, half denied, paid and banked."""
    held = _the_canary(story, diagnoses=["Z99.99X"])
    (sent,) = await story.clinic.send([held])
    assert sent.state == "held"
    doors = story.clinic.doors
    await doors.post("claims", "/v1/providers", _a_sole_provider())
    (item,) = await doors.every("intake", "/v1/work-items")
    note = {"text": f"{canaries.NOTE}: {canaries.FIRST_NAME} {canaries.LAST_NAME}"}
    await doors.post("intake", f"/v1/work-items/{item['id']}:note", note)
    await story.clinic.correct(sent, _the_canary(story))
    await story.settled()
    await story.submit(MONDAY)
    story.day(PAID_ON)
    await story.pay(PAID_ON)
    claims = await doors.every("claims", "/v1/claims")
    assert [one["state"] for one in claims] == ["adjudicated"]


def _a_sole_provider() -> dict:
    """A physician without a company: the tax number is a social security number."""
    version = {
        "effective_from_on": "2015-01-01",
        "npi": "1245319599",
        "tin": canaries.TAX_ID,
        "tin_kind": "ssn",
        "name": "Garrowby Practice",
        "taxonomy_code": "207Q00000X",
        "address": {
            "street": "5 Elm Street",
            "city": "Springfield",
            "state": "IL",
            "postal_code": "627010001",
        },
    }
    return {"versions": [version]}


async def _refusals(story) -> dict[str, bytes]:
    """What every kind of refusal says of a request that is full of the patient."""
    visit = _the_canary(story)
    person = visit.patient.as_body() | {"source": "demo-ehr", "external_id": "X-1"}
    intake = story.clinic.doors.clients["intake"]
    word, born = canaries.LAST_NAME, canaries.BIRTH_ON
    requests = {
        "unknown field": intake.post("/v1/patients", json=person | {"nick_name": word}),
        "wrong type": intake.post("/v1/patients", json=person | {"birth_on": [born]}),
        "wrong value": intake.post("/v1/patients", json=person | {"birth_on": f"{born}T"}),
        "wrong sex": intake.post("/v1/patients", json=person | {"sex": word}),
        "too long": intake.post("/v1/patients", json=person | {"last_name": word * 20}),
        "not JSON": intake.post("/v1/patients", content=f"{{{word}"),
        "NUL": intake.post("/v1/patients", json=person | {"last_name": f"{word}\0"}),
        "twice": intake.post(
            "/v1/patients", json=person | {"external_id": f"P-{canaries.RECORD_NUMBER}"}
        ),
        "in a path": intake.get(f"/v1/patients/{word}"),
        "in a wrong path": intake.get(f"/v1/{word}"),
        "in a query": intake.get("/v1/patients", params={word: canaries.MEMBER_ID}),
        "in a filter": intake.get("/v1/encounters", params={"state": word}),
        "in a page token": intake.get("/v1/encounters", params={"page_token": word}),
        "as a version": intake.put(
            "/v1/patients/01980000-0000-7000-8000-00000000abcd",
            json=visit.patient.as_body(),
            headers={"If-Match": word},
        ),
        "as a token": intake.get("/v1/encounters", headers={"Authorization": f"Bearer {word}"}),
    }
    answers = dict(zip(requests, await asyncio.gather(*requests.values()), strict=True))
    wrong = {name: one.status_code for name, one in answers.items() if one.status_code < 400}
    assert wrong == {}
    assert [one.status_code for one in answers.values() if one.status_code >= 500] == []
    return {name: one.content + str(one.headers).encode() for name, one in answers.items()}


async def _damaged_files(story) -> list[bytes]:
    """The patient's own 835, damaged in several ways, by mailbox."""
    (path,) = (story.clinic.mailbox / "archive").glob("*835_*")
    whole = path.read_bytes().replace(b"~\n", b"~")
    head = whole[: whole.index(b"~ST*") + 1]
    files = [
        whole[: whole.index(b"~SVC*") + 9],
        whole.replace(b"~SE*", b"~SE*9"),
        whole.replace(b"~NM1*QC*1*", b"~NM1*QC*9*"),
        head + canaries.LAST_NAME.upper().encode() * 300,
    ]
    for number, content in enumerate(files):
        fresh = content.replace(b"EFT", f"E{number}T".encode())
        put(story.clinic.mailbox, f"835_damaged_{number}.x12", fresh)
    await story.taken()
    return files


async def test_what_is_parked_shows_nothing_of_what_it_says(system, spans):
    """Poison full of a patient, on the real topic: the row that keeps it is the only place."""
    whose = str(uuid4())
    poison = list(_poison(whose))
    async with AIOKafkaProducer(bootstrap_servers=system.kafka_bootstrap) as producer:
        for record in poison:
            await producer.send_and_wait("cleanclaim.postings", **record)
    token = system.token(organization_id=None, scope=OPERATOR)
    header = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=system.urls["denials"], headers=header) as operator:
        answers = await _all_that_is_said_of_parked(operator, whose, len(poison))
    await asyncio.sleep(1)  # the exporters send what is left
    search = Search([POISON])
    found = [
        *search.logs(system.places.folder),
        *search.spans(spans.received),
        *search.metrics(system.places.state),
        *search.answers(answers),
    ]
    assert found == []
    kept = [one.place for one in await search.tables(system.database_url, ["denials"])]
    assert set(kept) == {"table denials.parked_events"}


def _poison(whose: str) -> Iterator[dict]:
    """A wrong value, no JSON, and key and header that say who it is."""
    record = example_record(ClaimDenied)
    headers = dict(record.headers) | {"ce_organization": whose.encode()}
    body = json.loads(record.value) | {"payer_responsibility": POISON, "event_id": str(uuid4())}
    whole = {"key": record.key, "headers": headers, "value": json.dumps(body).encode()}
    for change in (
        {},
        {"key": str(uuid4()).encode(), "value": f"{{{POISON}".encode()},
        {"key": POISON.encode(), "headers": headers | {"ce_subject": POISON.encode()}},
    ):
        made = whole | change
        yield made | {"headers": list(made["headers"].items())}


async def _all_that_is_said_of_parked(operator, whose: str, count: int) -> dict[str, bytes]:
    """Lists, single events, what a retry says; then all are skipped, for others use the system."""
    said: dict[str, bytes] = {}
    async with asyncio.timeout(60):
        while len(keys := await _keys(operator, whose)) < count:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.2)
    said["keys"] = json.dumps(keys).encode()
    for number in [one["first"] for one in keys]:
        place = f"/v1/platform/parked-events/{number}"
        for answer in (
            await operator.get(place),
            await operator.get(f"{place}/key"),
            await operator.post(f"{place}:retry"),
            await operator.post(f"{place}:skip", json={"because": f"told by {POISON}@home"}),
            await operator.post(f"{place}:skip", json={"because": "a test planted it"}),
        ):
            said[f"{answer.request.method} {place} {answer.status_code}"] = answer.content
            assert answer.status_code in {200, 422}
    assert await _keys(operator, whose) == []
    return said


async def _keys(operator, whose: str) -> list[dict]:
    answer = await operator.get("/v1/platform/parked-keys", params={"limit": 500})
    return [one for one in answer.json()["items"] if one["organization_id"] == whose]


async def test_the_search_finds_what_is_planted_in_each_place(system, spans, tmp_path):
    search = Search([PLANTED])
    (tmp_path / "logs").mkdir()
    line = json.dumps({"event": "request_served", "route": f"/v1/patients/{PLANTED.upper()}"})
    (tmp_path / "logs" / "intake-api.log").write_text(line)
    (tmp_path / f"835_{PLANTED}.x12").touch()
    assert len(list(search.logs(tmp_path))) == 1
    assert len(list(search.names(tmp_path))) == 1
    assert list(search.answers({"problem": PLANTED.encode().hex().encode()})) != []
    assert list(search.within("dump", PLANTED.encode("utf-16-le"))) != []

    export = ExportTraceServiceRequest()
    export.resource_spans.add().scope_spans.add().spans.add().name = f"GET /v1/{PLANTED}"
    address = spans.environment["OTEL_EXPORTER_OTLP_ENDPOINT"]
    async with httpx.AsyncClient(base_url=address) as exporter:
        await exporter.post("/v1/traces", content=export.SerializeToString())
    assert Leak("span", PLANTED) in list(search.spans(spans.received))

    async with AIOKafkaProducer(bootstrap_servers=system.kafka_bootstrap) as producer:
        # an unknown type: every service passes it over and counts it
        headers = [("ce_type", b"cleanclaim.test.Planted"), ("ce_note", PLANTED.encode())]
        word = PLANTED.encode()
        value = b'{"note": "' + word + b'"}'
        await producer.send_and_wait("cleanclaim.intake", value, key=word, headers=headers)
    found = await search.stream(system.kafka_bootstrap)
    for part in ("header ce_note", "key", "value"):
        assert Leak(f"{part} on cleanclaim.intake", PLANTED) in found

    # a payer's name is no secret and is kept as it is, so it stands in the directory's tables
    async with a_story(system, a_scenario(), PLANTED):
        pass
    assert await search.tables(system.database_url, SERVICES) != []
    assert list(Search(["http_requests"]).metrics(system.places.state)) != []
