"""The tables: the bank's side, the remittances' side, matches, variances, the book's word."""

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

METADATA = service_metadata("reconcile")
APPEND_ONLY = frozenset({"match_parts", "clearing_postings"})


def _table(name: str, *columns: Any) -> Table:
    keys = (
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
    )
    return Table(name, METADATA, *keys, *columns)


def _to(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", column], [f"reconcile.{table}.organization_id", f"reconcile.{table}.id"]
    )


PAYERS = _table(
    "payers",
    Column("name", Text, nullable=False),
    Column("names", JSONB, nullable=False),
    Column("company_ids", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False),
)

BANK_ACCOUNTS = _table(
    "bank_accounts",
    Column("name", Text, nullable=False),
    Column("bank_name", Text, nullable=False),
    Column("sealed_number", LargeBinary, nullable=False),
    # found by this, for the number itself is sealed
    Column("number_index", LargeBinary, nullable=False),
    Column("last_four", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "number_index"),
)

BANK_STATEMENTS = _table(
    "bank_statements",
    Column("raw_file_id", Uuid, nullable=False),
    Column("format", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("accounts", JSONB, nullable=False),
    Column("recorded_count", Integer, nullable=False),
    Column("known_count", Integer, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "raw_file_id"),
    Index("ix_bank_statements_received", "organization_id", "received_at"),
)

DEPOSITS = _table(
    "deposits",
    Column("bank_account_id", Uuid, nullable=False),
    Column("bank_statement_id", Uuid),
    Column("amount_cents", BigInteger, nullable=False),
    Column("deposited_on", Date, nullable=False),
    Column("method", Text, nullable=False),
    Column("type_code", Text, nullable=False),
    Column("trace_number", Text),
    Column("originating_company_id", Text),
    Column("payer_id", Uuid),
    Column("state", Text, nullable=False),
    Column("waiting_reason", Text),
    Column("window_ends_on", Date, nullable=False),
    # references and text as the bank wrote them: they can name a payer or a patient
    Column("sealed_text", LargeBinary, nullable=False),
    Column("cause", JSONB, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _to("bank_account_id", "bank_accounts"),
    _to("bank_statement_id", "bank_statements"),
    Index("ix_deposits_deposited", "organization_id", "deposited_on"),
    Index("ix_deposits_trace", "organization_id", text("upper(trace_number)")),
    Index(
        "ix_deposits_waiting",
        "organization_id",
        "amount_cents",
        postgresql_where=text("state IN ('unmatched', 'explained')"),
    ),
)

EXPECTED_RECEIPTS = _table(
    "expected_receipts",
    Column("payer_id", Uuid),
    Column("trace_number", Text, nullable=False),
    Column("originating_company_id", Text),
    Column("payment_method", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("payment_cents", BigInteger, nullable=False),
    Column("matched_cents", BigInteger, nullable=False, server_default="0"),
    Column("written_off_cents", BigInteger, nullable=False, server_default="0"),
    Column("window_ends_on", Date, nullable=False),
    # BPR02 as posted: claim payments less provider adjustments; null until RemittancePosted
    Column("posted_cents", BigInteger),
    Column("claims_told_cents", BigInteger, nullable=False, server_default="0"),
    Column("cause", JSONB, nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    Index("ix_expected_receipts_trace", "organization_id", text("upper(trace_number)")),
    Index("ix_expected_receipts_paid", "organization_id", "paid_on"),
    Index("ix_expected_receipts_payment", "organization_id", "payment_cents"),
)

MATCHES = _table(
    "matches",
    Column("deposit_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("matched_by", Text),
    Column("matched_at", DateTime(timezone=True), nullable=False),
    _to("deposit_id", "deposits"),
    # no deposit is matched twice
    UniqueConstraint("organization_id", "deposit_id"),
    Index("ix_matches_matched", "organization_id", "matched_at"),
)

MATCH_PARTS = _table(
    "match_parts",
    Column("match_id", Uuid, nullable=False),
    Column("remittance_id", Uuid, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("trace_number", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    _to("match_id", "matches"),
    Index("ix_match_parts_match", "organization_id", "match_id"),
    Index("ix_match_parts_remittance", "organization_id", "remittance_id"),
)

VARIANCES = _table(
    "variances",
    Column("kind", Text, nullable=False),
    Column("expected_cents", BigInteger, nullable=False),
    Column("actual_cents", BigInteger, nullable=False),
    Column("payer_id", Uuid),
    Column("remittance_id", Uuid),
    Column("deposit_id", Uuid),
    Column("trace_number", Text),
    Column("opened_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("written_off_cents", BigInteger, nullable=False),
    Column("resolved_on", Date),
    Column("resolved_by", Text),
    Column("cause", JSONB, nullable=False),
    Index("ix_variances_status", "organization_id", "status", "opened_on"),
    Index("ix_variances_remittance", "organization_id", "remittance_id"),
    Index("ix_variances_deposit", "organization_id", "deposit_id"),
)

HEARD_PAYMENTS = _table(
    "heard_payments",
    Column("remittance_id", Uuid, nullable=False),
    Column("paid_cents", BigInteger, nullable=False),
    # told as unmatched first: RemittancePosted counted it there
    Column("from_unapplied", Boolean, nullable=False),
    Index("ix_heard_payments_remittance", "organization_id", "remittance_id"),
)

CLEARING_POSTINGS = _table(
    "clearing_postings",
    Column("entry_id", Uuid, nullable=False),
    Column("payer_id", Uuid),
    Column("trace_number", Text),
    Column("amount_cents", BigInteger, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("purpose", Text, nullable=False),
    Index("ix_clearing_postings_effective", "organization_id", "effective_on"),
)

BILLED_CLAIMS = _table(
    "billed_claims",
    Column("claim_version", Integer, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("submitted_on", Date, nullable=False),
    # another payer's claim for the same services: its charge is not billed a second time
    Column("repeats_charges", Boolean, nullable=False),
    Index("ix_billed_claims_submitted", "organization_id", "submitted_on"),
)
