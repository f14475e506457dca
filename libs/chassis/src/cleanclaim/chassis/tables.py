"""The platform's tables, made once for each service inside that service's own schema."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from cleanclaim.chassis.sealed_tables import audit_table, data_keys_table, raw_files_table
from cleanclaim.chassis.transaction_ids import Xid8

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True, slots=True)
class PlatformTables:
    """The tables every service has beside its own."""

    organizations: Table
    event_log: Table
    outbox: Table
    event_subject: Table
    inbox: Table
    parked_events: Table
    parked_keys: Table
    idempotency_keys: Table
    work_items: Table
    work_item_notes: Table
    audit_log: Table
    data_keys: Table
    raw_files: Table


def service_metadata(service: str) -> MetaData:
    """An empty metadata for the schema of one service; the platform's tables are added at once."""
    metadata = MetaData(schema=service, naming_convention=NAMING)
    metadata.info["platform"] = _platform_tables(metadata)
    return metadata


def platform_tables(metadata: MetaData) -> PlatformTables:
    """The platform's tables of a service's metadata."""
    tables: PlatformTables = metadata.info["platform"]
    return tables


def _platform_tables(metadata: MetaData) -> PlatformTables:
    return PlatformTables(
        organizations=_organizations(metadata),
        event_log=_event_log(metadata),
        outbox=_outbox(metadata),
        event_subject=_event_subject(metadata),
        inbox=_inbox(metadata),
        parked_events=_parked_events(metadata),
        parked_keys=_parked_keys(metadata),
        idempotency_keys=_idempotency_keys(metadata),
        work_items=_work_items(metadata),
        work_item_notes=_work_item_notes(metadata),
        audit_log=audit_table(metadata),
        data_keys=data_keys_table(metadata),
        raw_files=raw_files_table(metadata),
    )


def _organizations(metadata: MetaData) -> Table:
    # No row-level security: jobs read here which organizations there are (ids, no PHI). So the
    # column is named `id`, not `organization_id`, which would fence the table.
    return Table(
        "organizations",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("time_zone", Text, nullable=False),
        Column("environment", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
    )


def _event_log(metadata: MetaData) -> Table:
    # Debezium's outbox column names, so that an operator may put Debezium on it instead.
    return Table(
        "event_log",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("organization_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("aggregatetype", Text, nullable=False),
        Column("aggregateid", Uuid, nullable=False),
        Column("aggregate_version", BigInteger, nullable=False),
        Column("type", Text, nullable=False),
        # json, not jsonb: the text is published as it was validated, byte for byte
        Column("payload", JSON, nullable=False),
        Column("headers", JSON, nullable=False),
        Column("correlation_id", Uuid, nullable=False),
        Column("causation_id", Uuid),
        Column("actor_id", Text),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("recorded_at", DateTime(timezone=True), server_default=text("clock_timestamp()")),
        # what a reader without Kafka goes by: order of telling, and the transaction that told
        Column("position", BigInteger, Identity(always=True), nullable=False),
        Column("recorded_in", Xid8, server_default=text("pg_current_xact_id()"), nullable=False),
        UniqueConstraint("topic", "aggregateid", "aggregate_version"),
        Index("ix_event_log_organization_position", "organization_id", "position"),
        Index("ix_event_log_organization_recorded", "organization_id", "recorded_in", "position"),
        Index("ix_event_log_organization_aggregate", "organization_id", "aggregateid"),
        Index("ix_event_log_correlation", "correlation_id"),
    )


def _outbox(metadata: MetaData) -> Table:
    return Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("bucket", SmallInteger, nullable=False),
        Column("event_id", Uuid, nullable=False),
        postgresql_with={
            "autovacuum_vacuum_scale_factor": "0",
            "autovacuum_vacuum_threshold": "1000",
        },
    )


def _event_subject(metadata: MetaData) -> Table:
    return Table(
        "event_subject",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("key", Uuid, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
    )


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("heard_at", DateTime(timezone=True), server_default=text("now()"), nullable=False),
    )


def _parked_events(metadata: MetaData) -> Table:
    return Table(
        "parked_events",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        # the nil id where the event could not be decoded and so names no organization
        Column("organization_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", LargeBinary, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("event_type", Text),
        Column("headers", JSONB, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("reason", Text, nullable=False),
        Column("status", Text, nullable=False, server_default="parked"),
        Column("parked_at", DateTime(timezone=True), nullable=False),
        Column("settled_at", DateTime(timezone=True)),
        Column("settled_by", Text),
        Column("settled_because", Text),
        UniqueConstraint("topic", "partition", "position"),
        Index("ix_parked_events_topic_key", "topic", "key", "id"),
    )


def _parked_keys(metadata: MetaData) -> Table:
    return Table(
        "parked_keys",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("key", LargeBinary, primary_key=True),
        Column("parked_at", DateTime(timezone=True), nullable=False),
    )


def _idempotency_keys(metadata: MetaData) -> Table:
    return Table(
        "idempotency_keys",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request_hash", LargeBinary, nullable=False),
        Column("status_code", SmallInteger, nullable=False),
        Column("headers", JSONB, nullable=False),
        # sealed by the vault: an answer may hold PHI
        Column("body", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
    )


def _work_items(metadata: MetaData) -> Table:
    return Table(
        "work_items",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("subject_type", Text, nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("reason", Text, nullable=False),
        Column("priority", Integer, nullable=False),
        Column("priority_terms", JSONB, nullable=False),
        Column("value_cents", BigInteger, nullable=False),
        Column("due_on", Date),
        Column("owner", Text),
        Column("status", Text, nullable=False),
        Column("snoozed_until", DateTime(timezone=True)),
        Column("next_actions", JSONB, nullable=False),
        Column("opened_at", DateTime(timezone=True), nullable=False),
        Column("closed_at", DateTime(timezone=True)),
        Column("outcome", Text),
        Column("version", Integer, nullable=False, server_default="1"),
        # one open item for one trouble of one subject, however often it is noticed
        Index(
            "uq_work_items_open",
            "organization_id",
            "kind",
            "subject_id",
            "reason",
            unique=True,
            postgresql_where=text("status <> 'closed'"),
        ),
    )


def _work_item_notes(metadata: MetaData) -> Table:
    return Table(
        "work_item_notes",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("work_item_id", Uuid, nullable=False),
        # sealed by the vault: what people write is PHI of the service that keeps it
        Column("note", LargeBinary, nullable=False),
        Column("written_by", Text, nullable=False),
        Column("written_at", DateTime(timezone=True), nullable=False),
    )
