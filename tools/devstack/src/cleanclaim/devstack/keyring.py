"""The stack's own secrets, made once: role passwords, signing keys, the vault's key, tokens."""

import json
import secrets
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cleanclaim.devstack.places import Places
from cleanclaim.devstack.state import write_secret

ISSUER = "cleanclaim-dev"
ISSUER_KEY = "dev-issuer"
AUDIENCE = "cleanclaim"
ALGORITHM = "ES384"
VAULT_KEY_BYTES = 32


class Keyring:
    """Secrets of one stack, below its `secrets` folder, each file for its owner alone."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def fill(self, services: tuple[str, ...]) -> None:
        """Make whatever is missing, and the JWKS file of all public keys; keeps what is there."""
        for name in (ISSUER_KEY, *(service_key(service) for service in services)):
            if not self.private_key(name).exists():
                self.make(name)
        if not self.vault_key.exists():
            write_secret(self.vault_key, secrets.token_bytes(VAULT_KEY_BYTES))
        self.publish()

    def make(self, name: str) -> None:
        """A new private key of this name, to be trusted once `publish` has told of it."""
        write_secret(self.private_key(name), _new_key())

    def publish(self) -> None:
        """Write the JWKS file of all public keys that are there; services read it again."""
        keys = [_public_jwk(path) for path in sorted(self._places.secrets.glob("*.pem"))]
        self._places.trusted_keys.write_text(json.dumps({"keys": keys}, indent=2))

    @property
    def vault_key(self) -> Path:
        return self._places.secrets / "vault.key"

    def private_key(self, name: str) -> Path:
        return self._places.secrets / f"{name}.pem"

    def password(self, role: str) -> str:
        """The password of a database role, made at the first asking."""
        path = self._places.secrets / f"{role}.password"
        if not path.exists():
            write_secret(path, secrets.token_urlsafe(24).encode())
        return path.read_text(encoding="ascii")

    def token(
        self,
        *,
        organization_id: str | None,
        scope: str,
        subject: str,
        minutes: int,
        audience: str = AUDIENCE,
    ) -> str:
        """A JWT by the development issuer, valid from now (the real clock) for `minutes`."""
        claims = {"sub": subject, "client_id": subject, "aud": audience, "scope": scope}
        if organization_id is not None:
            claims["organization_id"] = str(uuid.UUID(organization_id))
        return signed(claims, self.private_key(ISSUER_KEY), minutes=minutes)


def signed(claims: Mapping[str, str], key: Path, *, minutes: int) -> str:
    """These claims as a JWT signed with the development issuer's key (PEM), valid from now."""
    now = int(time.time())
    dated = {"iss": ISSUER, "iat": now, "exp": now + minutes * 60, "jti": str(uuid.uuid4())}
    headers = {"kid": ISSUER_KEY}
    return jwt.encode({**dated, **claims}, key.read_bytes(), algorithm=ALGORITHM, headers=headers)


def service_key(service: str) -> str:
    return f"service-{service}"


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP384R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_jwk(path: Path) -> dict[str, str]:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds no elliptic-curve key; remove it and start again")
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**jwk, "kid": path.stem, "alg": ALGORITHM, "use": "sig"}
