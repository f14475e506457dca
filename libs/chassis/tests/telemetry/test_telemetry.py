"""Spans hang together across services, and names never hold what a caller sent."""

import ast
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query
from opentelemetry.trace import StatusCode
from prometheus_client import generate_latest

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.observed_requests import ObservedRequests
from cleanclaim.chassis.telemetry import metrics, names
from cleanclaim.chassis.telemetry.names import Attribute

CANARY = "Zephyrine-Quill"
UPSTREAM = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOT_SAMPLED = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-00"
ANOTHER = "00-2af7651916cd43dd8448eb211c80319c-b7ad6b7169203333-01"


@pytest.fixture
def spans():
    telemetry.configure("claims", traces="memory")
    yield telemetry.finished_spans
    telemetry.shut_down()


routes = APIRouter(prefix="/v1")


@routes.get("/patients/{patient_id}")
async def read_patient(
    patient_id: str, name: Annotated[str, Query()] = ""
) -> dict[str, str | None]:
    return {"traceparent": telemetry.current_traceparent()}


@routes.get("/broken")
async def read_broken() -> None:
    raise KeyError(CANARY)


async def answer_to(path, **headers):
    app = FastAPI()
    app.include_router(routes, prefix="/api")
    wrapped = ObservedRequests(app, service="tests")
    transport = httpx.ASGITransport(wrapped, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://claims") as client:
        return await client.get(path, headers=headers)


async def test_a_request_is_one_server_span_under_its_caller(spans):
    answer = await answer_to(f"/api/v1/patients/{CANARY}?name={CANARY}", traceparent=UPSTREAM)
    (server,) = spans()
    assert server.name == "GET /api/v1/patients/{patient_id}"
    assert f"{server.parent.span_id:016x}" == "b7ad6b7169203331"
    assert answer.json()["traceparent"].split("-")[1] == UPSTREAM.split("-")[1]
    assert CANARY not in server.to_json()
    assert server.attributes[Attribute.STATUS] == 200


async def test_a_failing_request_is_marked_without_its_error_text(spans):
    await answer_to("/api/v1/broken")
    (server,) = spans()
    assert server.status.status_code is StatusCode.ERROR
    assert server.attributes[Attribute.ERROR] == "KeyError"
    assert CANARY not in server.to_json()


async def test_requests_are_counted_by_route_template_and_status():
    await answer_to(f"/api/v1/patients/{CANARY}")
    await answer_to(f"/{CANARY}")
    shown = generate_latest(metrics.registry).decode()
    labels = 'method="GET",route="/api/v1/patients/{patient_id}",service="tests",status="200"'
    assert f"cleanclaim_http_requests_total{{{labels}}}" in shown
    assert 'route="unmatched",service="tests",status="404"' in shown
    assert CANARY not in shown


async def test_probes_make_no_spans(spans):
    await answer_to("/healthz/live")
    assert spans() == ()


def test_without_exporter_traces_still_pass_through():
    telemetry.configure("claims", traces="none")
    with telemetry.span("command", traceparent=UPSTREAM):
        assert telemetry.current_traceparent().split("-")[1] == UPSTREAM.split("-")[1]
    with telemetry.span("command"):
        sampled = int(telemetry.current_traceparent().rpartition("-")[2], 16) & 1
        assert not sampled
    assert telemetry.current_traceparent() is None


@pytest.mark.parametrize(
    "broken", ["", "00-xyz", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", CANARY]
)
def test_a_malformed_traceparent_begins_a_new_trace(spans, broken):
    with telemetry.span("command", traceparent=broken):
        assert telemetry.current_traceparent()
    assert spans()[0].parent is None


def test_each_recorded_event_of_a_batch_keeps_its_trace_and_the_batch_links_to_it(spans):
    with telemetry.handling("ClaimSubmitted", [UPSTREAM, NOT_SAMPLED, None, ANOTHER]):
        pass
    batch, *events = spans()
    assert batch.name == "process_batch ClaimSubmitted"
    assert batch.attributes[Attribute.EVENT_COUNT] == 4
    traces = {UPSTREAM.split("-")[1], ANOTHER.split("-")[1]}
    assert {f"{one.context.trace_id:032x}" for one in batch.links} == traces
    assert {f"{one.context.trace_id:032x}" for one in events} == traces
    assert {one.name for one in events} == {"process ClaimSubmitted"}


def test_an_event_alone_is_handled_within_its_own_trace(spans):
    with telemetry.handling("ClaimSubmitted", [UPSTREAM]):
        inside = telemetry.current_traceparent()
    (one,) = spans()
    assert inside.split("-")[1] == UPSTREAM.split("-")[1]
    assert one.name == "process ClaimSubmitted"


def test_what_events_need_is_asked_for_within_their_traces(spans):
    with telemetry.fetching("EncounterReady", [UPSTREAM]):
        asked = telemetry.current_traceparent()
    with telemetry.fetching("EncounterReady", [UPSTREAM, ANOTHER]):
        pass
    alone, batch, *events = spans()
    assert asked.split("-")[1] == UPSTREAM.split("-")[1]
    assert alone.name == "fetch EncounterReady"
    assert batch.name == "fetch_batch EncounterReady"
    assert [one.name for one in events] == ["fetch EncounterReady"] * 2


def test_events_that_fail_are_marked_by_the_type_of_the_error(spans):
    with pytest.raises(KeyError), telemetry.handling("ClaimSubmitted", [UPSTREAM, ANOTHER]):
        raise KeyError(CANARY)
    assert {one.status.status_code for one in spans()} == {StatusCode.ERROR}
    assert CANARY not in "".join(one.to_json() for one in spans())


def test_a_span_carries_no_attribute_outside_the_list(spans):
    with pytest.raises(ValueError, match="patient"), telemetry.span("command", {"patient": CANARY}):
        pass


def test_an_unknown_exporter_is_refused_by_name():
    with pytest.raises(ValueError, match="CLEANCLAIM_TRACES"):
        telemetry.configure("claims", traces="jaeger")


@pytest.mark.parametrize("traces", ["console", "otlp"])
def test_every_exporter_starts_and_stops(traces):
    telemetry.configure("claims", traces=traces, ratio=0.0)
    with telemetry.span("command"):
        pass
    telemetry.shut_down()
    assert telemetry.finished_spans() == ()


def test_every_listed_metric_exists_under_its_name_with_its_comment():
    shown = generate_latest(metrics.registry).decode()
    missing = [
        one.name for one in names.METRICS if f"{one.name}{_suffix(one)} {one.comment}" not in shown
    ]
    assert missing == []
    assert len({one.name for one in names.METRICS}) == len(names.METRICS)


def _suffix(metric):
    return "_total" if metric.kind == "counter" else ""


def test_every_metric_of_this_process_is_made_from_the_list():
    module = ast.parse(Path(metrics.__file__).read_text())
    made = [
        ast.unparse(node.value.args[0]).removeprefix("names.")
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.value.func).startswith("_")
    ]
    assert [getattr(names, one) for one in made] == list(names.METRICS)
