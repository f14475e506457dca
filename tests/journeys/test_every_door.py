"""Every route of every running service: who may pass, and what nonsense gets for an answer."""

import re

import httpx
import pytest

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")
SOMEBODY = "01980000-0000-7000-8000-00000000abcd"
FILLERS = {"version": "1", "on": "2026-03-16", "day": "2026-03-16"}
PROBLEM = "application/problem+json"
NONSENSE = (b"{", b"\xff\xfe", b"[]", b'{"no_such_field": 1}', b"", b'{"amount_cents": false}')


def _routes(system, service: str) -> list[tuple[str, str]]:
    """Every route that the running service describes, with its path filled in."""
    described = httpx.get(f"{system.urls[service]}/openapi.json", timeout=30).json()
    filled = []
    for path, operations in described["paths"].items():
        full = re.sub(r"\{(\w+)\}", lambda name: FILLERS.get(name[1], SOMEBODY), path)
        filled += [(method.upper(), full) for method in operations if method != "parameters"]
    return filled


def _client(system, service: str, token: str | None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=system.urls[service], headers=headers, timeout=30)


@pytest.mark.parametrize("service", SERVICES)
def test_without_a_token_no_route_opens(system, service):
    with _client(system, service, None) as client:
        answers = {one: client.request(*one) for one in _routes(system, service)}
    assert len(answers) >= 5
    assert {one: a.status_code for one, a in answers.items() if a.status_code != 401} == {}
    assert {a.headers["content-type"] for a in answers.values()} == {PROBLEM}


@pytest.mark.parametrize("service", SERVICES)
def test_with_another_scope_no_route_opens(system, service):
    token = system.token(organization_id=SOMEBODY, scope="system/Nothing.r")
    with _client(system, service, token) as client:
        answers = {one: client.request(*one) for one in _routes(system, service)}
    assert {one: a.status_code for one, a in answers.items() if a.status_code != 403} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_nonsense_gets_a_problem_and_never_a_crash(system, service):
    scope = "system/*.cruds cleanclaim/directory.admin cleanclaim/remittance.post"
    token = system.token(organization_id=SOMEBODY, scope=f"{scope} cleanclaim/variance.write-off")
    wrong = []
    with _client(system, service, token) as client:
        for method, path in _routes(system, service):
            for body in NONSENSE if method in {"POST", "PUT"} else (None,):
                answer = client.request(
                    method, path, content=body, headers={"Content-Type": "application/json"}
                )
                plain = answer.status_code < 400 or answer.headers["content-type"] == PROBLEM
                if answer.status_code >= 500 or not plain:
                    wrong.append((method, path, body, answer.status_code, answer.text[:100]))
    assert wrong == []
