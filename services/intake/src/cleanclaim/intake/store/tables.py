"""The tables: patients, coverages and encounters, each with versions that are only added to."""

from typing import Any

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

METADATA = service_metadata("intake")
APPEND_ONLY = frozenset({"patient_versions", "coverage_versions", "encounter_versions"})


def _table(name: str, *columns: Any) -> Table:
    keys = (
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
    )
    return Table(name, METADATA, *keys, *columns)


def _belongs_to(noun: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", f"{noun}_id"],
        [f"intake.{table}.organization_id", f"intake.{table}.id"],
    )


PAYERS = _table(
    "payers",
    Column("terms", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False),
)

PATIENTS = _table(
    "patients",
    Column("patient_account_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    # blind indexes: what the source calls the patient, and last name with birth date
    Column("external_index", LargeBinary, nullable=False),
    Column("likeness_index", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "external_index"),
    Index("ix_patients_likeness", "organization_id", "likeness_index"),
)

PATIENT_VERSIONS = _table(
    "patient_versions",
    Column("patient_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    # sealed: the person, with the source's own id
    Column("record", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text),
    _belongs_to("patient", "patients"),
    UniqueConstraint("organization_id", "patient_id", "version"),
)

COVERAGES = _table(
    "coverages",
    Column("patient_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    _belongs_to("patient", "patients"),
    Index("ix_coverages_patient", "organization_id", "patient_id"),
)

COVERAGE_VERSIONS = _table(
    "coverage_versions",
    Column("coverage_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    # sealed: member number, group, subscriber, dates
    Column("record", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text),
    _belongs_to("coverage", "coverages"),
    UniqueConstraint("organization_id", "coverage_id", "version"),
)

ENCOUNTERS = _table(
    "encounters",
    Column("patient_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_index", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    # a code that a person gave for holding it; none where only findings hold it
    Column("hold_reason", Text),
    Column("claim_type", Text, nullable=False),
    Column("self_pay", Boolean, nullable=False),
    Column("payer_id", Uuid),
    Column("service_from_on", Date),
    Column("service_to_on", Date),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("error_count", Integer, nullable=False),
    Column("warning_count", Integer, nullable=False),
    # something it was judged by has changed since
    Column("recheck", Boolean, nullable=False, server_default=text("false")),
    Column("billed_version", Integer),
    Column("cause", JSONB, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    _belongs_to("patient", "patients"),
    UniqueConstraint("organization_id", "external_index"),
    Index("ix_encounters_updated", "organization_id", "updated_at", "id"),
    Index("ix_encounters_state", "organization_id", "state", "updated_at", "id"),
    Index("ix_encounters_patient", "organization_id", "patient_id"),
    Index(
        "ix_encounters_recheck",
        "organization_id",
        "id",
        postgresql_where=text("recheck"),
    ),
)

ENCOUNTER_VERSIONS = _table(
    "encounter_versions",
    Column("encounter_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("patient_version", Integer, nullable=False),
    Column("received_on", Date, nullable=False),
    # sealed: the whole version, as claims reads it
    Column("document", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text),
    _belongs_to("encounter", "encounters"),
    UniqueConstraint("organization_id", "encounter_id", "version"),
)

CHARGES = _table(
    "charges",
    Column("encounter_id", Uuid, nullable=False),
    Column("encounter_version", Integer, nullable=False),
    Column("line_number", Integer, nullable=False),
    Column("procedure_code", Text),
    Column("modifiers", JSONB, nullable=False),
    Column("units", Text),
    Column("charge_cents", BigInteger),
    Column("service_from_on", Date),
    Column("service_to_on", Date),
    _belongs_to("encounter", "encounters"),
    Index("ix_charges_encounter", "organization_id", "encounter_id"),
)

FINDINGS = _table(
    "findings",
    Column("encounter_id", Uuid, nullable=False),
    Column("encounter_version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("pointer", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("value", Text),
    Column("charge_id", Uuid),
    Column("source_table", Text),
    Column("source_release", Text),
    Column("found_at", DateTime(timezone=True), nullable=False),
    _belongs_to("encounter", "encounters"),
    Index("ix_findings_encounter", "organization_id", "encounter_id", "encounter_version"),
    Index("ix_findings_rule", "organization_id", "rule_id"),
)
