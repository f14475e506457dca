"""Finishes a service's OpenAPI document: scopes, the common headers, every answer a door may give.

A route describes what only it knows; what the chassis does for all routes is told here, once.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI

from cleanclaim.chassis.auth import scopes_of
from cleanclaim.chassis.caller import KEY_HEADER, KEY_PATTERN
from cleanclaim.chassis.problems import PROBLEM, Problem, words_for

PUBLIC_ROUTES = frozenset(
    {
        "/docs",
        "/docs/oauth2-redirect",
        "/healthz/live",
        "/healthz/ready",
        "/healthz/startup",
        "/metrics",
        "/openapi.json",
    }
)
"""The only routes that anybody may ask without a token; none shows anything of an organization."""

_ALWAYS = (401, 403, 422, 503)
_OPERATORS = "/v1/platform/"
_WITH_A_BODY = (400, 413)
_FIRST_ERROR = 400
_KEY: Mapping[str, Any] = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": "A key of the caller's making: the same request again gets the same answer "
    "once more, another request under the same key is refused.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "example": "01980a60-0000-7000-8000-0000000000aa",
}


class RouteWithoutScope(Exception):  # noqa: N818 - says what is missing
    """A route would let anybody pass: it declares no scope and is none of PUBLIC_ROUTES."""


def refuse_open_routes(app: FastAPI) -> None:
    """Raise RouteWithoutScope for the first route that nothing guards."""
    for (method, path), scope in scopes_of(app).items():
        if scope is None and path not in PUBLIC_ROUTES:
            raise RouteWithoutScope(
                f"{method} {path} declares no scope; "
                'give it a parameter Annotated[Caller, Depends(calls("system/<Resource>.<cruds>"))]'
            )


def describe_doors(app: FastAPI) -> None:
    """Make `app.openapi()` tell the scope, the common headers and all answers of each operation."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _finish(plain(), scopes_of(app))
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]


def _finish(document: dict[str, Any], scopes: Mapping[tuple[str, str], str | None]) -> None:
    shapes = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    known = document.setdefault("components", {}).setdefault("schemas", {})
    known |= shapes.pop("$defs", {}) | {"Problem": shapes}
    for path, method, operation in _operations(document):
        scope = scopes[(method.upper(), path)]
        operation["security"] = [{"bearer": [scope]}]
        # an operator's step tells its progress as it goes and may be repeated: it takes no key
        if method == "post" and not path.startswith(_OPERATORS):
            operation.setdefault("parameters", []).append(dict(_KEY))
        statuses = _ALWAYS + (_WITH_A_BODY if "requestBody" in operation else ())
        operation["responses"] = dict(sorted(_answers(operation["responses"], statuses)))
    for unused in ("HTTPValidationError", "ValidationError"):
        known.pop(unused, None)
    document["components"]["schemas"] = dict(sorted(known.items()))


def _answers(
    described: Mapping[str, dict[str, Any]], statuses: Iterable[int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    told = {status: answer["description"] for status, answer in described.items()}
    for status in {*told, *map(str, statuses)}:
        if int(status) < _FIRST_ERROR:
            yield status, described[status]
            continue
        words = told.get(status, "")
        # FastAPI's own 422 has a shape that no answer of ours has
        words = words_for(int(status)) if words in {"", "Validation Error"} else words
        shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
        yield status, {"description": words, "content": {PROBLEM: shape}}


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation
