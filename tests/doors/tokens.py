"""Tokens that must not pass: a liar's whole kit, made against the stack's real trusted keys."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from .routes import EVERYTHING, SOMEBODY

ISSUER_KEY = "dev-issuer"


class Forger:
    """Knows what an attacker may know, and holds the issuer's key to make near misses."""

    def __init__(self, stack: Any) -> None:
        secrets = stack.places.secrets
        self.issuer = load_pem_private_key((secrets / f"{ISSUER_KEY}.pem").read_bytes(), None)
        self.service = load_pem_private_key((secrets / "service-intake.pem").read_bytes(), None)
        self.stranger = ec.generate_private_key(ec.SECP384R1())

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        good = {
            "iss": "cleanclaim-dev",
            "sub": "somebody",
            "client_id": "somebody",
            "aud": "cleanclaim",
            "scope": EVERYTHING,
            "organization_id": SOMEBODY,
            "iat": now,
            "exp": now + 600,
            "jti": str(uuid.uuid4()),
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def signed(self, key: Any = None, kid: str | None = ISSUER_KEY, **changed: Any) -> str:
        headers = {"kid": kid} if kid else {}
        return jwt.encode(self.claims(**changed), key or self.issuer, "ES384", headers=headers)

    def unsigned(self, algorithm: str) -> str:
        return f"{_part({'alg': algorithm, 'kid': ISSUER_KEY})}.{_part(self.claims())}."

    def by_public_key(self, *, form: Encoding) -> str:
        """HS256 with the public key as its secret: the confusion of algorithms."""
        shape = PublicFormat.SubjectPublicKeyInfo
        secret = self.issuer.public_key().public_bytes(form, shape)
        text = f"{_part({'alg': 'HS256', 'kid': ISSUER_KEY})}.{_part(self.claims())}"
        return f"{text}.{_coded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"

    def bringing_its_key(self) -> str:
        """A header that carries the key to be checked with, or says where it lies."""
        own = jwt.algorithms.ECAlgorithm.to_jwk(self.stranger.public_key(), as_dict=True)
        headers = {"kid": "stranger", "jwk": own, "jku": "http://127.0.0.1:9/keys.json"}
        return jwt.encode(self.claims(), self.stranger, "ES384", headers=headers)

    def altered(self) -> str:
        """The organization changed after signing."""
        head, _, signature = self.signed().split(".")
        other = self.claims(organization_id="01980000-0000-7000-8000-00000000ffff")
        return f"{head}.{_part(other)}.{signature}"


def refused_tokens(forger: Forger) -> Iterator[tuple[str, str | None]]:
    """What each is called, and the Authorization header; every one must get 401 everywhere."""
    now = int(time.time())
    makers: dict[str, Callable[[], str]] = {
        "expired": lambda: forger.signed(iat=now - 1200, exp=now - 600),
        "not yet valid": lambda: forger.signed(iat=now + 600, exp=now + 900),
        "lives too long": lambda: forger.signed(exp=now + 14 * 3600),
        "wrong audience": lambda: forger.signed(aud="another-system"),
        "wrong issuer": lambda: forger.signed(iss="somebody-else"),
        "no token id": lambda: forger.signed(jti=None),
        "unsigned": lambda: forger.unsigned("none"),
        "unsigned, other spelling": lambda: forger.unsigned("nOnE"),
        "unsigned, right algorithm": lambda: forger.unsigned("ES384"),
        "wrong key": lambda: forger.signed(forger.stranger),
        "unknown key id": lambda: forger.signed(kid="dev-issuer-2"),
        "no key id": lambda: forger.signed(kid=None),
        "public key as secret, PEM": lambda: forger.by_public_key(form=Encoding.PEM),
        "public key as secret, DER": lambda: forger.by_public_key(form=Encoding.DER),
        "brings its key": forger.bringing_its_key,
        "altered after signing": forger.altered,
        "a service speaking as another": lambda: forger.signed(
            forger.service, "service-intake", iss="claims", sub="claims", exp=now + 300
        ),
        "a service speaking as the issuer": lambda: forger.signed(
            forger.service, "service-intake", exp=now + 300
        ),
        "garbage": lambda: "e30.e30.e30",
    }
    yield "no token", None
    yield "a password", "Basic c29tZWJvZHk6c2VjcmV0"
    yield "an empty token", "Bearer"
    for name, make in makers.items():
        yield name, f"Bearer {make()}"


def _part(content: dict[str, Any]) -> str:
    return _coded(json.dumps(content).encode())


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
