"""What is sealed opens in its own place, for its own organization, with the right key, or not."""

import asyncio
import contextlib
import json
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from cleanclaim.chassis.testing import ORGANIZATION, OTHER_ORGANIZATION
from cleanclaim.chassis.vault import Place, SealBroken, Vault
from cleanclaim.values.errors import Conflict

KEY = bytes(range(32))
ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
MEMBER = Place("coverages", "member_id", ROW)
CANARY = b"W000111222"


class Undone(Exception):  # noqa: N818
    """Ends a work without a commit."""


async def sealed_in(toy, vault, place=MEMBER, plaintext=CANARY, organization=ORGANIZATION):
    async with toy.workroom.work(organization) as work:
        return await vault.seal(work, place, plaintext)


async def opened_in(toy, vault, sealed, place=MEMBER, organization=ORGANIZATION):
    async with toy.workroom.reading(organization) as work:
        return await vault.open(work, place, sealed)


@asynccontextmanager
async def undone_work(toy):
    with contextlib.suppress(Undone):
        async with toy.workroom.work(ORGANIZATION) as work:
            yield work
            raise Undone


async def keys_kept(toy):
    async with toy.workroom.reading(ORGANIZATION) as work:
        table = work.schema_tables.data_keys
        return (await work.connection.execute(select(table))).mappings().all()


@pytest.mark.parametrize(
    "plaintext", [b"", CANARY, bytes(3_000_000)], ids=["empty", "short", "large"]
)
async def test_what_is_sealed_opens_in_another_process(toy, plaintext):
    sealed = await sealed_in(toy, Vault(KEY), plaintext=plaintext)
    assert await opened_in(toy, Vault(KEY), sealed) == plaintext


async def test_equal_values_are_sealed_differently_and_show_nothing(toy):
    vault = Vault(KEY)
    first, second = await sealed_in(toy, vault), await sealed_in(toy, vault)
    assert first != second
    assert CANARY not in first
    assert (first[0], len(first)) == (1, 1 + 16 + 12 + len(CANARY) + 16)


async def test_json_goes_in_and_comes_out(toy):
    vault, document = Vault(KEY), {"member_id": "W1", "names": ["Ø"], "cents": 1}
    async with toy.workroom.work(ORGANIZATION) as work:
        sealed = await vault.seal_json(work, MEMBER, document)
        assert await vault.open_json(work, MEMBER, sealed) == document


@pytest.mark.parametrize(
    ("place", "organization", "code"),
    [
        (Place("patients", "member_id", ROW), ORGANIZATION, "seal_broken"),
        (Place("coverages", "group", ROW), ORGANIZATION, "seal_broken"),
        (Place("coverages", "member_id", OTHER_ROW), ORGANIZATION, "seal_broken"),
        (Place("coveragesm", "ember_id", ROW), ORGANIZATION, "seal_broken"),
        (MEMBER, OTHER_ORGANIZATION, "data_key_missing"),
    ],
)
async def test_a_sealed_value_cannot_be_moved(toy, place, organization, code):
    sealed = await sealed_in(toy, Vault(KEY))
    with pytest.raises(SealBroken) as broken:
        await opened_in(toy, Vault(KEY), sealed, place, organization)
    assert broken.value.code == code


