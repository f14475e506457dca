"""What operators send and get, as JSON; ids, names of ours and counts only, never PHI."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from cleanclaim.chassis.fields import Instant

CLOSED = ConfigDict(extra="forbid", strict=True)
_KEY = "01980a60-0000-7000-8000-000000000002"
_ORGANIZATION = "01980000-0000-7000-8000-0000000000a1"
_TOPIC = "cleanclaim.claims"
_PARKED: JsonDict = {
    "organization_id": _ORGANIZATION,
    "topic": _TOPIC,
    "key": _KEY,
    "event_type": "cleanclaim.claims.ClaimSubmitted.v1",
    "reason": "failed: KeyError",
}


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [fields]})


class OrganizationSeen(BaseModel):
    """An organization as this service has heard of it."""

    model_config = _example(
        id=_ORGANIZATION,
        name="Prairie Family Clinic",
        time_zone="America/Chicago",
        environment="test",
        version=1,
    )

    id: UUID
    name: str
    time_zone: str
    environment: str
    version: int


class OrganizationsSeen(BaseModel):
    """A page of organizations, by id."""

    items: list[OrganizationSeen]
    next_page_token: str | None = None


class PartitionLagOut(BaseModel):
    """One partition; `seconds` is the age of the oldest record that waits, null where unknown."""

    model_config = _example(topic=_TOPIC, partition=3, position=118, end=120, records=2, seconds=4)

    topic: str
    partition: int
    position: int | None
    end: int
    records: int
    seconds: int | None


class LagOut(BaseModel):
    """How far the service's group is behind: the sum of records, the worst age, and where."""

    model_config = _example(
        group="cleanclaim-denials",
        records=2,
        seconds=4,
        partitions=[
            {"topic": _TOPIC, "partition": 3, "position": 118, "end": 120, "records": 2,
             "seconds": 4}
        ],
    )  # fmt: skip

    group: str
    records: int
    seconds: int | None
    partitions: list[PartitionLagOut]


class OutboxOut(BaseModel):
    """Facts that were told and are not on the stream yet."""

    model_config = _example(
        pending=3, buckets=2, oldest_at="2026-03-02T15:00:00Z", oldest_seconds=1
    )

    pending: int
    buckets: int
    oldest_at: datetime | None
    oldest_seconds: int


class ParkedKeyOut(BaseModel):
    """A key that is held back; `first` is the number of the event that stopped it."""

    model_config = _example(**_PARKED, events=4, first=17, since="2026-03-02T15:00:00Z")

    organization_id: UUID
    topic: str
    key: str
    events: int
    first: int
    event_type: str | None
    reason: str
    since: datetime


class ParkedKeyPage(BaseModel):
    """Keys held back, the one that has waited longest first."""

    items: list[ParkedKeyOut]
    next_page_token: str | None = None


class ParkedEventOut(BaseModel):
    """A parked event: where it came from and how it stands, never what it says."""

    model_config = _example(
        id=17,
        **_PARKED,
        partition=3,
        position=117,
        status="parked",
        parked_at="2026-03-02T15:00:00Z",
        settled_at=None,
        settled_by=None,
    )

    id: int
    organization_id: UUID
    topic: str
    key: str
    partition: int
    position: int
    event_type: str | None
    reason: str
    status: str
    parked_at: datetime
    settled_at: datetime | None
    settled_by: str | None


class ParkedEventPage(BaseModel):
    """The events of one key that still wait, in the order in which they will be applied."""

    items: list[ParkedEventOut]
    next_page_token: str | None = None


class RetriedOut(BaseModel):
    """How many events of the key passed, how many still wait, and why the first of them does."""

    model_config = _example(applied=3, still_parked=1, reason="failed: KeyError")

    applied: int
    still_parked: int
    reason: str | None


class SkipIn(BaseModel):
    """Why the event's effect is not wanted: words that identify nobody."""

    model_config = CLOSED

    because: Annotated[
        str, Field(min_length=3, max_length=200, examples=["told twice by a test system"])
    ]


class ProjectionOut(BaseModel):
    """A table that the stream alone fills, and can fill anew.

    An append-only one is not emptied first: a rebuild adds what is missing.
    """

    model_config = _example(
        name="payers", append_only=False, topics=["cleanclaim.directory"],
        event_types=["cleanclaim.claims.PayerConfigured.v1"],
    )  # fmt: skip

    name: str
    topics: list[str]
    event_types: list[str]
    append_only: bool


class ProjectionsOut(BaseModel):
    """What may be replayed, and the event types whose listeners refuse it."""

    projections: list[ProjectionOut]
    refuse_replay: list[str]


class MoveOut(BaseModel):
    """One partition's step back."""

    model_config = _example(topic=_TOPIC, partition=3, position=120, goes_to=100, records=20)

    topic: str
    partition: int
    position: int
    goes_to: int
    records: int


class RewindOut(BaseModel):
    """Where the group goes back to, and how many records it will hear again."""

    group: str
    to: datetime
    records: int
    moves: list[MoveOut]


class RewindIn(BaseModel):
    """The instant (RFC 3339, with a time zone) from which the group shall hear again."""

    model_config = CLOSED

    to: Annotated[Instant, Field(examples=["2026-03-02T15:00:00Z"])]


class KeptOut(BaseModel):
    """What the service's log holds of one topic."""

    model_config = _example(topic=_TOPIC, facts=1200, keys=240)

    topic: str
    facts: int
    keys: int


class RepublishIn(BaseModel):
    """Which facts go to which new topic."""

    model_config = CLOSED

    topic: Annotated[str, Field(min_length=1, max_length=200, examples=[_TOPIC])]
    to_topic: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,198}$", examples=["cleanclaim.claims.2026-03"]
        ),
    ]
    partitions: Annotated[int | None, Field(ge=1, le=1000)] = None
    existing: Annotated[
        bool, Field(description="Go on with a topic that a broken run has left behind.")
    ] = False


class Progress(BaseModel):
    """One line of a long step's answer: the last has `status` done or failed."""

    model_config = _example(status="running", done=500, total=1200)

    status: str
    done: int
    total: int
    applied: int | None = None
    code: str | None = None
    detail: str | None = None
