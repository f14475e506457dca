"""The platform's tables whose rows are written once or sealed: audit, data keys, raw files."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)


def audit_table(metadata: MetaData) -> Table:
    """Append-only (see `audit_ddl`); `chain_hash` is filled when the rows are sealed, never before.

    45 CFR 164.312(b) asks for these records and 164.316(b)(2)(i) for six years of them.
    """
    return Table(
        "audit_log",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("principal", Text, nullable=False),
        Column("client_id", Text),
        Column("action", Text, nullable=False),
        Column("resource", Text, nullable=False),
        Column("resource_id", Uuid),
        Column("count", Integer, nullable=False),
        Column("scope", Text),
        Column("request_id", Text),
        Column("purpose", Text),
        Column("chain_hash", LargeBinary),
        Index("ix_audit_log_organization_resource", "organization_id", "resource", "resource_id"),
        Index("ix_audit_log_organization_occurred", "organization_id", "occurred_at"),
    )


def data_keys_table(metadata: MetaData) -> Table:
    """One row a generation of each key; `wrapped` opens with the vault's own key only."""
    return Table(
        "data_keys",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("key_id", Uuid, primary_key=True),
        Column("purpose", Text, nullable=False),
        Column("generation", Integer, nullable=False),
        Column("wrapped", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("retired_at", DateTime(timezone=True)),
        Column(
            "made_in",
            BigInteger,
            nullable=False,
            server_default=text("(pg_current_xact_id()::text)::bigint"),
        ),
        UniqueConstraint("organization_id", "purpose", "generation"),
    )


def raw_files_table(metadata: MetaData) -> Table:
    """`digest` is the SHA-256 of the content, `size` its bytes before it was sealed."""
    return Table(
        "raw_files",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("source", Text, nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        UniqueConstraint("organization_id", "kind", "digest"),
    )
