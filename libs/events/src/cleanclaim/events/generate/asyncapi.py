"""The AsyncAPI 3 document of the whole stream, made from the catalogue and the schemas."""

from typing import Any

from cleanclaim.events.catalog import CATALOG, TOPICS, Entry, Topic
from cleanclaim.events.examples import example_body, example_record
from cleanclaim.events.generate.schemas import Schema, body_schema
from cleanclaim.events.places import example_path

_HEADERS = {
    "ce_specversion": "CloudEvents version, 1.0.",
    "ce_id": "The event's id.",
    "ce_type": "The contract's name with its major.",
    "ce_source": "The service that tells it.",
    "ce_subject": "Id of what it is about; the record's key.",
    "ce_time": "When it happened, UTC.",
    "ce_dataschema": "Name of the body's schema.",
    "ce_organization": "The organization whose fact it is.",
    "ce_sequence": "Place in the order of this key in this topic, gapless from 1.",
    "ce_correlationid": "Shared by all facts that one cause set off.",
    "ce_causationid": "The event that caused it, where an event did.",
    "ce_actorid": "Opaque id of the person or client that caused it, where there is one.",
    "traceparent": "W3C trace context, where there is one.",
}
_OPTIONAL_HEADERS = frozenset({"ce_causationid", "ce_actorid", "traceparent"})


def asyncapi_document() -> dict[str, Any]:
    """Return the document as plain values; complete in itself, without outside references."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Cleanclaim event stream",
            "version": "1.0.0",
            "description": (
                "Facts of the revenue cycle, from registration to the bank. CloudEvents 1.0 over"
                " Kafka, binary mode. Generated from the contracts; do not edit. Every topic but"
                " those marked none holds protected health information."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS.values()},
        "operations": _tellings() | _hearings(),
        "components": {
            "messages": {_label(entry): _message(entry) for entry in CATALOG},
            "schemas": {"Headers": _headers()} | _schemas(),
        },
    }


def _label(entry: Entry) -> str:
    return f"{entry.name}.v{entry.major}"


def _entries_in(topic: Topic) -> list[Entry]:
    return [entry for entry in CATALOG if entry.topic == topic.name]


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": f"Told by {topic.teller}.",
        "messages": {
            _label(entry): {"$ref": f"#/components/messages/{_label(entry)}"}
            for entry in _entries_in(topic)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["compact" if topic.compacted else "delete"],
                    "retention.ms": topic.retention_ms,
                },
                "bindingVersion": "0.5.0",
            }
        },
    }


def _tellings() -> dict[str, Any]:
    return {
        f"{topic.teller}.tells.{topic.name}": _operation("send", topic, _entries_in(topic))
        for topic in TOPICS.values()
    }


def _hearings() -> dict[str, Any]:
    services = sorted(set().union(*(entry.listeners for entry in CATALOG)))
    found = {}
    for service in services:
        for topic in TOPICS.values():
            heard = [one for one in _entries_in(topic) if service in one.listeners]
            if heard:
                found[f"{service}.hears.{topic.name}"] = _operation("receive", topic, heard)
    return found


def _operation(action: str, topic: Topic, entries: list[Entry]) -> dict[str, Any]:
    channel = f"#/channels/{topic.name}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{_label(entry)}"} for entry in entries],
    }


def _message(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.type,
        "title": entry.name,
        "summary": " ".join((entry.model.__doc__ or "").split()),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {"$ref": f"#/components/schemas/{_label(entry)}"},
        "examples": _examples(entry),
        "bindings": {
            "kafka": {
                "key": {"type": "string", "format": "uuid", "description": entry.key},
                "bindingVersion": "0.5.0",
            }
        },
        "x-phi": entry.phi,
    }


def _examples(entry: Entry) -> list[dict[str, Any]]:
    """The golden example; a contract that was only just written has none yet."""
    if not example_path(entry).exists():
        return []
    headers = {name: raw.decode() for name, raw in example_record(entry.model).headers}
    known = {name: text for name, text in headers.items() if name in _HEADERS}
    return [{"name": "golden", "headers": known, "payload": example_body(entry.model)}]


def _headers() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": text} for name, text in _HEADERS.items()
        },
        "required": [name for name in _HEADERS if name not in _OPTIONAL_HEADERS],
    }


def _schemas() -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for entry in CATALOG:
        label = _label(entry)
        schema = _pointing_into(body_schema(entry), label)
        shapes = schema.pop("$defs")
        found[label] = {
            word: value for word, value in schema.items() if word not in {"$schema", "$id"}
        }
        found |= {f"{label}.{name}": shape for name, shape in shapes.items()}
    return found


def _pointing_into(node: Any, label: str) -> Any:
    if isinstance(node, list):
        return [_pointing_into(one, label) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        word: (
            value.replace("#/$defs/", f"#/components/schemas/{label}.")
            if word == "$ref"
            else _pointing_into(value, label)
        )
        for word, value in node.items()
    }
