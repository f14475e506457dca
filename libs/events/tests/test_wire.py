"""Facts on the wire: what is written, what is read, and what is refused on either side."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from cleanclaim.events.catalog import CATALOG, Entry
from cleanclaim.events.envelope import BODY_FIELDS, Envelope
from cleanclaim.events.examples import example_of, example_record, source_of
from cleanclaim.events.places import wire_path
from cleanclaim.events.wire import (
    ContractBrokenError,
    Heard,
    UndecodableError,
    UnknownMajorError,
    UnknownTypeError,
    WireRecord,
    begins_as_told,
    decode,
    encode,
    headers_of,
    payload_of,
)

from .builders import a_denial_opened, an_envelope_for, an_id

EVERY_CONTRACT = pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)


def a_record(**envelope: Any) -> WireRecord:
    fact = a_denial_opened()
    return encode(an_envelope_for(fact, **envelope), fact)


def heard_from(record: WireRecord, **changed: bytes | None) -> Heard[Any]:
    headers = {**dict(record.headers), **changed}
    return decode(
        key=record.key,
        headers={name: raw for name, raw in headers.items() if raw is not None},
        value=record.value,
    )


@EVERY_CONTRACT
def test_every_example_comes_back_from_the_wire_as_it_went(entry: Entry) -> None:
    heard = example_of(entry.model)

    assert heard_from(encode(heard.envelope, heard.fact)) == heard


@EVERY_CONTRACT
def test_every_example_is_written_as_its_golden_record(entry: Entry) -> None:
    golden = json.loads(wire_path(entry).read_text("utf-8"))
    record = example_record(entry.model)

    assert {
        "topic": record.topic,
        "key": record.key.decode(),
        "headers": {name: raw.decode() for name, raw in record.headers},
        "value": record.value.decode(),
    } == golden


@EVERY_CONTRACT
def test_every_golden_record_is_still_read(entry: Entry) -> None:
    golden = json.loads(wire_path(entry).read_text("utf-8"))

    heard = decode(
        key=golden["key"].encode(),
        headers={name: text.encode() for name, text in golden["headers"].items()},
        value=golden["value"].encode(),
    )

    assert heard == example_of(entry.model)
    assert heard.envelope.source == source_of(entry.teller)


@EVERY_CONTRACT
def test_the_body_repeats_the_headers(entry: Entry) -> None:
    record = example_record(entry.model)
    body, headers = json.loads(record.value), {n: raw.decode() for n, raw in record.headers}

    assert body["event_id"] == headers["ce_id"]
    assert body["event_type"] == headers["ce_type"]
    assert body["occurred_at"] == headers["ce_time"]
    assert body["organization_id"] == headers["ce_organization"]
    assert body["aggregate_id"] == headers["ce_subject"] == record.key.decode()
    assert str(body["aggregate_version"]) == headers["ce_sequence"]
    assert body["correlation_id"] == headers["ce_correlationid"]
    assert body["causation_id"] == headers.get("ce_causationid")
    assert headers["ce_dataschema"].endswith(f"{body['event_type']}:{body['schema_version']}")


def test_a_body_begins_with_the_envelope_and_is_compact() -> None:
    fact = a_denial_opened()
    text = payload_of(an_envelope_for(fact), fact)

    assert tuple(json.loads(text))[: len(BODY_FIELDS)] == BODY_FIELDS
    assert '": ' not in text
    assert '"occurred_at":"2026-10-02T11:31:00.250000Z"' in text


@EVERY_CONTRACT
def test_what_is_told_is_known_by_its_first_bytes(entry: Entry) -> None:
    record = example_record(entry.model)
    texts = {name: raw.decode() for name, raw in record.headers}
    holds_a_field_of_the_head = not set(entry.model.model_fields).isdisjoint(BODY_FIELDS)

    assert begins_as_told(record.value, texts) is not holds_a_field_of_the_head
    for name in ("ce_id", "ce_organization", "ce_subject", "ce_sequence", "ce_time"):
        assert not begins_as_told(record.value, texts | {name: "9" + texts[name][1:] + "9"})


def test_a_body_in_another_order_is_read_all_the_same() -> None:
    record = a_record()
    turned = dict(reversed(json.loads(record.value).items()))
    value = json.dumps(turned).encode()

    read = heard_from(WireRecord(record.topic, record.key, record.headers, value))

    assert read == heard_from(record)


@pytest.mark.parametrize("name", ['"event_id"', '"event\\u005fid"'])
def test_a_field_of_the_head_that_comes_again_is_not_passed_over(name: str) -> None:
    record = a_record()
    another = an_id("another")
    value = record.value[:-1] + f',{name}:"{another}"}}'.encode()

    with pytest.raises(UndecodableError, match="the body's event_id differs from the headers'"):
        heard_from(WireRecord(record.topic, record.key, record.headers, value))


def test_what_is_absent_has_no_header() -> None:
    fact = a_denial_opened()
    bare = an_envelope_for(fact, causation_id=None, actor_id=None, traceparent=None)

    assert {"ce_causationid", "ce_actorid", "traceparent"}.isdisjoint(headers_of(bare))
    assert heard_from(encode(bare, fact)).envelope == bare


def test_a_reader_ignores_what_it_does_not_know_at_every_depth() -> None:
    record = a_record()
    body = json.loads(record.value)
    body["told_by_a_newer_release"] = {"deep": [1]}
    body["lines"][0]["shade"] = "blue"
    body["reasons"][0]["weight"] = 3
    newer = WireRecord(record.topic, record.key, record.headers, json.dumps(body).encode())

    assert heard_from(newer) == heard_from(record)


def test_a_reader_takes_a_newer_minor() -> None:
    newer = b"urn:cleanclaim:schema:cleanclaim.denials.DenialOpened.v1:1.7"

    assert heard_from(a_record(), ce_dataschema=newer).envelope.schema_version == "1.7"


def test_an_unknown_fact_is_told_apart_from_an_unknown_major() -> None:
    with pytest.raises(UnknownTypeError) as unknown:
        heard_from(a_record(), ce_type=b"cleanclaim.denials.DenialForgotten.v1")
    with pytest.raises(UnknownMajorError) as major:
        heard_from(a_record(), ce_type=b"cleanclaim.denials.DenialOpened.v9")

    assert unknown.value.event_type == "cleanclaim.denials.DenialForgotten.v1"
    assert major.value.known == (1,)


@pytest.mark.parametrize(
    ("header", "raw", "reason"),
    [
        ("ce_id", None, "header ce_id is missing"),
        ("ce_type", None, "header ce_type is missing"),
        ("ce_type", b"", "header ce_type is missing"),
        ("ce_source", b"\xff\xfe", "header ce_source is not UTF-8"),
        ("ce_subject", b"secret-4711", "a CloudEvents header is malformed"),
        ("ce_sequence", b"0", "a CloudEvents header is malformed"),
        ("ce_sequence", b"first", "a CloudEvents header is malformed"),
        ("ce_time", b"2026-10-02T11:31:00", "a CloudEvents header is malformed"),
        ("ce_time", b"2026-10-02T11:31:00-05:00", "a CloudEvents header is malformed"),
        ("ce_dataschema", b"urn:other", "a CloudEvents header is malformed"),
    ],
)
def test_a_broken_header_is_named_and_not_quoted(
    header: str, raw: bytes | None, reason: str
) -> None:
    with pytest.raises(UndecodableError) as refused:
        heard_from(a_record(), **{header: raw})

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda body: body.pop("payer_id"), "payer_id: missing"),
        (lambda body: body.update(denied_cents="secret-4711"), "denied_cents: int_type"),
        (lambda body: body.update(denied_cents=200.5), "denied_cents: int_type"),
        (lambda body: body["reasons"][0].update(reason_code=""), "reason_code: string_too_short"),
        (lambda body: body.update(adjudicated_on="secret-4711"), "adjudicated_on: date_"),
    ],
)
def test_a_broken_body_names_place_and_rule_and_never_the_value(spoil: Any, reason: str) -> None:
    record = a_record()
    body = json.loads(record.value)
    spoil(body)

    with pytest.raises(UndecodableError) as refused:
        heard_from(WireRecord(record.topic, record.key, record.headers, json.dumps(body).encode()))

    assert reason in refused.value.reason
    assert "secret-4711" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("value", [b"", b"[]", b"\xff", b'{"claim_id":'])
def test_what_is_no_json_object_is_refused(value: bytes) -> None:
    record = a_record()

    with pytest.raises(UndecodableError):
        heard_from(WireRecord(record.topic, record.key, record.headers, value))


@pytest.mark.parametrize("key", [None, b"", b"another"])
def test_a_key_that_is_not_the_subject_is_refused(key: bytes | None) -> None:
    record = a_record()

    with pytest.raises(UndecodableError, match="key differs from header ce_subject"):
        decode(key=key, headers=dict(record.headers), value=record.value)


def test_a_body_about_something_else_than_its_key_is_refused() -> None:
    record, other = a_record(), a_denial_opened(claim_id=an_id("another claim"))
    foreign = payload_of(an_envelope_for(other), other).encode()

    with pytest.raises(UndecodableError, match="claim_id differs from header ce_subject"):
        heard_from(WireRecord(record.topic, record.key, record.headers, foreign))


@pytest.mark.parametrize("name", ["event_id", "organization_id", "aggregate_version"])
def test_a_body_that_contradicts_its_headers_is_refused(name: str) -> None:
    record = a_record()
    body = json.loads(record.value)
    body[name] = 99 if name == "aggregate_version" else str(an_id("another"))

    with pytest.raises(UndecodableError, match=f"the body's {name} differs from the headers'"):
        heard_from(WireRecord(record.topic, record.key, record.headers, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"event_type": "cleanclaim.denials.DenialResolved.v1"}, "the envelope says"),
        ({"schema_version": "1.9"}, "is told in version 1.0"),
        ({"aggregate_id": an_id("another claim")}, "aggregate_id differs from claim_id"),
    ],
)
def test_a_writer_refuses_an_envelope_that_is_not_the_facts(
    wrong: dict[str, Any], message: str
) -> None:
    fact = a_denial_opened()

    with pytest.raises(ContractBrokenError, match=message):
        encode(an_envelope_for(fact, **wrong), fact)


def test_a_writer_refuses_a_fact_that_went_around_its_own_model() -> None:
    fact = a_denial_opened().model_copy(update={"category": ""})

    with pytest.raises(ContractBrokenError, match="category: string_too_short"):
        payload_of(an_envelope_for(fact), fact)


def test_an_organization_is_not_told_under_anothers_name() -> None:
    heard = example_of(next(one.model for one in CATALOG if one.name == "OrganizationConfigured"))
    another = an_envelope_for(heard.fact, organization_id=an_id("another organization"))

    with pytest.raises(ContractBrokenError, match="organization_id differs"):
        payload_of(another, heard.fact)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"occurred_at": datetime(2026, 10, 2)}, "aware instant in UTC"),  # noqa: DTZ001
        (
            {"occurred_at": datetime(2026, 10, 2, tzinfo=timezone(timedelta(hours=-5)))},
            "aware instant in UTC",
        ),
        ({"aggregate_version": 0}, "counts from 1"),
        ({"schema_version": "one"}, "major.minor"),
    ],
)
def test_an_envelope_keeps_its_own_rules(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        an_envelope_for(a_denial_opened(), **wrong)


def test_an_instant_outside_utc_is_no_instant_of_a_fact() -> None:
    fact = example_of(next(one.model for one in CATALOG if one.name == "ClaimSubmitted")).fact
    local = datetime(2026, 9, 16, 9, 5, tzinfo=timezone(timedelta(hours=-5)))

    with pytest.raises(ValueError, match="told in UTC"):
        type(fact)(**{**dict(fact), "submitted_at": local})
    assert type(fact)(**{**dict(fact), "submitted_at": local.astimezone(UTC)}) == fact


def test_envelopes_are_values() -> None:
    fact = a_denial_opened()

    assert isinstance(an_envelope_for(fact), Envelope)
    assert an_envelope_for(fact) == an_envelope_for(fact)
