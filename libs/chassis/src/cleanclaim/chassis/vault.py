"""The envelope around identifiers and files: AES-256-GCM under a data key of each organization."""

import asyncio
import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cleanclaim.chassis.data_keys import (
    KEY_BYTES,
    NONCE_BYTES,
    VERSION,
    KeyRing,
    SealBroken,
)
from cleanclaim.chassis.work import Work
from cleanclaim.values.errors import Conflict

__all__ = ["Place", "SealBroken", "Vault"]

_HEAD_BYTES = len(VERSION) + 16 + NONCE_BYTES
_TAG_BYTES = 16
_LARGE_BYTES = 1024 * 1024


class Place(NamedTuple):
    """Where a sealed value lies; it cannot be opened anywhere else."""

    table: str
    column: str
    row_id: UUID

    def bound_to(self, organization_id: UUID) -> bytes:
        """The associated data: organization, table, column, row, each after its own length."""
        parts = (
            organization_id.bytes,
            self.table.encode(),
            self.column.encode(),
            self.row_id.bytes,
        )
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of row {self.row_id}"


class Vault:
    """Seals and opens values of the organization whose work is given.

    `key` is the key-encryption key: 32 bytes, or the path of a file that holds them. Sealed form:
    version (1 byte), key id (16), nonce (12), ciphertext with its tag. Nonces are random, so a
    data key should be rotated well before 2^32 seals.
    """

    def __init__(self, key: Path | str | bytes) -> None:
        self._keys = KeyRing(key if isinstance(key, bytes) else Path(key).read_bytes())

    async def seal(self, work: Work, place: Place, plaintext: bytes) -> bytes:
        data_key = await self._keys.newest(work, "sealing")
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = place.bound_to(work.organization_id)
        cipher = AESGCM(data_key.key)
        if len(plaintext) > _LARGE_BYTES:
            sealed = await asyncio.to_thread(cipher.encrypt, nonce, plaintext, bound)
        else:
            sealed = cipher.encrypt(nonce, plaintext, bound)
        return VERSION + data_key.key_id.bytes + nonce + sealed

    async def open(self, work: Work, place: Place, sealed: bytes) -> bytes:
        """The plaintext; raises SealBroken when the value was changed, moved or has no key."""
        data_key = await self._keys.named(work, _key_id_of(sealed, place), place)
        nonce = sealed[_HEAD_BYTES - NONCE_BYTES : _HEAD_BYTES]
        bound = place.bound_to(work.organization_id)
        cipher = AESGCM(data_key.key)
        try:
            if len(sealed) > _LARGE_BYTES:
                return await asyncio.to_thread(cipher.decrypt, nonce, sealed[_HEAD_BYTES:], bound)
            return cipher.decrypt(nonce, sealed[_HEAD_BYTES:], bound)
        except InvalidTag:
            raise SealBroken(
                f"The sealed value {place} was changed or moved.", code="seal_broken"
            ) from None

    async def seal_json(self, work: Work, place: Place, document: Any) -> bytes:
        """`document` is plain JSON; protected values must be revealed by who seals them."""
        encoded = json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        return await self.seal(work, place, encoded.encode())

    async def open_json(self, work: Work, place: Place, sealed: bytes) -> Any:
        return json.loads(await self.open(work, place, sealed))

    async def blind(self, work: Work, purpose: str, value: bytes | str) -> bytes:
        """32 bytes to search by: equal for equal values of one organization and purpose.

        The caller normalises the value first. This key never rotates, or nothing would be found.
        """
        secret = (await self._keys.newest(work, "indexing")).key
        derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"blind index " + purpose.encode())
        content = value.encode() if isinstance(value, str) else value
        return hmac.new(derived.derive(secret), content, hashlib.sha256).digest()

    async def rotate(self, work: Work) -> UUID:
        """A new data key for what is sealed from now on (other processes follow in a minute).

        Values under older keys open until `retire`. Raises Conflict when someone rotated at the
        same time.
        """
        newest = await self._keys.newest(work, "sealing")
        made = await self._keys.make(work, "sealing", newest.generation + 1)
        if made is None:
            raise Conflict(
                "The data key was rotated by someone else just now.",
                code="data_key_already_rotated",
                fix="Nothing is left to do.",
            )
        return made

    async def reseal(self, work: Work, place: Place, sealed: bytes) -> bytes | None:
        """The value under the newest data key, or None when it is there already."""
        newest = await self._keys.newest(work, "sealing")
        if _key_id_of(sealed, place) == newest.key_id:
            return None
        return await self.seal(work, place, await self.open(work, place, sealed))

    async def retire(self, work: Work, key_id: UUID) -> None:
        """Refuse this older data key from now on; call it when nothing lies under it any more.

        Raises Conflict for the newest key and for the key of the blind indexes.
        """
        in_use = {
            (await self._keys.newest(work, "sealing")).key_id,
            (await self._keys.newest(work, "indexing")).key_id,
        }
        if key_id in in_use:
            raise Conflict(
                "This data key is in use.",
                code="data_key_in_use",
                fix="Rotate, seal the old values anew, then retire the old key.",
            )
        await self._keys.retire(work, key_id)


def _key_id_of(sealed: bytes, place: Place) -> UUID:
    if len(sealed) < _HEAD_BYTES + _TAG_BYTES or sealed[:1] != VERSION:
        raise SealBroken(f"{place} holds no sealed value.", code="seal_malformed")
    return UUID(bytes=sealed[1:17])
