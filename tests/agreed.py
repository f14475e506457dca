"""Judges what services really told, by what their logs hold: schema, CloudEvents, topic and key."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator, FormatChecker

from cleanclaim.events.catalog import entry_named
from cleanclaim.events.places import schema_path

Row = Mapping[str, Any]
LOG = """
    SELECT id, organization_id, topic, aggregateid, aggregate_version, type,
           payload::text AS payload, headers::text AS headers
      FROM {service}.event_log WHERE organization_id = $1 ORDER BY position
"""


async def disagreements(
    database_url: str, service: str, organization_id: UUID
) -> tuple[int, list[str]]:
    """How many facts a service told of an organization, and what in them is not as agreed."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(LOG.format(service=service), organization_id)
    finally:
        await connection.close()
    return len(rows), [found for row in rows for found in disagreements_in(service, row)]


def disagreements_in(service: str, row: Row) -> Iterator[str]:
    """What in one told fact is not as its contract, the catalogue or CloudEvents say."""
    entry = entry_named(row["type"])
    if entry is None:
        yield f"{row['type']} is in no catalogue"
        return
    body, headers = json.loads(row["payload"]), json.loads(row["headers"])
    for error in _judge(entry.type).iter_errors(body):
        yield f"{entry.type}: {error.json_path}: {error.validator}"
    agreed = {"teller": entry.teller, "topic": entry.topic, "key": body.get(entry.key)}
    told = {"teller": service, "topic": row["topic"], "key": str(row["aggregateid"])}
    yield from (f"{entry.type}: another {name}" for name in agreed if agreed[name] != told[name])
    yield from (f"{entry.type}: {one}" for one in _not_as_cloud_event(row, headers))


def _not_as_cloud_event(row: Row, headers: Mapping[str, str]) -> Iterator[str]:
    message = KafkaMessage(
        {name: text.encode() for name, text in headers.items()},
        str(row["aggregateid"]).encode(),
        row["payload"].encode(),
    )
    try:
        event = from_binary(message, JSONFormat(), CloudEvent)
    except CloudEventValidationError as error:
        yield f"no CloudEvent: {', '.join(error.errors)}"
        return
    read = {
        "id": event.get_id(),
        "type": event.get_type(),
        "subject": event.get_subject(),
        "organization": event.get_extension("organization"),
        "sequence": event.get_extension("sequence"),
    }
    logged = {
        "id": str(row["id"]),
        "type": row["type"],
        "subject": str(row["aggregateid"]),
        "organization": str(row["organization_id"]),
        "sequence": str(row["aggregate_version"]),
    }
    yield from (f"header {name} differs" for name in read if read[name] != logged[name])


@cache
def _judge(event_type: str) -> Draft202012Validator:
    entry = entry_named(event_type)
    assert entry is not None
    schema = json.loads(schema_path(entry).read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker(["uuid", "date"]))
