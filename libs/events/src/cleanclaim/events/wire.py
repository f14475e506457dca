"""Facts to Kafka records and back: CloudEvents 1.0, Kafka binding, binary mode."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from cleanclaim.events.catalog import Entry, entry_named, entry_of, key_of, majors_of
from cleanclaim.events.envelope import Envelope, Fact, Head, head_of
from cleanclaim.events.vocabulary import utc_text

F = TypeVar("F", bound=Fact)

CONTENT_TYPE = "application/json"
_IN_BOTH = ("event_id", "event_type", "organization_id", "aggregate_id", "aggregate_version")
_NAMES_IN_BOTH = (*(f'"{name}"'.encode() for name in _IN_BOTH), rb"\u")
"""As JSON writes them; an escape might write any of them."""
_HEADERS = (
    "ce_type", "ce_id", "ce_source", "ce_organization", "ce_subject", "ce_sequence", "ce_time",
    "ce_correlationid", "ce_causationid", "ce_actorid", "traceparent", "ce_dataschema",
)  # fmt: skip
_uuid = TypeAdapter(UUID).validator.validate_python
"""Reads an id in a third of the time of `UUID(text)`; ValidationError is a ValueError, too."""
_AS_TOLD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)
"""An instant as `utc_text` writes it; a header's may come in any form of ISO 8601."""
_SCHEMA_PREFIX = "urn:cleanclaim:schema:"


class ContractBrokenError(ValueError):
    """A fact and its envelope that do not keep the contract; nothing may be told."""


class UnknownTypeError(LookupError):
    """An event type that this release does not know; a newer teller is normal: skip and count."""

    def __init__(self, event_type: str) -> None:
        super().__init__(f"no contract is named {event_type}")
        self.event_type = event_type


class UnknownMajorError(LookupError):
    """A known fact in a major version that this release cannot read: a reader was left behind."""

    def __init__(self, event_type: str, known: tuple[int, ...]) -> None:
        majors = ", ".join(f"v{major}" for major in known)
        super().__init__(f"{event_type} is known here only as {majors}: upgrade this reader")
        self.event_type = event_type
        self.known = known


class UndecodableError(ValueError):
    """A record that breaks its contract; `reason` names places and rules, never values."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class WireRecord:
    """A Kafka record as it stands on the wire."""

    topic: str
    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes


@dataclass(frozen=True, slots=True)
class Heard(Generic[F]):
    """A fact as a listener gets it, with the envelope it came in."""

    envelope: Envelope
    fact: F


def payload_of(envelope: Envelope, fact: Fact) -> str:
    """Return the body: one flat JSON object, the envelope's main fields first, then the fact's.

    Raises:
        ContractBrokenError: envelope and fact disagree, or the fact breaks its model.
    """
    _agree(envelope, fact)
    told = fact.model_dump_json()
    try:
        type(fact).model_validate_json(told)
    except ValidationError as error:
        raise ContractBrokenError(f"{envelope.event_type}: {_places(error)}") from None
    # A fact may itself hold a field of the head (an organization's own id); it is written once.
    head = head_of(envelope).model_dump_json(exclude=set(type(fact).model_fields))
    return f"{head[:-1]},{told[1:]}"


def headers_of(envelope: Envelope) -> dict[str, str]:
    """Return the record's headers as text; absent values have no header."""
    headers = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": "1.0",
        "ce_id": str(envelope.event_id),
        "ce_type": envelope.event_type,
        "ce_source": envelope.source,
        "ce_subject": str(envelope.aggregate_id),
        "ce_time": utc_text(envelope.occurred_at),
        "ce_dataschema": schema_id(envelope.event_type, envelope.schema_version),
        "ce_organization": str(envelope.organization_id),
        "ce_sequence": str(envelope.aggregate_version),
        "ce_correlationid": str(envelope.correlation_id),
    }
    optional = {
        "ce_causationid": str(envelope.causation_id) if envelope.causation_id else None,
        "ce_actorid": envelope.actor_id,
        "traceparent": envelope.traceparent,
    }
    return headers | {name: value for name, value in optional.items() if value}


def schema_id(event_type: str, schema_version: str) -> str:
    """Return the name of a contract's schema: its `$id`, and `ce_dataschema`."""
    return f"{_SCHEMA_PREFIX}{event_type}:{schema_version}"


def encode(envelope: Envelope, fact: Fact) -> WireRecord:
    """Return the record to publish.

    Raises:
        ContractBrokenError: envelope and fact disagree, or the fact breaks its model.
    """
    return WireRecord(
        topic=entry_of(fact).topic,
        key=str(envelope.aggregate_id).encode(),
        headers=[(name, text.encode()) for name, text in headers_of(envelope).items()],
        value=payload_of(envelope, fact).encode(),
    )


