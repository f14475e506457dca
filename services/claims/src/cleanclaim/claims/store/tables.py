"""The tables of claims: the directory, claims with their versions, submissions and answers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from cleanclaim.chassis.tables import service_metadata

METADATA = service_metadata("claims")


def _key() -> tuple[Column[object], Column[object]]:
    return (
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
    )


def _belongs(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", column], [f"claims.{table}.organization_id", f"claims.{table}.id"]
    )


PROVIDERS = Table(
    "providers",
    METADATA,
    *_key(),
    Column("version", Integer, nullable=False),
    # every NPI that one of the versions has: an encounter names one of them
    Column("npis", JSONB, nullable=False),
    Column("versions", JSONB, nullable=False),
    # social security numbers of sole proprietors, one per version or null, sealed by the vault
    Column("sealed_tax_ids", LargeBinary),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
Index("ix_providers_npis", PROVIDERS.c.npis, postgresql_using="gin")

CONNECTIONS = Table(
    "connections",
    METADATA,
    *_key(),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sender_id", Text, nullable=False),
    Column("receiver_id", Text, nullable=False),
    Column("sender_qualifier", Text, nullable=False),
    Column("receiver_qualifier", Text, nullable=False),
    Column("usage", Text, nullable=False),
    Column("submitter_name", Text, nullable=False),
    Column("receiver_name", Text, nullable=False),
    Column("contact_name", Text, nullable=False),
    Column("contact_phone", Text, nullable=False),
    # the last ISA13 and GS06 given; taken under a row lock
    Column("last_interchange", BigInteger, nullable=False),
    Column("last_group", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "name"),
)

PAYERS = Table(
    "payers",
    METADATA,
    *_key(),
    Column("version", Integer, nullable=False),
    Column("connection_id", Uuid),
    Column("versions", JSONB, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    _belongs("connection_id", "connections"),
)

CLAIM_COUNTS = Table(
    "claim_counts",
    METADATA,
    *_key(),
    Column("last_number", BigInteger, nullable=False),
)

CLAIMS = Table(
    "claims",
    METADATA,
    *_key(),
    Column("number", BigInteger, nullable=False),
    Column("claim_number", Text, nullable=False),
    Column("encounter_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("current_version", Integer, nullable=False),
    # the encounter version that the current claim version bills, and the newest one heard of
    Column("encounter_version", Integer, nullable=False),
    Column("newest_encounter_version", Integer, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("claim_type", Text, nullable=False),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("service_from_on", Date, nullable=False),
    Column("service_to_on", Date, nullable=False),
    Column("file_by_on", Date),
    # why a person holds it, where a person does
    Column("hold_reason", Text),
    # the submission that it is on its way with, set before the file is handed over
    Column("submission_id", Uuid),
    Column("answer_rank", Integer, nullable=False),
    Column("answered_on", Date),
    Column("payer_claim_control_number", Text),
    Column("claim_status_code", Text),
    Column("clean_since", DateTime(timezone=True)),
    Column("built_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "encounter_id"),
    UniqueConstraint("organization_id", "number"),
    Index("ix_claims_state", "organization_id", "state", "number"),
    Index("ix_claims_changed", "organization_id", "changed_at", "number"),
)

CLAIM_VERSIONS = Table(
    "claim_versions",
    METADATA,
    *_key(),
    Column("claim_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("encounter_version", Integer, nullable=False),
    Column("patient_control_number", Text, nullable=False),
    # ids, codes, days and cents of the version; no person
    Column("content", JSONB, nullable=False),
    Column("findings", JSONB, nullable=False),
    # the thread of the encounter, so that a later job tells on it
    Column("cause", JSONB, nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False),
    Column("submission_id", Uuid),
    Column("set_control_number", Text),
    Column("submitted_at", DateTime(timezone=True)),
    _belongs("claim_id", "claims"),
    UniqueConstraint("organization_id", "claim_id", "version"),
    UniqueConstraint("organization_id", "patient_control_number"),
    Index("ix_claim_versions_submission", "organization_id", "submission_id", "set_control_number"),
)

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    *_key(),
    Column("connection_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("usage", Text, nullable=False),
    Column("interchange_control_number", Text, nullable=False),
    Column("group_control_number", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("raw_file_id", Uuid, nullable=False),
    Column("sets", JSONB, nullable=False),
    Column("claim_count", Integer, nullable=False),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("prepared_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    _belongs("connection_id", "connections"),
    UniqueConstraint("organization_id", "connection_id", "interchange_control_number"),
    Index("ix_submissions_status", "organization_id", "status", "prepared_at"),
)

ACKNOWLEDGEMENTS = Table(
    "acknowledgements",
    METADATA,
    *_key(),
    Column("raw_file_id", Uuid, nullable=False),
    Column("kinds", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("report", JSONB, nullable=False),
    UniqueConstraint("organization_id", "raw_file_id"),
)

CLAIM_ANSWERS = Table(
    "claim_answers",
    METADATA,
    *_key(),
    Column("acknowledgement_id", Uuid, nullable=False),
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("changed_state", Boolean, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("payer_claim_control_number", Text),
    Column("answered_at", DateTime(timezone=True), nullable=False),
    _belongs("acknowledgement_id", "acknowledgements"),
    _belongs("claim_id", "claims"),
    Index("ix_claim_answers_claim", "organization_id", "claim_id", "claim_version"),
)

CLAIM_DECISIONS = Table(
    "claim_decisions",
    METADATA,
    *_key(),
    # a payment can name a claim that is not there yet, so this is no foreign key
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("claim_status_code", Text, nullable=False),
    Column("reverses", Uuid),
    Column("payer_claim_control_number", Text),
    Column("adjudicated_on", Date, nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    Index("ix_claim_decisions_claim", "organization_id", "claim_id"),
)
