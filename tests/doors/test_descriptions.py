"""What the descriptions promise that no single operation shows: bounds, and examples that hold."""

from collections.abc import Iterator
from typing import Any

import pytest

from cleanclaim.values.npi import is_npi

from .routes import SERVICES, app_of

WIDEST = 2**63
"""What a bigint column does not hold any more."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_number_that_a_caller_sends_fits_into_a_column(service):
    document = app_of(service).openapi()
    unbounded = [
        (place, schema)
        for place, schema in _sent(document)
        if schema.get("type") in {"integer", "number"} and not _is_bounded(schema)
    ]
    assert unbounded == []


def test_a_number_without_an_end_is_noticed():
    assert not _is_bounded({"type": "integer", "minimum": 0})
    assert not _is_bounded({"type": "integer", "minimum": 0, "maximum": 2**70})
    assert _is_bounded({"type": "integer", "minimum": 0, "exclusiveMaximum": 2**63})


@pytest.mark.parametrize("service", SERVICES)
def test_every_npi_of_an_example_has_its_check_digit(service):
    wrong = [one for one in _npis(app_of(service).openapi()) if not is_npi(one)]
    assert wrong == []


def test_examples_name_npis_at_all():
    assert len([one for service in SERVICES for one in _npis(app_of(service).openapi())]) > 3


def _sent(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each schema of what is sent, down to the last field, by its place."""
    shapes = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            place = f"{method} {path}"
            for one in operation.get("parameters", []):
                yield from _within(one["schema"], shapes, f"{place} {one['name']}", ())
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from _within(content["schema"], shapes, place, ())


def _within(
    schema: dict[str, Any], shapes: dict[str, Any], place: str, above: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    if name:
        if name not in above:
            yield from _within(shapes[name], shapes, place, (*above, name))
        return
    yield place, schema
    parts = {f"{place}/{key}": one for key, one in schema.get("properties", {}).items()}
    for deeper, one in parts.items():
        yield from _within(one, shapes, deeper, above)
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, []):
            yield from _within(one, shapes, place, above)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from _within(schema[word], shapes, f"{place}/*", above)


def _is_bounded(schema: dict[str, Any]) -> bool:
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    return least is not None and most is not None and -WIDEST <= least <= most <= WIDEST


def _npis(content: Any) -> Iterator[str]:
    """The texts of all fields that are called an NPI: examples, since a schema has none."""
    if isinstance(content, list):
        for one in content:
            yield from _npis(one)
    elif isinstance(content, dict):
        for name, one in content.items():
            if name == "npi" or name.endswith("_npi"):
                yield from _texts(one)
            yield from _npis(one)


def _texts(one: Any) -> Iterator[str]:
    if isinstance(one, str):
        yield one
    elif isinstance(one, dict):
        yield from (text for text in one.get("examples", []) if isinstance(text, str))
