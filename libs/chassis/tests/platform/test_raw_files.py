"""A file is kept once as it came, sealed, and every reading of it is written down."""

import asyncio
import hashlib
from uuid import UUID

import pytest
from sqlalchemy import select

from cleanclaim.chassis import raw_files
from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION
from cleanclaim.chassis.vault import Vault
from cleanclaim.values.errors import Missing

CONTENT = b"ISA*00*          ~NM1*QC*1*QUILL*ZEPHYRINE~"
VAULT = bytes(range(32))


async def kept(toy, content=CONTENT, kind="835", organization=ORGANIZATION, vault=None):
    async with toy.workroom.work(organization) as work:
        return await raw_files.keep(
            work, vault or Vault(VAULT), kind=kind, content=content, source="upload"
        )


async def rows_of(toy, table_name, organization=ORGANIZATION):
    async with toy.workroom.reading(organization) as work:
        table = getattr(work.schema_tables, table_name)
        return (await work.connection.execute(select(table))).mappings().all()


async def test_a_file_is_kept_with_its_digest_and_sealed(toy):
    file = await kept(toy)
    (row,) = await rows_of(toy, "raw_files")
    assert (row["id"], row["size"], row["source"]) == (file.id, len(CONTENT), "upload")
    assert row["digest"] == file.digest == hashlib.sha256(CONTENT).digest()
    assert b"ZEPHYRINE" not in row["sealed"]
    assert not file.already_known


async def test_the_same_bytes_twice_are_one_file(toy):
    first, second = await kept(toy), await kept(toy)
    assert second.id == first.id
    assert second.already_known
    assert len(await rows_of(toy, "raw_files")) == 1


async def test_another_kind_content_or_organization_is_another_file(toy):
    files = [
        await kept(toy),
        await kept(toy, kind="277"),
        await kept(toy, content=CONTENT + b"\n"),
        await kept(toy, organization=OTHER_ORGANIZATION),
    ]
    assert len({file.id for file in files}) == 4
    assert not any(file.already_known for file in files)


async def test_twenty_uploads_at_once_keep_one_file(toy):
    vault = Vault(VAULT)
    files = await asyncio.gather(*(kept(toy, vault=vault) for _ in range(20)))
    assert len({file.id for file in files}) == 1
    assert sum(not file.already_known for file in files) == 1
    assert len(await rows_of(toy, "raw_files")) == 1


async def test_a_reading_gives_the_bytes_and_leaves_an_audit_row(toy):
    file = await kept(toy)
    async with toy.workroom.work(ORGANIZATION) as work:
        assert await raw_files.read(work, Vault(VAULT), file.id, purpose="dispute") == CONTENT
    (row,) = await rows_of(toy, "audit_log")
    assert (row["action"], row["resource"], row["resource_id"], row["purpose"]) == (
        "read",
        "raw_file:835",
        file.id,
        "dispute",
    )


@pytest.mark.parametrize("organization", [ORGANIZATION, OTHER_ORGANIZATION])
async def test_a_file_of_nobody_or_of_another_organization_is_missing(toy, organization):
    file = await kept(toy)
    asked = UUID(int=9) if organization == ORGANIZATION else file.id
    with pytest.raises(Missing, match="no such file"):
        async with toy.workroom.work(organization) as work:
            await raw_files.read(work, Vault(VAULT), asked)
