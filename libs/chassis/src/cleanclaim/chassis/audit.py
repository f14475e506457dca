"""Who read or changed what, and when: rows that are written once, in the request's transaction."""

from typing import Literal
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import ProgrammingError

from cleanclaim.chassis.work import Work
from cleanclaim.values.errors import Unavailable

Action = Literal["read", "search", "write", "send", "approve", "break_glass", "skip", "refuse"]


_NO_RIGHT = "42501"


class AuditClosed(Unavailable):
    """The audit log takes no rows, so nothing that must stand in it may happen."""


async def record(
    work: Work,
    *,
    action: Action,
    resource: str,
    resource_id: UUID | None = None,
    count: int = 1,
    purpose: str | None = None,
) -> UUID:
    """Write one row into the work's own transaction; if it cannot be written, nothing is done.

    `resource` is the kind of thing (`encounter_version`), `count` how many of them an answer or a
    change held. `purpose` is a reason code or words without PHI. The row also keeps the scopes that
    were granted. Returns the row's id.

    Raises:
        AuditClosed: the service may not write the log any more; nobody reads or changes PHI until
            an administrator has given the right back (45 CFR 164.312(b)).
    """
    row_id = work.runtime.new_id()
    principal = work.principal
    # Without a person or client the service itself acted: a consumer, a job, the mailbox.
    name = principal.subject if principal else f"service:{work.service}"
    row = insert(work.schema_tables.audit_log).values(
        organization_id=work.organization_id,
        id=row_id,
        occurred_at=work.now,
        principal=name,
        client_id=principal.client_id if principal else work.service,
        action=action,
        resource=resource,
        resource_id=resource_id,
        count=count,
        scope=" ".join(sorted(principal.scopes)) if principal else None,
        request_id=work.request_id,
        purpose=purpose,
    )
    try:
        await work.connection.execute(row)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
            raise
        raise AuditClosed(
            "the audit log takes no rows, so nothing that must stand in it is read or changed",
            fix="have an administrator run the service's migrate, which gives the right back",
            retry_after_seconds=60,
        ) from None
    return row_id


def audit_ddl(schema: str) -> list[str]:
    """The statements that refuse any change of an audit row, whoever asks; safe to run again.

    The one change allowed is the sealing of a row whose `chain_hash` is still empty.
    """
    return [
        f"""CREATE OR REPLACE FUNCTION {schema}.refuse_audit_change() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'UPDATE' THEN
                IF OLD.chain_hash IS NULL AND NEW.chain_hash IS NOT NULL
                   AND to_jsonb(OLD) - 'chain_hash' = to_jsonb(NEW) - 'chain_hash' THEN
                  RETURN NEW;
                END IF;
              END IF;
              RAISE EXCEPTION 'audit rows are never changed or removed'
                USING ERRCODE = 'insufficient_privilege';
            END $$""",
        f"""CREATE OR REPLACE TRIGGER audit_log_is_append_only
            BEFORE UPDATE OR DELETE ON {schema}.audit_log
            FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_audit_change()""",
        f"""CREATE OR REPLACE TRIGGER audit_log_is_never_emptied
            BEFORE TRUNCATE ON {schema}.audit_log
            FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_audit_change()""",
    ]
