"""The public keys whose signatures we trust, read from a JWKS file or URL and kept fresh."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

from cleanclaim.values.errors import Unavailable

ALGORITHMS = ("ES384", "RS384")  # SMART Backend Services names exactly these two
SHORTEST_RSA_BITS = 2048
REFRESH_AFTER = timedelta(minutes=10)
REFRESH_AT_MOST_EVERY = timedelta(seconds=30)
LARGEST_JWKS_BYTES = 1024 * 1024
FETCH_SECONDS = 5.0
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SERVICE_KEY = re.compile(r"service-(?P<name>[a-z][a-z0-9]*)(?:\.[A-Za-z0-9_-]{1,40})?")
DEVELOPMENT_KEY = "dev-issuer"
DEVELOPMENT_ISSUER = "cleanclaim-dev"


class WallClock(Protocol):
    def wall_now(self) -> datetime:
        """The real UTC time, whatever the virtual clock says."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """`issuer` is the only `iss` that this key may sign for."""

    key_id: str
    algorithm: str
    public_key: EllipticCurvePublicKey | RSAPublicKey
    issuer: str

    @property
    def is_service(self) -> bool:
        return _SERVICE_KEY.fullmatch(self.key_id) is not None

    @property
    def is_development(self) -> bool:
        return self.key_id == DEVELOPMENT_KEY


def read_jwks(text: bytes, *, issuer: str | None) -> dict[str, TrustedKey]:
    """The usable keys by key id; raises ValueError when the set as a whole cannot be trusted.

    A key of another algorithm is passed over, since issuers publish such keys too. A private or
    symmetric key, or one key id twice, condemns the set: somebody made a mistake that matters.
    With no `issuer`, the key's name decides for whom it signs: `service-<name>` (a generation may
    follow after a dot) for `<name>`, `dev-issuer` for `cleanclaim-dev`, any other for nobody.
    """
    document = json.loads(text)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("the key set has no list 'keys'")  # noqa: TRY004 - bad content, not bad code
    keys: dict[str, TrustedKey] = {}
    seen: set[str] = set()
    for entry in entries:
        key_id = _key_id(entry)
        if key_id in seen:
            raise ValueError(f"the key id {key_id!r} stands twice in the key set")
        seen.add(key_id)
        key = _trusted(entry, key_id, issuer or issuer_by_name(key_id))
        if key is not None:
            keys[key_id] = key
    return keys


def issuer_by_name(key_id: str) -> str | None:
    if key_id == DEVELOPMENT_KEY:
        return DEVELOPMENT_ISSUER
    match = _SERVICE_KEY.fullmatch(key_id)
    return match["name"] if match else None


def _key_id(entry: object) -> str:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or not entry["kid"]:
        raise ValueError("every key of the key set needs a 'kid'")
    if _PRIVATE_MEMBERS & entry.keys():
        raise ValueError(f"the key {entry['kid']!r} holds secret members; publish public keys only")
    return str(entry["kid"])


def _trusted(entry: Mapping[str, Any], key_id: str, issuer: str | None) -> TrustedKey | None:
    if issuer is None or entry.get("use", "sig") != "sig":
        return None
    try:
        if entry.get("kty") == "EC" and entry.get("alg", "ES384") == "ES384":
            curve_key = ECAlgorithm.from_jwk(dict(entry))
            if isinstance(curve_key, EllipticCurvePublicKey) and isinstance(
                curve_key.curve, SECP384R1
            ):
                return TrustedKey(key_id, "ES384", curve_key, issuer)
        if entry.get("kty") == "RSA" and entry.get("alg", "RS384") == "RS384":
            rsa_key = RSAAlgorithm.from_jwk(dict(entry))
            if isinstance(rsa_key, RSAPublicKey) and rsa_key.key_size >= SHORTEST_RSA_BITS:
                return TrustedKey(key_id, "RS384", rsa_key, issuer)
    except (PyJWTError, ValueError) as error:
        raise ValueError(f"the key {key_id!r} is not a readable JWK") from error
    return None


class KeySource:
    """One JWKS, in a file (read again when it changes) or behind a URL (read again when old).

    An unknown key id makes a URL be read again, at most once in 30 seconds, so that forged ids
    cannot turn us into a flood. `issuer` binds every key of this set to one outside issuer; leave
    it out for our own set, where the keys' names decide (see `read_jwks`).
    """

    def __init__(
        self, location: str | Path, clock: WallClock, *, issuer: str | None = None
    ) -> None:
        self.issuer = issuer
        self._location = str(location)
        self._clock = clock
        self._keys: dict[str, TrustedKey] | None = None
        self._version: object = None
        self._read_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._turn = asyncio.Lock()
        self._remote = self._location.startswith(("http://", "https://"))
        if self._remote:
            _refuse_plain_text(self._location)

    async def find(self, key_id: str) -> TrustedKey | None:
        """The key, or None; Unavailable when the set was never readable."""
        if not self._remote:
            return self._from_file().get(key_id)
        if self._keys is None or self._is_old() or key_id not in self._keys:
            async with self._turn:
                await self._refresh(key_id)
        if self._keys is None:
            raise _unreadable(self._location)
        return self._keys.get(key_id)

    def _from_file(self) -> dict[str, TrustedKey]:
        try:
            status = Path(self._location).stat()
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if self._keys is None or version != self._version:
                content = Path(self._location).read_bytes()
                self._keys = read_jwks(content, issuer=self.issuer)
                self._version = version
        except (OSError, ValueError) as error:
            # A file caught half-written keeps the keys we had; it is read again on the next call.
            if self._keys is None:
                raise _unreadable(self._location) from error
        return self._keys

    def _is_old(self) -> bool:
        return self._read_at is None or self._clock.wall_now() - self._read_at > REFRESH_AFTER

    async def _refresh(self, key_id: str) -> None:
        if self._keys is not None and key_id in self._keys and not self._is_old():
            return  # someone else read it while we waited for our turn
        now = self._clock.wall_now()
        if self._tried_at is not None and now - self._tried_at < REFRESH_AT_MOST_EVERY:
            return
        self._tried_at = now
        try:
            self._keys = read_jwks(await _fetch(self._location), issuer=self.issuer)
            self._read_at = now
        except (httpx.HTTPError, ValueError):
            return  # old keys stay good until the issuer answers again; none at all is Unavailable


async def _fetch(url: str) -> bytes:
    async with (
        httpx.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False) as client,
        client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"the key set's address answered {answer.status_code}")
        content = bytearray()
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > LARGEST_JWKS_BYTES:
                raise ValueError("the key set is larger than 1 MiB")
    return bytes(content)


def _refuse_plain_text(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("trusted keys travel over https only; http is for this machine itself")


def _unreadable(location: str) -> Unavailable:
    return Unavailable(
        f"The trusted keys at {location} cannot be read.",
        code="trusted_keys_unreadable",
        fix="Check the setting CLEANCLAIM_TRUSTED_KEYS and that it names a JWKS of public keys.",
    )
