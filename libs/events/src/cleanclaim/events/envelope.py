"""What stands around every fact: the envelope, and the parent of all contract models."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from cleanclaim.events.vocabulary import Code, Instant, Part, plain

_VERSION = re.compile(r"^\d+\.\d+$")


class Fact(Part):
    """The parent of every contract: something that happened, told by its one owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """CloudEvents 1.0 attributes and our extensions, as a value.

    `aggregate_id` is the Kafka key and `ce_subject`; `aggregate_version` is `ce_sequence`, gapless
    from 1 for each topic and key; `occurred_at` is aware and in UTC; `actor_id` is the opaque id of
    the person or client that caused the fact, never a name.

    Raises:
        ValueError: an instant without or outside UTC, a sequence below 1, a malformed version.
    """

    event_id: UUID
    event_type: str
    source: str
    organization_id: UUID
    aggregate_id: UUID
    aggregate_version: int
    occurred_at: datetime
    correlation_id: UUID
    causation_id: UUID | None = None
    actor_id: str | None = None
    traceparent: str | None = None
    schema_version: str = "1.0"

    def __post_init__(self) -> None:
        moment = self.occurred_at
        if moment.tzinfo is not UTC and moment.utcoffset() != timedelta(0):
            raise ValueError("occurred_at must be an aware instant in UTC")
        if self.aggregate_version < 1:
            raise ValueError("aggregate_version counts from 1 for each topic and key")
        if not _VERSION.match(self.schema_version):
            raise ValueError('schema_version is written major.minor, for example "1.0"')


class Head(Part):
    """The envelope's fields that the body repeats, for lakes and sinks that lose headers."""

    event_id: Annotated[UUID, plain("The event's own id; a reader applies it once.")]
    event_type: Annotated[Code, plain("The contract's name with its major version.")]
    schema_version: Annotated[
        str, Field(pattern=r"^\d+\.\d+$"), plain("Version of the contract, major.minor.")
    ]
    occurred_at: Annotated[Instant, plain("When it happened, in UTC.")]
    organization_id: Annotated[UUID, plain("The organization whose fact it is.")]
    aggregate_id: Annotated[UUID, plain("Id of what the fact is about; the record's key.")]
    aggregate_version: Annotated[
        int, plain("Place in the order of this key in this topic, gapless from 1.", ge=1)
    ]
    correlation_id: Annotated[UUID, plain("Shared by all facts that one cause set off.")]
    causation_id: Annotated[
        UUID | None, plain("The event that caused this one, where an event did.")
    ] = None


BODY_FIELDS: tuple[str, ...] = tuple(Head.model_fields)
"""Names of the envelope's fields in the body, in the order in which they are written."""


def head_of(envelope: Envelope) -> Head:
    """Return the part of the envelope that the body repeats; the envelope has kept its rules."""
    return Head.model_construct(**{name: getattr(envelope, name) for name in BODY_FIELDS})
