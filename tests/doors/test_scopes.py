"""Every route declares who may pass; a route that declares nothing cannot even be built."""

import dataclasses

import httpx
import pytest
from fastapi import APIRouter

from cleanclaim.chassis.app import create_app
from cleanclaim.chassis.auth import scopes_of
from cleanclaim.chassis.auth.doors import Door
from cleanclaim.chassis.description import PUBLIC_ROUTES, RouteWithoutScope

from .routes import SERVICES, Route, app_of, operation_of, parts_of, routes_of


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_named_routes_are_open(service):
    open_routes = {path for (_, path), scope in scopes_of(app_of(service)).items() if not scope}
    assert open_routes <= PUBLIC_ROUTES
    assert len(routes_of(service)) >= 10


@pytest.mark.parametrize("service", SERVICES)
def test_a_planted_route_without_a_scope_fails_the_build(service):
    planted = APIRouter()

    @planted.get("/v1/everything")
    async def everything() -> dict[str, str]:
        return {}

    parts = parts_of(service)
    careless = dataclasses.replace(parts, routers=(*parts.routers, planted))
    with pytest.raises(RouteWithoutScope, match="GET /v1/everything declares no scope"):
        create_app(careless, None)


@pytest.mark.parametrize("service", SERVICES)
def test_a_running_service_shows_nobody_more_than_the_named_routes(system, service):
    with httpx.Client(base_url=system.urls[service], timeout=30) as client:
        answered = {path: client.get(path).status_code for path in sorted(PUBLIC_ROUTES)}
        described = client.get("/openapi.json").json()["paths"]
    assert answered == dict.fromkeys(sorted(PUBLIC_ROUTES), 200)
    running = {(method.upper(), path) for path, found in described.items() for method in found}
    assert running == {(route.method, route.path) for route in routes_of(service)}


@pytest.mark.parametrize("service", SERVICES)
def test_the_description_tells_the_scope_of_each_operation(service):
    told = {route: operation_of(route)["security"] for route in routes_of(service)}
    assert told == {route: [{"bearer": [route.scope]}] for route in routes_of(service)}


def test_every_door_judges_tokens_alike():
    """So that a forgery refused at one route is refused at all of them."""
    for service in SERVICES:
        app_of(service)
    assert Door.__subclasses__() == []


def test_a_route_asks_for_one_scope():
    twice = [route for service in SERVICES for route in routes_of(service) if " " in route.scope]
    assert twice == []
    assert Route("claims", "POST", "/v1/organizations", "cleanclaim/directory.admin") in routes_of(
        "claims"
    )
