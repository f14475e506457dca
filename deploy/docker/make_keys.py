# ruff: noqa: INP001 - run as a file, inside the image
"""Make the keys of a trial installation once: to sign, to trust, to encrypt.

Usage: python make_keys.py FOLDER. What is there already stays. A real installation brings its own.
"""

import base64
import json
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SERVICES = ("accounts", "claims", "denials", "intake", "reconcile", "remittance")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    public = [_public_jwk(_private_key(folder, f"service-{name}")) for name in SERVICES]
    public.append(_public_jwk(_private_key(folder, "dev-issuer")))
    (folder / "trusted-keys.json").write_text(json.dumps({"keys": public}), encoding="utf-8")
    _write_once(folder / "vault.key", secrets.token_bytes(32))
    sys.stdout.write(f"keys are in {folder}\n")


def _write_once(path: Path, content: bytes) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(content)


def _private_key(folder: Path, name: str) -> Path:
    path = folder / f"{name}.pem"
    key = ec.generate_private_key(ec.SECP384R1())
    _write_once(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _public_jwk(path: Path) -> dict[str, str]:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SystemExit(f"{path} is no key of the curve P-384; remove it and run again")
    numbers = key.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-384",
        "alg": "ES384",
        "use": "sig",
        "kid": path.stem,
        "x": _base64(numbers.x),
        "y": _base64(numbers.y),
    }


def _base64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(48, "big")).rstrip(b"=").decode("ascii")


if __name__ == "__main__":
    main()
