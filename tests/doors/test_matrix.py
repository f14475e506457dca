"""Route by token by organization: who is refused at every door of every running service."""

from itertools import cycle

import httpx
import pytest

from .routes import (
    EVERYTHING,
    PROBLEM,
    SERVICES,
    SOMEBODY,
    Route,
    everything_but,
    example_body,
    routes_of,
)
from .tokens import Forger, refused_tokens

NEIGHBOUR = "01980000-0000-7000-8000-00000000b0b0"
# an operator's token names no organization, since there may be none yet
FOR_OPERATORS = {("claims", "/v1/organizations", "POST")}


def _client(system, service: str) -> httpx.Client:
    return httpx.Client(base_url=system.urls[service], timeout=60)


def _ask(client: httpx.Client, route: Route, path: str, **headers: str) -> httpx.Response:
    """One request with the body that the description shows, so that only the caller is wrong."""
    body = example_body(route)
    if route.method == "PUT":
        headers["If-Match"] = '"1"'
    if body is None:
        return client.request(route.method, path, headers=headers)
    media_type, content = body
    if media_type != "application/json":
        headers["Content-Type"] = media_type
        return client.request(route.method, path, content=content.encode(), headers=headers)
    # what else the body names would be unknown too, and would be refused before the path is
    own = {name: value for name, value in content.items() if name != "connection_id"}
    return client.request(route.method, path, json=own, headers=headers)


def _of_organizations(service: str) -> list[Route]:
    return [route for route in routes_of(service) if not route.is_operators]


