"""Files as they came or went, sealed: the first copy, from which everything can be made again."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    select,
)
from sqlalchemy.dialects import postgresql

from cleanclaim.chassis import audit
from cleanclaim.chassis.vault import Place, Vault
from cleanclaim.chassis.work import Work
from cleanclaim.values.errors import Missing


@dataclass(frozen=True, slots=True)
class RawFile:
    """`already_known` says that the very same bytes came before, as the file `id`."""

    id: UUID
    digest: bytes
    already_known: bool


async def keep(work: Work, vault: Vault, *, kind: str, content: bytes, source: str) -> RawFile:
    """Keep the bytes once for each organization and kind, however often and by whomever they come.

    `source` says by which door they came (`upload`, `mailbox:<connection>`), without PHI. A second
    keeper of the same bytes waits for the first one's transaction and then gets its id.
    """
    digest = hashlib.sha256(content).digest()
    known = await _find(work, kind, digest)
    if known is not None:
        return RawFile(known, digest, already_known=True)
    file_id = work.runtime.new_id()
    table = work.schema_tables.raw_files
    kept = await work.connection.scalar(
        postgresql.insert(table)
        .values(
            organization_id=work.organization_id,
            id=file_id,
            kind=kind,
            digest=digest,
            size=len(content),
            source=source,
            received_at=work.now,
            sealed=await vault.seal(work, _place(file_id), content),
        )
        .on_conflict_do_nothing(index_elements=["organization_id", "kind", "digest"])
        .returning(table.c.id)
    )
    if kept is not None:
        return RawFile(file_id, digest, already_known=False)
    known = await _find(work, kind, digest)
    if known is None:
        raise _missing("The file was kept by someone else and removed again.")
    return RawFile(known, digest, already_known=True)


async def read(work: Work, vault: Vault, file_id: UUID, *, purpose: str | None = None) -> bytes:
    """The bytes as they came; each reading leaves an audit row. Raises Missing."""
    table = work.schema_tables.raw_files
    rows = await work.connection.execute(
        select(table.c.sealed, table.c.kind).where(
            table.c.organization_id == work.organization_id, table.c.id == file_id
        )
    )
    row = rows.mappings().one_or_none()
    if row is None:
        raise _missing("There is no such file.")
    await audit.record(
        work,
        action="read",
        resource=f"raw_file:{row['kind']}",
        resource_id=file_id,
        purpose=purpose,
    )
    return await vault.open(work, _place(file_id), bytes(row["sealed"]))


async def _find(work: Work, kind: str, digest: bytes) -> UUID | None:
    table = work.schema_tables.raw_files
    found: UUID | None = await work.connection.scalar(
        select(table.c.id).where(
            table.c.organization_id == work.organization_id,
            table.c.kind == kind,
            table.c.digest == digest,
        )
    )
    return found


def _place(file_id: UUID) -> Place:
    return Place("raw_files", "sealed", file_id)


def _missing(message: str) -> Missing:
    return Missing(message, code="raw_file_missing", fix="Check the file's id.")
