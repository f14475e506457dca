"""Invented keys, tokens and clocks for the tests of the doors."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

A_MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MERCY_ID = UUID("0195f3a0-0000-7000-8000-00000000000a")


class AClock:
    """A wall clock that the test moves, and ids that count up."""

    def __init__(self, now=A_MOMENT):
        self.now_is = now
        self.made = 0

    def wall_now(self):
        return self.now_is

    def new_id(self):
        self.made += 1
        return UUID(int=self.made)

    def pass_by(self, **span):
        self.now_is += timedelta(**span)


def a_curve_key(name="claims", curve="P-384"):
    return _curve_key(name, curve)


def an_rsa_key(name="partner", bits=2048):
    return _rsa_key(name, bits)


@cache
def _curve_key(name, curve):
    return ec.generate_private_key({"P-384": ec.SECP384R1(), "P-256": ec.SECP256R1()}[curve])


@cache
def _rsa_key(name, bits):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def a_public_jwk(kid, key=None, **members):
    key = key or a_curve_key(kid.removeprefix("service-"))
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return algorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, **members}


def a_private_jwk(kid):
    return ECAlgorithm.to_jwk(a_curve_key(kid), as_dict=True) | {"kid": kid}


def a_jwks(*jwks):
    return json.dumps({"keys": list(jwks)}).encode()


def a_jwks_file(folder, *jwks):
    path = Path(folder) / "trusted.json"
    path.write_bytes(a_jwks(*jwks))
    return path


def a_pem_file(folder, key=None):
    path = Path(folder) / "signing.pem"
    key = key or a_curve_key()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def some_claims(**changes):
    """A service's claims, good for five minutes from A_MOMENT; None takes a claim away."""
    issued = int(A_MOMENT.timestamp())
    claims = {
        "iss": "claims",
        "sub": "claims",
        "client_id": "claims",
        "aud": "cleanclaim",
        "organization_id": str(MERCY_ID),
        "scope": "system/Encounter.rs cleanclaim/remittance.post",
        "iat": issued,
        "exp": issued + 300,
        "jti": "token-one",
    } | changes
    return {name: claim for name, claim in claims.items() if claim is not None}


def a_token(*, key=None, algorithm="ES384", headers=None, **changes):
    headers = {"kid": "service-claims", **(headers or {})}
    return jwt.encode(some_claims(**changes), key or a_curve_key(), algorithm, headers=headers)


def encoded(part):
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
