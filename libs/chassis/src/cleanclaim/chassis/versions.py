"""Which version a schema has and which one this release needs, told without loading Alembic."""

import ast
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text


def current_version(connection: Connection, service: str) -> str | None:
    """The schema's version, None where it was never migrated."""
    table = f"{service}.alembic_version"
    there = connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": table})
    if not there:
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - ours
    return str(found) if found is not None else None


@dataclass(frozen=True, slots=True)
class Versions:
    """What a release knows of its schema: the version it needs, and those that lack something.

    None is a schema that was never migrated. A version that this release does not know is a later
    one's: that release's migrations come before its code, and they only add (ADR 0009), so this
    release goes on working beside it.
    """

    newest: str | None
    lacking: frozenset[str | None]


def versions_in(migrations: Path) -> Versions:
    """Read a folder of migrations; the newest is the one that no other follows.

    Raises:
        ValueError: two migrations claim to be the last one.
    """
    following = _following(migrations)
    heads = set(following) - set(following.values())
    if len(heads) > 1:
        raise ValueError(f"{migrations} has several last versions: {', '.join(sorted(heads))}")
    if not heads:
        return Versions(newest=None, lacking=frozenset())
    (newest,) = heads
    return Versions(newest=newest, lacking=frozenset({None, *following} - heads))


def _following(migrations: Path) -> dict[str, str | None]:
    """Each version with the one before it.

    Reads the files' own words. Alembic, which would run them, costs every process a third of a
    second at its start.
    """
    following: dict[str, str | None] = {}
    for file in migrations.glob("*.py"):
        words = _assigned(file)
        if "revision" in words:
            following[str(words["revision"])] = words.get("down_revision")
    return following


def _assigned(file: Path) -> dict[str, str | None]:
    """Names to which the module assigns a constant at its top level."""
    return {
        target.id: statement.value.value  # type: ignore[misc]
        for statement in ast.parse(file.read_bytes()).body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
