"""JSON Schemas of whole bodies: closed as their writer keeps them, or opened for a reader."""

import json
from typing import Any

from cleanclaim.events.catalog import Entry
from cleanclaim.events.envelope import Head
from cleanclaim.events.wire import schema_id

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def body_schema(entry: Entry) -> Schema:
    """Return the closed JSON Schema 2020-12 of a contract's flat body, envelope fields first."""
    head = Head.model_json_schema()
    fact = entry.model.model_json_schema()
    properties = {**head["properties"], **fact["properties"]}
    properties["event_type"] = {**properties["event_type"], "const": entry.type}
    # A reader of 1.0 must take 1.1: the minor stays open, the major is the contract's.
    properties["schema_version"] = {
        **properties["schema_version"],
        "pattern": rf"^{entry.major}\.\d+$",
    }
    required = dict.fromkeys([*head["required"], *fact["required"]])
    schema = {
        "$schema": DIALECT,
        "$id": schema_id(entry.type, entry.version),
        "title": entry.type,
        "description": " ".join((entry.model.__doc__ or "").split()),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required),
        "$defs": fact.get("$defs", {}),
    }
    cleaned: Schema = _without_titles(schema)
    return {**cleaned, "title": entry.type}


def opened(schema: Schema) -> Schema:
    """Return the reader's schema: the same, with unknown fields allowed at every depth."""
    result: Schema = _opened(schema)
    return result


def text_of(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _without_titles(node: Any) -> Any:
    """Drop the titles that pydantic makes of names; a property named title stays."""
    if isinstance(node, list):
        return [_without_titles(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_titles(value)
        for name, value in node.items()
        if not (name == "title" and isinstance(value, str))
    }


def _opened(node: Any) -> Any:
    if isinstance(node, list):
        return [_opened(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _opened(value)
        for name, value in node.items()
        if not (name == "additionalProperties" and value is False)
    }