def decode(*, key: bytes | None, headers: Mapping[str, bytes], value: bytes) -> Heard[Fact]:
    """Read a record with the open reader: unknown fields are ignored at every depth.

    A null value is a tombstone and never comes here.

    Raises:
        UnknownTypeError: no contract of that name.
        UnknownMajorError: the contract is known, this major is not.
        UndecodableError: the record breaks its contract.
    """
    texts = _texts(headers)
    if "ce_type" not in texts:
        raise UndecodableError("header ce_type is missing")
    entry = _entry(texts["ce_type"])
    envelope = _envelope(texts)
    if key != str(envelope.aggregate_id).encode():
        raise UndecodableError("the record's key differs from header ce_subject")
    try:
        fact = entry.model.model_validate_json(value, extra="ignore")
        head = None if begins_as_told(value, texts) else _head(value)
    except ValidationError as error:
        raise UndecodableError(f"{entry.type}: {_places(error)}") from None
    if getattr(fact, entry.key) != envelope.aggregate_id:
        raise UndecodableError(f"{entry.type}: {entry.key} differs from header ce_subject")
    if head is not None:
        _body_agrees(head, envelope)
    return Heard(envelope, fact)


def begins_as_told(value: bytes, texts: Mapping[str, str]) -> bool:
    """Whether a body begins byte for byte with the head that `payload_of` writes for these headers.

    Then the two agree, for the headers were judged and the body is JSON; it spares a second
    reading of the body, a third of what a contract costs its hearer. False says nothing: the
    fields may stand in another order, come again, or a fact may hold one of them itself.
    """
    if not _AS_TOLD.fullmatch(texts["ce_time"]):
        return False
    causation = texts.get("ce_causationid")
    cause = f'"{causation}"' if causation else "null"
    head = (
        f'{{"event_id":"{texts["ce_id"]}","event_type":"{texts["ce_type"]}"'
        f',"schema_version":"{texts["ce_dataschema"].rpartition(":")[2]}"'
        f',"occurred_at":"{texts["ce_time"]}","organization_id":"{texts["ce_organization"]}"'
        f',"aggregate_id":"{texts["ce_subject"]}","aggregate_version":{texts["ce_sequence"]}'
        f',"correlation_id":"{texts["ce_correlationid"]}","causation_id":{cause},'
    )
    told = head.encode()
    return value.startswith(told) and not _may_come_again(value, len(told))


def _may_come_again(value: bytes, begin: int) -> bool:
    """Whether a field of the head may stand in the body once more; then readers might differ."""
    for name in _NAMES_IN_BOTH:  # noqa: SIM110 - any() costs twice as much here
        if value.find(name, begin) >= 0:
            return True
    return False


def _head(value: bytes) -> Head:
    return Head.model_validate_json(value, extra="ignore")


def _body_agrees(head: Head, envelope: Envelope) -> None:
    """Lakes read the body and we the headers: a record on which they differ has no one meaning."""
    for name in _IN_BOTH:
        if getattr(head, name) != getattr(envelope, name):
            raise UndecodableError(f"the body's {name} differs from the headers'")


def _agree(envelope: Envelope, fact: Fact) -> None:
    entry = entry_of(fact)
    if envelope.event_type != entry.type:
        raise ContractBrokenError(f"the envelope says {envelope.event_type}, not {entry.type}")
    if envelope.schema_version != entry.version:
        raise ContractBrokenError(f"{entry.type} is told in version {entry.version}")
    if envelope.aggregate_id != key_of(fact):
        raise ContractBrokenError(f"{entry.type}: aggregate_id differs from {entry.key}")
    if getattr(fact, "organization_id", envelope.organization_id) != envelope.organization_id:
        raise ContractBrokenError(f"{entry.type}: organization_id differs from the envelope's")


def _entry(event_type: str) -> Entry:
    entry = entry_named(event_type)
    if entry:
        return entry
    known = majors_of(event_type)
    if known:
        raise UnknownMajorError(event_type, known)
    raise UnknownTypeError(event_type)


def _texts(headers: Mapping[str, bytes]) -> dict[str, str]:
    """Return the headers that are ours and not empty; it is the hearer's hottest loop."""
    try:
        return {name: raw.decode() for name in _HEADERS if (raw := headers.get(name))}
    except UnicodeDecodeError:
        name = next(name for name in _HEADERS if not _is_text(headers.get(name) or b""))
        raise UndecodableError(f"header {name} is not UTF-8") from None


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _envelope(texts: Mapping[str, str]) -> Envelope:
    causation = texts.get("ce_causationid")
    try:
        return Envelope(
            event_id=_uuid(texts["ce_id"]),
            event_type=texts["ce_type"],
            source=texts["ce_source"],
            organization_id=_uuid(texts["ce_organization"]),
            aggregate_id=_uuid(texts["ce_subject"]),
            aggregate_version=int(texts["ce_sequence"]),
            occurred_at=datetime.fromisoformat(texts["ce_time"]),
            correlation_id=_uuid(texts["ce_correlationid"]),
            causation_id=_uuid(causation) if causation else None,
            actor_id=texts.get("ce_actorid"),
            traceparent=texts.get("traceparent"),
            schema_version=texts["ce_dataschema"].rpartition(":")[2],
        )
    except KeyError as missing:
        raise UndecodableError(f"header {missing.args[0]} is missing") from None
    except ValueError:
        raise UndecodableError("a CloudEvents header is malformed") from None


def _places(error: ValidationError) -> str:
    """Name places and rules; the message of a rule may quote the value, so it stays out."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(step) for step in one['loc']) or 'body'}: {one['type']}" for one in found
    )
