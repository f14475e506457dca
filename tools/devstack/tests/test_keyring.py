"""Tokens verify against the published keys, and secrets are for their owner alone."""

import json
import stat

import jwt
import pytest

from cleanclaim.devstack.keyring import VAULT_KEY_BYTES, Keyring

from .builders import places_in

SERVICES = ("intake", "claims")
ORGANIZATION = "018f6d1e-7c1a-7000-8000-0000000000aa"


@pytest.fixture
def places(tmp_path):
    return places_in(tmp_path)


@pytest.fixture
def keyring(places):
    keyring = Keyring(places)
    keyring.fill(SERVICES)
    return keyring


def a_token(keyring, **changes):
    told = {
        "organization_id": ORGANIZATION,
        "scope": "encounters:write claims:read",
        "subject": "biller",
        "minutes": 60,
    }
    return keyring.token(**(told | changes))


def read(token, places, **expected):
    keys = jwt.PyJWKSet.from_json(places.trusted_keys.read_text())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token,
        key,
        algorithms=["ES384"],
        issuer="cleanclaim-dev",
        **{"audience": "cleanclaim"} | expected,
    )


def test_a_token_verifies_with_the_published_keys(keyring, places):
    claims = read(a_token(keyring), places)
    assert claims["organization_id"] == ORGANIZATION
    assert claims["scope"] == "encounters:write claims:read"
    assert claims["sub"] == claims["client_id"] == "biller"
    assert claims["exp"] - claims["iat"] == 60 * 60
    assert claims["jti"] != read(a_token(keyring), places)["jti"]


def test_a_token_names_no_organization_unless_asked(keyring, places):
    assert "organization_id" not in read(a_token(keyring, organization_id=None), places)


def test_an_expired_token_is_refused(keyring, places):
    with pytest.raises(jwt.ExpiredSignatureError):
        read(a_token(keyring, minutes=-1), places)


def test_an_organization_that_is_no_uuid_is_refused(keyring):
    with pytest.raises(ValueError, match="badly formed"):
        a_token(keyring, organization_id="the hospital")


def test_the_published_keys_are_public_and_named(keyring, places):
    keys = json.loads(places.trusted_keys.read_text())["keys"]
    assert {key["kid"] for key in keys} == {"dev-issuer", "service-intake", "service-claims"}
    assert {key["alg"] for key in keys} == {"ES384"}
    assert all("d" not in key for key in keys)


def test_secrets_are_for_their_owner_alone_and_stay_the_same(keyring, places):
    keyring.password("cleanclaim_intake_app")
    before = {path: path.read_bytes() for path in places.secrets.iterdir()}
    assert len(keyring.vault_key.read_bytes()) == VAULT_KEY_BYTES
    assert {stat.S_IMODE(path.stat().st_mode) for path in before} == {0o600}
    keyring.fill(SERVICES)
    keyring.password("cleanclaim_intake_app")
    assert {path: path.read_bytes() for path in places.secrets.iterdir()} == before