@pytest.mark.parametrize("service", SERVICES)
def test_no_route_opens_without_a_genuine_token(system, service):
    """No token and one forgery at every route, every forgery at one route of each kind.

    All routes are guarded by one class of door, as the test of scopes proves.
    """
    (_, nothing), *forged = refused_tokens(Forger(system))
    routes = routes_of(service)
    one_of_each = {(route.method, route.is_operators): route for route in routes}.values()
    asking = [("no token", nothing, route) for route in routes]
    asking += [(*bad, route) for bad, route in zip(cycle(forged), routes, strict=False)]
    asking += [(*bad, route) for bad in forged for route in one_of_each]
    wrong = []
    with _client(system, service) as client:
        for name, header, route in asking:
            headers = {} if header is None else {"Authorization": header}
            answer = client.request(route.method, route.filled(), headers=headers)
            kind, challenge = (
                answer.headers["content-type"],
                answer.headers.get("www-authenticate", ""),
            )
            if (answer.status_code, kind) != (401, PROBLEM) or "Bearer" not in challenge:
                wrong.append((name, str(route), answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_genuine_token_of_the_same_kind_opens_every_route(system, service):
    """The forgeries above fail for what is wrong with them and for nothing else."""
    token = Forger(system).signed()
    refused = []
    with _client(system, service) as client:
        for route in _of_organizations(service):
            answer = _ask(client, route, route.filled(), Authorization=f"Bearer {token}")
            if answer.status_code in {401, 403}:
                refused.append((str(route), answer.text))
    assert refused == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_route_opens_for_any_other_scope(system, service):
    wrong = []
    with _client(system, service) as client:
        for route in routes_of(service):
            token = system.token(organization_id=SOMEBODY, scope=everything_but(route.scope))
            answer = _ask(client, route, route.filled(), Authorization=f"Bearer {token}")
            said = answer.json()
            if (answer.status_code, answer.headers["content-type"], said["code"]) != (
                403,
                PROBLEM,
                "scope_missing",
            ):
                wrong.append((str(route), answer.status_code, said))
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_route_asks_for_no_more_than_it_declares(system, service):
    refused = []
    with _client(system, service) as client:
        for route in routes_of(service):
            whose = None if route.is_operators else SOMEBODY
            token = system.token(organization_id=whose, scope=route.scope)
            answer = _ask(client, route, route.filled(), Authorization=f"Bearer {token}")
            if answer.status_code in {401, 403}:
                refused.append((str(route), answer.text))
    assert refused == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_token_of_no_organization_opens_only_what_operators_need(system, service):
    token = system.token(scope=EVERYTHING)
    opened = set()
    with _client(system, service) as client:
        for route in routes_of(service):
            # no body: what it would change is no business of this test
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.request(route.method, route.filled(), headers=headers)
            if answer.status_code != 403:
                opened.add((route.service, route.path, route.method))
    operators = {(one.service, one.path, one.method) for one in routes_of(service)
                 if one.is_operators}  # fmt: skip
    assert opened == operators | {one for one in FOR_OPERATORS if one[0] == service}


@pytest.mark.parametrize("service", SERVICES)
def test_no_organizations_token_opens_an_operators_door(system, service):
    token = system.token(organization_id=SOMEBODY, scope=EVERYTHING)
    codes = set()
    with _client(system, service) as client:
        for route in routes_of(service):
            if route.is_operators:
                answer = _ask(client, route, route.filled(), Authorization=f"Bearer {token}")
                codes.add((answer.status_code, answer.json()["code"]))
    assert codes == {(403, "organization_named")}


@pytest.mark.parametrize("service", SERVICES)
async def test_another_organizations_ids_name_nothing(system, service, office):
    """The owner reads each of them before and after; the neighbour is told that none exists."""
    theirs = {"Authorization": f"Bearer {_token(system, office.organization_id)}"}
    ours = {"Authorization": f"Bearer {_token(system, NEIGHBOUR)}"}
    naming = [route for route in routes_of(service) if "_id}" in route.path]
    looks = [route for route in naming if route.method == "GET"]
    names = office.names(service)
    with _client(system, service) as client:
        before = {route: client.get(route.filled(names), headers=theirs) for route in looks}
        wrong = [(str(route), a.text) for route, a in before.items() if a.status_code != 200]
        assert wrong == [], "the office lacks what this test is about"
        for route in naming:
            path = route.filled(names)
            if service == "accounts" and "{item_id}" in route.path:
                continue  # accounts has given nobody work in this office
            assert SOMEBODY not in path, f"no id of the office stands for a parameter of {route}"
            answer = _ask(client, route, path, **ours)
            others = set(office.ids.values()) - {one for one in office.ids.values() if one in path}
            found = [one for one in others if one in answer.text]
            if answer.status_code != 404 or answer.headers["content-type"] != PROBLEM or found:
                wrong.append((str(route), answer.status_code, answer.text[:200]))
        after = {route: client.get(route.filled(names), headers=theirs) for route in looks}
    assert wrong == []
    assert _contents(after) == _contents(before)


@pytest.mark.parametrize("service", SERVICES)
async def test_another_organizations_lists_are_empty(system, service, office):
    ours = {"Authorization": f"Bearer {_token(system, NEIGHBOUR)}"}
    seen = []
    with _client(system, service) as client:
        for route in _of_organizations(service):
            if route.method == "GET" and "_id}" not in route.path:
                answer = client.get(route.filled(), params=_needed(service, route), headers=ours)
                shows = answer.json()
                if shows.get("items") or any(one in answer.text for one in office.ids.values()):
                    seen.append((str(route), answer.text[:200]))
    assert seen == []


def _needed(service: str, route: Route) -> dict[str, str]:
    """Values for the query parameters without which a list is not answered."""
    needed = {"account": "gross_charges", "external_id": "P-J00001", "source": "demo-ehr"}
    return needed if route.path in {"/v1/balances", "/v1/patients"} else {}


def _token(system, organization_id: str) -> str:
    return system.token(organization_id=organization_id, scope=EVERYTHING)


def _contents(answers: dict[Route, httpx.Response]) -> dict[str, bytes]:
    return {str(route): answer.content for route, answer in answers.items()}
