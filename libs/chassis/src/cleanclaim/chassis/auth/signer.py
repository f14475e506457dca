"""The pen of a service: short tokens it signs about itself to ask another service."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cleanclaim.chassis.auth.keys import WallClock

LIFE = timedelta(minutes=5)
RENEW_BEFORE = timedelta(minutes=1)
MOST_KEPT = 10_000


class SigningRuntime(WallClock, Protocol):
    def new_id(self) -> UUID:
        """A uuid7."""


class ServiceSigner:
    """Signs ES384 tokens with iss = sub = the service; key id `service-<service>` unless given.

    A token is used again for the same organization and scope until a minute before it expires.
    The key file (PEM) is read at each signing, so a new key needs no restart.
    """

    def __init__(
        self,
        service: str,
        key_path: str | Path,
        runtime: SigningRuntime,
        *,
        key_id: str | None = None,
    ) -> None:
        self.service = service
        self._key_path = Path(key_path)
        self._runtime = runtime
        self._key_id = key_id or f"service-{service}"
        self._kept: dict[tuple[str, UUID | None, str], tuple[str, datetime]] = {}

    def token(
        self, *, organization_id: UUID | None, scope: str, audience: str = "cleanclaim"
    ) -> str:
        """A token good for at least one more minute."""
        now = self._runtime.wall_now()
        wanted = (audience, organization_id, scope)
        kept = self._kept.get(wanted)
        if kept is not None and now < kept[1] - RENEW_BEFORE:
            return kept[0]
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        token = self._signed(now, audience, organization_id, scope)
        self._kept[wanted] = (token, now + LIFE)
        return token

    def _signed(
        self, now: datetime, audience: str, organization_id: UUID | None, scope: str
    ) -> str:
        issued = int(now.timestamp())
        claims: dict[str, object] = {
            "iss": self.service,
            "sub": self.service,
            "client_id": self.service,
            "aud": audience,
            "scope": scope,
            "iat": issued,
            "exp": issued + int(LIFE.total_seconds()),
            "jti": str(self._runtime.new_id()),
        }
        if organization_id is not None:
            claims["organization_id"] = str(organization_id)
        return jwt.encode(
            claims, self._key(), algorithm="ES384", headers={"kid": self._key_id, "typ": "JWT"}
        )

    def _key(self) -> EllipticCurvePrivateKey:
        key = load_pem_private_key(self._key_path.read_bytes(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP384R1):
            raise ValueError(  # noqa: TRY004 - bad content, not bad code
                f"the signing key of {self.service} must be an EC key on curve P-384"
            )
        return key
