"""What nonsense gets for an answer at every JSON door: a problem that names the place and the rule."""

import copy
import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from .routes import (
    EVERYTHING,
    PROBLEM,
    SERVICES,
    SOMEBODY,
    Route,
    example_body,
    is_operators,
    routes_of,
)

TOO_MUCH = 65 * 1024 * 1024
SECRET = "Zbigniewa-Quorfelt-1957"
MALFORMED = (b"{", b"", b"\xff\xfe", b'{"a": }', b'{"a": 1,}', b"{'a': 1}", b"[" * 100_000)
NOT_AN_OBJECT = (b"[]", b"1", b"null", b'"text"', b"false", b"NaN", b"[[[{}]]]")
FILES = (
    ("claims", "/v1/acknowledgements", "application/edi-x12"),
    ("remittance", "/v1/remittances", "application/edi-x12"),
    ("reconcile", "/v1/bank-statements", "text/plain"),
)


def _json_doors(service: str) -> Iterator[tuple[Route, dict[str, Any]]]:
    for route in routes_of(service):
        body = example_body(route)
        if body is not None and body[0] == "application/json":
            yield route, body[1]


class _Entitled(httpx.Auth):
    """A token with every scope: of an organization, and of none at the operators' doors."""

    def __init__(self, system, organization_id: str) -> None:
        self.ours = system.token(organization_id=organization_id, scope=EVERYTHING)
        self.operators = system.token(scope=EVERYTHING)

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:
        token = self.operators if is_operators(request.url.path) else self.ours
        request.headers["Authorization"] = f"Bearer {token}"
        yield request


def _client(system, service: str, organization_id: str = SOMEBODY) -> httpx.Client:
    return httpx.Client(
        base_url=system.urls[service],
        auth=_Entitled(system, organization_id),
        headers={"If-Match": '"1"'},
        timeout=60,
    )


