"""The golden examples of a checkout, for tests, seeds and pages; not part of an installed wheel."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from cleanclaim.events import places
from cleanclaim.events.catalog import Entry, entry_of
from cleanclaim.events.envelope import BODY_FIELDS, Envelope, Fact, Head
from cleanclaim.events.wire import Heard, WireRecord, encode

_SPAN = "00f067aa0ba902b7"


def example_body(model: type[Fact]) -> dict[str, Any]:
    """Return the golden body of a contract as plain JSON values.

    Raises:
        FileNotFoundError: the contract has no example yet.
    """
    body: dict[str, Any] = json.loads(places.example_path(entry_of(model)).read_text("utf-8"))
    return body


def example_of(model: type[Fact]) -> Heard[Fact]:
    """Return the golden example of a contract as a listener hears it."""
    entry, body = entry_of(model), example_body(model)
    return Heard(envelope_around(entry, body), _fact(entry, body))


def example_record(model: type[Fact]) -> WireRecord:
    """Return the golden example of a contract as a Kafka record."""
    heard = example_of(model)
    return encode(heard.envelope, heard.fact)


def golden_records(model: type[Fact]) -> tuple[WireRecord, ...]:
    """Return the golden record of every released version of a major, and of today's."""
    entry = entry_of(model)
    kept = [record_in(path) for path in places.released_wire_paths(entry)]
    today = record_in(places.wire_path(entry))
    return (*(one for one in kept if one != today), today)


def record_in(path: Path) -> WireRecord:
    """Read a golden record's file."""
    told = json.loads(path.read_text("utf-8"))
    return WireRecord(
        topic=told["topic"],
        key=told["key"].encode(),
        headers=[(name, text.encode()) for name, text in told["headers"].items()],
        value=told["value"].encode(),
    )


def envelope_around(entry: Entry, body: dict[str, Any]) -> Envelope:
    """Return the envelope that a golden body was told in; its trace is made of its event id."""
    head = Head.model_validate_json(json.dumps({name: body.get(name) for name in BODY_FIELDS}))
    return Envelope(
        **{name: getattr(head, name) for name in BODY_FIELDS},
        source=source_of(entry.teller),
        actor_id=None,
        traceparent=f"00-{UUID(body['correlation_id']).hex}-{_SPAN}-01",
    )


def source_of(service: str) -> str:
    """Return the `ce_source` that examples use for a teller."""
    return f"/cleanclaim/{service}"


def _fact(entry: Entry, body: dict[str, Any]) -> Fact:
    own = {
        name: value
        for name, value in body.items()
        if name not in BODY_FIELDS or name in entry.model.model_fields
    }
    return entry.model.model_validate_json(json.dumps(own))
