"""Roles, grants and row-level security of a service's schema, put up after each migration."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from cleanclaim.chassis.audit import audit_ddl

_TENANT = "nullif(current_setting('app.organization_id', true), '')::uuid"
# what the relay may touch, and nothing else
_RELAY = {"event_log": "SELECT", "outbox": "SELECT, DELETE"}
# the reporter reads across organizations; these hold sealed or raw content and stay shut
_NO_REPORT = frozenset({"data_keys", "raw_files", "idempotency_keys", "work_item_notes"})
# of these it reads only where a row lies and what became of it: never an event's value or headers,
# nor the reason that a person gave in free text
_REPORTED_COLUMNS = {
    "parked_events": "id, organization_id, topic, key, partition, position, event_type, reason,"
    " status, parked_at, settled_at, settled_by"
}


@dataclass(frozen=True, slots=True)
class Roles:
    """The four roles of a service: owner (no login), app, relay, reporter."""

    owner: str
    app: str
    relay: str
    reporter: str

    @classmethod
    def of(cls, service: str) -> "Roles":
        return cls(
            *(f"cleanclaim_{service}_{kind}" for kind in ("owner", "app", "relay", "reporter"))
        )


def role_statements(service: str, passwords: dict[str, str]) -> list[str]:
    """The SQL that an administrator runs once: roles and schema. Passwords by kind of role."""
    roles = Roles.of(service)
    statements = [_create_role(roles.owner, "NOLOGIN")]
    for kind, role in (("app", roles.app), ("relay", roles.relay), ("reporter", roles.reporter)):
        statements.append(_create_role(role, "LOGIN NOBYPASSRLS"))
        if kind in passwords:
            statements.append(f"ALTER ROLE {role} PASSWORD {_literal(passwords[kind])}")
    statements.append(f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {roles.owner}")
    return statements


def _create_role(role: str, options: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN CREATE ROLE {role} {options}; END IF; END $$"
    )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def put_fences(connection: Connection, service: str, append_only: Iterable[str] = ()) -> None:
    """Grant each role what it may and fence every table that has an organization_id.

    Idempotent; runs after each migration, so that a new table cannot be forgotten.
    """
    for statement in fence_statements(
        service, _tables(connection, service), frozenset(append_only)
    ):
        connection.execute(text(statement))


def _tables(connection: Connection, service: str) -> dict[str, bool]:
    """Each table of the schema and whether it belongs to organizations."""
    rows = connection.execute(
        text(
            "SELECT t.tablename, EXISTS (SELECT FROM information_schema.columns c"
            " WHERE c.table_schema = t.schemaname AND c.table_name = t.tablename"
            " AND c.column_name = 'organization_id') AS fenced"
            " FROM pg_tables t WHERE t.schemaname = :schema ORDER BY 1"
        ),
        {"schema": service},
    )
    return {row.tablename: row.fenced for row in rows}


def fence_statements(
    service: str, tables: dict[str, bool], append_only: frozenset[str]
) -> list[str]:
    """The statements that fence these tables (name → belongs to organizations)."""
    roles = Roles.of(service)
    everyone = f"{roles.app}, {roles.relay}, {roles.reporter}"
    statements = [
        f"REVOKE ALL ON SCHEMA {service} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {service} TO {everyone}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {service} TO {roles.app}",
    ]
    never_changed = append_only | {"event_log", "audit_log", "raw_files"}
    for table, fenced in tables.items():
        name = f'{service}."{table}"'
        statements += _grants(roles, table, name, changeable=table not in never_changed)
        if fenced:
            statements += _row_security(roles, table, name)
    if "audit_log" in tables:
        statements += audit_ddl(service)
    return statements


def _grants(roles: Roles, table: str, name: str, *, changeable: bool) -> list[str]:
    rights = "SELECT, INSERT, UPDATE, DELETE" if changeable else "SELECT, INSERT"
    if table == "data_keys":  # without its key a sealed value is lost for good
        rights = "SELECT, INSERT, UPDATE"
    grants = [
        f"REVOKE ALL ON {name} FROM PUBLIC, {roles.app}, {roles.relay}, {roles.reporter}",
        f"GRANT {rights} ON {name} TO {roles.app}",
    ]
    if table in _RELAY:
        grants.append(f"GRANT {_RELAY[table]} ON {name} TO {roles.relay}")
    if table not in _NO_REPORT:
        columns = f" ({_REPORTED_COLUMNS[table]})" if table in _REPORTED_COLUMNS else ""
        grants.append(f"GRANT SELECT{columns} ON {name} TO {roles.reporter}")
    return grants


def _row_security(roles: Roles, table: str, name: str) -> list[str]:
    own = f"organization_id = {_TENANT}"
    # FORCE, because the owner would see every organization otherwise (PostgreSQL's default)
    statements = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS own_organization ON {name}",
        f"CREATE POLICY own_organization ON {name} TO {roles.app} USING ({own}) WITH CHECK ({own})",
        f"DROP POLICY IF EXISTS reports_read ON {name}",
        f"CREATE POLICY reports_read ON {name} FOR SELECT TO {roles.reporter} USING (true)",
    ]
    if table in _RELAY:
        statements += [
            f"DROP POLICY IF EXISTS relay_reads ON {name}",
            f"CREATE POLICY relay_reads ON {name} FOR SELECT TO {roles.relay} USING (true)",
        ]
    return statements
