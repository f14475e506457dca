"""The CloudEvents project's own library reads our records and finds what we say is in them."""

import json

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from cleanclaim.events.catalog import CATALOG, Entry
from cleanclaim.events.examples import example_of
from cleanclaim.events.places import wire_path
from cleanclaim.events.wire import decode

EVERY_CONTRACT = pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)


def golden_message(entry: Entry) -> KafkaMessage:
    golden = json.loads(wire_path(entry).read_text("utf-8"))
    headers = {name: text.encode() for name, text in golden["headers"].items()}
    return KafkaMessage(headers, golden["key"].encode(), golden["value"].encode())


@EVERY_CONTRACT
def test_a_golden_record_is_a_cloud_event(entry: Entry) -> None:
    event = from_binary(golden_message(entry), JSONFormat(), CloudEvent)
    envelope = example_of(entry.model).envelope

    assert event.get_specversion() == "1.0"
    assert event.get_type() == entry.type
    assert event.get_id() == str(envelope.event_id)
    assert event.get_source() == envelope.source
    assert event.get_subject() == str(envelope.aggregate_id)
    assert event.get_time() == envelope.occurred_at
    assert event.get_datacontenttype() == "application/json"
    assert event.get_extension("organization") == str(envelope.organization_id)
    assert event.get_extension("sequence") == str(envelope.aggregate_version)
    assert event.get_data() == json.loads(golden_message(entry).value)


@EVERY_CONTRACT
def test_what_the_library_writes_is_read_by_us(entry: Entry) -> None:
    event = from_binary(golden_message(entry), JSONFormat(), CloudEvent)
    written = to_binary(event, JSONFormat())

    headers = written.headers | {"traceparent": golden_message(entry).headers["traceparent"]}
    heard = decode(key=event.get_subject().encode(), headers=headers, value=written.value)

    assert heard == example_of(entry.model)


def test_the_library_refuses_what_is_no_cloud_event() -> None:
    message = golden_message(CATALOG[0])
    spoilt = {name: raw for name, raw in message.headers.items() if name != "ce_type"}

    with pytest.raises(CloudEventValidationError, match="type"):
        from_binary(KafkaMessage(spoilt, message.key, message.value), JSONFormat(), CloudEvent)
