"""The API's description is complete: every operation says what it is, and shows an example."""

from typing import Any

import pytest

from cleanclaim.chassis.app import create_app
from cleanclaim.denials.main import PARTS

OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (path, method, operation)
    for path, methods in create_app(PARTS, None).openapi()["paths"].items()
    for method, operation in methods.items()
    if path.startswith("/v1/denial")
]


def test_all_routes_are_there() -> None:
    assert sorted(f"{method} {path}" for path, method, _ in OPERATIONS) == [
        "get /v1/denial-summary",
        "get /v1/denials",
        "get /v1/denials/{denial_id}",
        "get /v1/denials/{denial_id}/timeline",
        "post /v1/denials/{denial_id}:assign",
        "post /v1/denials/{denial_id}:start",
    ]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_each_operation_says_what_it_does_and_how_it_fails(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"]
    wanted = {"200", "401", "403", "422", "503"}
    if "{" in path:
        wanted.add("404")
    if method == "post":
        wanted.add("409")
    assert wanted <= set(operation["responses"])
