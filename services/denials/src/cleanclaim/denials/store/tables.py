"""The tables of denials; every row belongs to one organization."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from cleanclaim.chassis.tables import service_metadata

METADATA = service_metadata("denials")
APPEND_ONLY = frozenset({"denial_steps", "decision_reversals", "submission_rejections"})


def _owned() -> tuple[Column[object], Column[object]]:
    organization: Column[object] = Column("organization_id", Uuid, primary_key=True)
    own: Column[object] = Column("id", Uuid, primary_key=True)
    return organization, own


PAYERS = Table(
    "payers",
    METADATA,
    *_owned(),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("policies", JSONB, nullable=False),
)
PROVIDERS = Table(
    "providers",
    METADATA,
    *_owned(),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("npi", Text, nullable=False),
)
SUBMISSIONS = Table(
    "submissions",
    METADATA,
    *_owned(),
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("frequency_code", Text, nullable=False),
    Column("billing_provider_id", Uuid, nullable=False),
    Column("other_payer_ids", JSONB, nullable=False),
    Column("line_ids", JSONB, nullable=False),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("service_from_on", Date, nullable=False),
    Column("service_to_on", Date, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("file_by_on", Date),
    Index("ix_submissions_claim", "organization_id", "claim_id"),
)
DECISIONS = Table(
    "decisions",
    METADATA,
    *_owned(),
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("payment_sequence", Integer, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("refused_cents", BigInteger, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("next_payer_id", Uuid),
    Column("forwarded", Boolean, nullable=False),
    Index("ix_decisions_claim", "organization_id", "claim_id"),
)
# A refusal at the door (277CA, 999) may be heard before the version that it refuses.
REJECTIONS = Table(
    "submission_rejections",
    METADATA,
    *_owned(),
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Index("ix_submission_rejections_claim", "organization_id", "claim_id"),
)
# A reversal may be heard before what it reverses, so it waits in a row of its own.
REVERSALS = Table(
    "decision_reversals",
    METADATA,
    *_owned(),
    Column("claim_id", Uuid, nullable=False),
    Column("reverses_claim_payment_id", Uuid, nullable=False),
    Index("ix_decision_reversals_claim", "organization_id", "claim_id"),
)
DENIALS = Table(
    "denials",
    METADATA,
    *_owned(),
    Column("claim_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("claim_type", Text, nullable=False),
    Column("claim_payment_id", Uuid, nullable=False),
    Column("remittance_id", Uuid, nullable=False),
    Column("patient_account_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("payer_responsibility", Text, nullable=False),
    Column("payment_sequence", Integer, nullable=False),
    Column("claim_status_code", Text, nullable=False),
    Column("payer_claim_control_number", Text),
    Column("adjudicated_on", Date, nullable=False),
    Column("service_from_on", Date),
    Column("service_to_on", Date),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("scope", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("owner_queue", Text, nullable=False),
    Column("owner_stage", Text, nullable=False),
    Column("group_code", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("cause", JSONB, nullable=False),
    Column("assessment", JSONB, nullable=False),
    Column("action", Text, nullable=False),
    Column("appeal_by_on", Date),
    Column("correct_by_on", Date),
    Column("work_by_on", Date),
    Column("denied_cents", BigInteger, nullable=False),
    Column("expected_recovery_cents", BigInteger, nullable=False),
    Column("recovered_cents", BigInteger, nullable=False),
    Column("unattributed", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("assigned_to", Text),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("resolved_on", Date),
    Column("resolved_by_payment_id", Uuid),
    Column("version", Integer, nullable=False),
    Index("ix_denials_claim", "organization_id", "claim_id"),
    Index("ix_denials_payer", "organization_id", "payer_id"),
    Index("ix_denials_urgent", "organization_id", "priority", "id"),
)
DENIAL_LINES = Table(
    "denial_lines",
    METADATA,
    *_owned(),
    Column("denial_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("line_id", Uuid),
    Column("whole_claim", Boolean, nullable=False),
    Column("line_control_number", Text),
    Column("procedure_code", Text),
    Column("modifiers", JSONB, nullable=False),
    Column("units", Text),
    Column("service_from_on", Date),
    Column("service_to_on", Date),
    Column("charge_cents", BigInteger, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("denied_cents", BigInteger, nullable=False),
    Column("adjustments", JSONB, nullable=False),
    Column("remark_codes", JSONB, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "denial_id"], [DENIALS.c.organization_id, DENIALS.c.id]
    ),
    Index("ix_denial_lines_denial", "organization_id", "denial_id"),
)
DENIAL_STEPS = Table(
    "denial_steps",
    METADATA,
    *_owned(),
    Column("denial_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("from_status", Text),
    Column("to_status", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("by", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "denial_id"], [DENIALS.c.organization_id, DENIALS.c.id]
    ),
    Index("ix_denial_steps_denial", "organization_id", "denial_id"),
)