def _send(client: httpx.Client, route: Route, content: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return client.request(route.method, route.filled(), content=content, headers=headers)


def _told(answer: httpx.Response) -> list[tuple[str | None, str]]:
    """Where and which rule, of each finding of a problem."""
    found = answer.json().get("errors", [])
    return [(one.get("pointer"), one["code"]) for one in found]


@pytest.mark.parametrize("service", SERVICES)
def test_a_body_that_is_no_json_is_refused_as_such(system, service):
    wrong = []
    with _client(system, service) as client:
        for route, _ in _json_doors(service):
            for body in MALFORMED:
                answer = _send(client, route, body)
                expected = {400, 422} if body == b"" else {400}
                said = answer.headers["content-type"]
                if answer.status_code not in expected or said != PROBLEM or not _told(answer):
                    wrong.append((str(route), body[:20], answer.status_code, answer.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_body_that_is_no_object_is_refused_at_its_root(system, service):
    wrong = []
    with _client(system, service) as client:
        for route, _ in _json_doors(service):
            for body in NOT_AN_OBJECT:
                answer = _send(client, route, body)
                if answer.status_code not in {400, 422} or not _told(answer):
                    wrong.append((str(route), body, answer.status_code, answer.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_field_is_refused_by_its_pointer_wherever_it_stands(system, service):
    wrong = []
    with _client(system, service) as client:
        for route, example in _json_doors(service):
            for place, spoilt in _with_a_stranger(example):
                answer = _send(client, route, json.dumps(spoilt).encode())
                expected = (f"{place}/no_such_field", "extra_forbidden")
                if answer.status_code != 422 or expected not in _told(answer):
                    wrong.append((str(route), place, answer.status_code, answer.text[:300]))
                assert SECRET not in answer.text
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_type_is_refused_by_its_pointer_wherever_it_stands(system, service):
    """False is no amount, an amount is no text, a list is no name; none is turned into another."""
    tried, wrong = 0, []
    with _client(system, service) as client:
        for route, example in _json_doors(service):
            for place, spoilt in _with_a_wrong_type(example):
                answer = _send(client, route, json.dumps(spoilt).encode())
                places = [pointer or "" for pointer, _ in _told(answer)]
                tried += 1
                if answer.status_code != 422 or not any(one.startswith(place) for one in places):
                    wrong.append((str(route), place, answer.status_code, answer.text[:300]))
                assert SECRET not in answer.text
    assert wrong == []
    assert tried >= 5


@pytest.mark.parametrize("service", SERVICES)
def test_text_that_no_database_holds_and_numbers_beyond_all_bounds_crash_nothing(system, service):
    wrong = []
    with _client(system, service) as client:
        for route, example in _json_doors(service):
            for place, spoilt in _with_a_monster(example):
                answer = _send(client, route, spoilt.encode())
                if answer.status_code >= 500 or answer.status_code < 400:
                    wrong.append((str(route), place, answer.status_code, answer.text[:300]))
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(system, service):
    wrong = []
    token = system.token(organization_id=SOMEBODY, scope=EVERYTHING)
    for route in routes_of(service):
        if route.method in {"POST", "PUT"}:
            status, text = _announced(system.urls[service], route, token)
            if status != 413 or json.loads(text)["code"] != "body_too_large":
                wrong.append((str(route), status, text))
    assert wrong == []


@pytest.mark.parametrize(("service", "path", "media_type"), FILES)
def test_a_body_that_turns_out_too_large_is_refused_while_it_comes(
    system, service, path, media_type
):
    def chunks() -> Iterator[bytes]:
        for _ in range(65):
            yield b"x" * (TOO_MUCH // 65)

    with _client(system, service) as client:
        answer = client.post(path, content=chunks(), headers={"Content-Type": media_type})
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert answer.json()["code"] == "body_too_large"
    assert "64 MiB" in answer.json()["detail"]


def _announced(url: str, route: Route, token: str) -> tuple[int, bytes]:
    """What a request is told that announces 65 MiB and has not sent a byte of them."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.putrequest(route.method, route.filled())
        connection.putheader("Authorization", f"Bearer {token}")
        connection.putheader("Content-Length", str(TOO_MUCH))
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _places(content: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a JSON document with its pointer, the document itself first."""
    yield place, content
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _places(value, f"{place}/{name}")
    if isinstance(content, list):
        for number, value in enumerate(content):
            yield from _places(value, f"{place}/{number}")


def _with(document: Any, place: str, value: Any) -> Any:
    """A copy of the document with another value at this pointer."""
    if not place:
        return value
    changed = copy.deepcopy(document)
    *way, last = place.split("/")[1:]
    inner = changed
    for step in way:
        inner = inner[int(step) if isinstance(inner, list) else step]
    inner[int(last) if isinstance(inner, list) else last] = value
    return changed


def _with_a_stranger(example: Any) -> Iterator[tuple[str, Any]]:
    for place, value in _places(example):
        if isinstance(value, dict):
            yield place, _with(example, place, value | {"no_such_field": SECRET})


def _with_a_wrong_type(example: Any) -> Iterator[tuple[str, Any]]:
    for place, value in _places(example):
        if not place:
            continue
        if isinstance(value, bool):
            yield place, _with(example, place, 1)
            yield place, _with(example, place, "true")
        elif isinstance(value, int):
            yield place, _with(example, place, False)
            yield place, _with(example, place, str(value))
            yield place, _with(example, place, 1.5)
        elif isinstance(value, str):
            yield place, _with(example, place, 7)
            yield place, _with(example, place, False)
            yield place, _with(example, place, {SECRET: 1})
        elif isinstance(value, list):
            yield place, _with(example, place, SECRET)
            yield place, _with(example, place, {"0": value})
        elif isinstance(value, dict):
            yield place, _with(example, place, SECRET)
            yield place, _with(example, place, [value])


def _with_a_monster(example: Any) -> Iterator[tuple[str, str]]:
    """As text, since some of these are no Python value that JSON would write."""
    mark = "MONSTER"
    texts = ('"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"' + "x" * 100_000 + '"')
    numbers = ("1" + "0" * 30, "-1" + "0" * 30, "1e400", "9223372036854775808")
    for place, value in _places(example):
        if place and isinstance(value, str | int) and not isinstance(value, bool):
            document = json.dumps(_with(example, place, mark))
            for monster in numbers if isinstance(value, int) else texts:
                yield f"{place} {monster[:24]}", document.replace(f'"{mark}"', monster)
