"""Brings one service's schema to its newest version, and says what an administrator must do."""

from collections.abc import Mapping
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from cleanclaim.chassis.db import async_url
from cleanclaim.chassis.fences import Roles, put_fences, role_statements
from cleanclaim.chassis.versions import current_version

LOCK_TIMEOUT = "5s"
"""A migration that cannot get its lock gives up instead of stopping traffic behind it."""


class AdministratorNeeded(Exception):  # noqa: N818 - says who must act
    """This connection may not make roles or schemas; `statements` is the SQL that must be run."""

    def __init__(self, service: str, statements: list[str]) -> None:
        super().__init__(f"an administrator must make the roles and schema of {service}")
        self.statements = statements


async def migrate(  # noqa: PLR0913 - each is named at the call
    *,
    service: str,
    metadata: MetaData,
    migrations: Path,
    url: str,
    passwords: Mapping[str, str],
    append_only: frozenset[str] = frozenset(),
    target: str = "head",
) -> str | None:
    """Make roles and schema where that is allowed, migrate to `target`, put the fences.

    Returns the schema's version. Safe to run twice and at the same time: an advisory lock makes
    the second wait.

    Raises:
        AdministratorNeeded: roles or schema are missing and this connection may not make them.
    """
    statements = role_statements(service, dict(passwords))
    engine = create_async_engine(async_url(url))
    try:
        async with engine.begin() as connection:
            try:
                for statement in statements:
                    await connection.execute(text(statement))
            except ProgrammingError:
                if not await _schema_is_there(engine.url.render_as_string(False), service):
                    raise AdministratorNeeded(service, statements) from None
                await connection.rollback()
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, service, metadata, migrations, append_only, target)
            return await connection.run_sync(current_version, service)
    finally:
        await engine.dispose()


async def _schema_is_there(url: str, service: str) -> bool:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            found = await connection.scalar(
                text("SELECT count(*) FROM pg_namespace WHERE nspname = :name"), {"name": service}
            )
            return bool(found)
    finally:
        await engine.dispose()


def _upgrade(
    connection: Connection,
    service: str,
    metadata: MetaData,
    migrations: Path,
    append_only: frozenset[str],
    target: str,
) -> None:
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"cleanclaim-migrate-{service}"},
    )
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET LOCAL ROLE {Roles.of(service).owner}"))
    script = _scripts(migrations)
    goal = script.as_revision_number(target) or "base"

    def steps(revision: object, _: MigrationContext) -> object:
        if target == "base":
            return script._downgrade_revs("base", revision)  # type: ignore[arg-type]  # noqa: SLF001
        return script._upgrade_revs(goal, revision)  # type: ignore[arg-type]  # noqa: SLF001

    with EnvironmentContext(_config(migrations), script, fn=steps, destination_rev=goal) as env:
        env.configure(
            connection=connection,
            target_metadata=metadata,
            version_table_schema=service,
            transactional_ddl=True,
        )
        env.run_migrations()
    if target != "base":
        put_fences(connection, service, append_only)


def drift(connection: Connection, service: str, metadata: MetaData) -> list[str]:
    """What the tables in the code have that the migrated schema lacks, or the reverse."""
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table_schema": service,
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == service,
        },
    )
    return [str(change) for change in compare_metadata(context, metadata)]


async def write_migration(
    *, service: str, metadata: MetaData, migrations: Path, url: str, message: str, revision: str
) -> Path:
    """Compare code and schema and write the migration that makes them equal (a developer's tool).

    Raises:
        ValueError: there is nothing to migrate, or the revision's name is taken.
    """
    engine = create_async_engine(async_url(url))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(
                _write, service, metadata, migrations, message, revision
            )
    finally:
        await engine.dispose()


def _write(
    connection: Connection,
    service: str,
    metadata: MetaData,
    migrations: Path,
    message: str,
    revision: str,
) -> Path:
    from alembic.autogenerate import RevisionContext  # noqa: PLC0415 - a developer's tool only

    script, config = _scripts(migrations), _config(migrations)
    context = RevisionContext(
        config,
        script,
        {
            "message": message,
            "sql": False,
            "splice": False,
            "head": "head",
            "branch_label": None,
            "version_path": str(migrations),
            "rev_id": revision,
            "depends_on": None,
        },
    )

    def compare(current: object, migration: MigrationContext) -> list[object]:
        context.run_autogenerate(current, migration)  # type: ignore[arg-type]
        return []

    with EnvironmentContext(config, script, fn=compare, as_sql=False) as env:
        env.configure(
            connection=connection,
            target_metadata=metadata,
            version_table_schema=service,
            include_schemas=True,
            include_name=lambda name, kind, _: kind != "schema" or name == service,
        )
        env.run_migrations()
    try:
        written = [one for one in context.generate_scripts() if one is not None]
    except ResolutionError as error:
        raise ValueError(str(error)) from None
    return Path(written[0].path)


def _scripts(migrations: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(migrations))


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(migrations))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
