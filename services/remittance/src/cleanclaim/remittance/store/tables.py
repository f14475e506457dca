"""The tables of remittance; PHI lies in sealed columns and in the sealed files alone."""

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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from cleanclaim.chassis.tables import service_metadata

METADATA = service_metadata("remittance")
APPEND_ONLY = frozenset({"provider_adjustments"})

PAYERS = Table(
    "payer_references",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("versions", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False),
)

PROVIDERS = Table(
    "provider_references",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("versions", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False),
)

REFERENCES = Table(
    "claim_references",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("case_claim_id", Uuid, nullable=False),
    # CLM01 as we made it, as it is compared; no number of the patient's is in it
    Column("patient_control_number", Text, nullable=False),
    Column("claim_type", Text, nullable=False),
    Column("patient_account_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("responsibility", Text, nullable=False),
    Column("further_payers", JSONB, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("charge_cents", BigInteger, nullable=False),
    Column("service_from_on", Date, nullable=False),
    Column("service_to_on", Date, nullable=False),
    Column("cause", JSONB, nullable=False),
    UniqueConstraint("organization_id", "claim_id", "claim_version"),
    Index("ix_claim_references_control", "organization_id", "patient_control_number"),
    Index("ix_claim_references_charge", "organization_id", "charge_cents"),
    Index("ix_claim_references_service", "organization_id", "service_from_on"),
)

REMITTANCES = Table(
    "remittances",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("file_id", Uuid, nullable=False),
    Column("set_number", Integer, nullable=False),
    Column("set_control_number", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("faults", JSONB, nullable=False),
    Column("defects", JSONB, nullable=False),
    Column("equations", JSONB, nullable=False),
    # absent where the payment itself cannot be read; such a remittance is always held
    Column("payment_cents", BigInteger),
    Column("payment_method", Text),
    Column("paid_on", Date),
    Column("trace_number", Text),
    Column("originating_company_id", Text),
    Column("produced_on", Date),
    Column("payer_id", Uuid),
    Column("payer_name", Text, nullable=False),
    Column("payee_provider_id", Uuid),
    Column("payee_npi", Text),
    Column("claim_count", Integer, nullable=False),
    Column("charge_cents", BigInteger, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("patient_responsibility_cents", BigInteger, nullable=False),
    Column("provider_adjustment_cents", BigInteger, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("mailbox", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("posted_at", DateTime(timezone=True)),
    Column("rejected_reason", Text),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    ForeignKeyConstraint(
        ["organization_id", "file_id"],
        ["remittance.raw_files.organization_id", "remittance.raw_files.id"],
    ),
    UniqueConstraint("organization_id", "content_hash"),
    # no two posted remittances bear the same key; where nothing was paid, payers reuse traces
    Index(
        "uq_remittances_posted_key",
        "organization_id",
        "originating_company_id",
        "trace_number",
        "payment_cents",
        "paid_on",
        unique=True,
        postgresql_where=text("status = 'posted' AND payment_cents <> 0"),
    ),
    Index("ix_remittances_received", "organization_id", "received_at", "id"),
    Index("ix_remittances_trace", "organization_id", "trace_number"),
)

PAYMENTS = Table(
    "claim_payments",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("remittance_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    # posted, unmatched or noted (CLP02 23 and 25 post nothing)
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("claim_status_code", Text, nullable=False),
    # CLP01 of what waits: a digest to find it by, and the sealed text for a person to read
    Column("control_digest", LargeBinary),
    Column("control_sealed", LargeBinary),
    Column("claim_id", Uuid),
    Column("claim_version", Integer),
    Column("case_claim_id", Uuid),
    Column("payer_id", Uuid, nullable=False),
    Column("carrier_id", Uuid),
    Column("responsibility", Text),
    Column("sequence", Integer),
    Column("next_payer_id", Uuid),
    Column("forwarded_to_payer_id", Uuid),
    Column("reverses_id", Uuid),
    Column("superseding", Boolean, nullable=False),
    Column("payer_claim_control_number", Text),
    Column("charge_cents", BigInteger, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("denied_cents", BigInteger, nullable=False),
    Column("service_from_on", Date),
    Column("payment", JSONB, nullable=False),
    Column("defects", JSONB, nullable=False),
    Column("from_unapplied", Boolean, nullable=False),
    Column("matched_by", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("posted_at", DateTime(timezone=True)),
    ForeignKeyConstraint(
        ["organization_id", "remittance_id"],
        ["remittance.remittances.organization_id", "remittance.remittances.id"],
    ),
    Index("ix_claim_payments_remittance", "organization_id", "remittance_id", "position"),
    Index("ix_claim_payments_case", "organization_id", "case_claim_id"),
    Index("ix_claim_payments_claim", "organization_id", "claim_id"),
    Index("ix_claim_payments_payer_number", "organization_id", "payer_claim_control_number"),
    Index(
        "ix_claim_payments_waiting",
        "organization_id",
        "control_digest",
        postgresql_where=text("status = 'unmatched'"),
    ),
    # a decision is taken back once
    Index(
        "uq_claim_payments_reverses",
        "organization_id",
        "reverses_id",
        unique=True,
        postgresql_where=text("reverses_id IS NOT NULL"),
    ),
)

OPEN_ITEMS = Table(
    "open_items",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("payer_id", Uuid, nullable=False),
    Column("payee_provider_id", Uuid, nullable=False),
    Column("account", Text, nullable=False),
    # what a payer writes as reference may hold a member number: a digest finds it
    Column("reference_digest", LargeBinary, nullable=False),
    Column("balance_cents", BigInteger, nullable=False),
    Column("opened_on", Date, nullable=False),
    UniqueConstraint(
        "organization_id", "payer_id", "payee_provider_id", "account", "reference_digest"
    ),
)

ADJUSTMENTS = Table(
    "provider_adjustments",
    METADATA,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("remittance_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("payee_provider_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("fiscal_period_ends_on", Date, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("trace_number", Text, nullable=False),
    Column("reference_sealed", LargeBinary),
    Column("claim_id", Uuid),
    Column("open_item_id", Uuid, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "remittance_id"],
        ["remittance.remittances.organization_id", "remittance.remittances.id"],
    ),
    ForeignKeyConstraint(
        ["organization_id", "open_item_id"],
        ["remittance.open_items.organization_id", "remittance.open_items.id"],
    ),
    Index("ix_provider_adjustments_remittance", "organization_id", "remittance_id"),
    Index("ix_provider_adjustments_posted", "organization_id", "posted_at", "id"),
    Index("ix_provider_adjustments_item", "organization_id", "open_item_id"),
)
