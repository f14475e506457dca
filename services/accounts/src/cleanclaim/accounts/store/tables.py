"""The tables: entries and postings that are only added to, and what is kept beside them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
    literal,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from cleanclaim.chassis.tables import service_metadata

METADATA = service_metadata("accounts")
APPEND_ONLY = frozenset({"journal_entries", "postings"})


def _table(name: str, *columns: Any) -> Table:
    keys = (
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
    )
    return Table(name, METADATA, *keys, *columns)


PAYERS = _table(
    "payers",
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)

PATIENT_ACCOUNTS = _table(
    "patient_accounts",
    Column("patient_id", Uuid, nullable=False),
    Column("patient_version", Integer, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)

CLAIMS = _table(
    "claims",
    Column("patient_account_id", Uuid, nullable=False),
    Column("encounter_id", Uuid, nullable=False),
    # the first claim for the same services: it carries the charges
    Column("root_claim_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("claim_version", Integer, nullable=False),
    Column("service_from_on", Date, nullable=False),
    Column("billing", JSONB, nullable=False),
    Index("ix_claims_root", "organization_id", "root_claim_id"),
)

SELF_PAY_ENCOUNTERS = _table(
    "self_pay_encounters",
    Column("patient_account_id", Uuid, nullable=False),
    Column("encounter_version", Integer, nullable=False),
    Column("billing", JSONB, nullable=False),
)

BILLED_LINES = _table(
    "billed_lines",
    Column("claim_id", Uuid),
    Column("encounter_id", Uuid, nullable=False),
    Column("patient_account_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("procedure_code", Text),
    Column("revenue_code", Text),
    Column("units", Text, nullable=False),
    Column("charge_cents", BigInteger, nullable=False),
    Column("service_from_on", Date, nullable=False),
    Column("service_to_on", Date, nullable=False),
    Index("ix_billed_lines_account", "organization_id", "patient_account_id"),
)

PAYER_DECISIONS = _table(
    "payer_decisions",
    Column("claim_id", Uuid, nullable=False),
    Column("remittance_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    Column("paid_on", Date, nullable=False),
    # none where the decision moved nothing
    Column("entry_id", Uuid),
    Column("reverses_id", Uuid),
    Column("reversed_by_id", Uuid),
    Index("ix_payer_decisions_claim", "organization_id", "claim_id"),
)

EARLY_REVERSALS = _table(
    "early_reversals",
    Column("reverses_id", Uuid, nullable=False),
    Column("decision", JSONB, nullable=False),
    Column("occasion", JSONB, nullable=False),
    Column("thread", JSONB, nullable=False),
    Index("ix_early_reversals_reverses", "organization_id", "reverses_id"),
)

JOURNAL_ENTRIES = _table(
    "journal_entries",
    Column("cause_event_id", Uuid, nullable=False),
    Column("cause_event_type", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("counters_entry_id", Uuid),
    Column("subject_id", Uuid, nullable=False),
    Column("patient_account_id", Uuid),
    Column("claim_id", Uuid),
    Column("encounter_id", Uuid),
    Column("remittance_id", Uuid),
    Column("deposit_id", Uuid),
    UniqueConstraint("organization_id", "cause_event_id"),
    Index("ix_journal_entries_effective", "organization_id", "effective_on", "id"),
    Index("ix_journal_entries_claim", "organization_id", "claim_id"),
    Index("ix_journal_entries_patient_account", "organization_id", "patient_account_id"),
)

POSTINGS = _table(
    "postings",
    Column("entry_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("account", Text, nullable=False),
    # debit positive, credit negative
    Column("amount_cents", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("reason", Text),
    Column("payer_id", Uuid),
    Column("trace_number", Text),
    Column("line_id", Uuid),
    Column("open_item_id", Uuid),
    # repeated from the entry: an entry never changes, and balances are asked by them
    Column("effective_on", Date, nullable=False),
    Column("patient_account_id", Uuid),
    Column("claim_id", Uuid),
    ForeignKeyConstraint(
        ["organization_id", "entry_id"],
        ["accounts.journal_entries.organization_id", "accounts.journal_entries.id"],
    ),
    UniqueConstraint("organization_id", "entry_id", "position"),
    Index("ix_postings_claim", "organization_id", "claim_id"),
    Index("ix_postings_patient_account", "organization_id", "patient_account_id"),
    Index("ix_postings_account", "organization_id", "account", "effective_on"),
)

SUBLEDGER_LINES = _table(
    "subledger_lines",
    Column("account", Text, nullable=False),
    Column("payer_id", Uuid),
    Column("trace_number", Text),
    Column("patient_account_id", Uuid),
    Column("claim_id", Uuid),
    Column("line_id", Uuid),
    Column("remittance_id", Uuid),
    Column("deposit_id", Uuid),
    Column("open_item_id", Uuid),
    Column("amount_cents", BigInteger, nullable=False),
    Column("since_on", Date, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("ix_subledger_lines_account", "organization_id", "account", "id"),
    Index("ix_subledger_lines_patient_account", "organization_id", "patient_account_id"),
    Index("ix_subledger_lines_claim", "organization_id", "claim_id"),
)


def among(column: Column[Any], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """The condition that an id is one of these: one parameter, however many there are.

    An IN list would take one parameter for each, and a statement takes 32,767 at most.
    """
    return column == any_(literal(list(set(ids)), ARRAY(Uuid)))
