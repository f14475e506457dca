"""The data keys of each organization: made, wrapped by the vault's key, rotated and retired."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from cleanclaim.chassis.work import Work

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
_KEPT_SECONDS = 60.0
# The transaction's own number: a key made in it must not be remembered, for it may roll back.
_THIS_TRANSACTION = "(pg_current_xact_id_if_assigned()::text)::bigint"

Purpose = Literal["sealing", "indexing"]


class SealBroken(Exception):  # noqa: N818 - says what has happened
    """A sealed value or a wrapped key that does not open: tampering, a moved row, a wrong key.

    Nobody's request can be at fault, so it is no kind of `values`; it is an alarm.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class DataKey:
    key_id: UUID
    key: bytes = field(repr=False)
    made_here: bool
    generation: int
    retired_at: datetime | None


class KeyRing:
    """The data keys, remembered for a minute; `secret` is the key-encryption key of 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"the vault's key must be {KEY_BYTES} bytes, and is {len(secret)}")
        self._wrapping = AESGCM(secret)
        self._kept: dict[tuple[UUID, UUID | str], tuple[DataKey, float]] = {}

    async def newest(self, work: Work, purpose: Purpose) -> DataKey:
        """The key for what is sealed now; made when the organization has none."""
        kept = self._remembered(work, purpose)
        if kept is not None:
            return kept
        found = await self._read_newest(work, purpose)
        if found is None:
            # Two first uses meet on the unique key: one waits for the other, and both read one row.
            await self.make(work, purpose, 1)
            found = await self._read_newest(work, purpose)
        if found is None:
            raise SealBroken("The data key just made cannot be read.", code="data_key_missing")
        self._remember(work, purpose, found)
        return found

    async def named(self, work: Work, key_id: UUID, place: object) -> DataKey:
        """The key of this id; raises SealBroken, naming the place, when it is gone or retired."""
        found = self._remembered(work, key_id)
        if found is None:
            table = work.schema_tables.data_keys
            found = await self._read(work, table.c.key_id == key_id)
            if found is not None:
                self._remember(work, key_id, found)
        if found is None or found.retired_at is not None:
            why = "is unknown" if found is None else "was retired"
            raise SealBroken(
                f"The data key of {place} {why}.",
                code="data_key_missing" if found is None else "data_key_retired",
            )
        return found

    async def retire(self, work: Work, key_id: UUID) -> None:
        table = work.schema_tables.data_keys
        await work.connection.execute(
            update(table)
            .where(table.c.organization_id == work.organization_id, table.c.key_id == key_id)
            .values(retired_at=work.now)
        )
        self._kept.pop((work.organization_id, key_id), None)

    async def _read_newest(self, work: Work, purpose: Purpose) -> DataKey | None:
        return await self._read(work, work.schema_tables.data_keys.c.purpose == purpose)

    async def _read(self, work: Work, which: Any) -> DataKey | None:
        table = work.schema_tables.data_keys
        made_here = func.coalesce(table.c.made_in == literal_column(_THIS_TRANSACTION), False)
        rows = await work.connection.execute(
            select(table, made_here.label("made_here"))
            .where(table.c.organization_id == work.organization_id, which)
            .order_by(table.c.generation.desc())
            .limit(1)
        )
        row = rows.mappings().one_or_none()
        return None if row is None else self._unwrapped(row)

    async def make(self, work: Work, purpose: Purpose, generation: int) -> UUID | None:
        """A new key of this generation, or None when someone else made it first."""
        key_id = work.runtime.new_id()
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = _wrapping_bound(work.organization_id, key_id, purpose)
        wrapped = VERSION + nonce
        wrapped += self._wrapping.encrypt(nonce, secrets.token_bytes(KEY_BYTES), bound)
        table = work.schema_tables.data_keys
        self._kept.pop((work.organization_id, purpose), None)
        made: UUID | None = await work.connection.scalar(
            postgresql.insert(table)
            .values(
                organization_id=work.organization_id,
                key_id=key_id,
                purpose=purpose,
                generation=generation,
                wrapped=wrapped,
                created_at=work.now,
            )
            .on_conflict_do_nothing()
            .returning(table.c.key_id)
        )
        return made

    def _unwrapped(self, row: Mapping[Any, Any]) -> DataKey:
        wrapped, head = bytes(row["wrapped"]), len(VERSION) + NONCE_BYTES
        bound = _wrapping_bound(row["organization_id"], row["key_id"], row["purpose"])
        try:
            key = self._wrapping.decrypt(wrapped[len(VERSION) : head], wrapped[head:], bound)
        except (InvalidTag, ValueError):
            raise SealBroken(
                f"The data key {row['key_id']} does not open with the vault's key; "
                "check the setting CLEANCLAIM_VAULT_KEY.",
                code="vault_key_wrong",
            ) from None
        return DataKey(row["key_id"], key, row["made_here"], row["generation"], row["retired_at"])

    def _remembered(self, work: Work, name: UUID | str) -> DataKey | None:
        kept = self._kept.get((work.organization_id, name))
        if kept is None or work.runtime.monotonic() - kept[1] > _KEPT_SECONDS:
            return None
        return kept[0]

    def _remember(self, work: Work, name: UUID | str, found: DataKey) -> None:
        if not found.made_here:
            self._kept[(work.organization_id, name)] = (found, work.runtime.monotonic())


def _wrapping_bound(organization_id: UUID, key_id: UUID, purpose: Purpose) -> bytes:
    return organization_id.bytes + key_id.bytes + purpose.encode()
