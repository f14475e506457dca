"""The real routes of all services, read from the applications themselves, with what they need."""

import functools
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from cleanclaim.chassis.app import create_app
from cleanclaim.chassis.auth import scopes_of
from cleanclaim.chassis.context import ServiceParts

SERVICES = ("intake", "claims", "remittance", "denials", "reconcile", "accounts")
SOMEBODY = "01980000-0000-7000-8000-00000000abcd"
FILLERS = {"version": "1", "on": "2026-03-16"}
PROBLEM = "application/problem+json"
VERBS = (
    "directory.admin",
    "events.read",
    "platform.read",
    "platform.write",
    "remittance.post",
    "variance.write-off",
)
EVERYTHING = " ".join(("system/*.cruds", *(f"cleanclaim/{verb}" for verb in VERBS)))


def is_operators(path: str) -> bool:
    """Whether the path is an operator's door."""
    return path.startswith("/v1/platform/")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of one service: its path is a template, its scope is what it declares."""

    service: str
    method: str
    path: str
    scope: str

    @property
    def is_operators(self) -> bool:
        """Whether only a token that names no organization opens it."""
        return is_operators(self.path)

    def filled(self, names: Mapping[str, str] = FILLERS) -> str:
        """The path with its parameters; somebody's id where `names` knows none."""
        return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], SOMEBODY), self.path)

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


def parts_of(service: str) -> ServiceParts:
    return importlib.import_module(f"cleanclaim.{service}.main").PARTS


@functools.cache
def app_of(service: str) -> FastAPI:
    return create_app(parts_of(service), None)


@functools.cache
def routes_of(service: str) -> tuple[Route, ...]:
    """Every route that declares a scope; the others are judged by the test of open routes."""
    declared = scopes_of(app_of(service)).items()
    return tuple(Route(service, method, path, scope) for (method, path), scope in declared if scope)


def operation_of(route: Route) -> dict[str, Any]:
    return app_of(route.service).openapi()["paths"][route.path][route.method.lower()]


def example_body(route: Route) -> tuple[str, Any] | None:
    """Media type and example of the body that the description shows, None where there is none."""
    body = operation_of(route).get("requestBody")
    if body is None:
        return None
    media_type, content = next(iter(body["content"].items()))
    if "example" in content:
        return media_type, content["example"]
    shapes = app_of(route.service).openapi()["components"]["schemas"]
    shape = shapes[content["schema"]["$ref"].rsplit("/", 1)[-1]]
    if "examples" in shape:
        return media_type, shape["examples"][0]
    fields = shape["properties"].items()
    return media_type, {name: field["examples"][0] for name, field in fields if "examples" in field}


def everything_but(scope: str) -> str:
    """All that a token may be granted, except what this scope asks for."""
    every = {f"cleanclaim/{verb}" for verb in VERBS}
    resources = {
        route.scope.removeprefix("system/").partition(".")[0]
        for service in SERVICES
        for route in routes_of(service)
        if route.scope.startswith("system/")
    }
    every |= {f"system/{resource}.{letter}" for resource in resources for letter in "cruds"}
    # the same words in another context or spelling grant nothing to a system
    alike = {scope.replace("system/", "user/"), scope.replace("system/", "patient/"), scope.upper()}
    return " ".join(sorted((every | alike) - {scope}))