async def test_any_changed_byte_is_seen(toy):
    vault = Vault(KEY)
    sealed = await sealed_in(toy, vault)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBroken):
            await opened_in(toy, vault, bytes(changed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", CANARY, b"\x02" + bytes(60)])
async def test_what_was_never_sealed_is_refused(toy, sealed):
    with pytest.raises(SealBroken, match="holds no sealed value"):
        await opened_in(toy, Vault(KEY), sealed)


async def test_another_vault_key_opens_nothing_and_names_the_setting(toy):
    sealed = await sealed_in(toy, Vault(KEY))
    with pytest.raises(SealBroken, match="CLEANCLAIM_VAULT_KEY"):
        await opened_in(toy, Vault(bytes(32)), sealed)


async def test_twenty_first_uses_at_once_agree_on_one_key(toy):
    vaults = [Vault(KEY) for _ in range(20)]
    sealed = await asyncio.gather(*(sealed_in(toy, vault) for vault in vaults))
    assert {await opened_in(toy, Vault(KEY), one) for one in sealed} == {CANARY}
    assert len(await keys_kept(toy)) == 1


async def test_a_key_of_a_transaction_that_never_was_seals_nothing_later(toy):
    vault = Vault(KEY)
    async with undone_work(toy) as work:
        await vault.seal(work, MEMBER, CANARY)
        await vault.blind(work, "member_id", CANARY)
    assert await keys_kept(toy) == []
    assert await opened_in(toy, Vault(KEY), await sealed_in(toy, vault)) == CANARY


async def test_a_key_of_a_savepoint_that_never_was_seals_nothing_later(toy):
    vault = Vault(KEY)
    async with toy.workroom.work(ORGANIZATION) as work:
        savepoint = await work.connection.begin_nested()
        await vault.seal(work, MEMBER, CANARY)
        await savepoint.rollback()
        sealed = await vault.seal(work, MEMBER, CANARY)
    assert await opened_in(toy, Vault(KEY), sealed) == CANARY


async def test_a_rotation_that_never_was_leaves_the_old_key_in_use(toy):
    vault = Vault(KEY)
    await sealed_in(toy, vault)
    async with undone_work(toy) as work:
        await vault.rotate(work)
        await vault.seal(work, MEMBER, CANARY)
    assert await opened_in(toy, Vault(KEY), await sealed_in(toy, vault)) == CANARY


async def test_known_keys_are_not_read_again(toy):
    vault = Vault(KEY)
    sealed = await sealed_in(toy, vault)
    await sealed_in(toy, vault)
    assert await opened_in(toy, vault, sealed) == CANARY
    async with toy.workroom.work(ORGANIZATION) as work:
        unreadable = update(work.schema_tables.data_keys).values(wrapped=b"")
        await work.connection.execute(unreadable)
        assert await vault.open(work, MEMBER, sealed) == CANARY


async def test_a_rotated_key_seals_what_is_new_and_opens_what_is_old_until_retired(toy):
    vault, elsewhere = Vault(KEY), Vault(KEY)
    old = await sealed_in(toy, vault)
    await sealed_in(toy, elsewhere)
    old_key = UUID(bytes=old[1:17])
    async with toy.workroom.work(ORGANIZATION) as work:
        new_key = await vault.rotate(work)
    new = await sealed_in(toy, vault)
    assert UUID(bytes=new[1:17]) == new_key
    assert {await opened_in(toy, elsewhere, one) for one in (old, new)} == {CANARY}

    async with toy.workroom.work(ORGANIZATION) as work:
        resealed = await vault.reseal(work, MEMBER, old)
        assert await vault.reseal(work, MEMBER, new) is None
        await vault.retire(work, old_key)
    assert await opened_in(toy, Vault(KEY), resealed) == CANARY
    with pytest.raises(SealBroken, match="retired"):
        await opened_in(toy, vault, old)

    toy.runtime.move(seconds=61)
    assert UUID(bytes=(await sealed_in(toy, elsewhere))[1:17]) == new_key
    with pytest.raises(SealBroken, match="retired"):
        await opened_in(toy, elsewhere, old)


async def test_a_key_in_use_cannot_be_retired(toy):
    vault = Vault(KEY)
    async with toy.workroom.work(ORGANIZATION) as work:
        await vault.seal(work, MEMBER, CANARY)
        await vault.blind(work, "member_id", CANARY)
        rows = await work.connection.execute(select(work.schema_tables.data_keys.c.key_id))
        for key_id in rows.scalars().all():
            with pytest.raises(Conflict, match="in use"):
                await vault.retire(work, key_id)


async def test_two_rotations_at_once_make_one_new_key(toy):
    await sealed_in(toy, Vault(KEY))

    async def rotate():
        async with toy.workroom.work(ORGANIZATION) as work:
            await work.connection.execute(text("SELECT pg_sleep(0.05)"))
            return await Vault(KEY).rotate(work)

    results = await asyncio.gather(*(rotate() for _ in range(3)), return_exceptions=True)
    made = [one for one in results if isinstance(one, UUID)]
    # one that began after another's commit may rightly rotate once more
    assert len(await keys_kept(toy)) == 1 + len(made)
    assert all(isinstance(one, UUID | Conflict) for one in results)


async def test_a_blind_index_finds_equal_values_of_one_organization_and_purpose(toy):
    async def blind(vault=None, organization=ORGANIZATION, purpose="member_id", value="W1"):
        async with toy.workroom.work(organization) as work:
            return await (vault or Vault(KEY)).blind(work, purpose, value)

    first = await blind()
    assert len(first) == 32
    assert first == await blind() == await blind(value=b"W1")
    others = [
        await blind(organization=OTHER_ORGANIZATION),
        await blind(purpose="birth_date"),
        await blind(value="W2"),
    ]
    assert len({first, *others}) == 4


async def test_a_blind_index_outlives_rotation(toy):
    vault = Vault(KEY)
    async with toy.workroom.work(ORGANIZATION) as work:
        before = await vault.blind(work, "member_id", "W1")
        await vault.rotate(work)
        assert await vault.blind(work, "member_id", "W1") == before


async def test_the_database_holds_no_key_in_the_clear(toy):
    vault = Vault(KEY)
    async with toy.workroom.work(ORGANIZATION) as work:
        await vault.seal(work, MEMBER, CANARY)
        used = (await vault._keys.newest(work, "sealing")).key
    rows = json.dumps(
        [dict(row) for row in await keys_kept(toy)],
        default=lambda one: one.hex() if isinstance(one, bytes) else str(one),
    )
    assert used.hex() not in rows
    assert KEY.hex() not in rows


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_vault_key_has_32_bytes(key):
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(key)


async def test_a_vault_key_can_be_a_file(toy, tmp_path):
    path = tmp_path / "vault.key"
    path.write_bytes(KEY)
    sealed = await sealed_in(toy, Vault(path))
    assert await opened_in(toy, Vault(KEY), sealed) == CANARY
