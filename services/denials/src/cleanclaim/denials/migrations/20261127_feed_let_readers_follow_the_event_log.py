"""Let readers follow the event log: order of telling, and the transaction that told."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_feed"
down_revision = "20260302_first"
branch_labels = None
depends_on = None

__all__ = ["sa"]


def upgrade() -> None:
    # one statement, so that the log is written anew once
    op.execute(
        "ALTER TABLE denials.event_log"
        " ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY,"
        " ADD COLUMN recorded_in xid8 NOT NULL DEFAULT pg_current_xact_id()"
    )
    op.create_index(
        "ix_event_log_organization_position",
        "event_log",
        ["organization_id", "position"],
        schema="denials",
    )
    op.create_index(
        "ix_event_log_organization_recorded",
        "event_log",
        ["organization_id", "recorded_in", "position"],
        schema="denials",
    )


def downgrade() -> None:
    op.drop_index("ix_event_log_organization_recorded", table_name="event_log", schema="denials")
    op.drop_index("ix_event_log_organization_position", table_name="event_log", schema="denials")
    op.drop_column("event_log", "recorded_in", schema="denials")
    op.drop_column("event_log", "position", schema="denials")
