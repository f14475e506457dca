"""A service signs for itself, briefly, and uses a token again while it lasts."""

import jwt
import pytest

from cleanclaim.chassis.auth import KeySource, ServiceSigner, TokenVerifier

from .builders import MERCY_ID, AClock, a_curve_key, a_jwks_file, a_pem_file, a_public_jwk


def a_signer(folder, clock, **changes):
    return ServiceSigner("claims", a_pem_file(folder), clock, **changes)


def a_token_of(signer, organization_id=MERCY_ID, scope="system/Encounter.r"):
    return signer.token(organization_id=organization_id, scope=scope)


async def test_what_a_service_signs_another_service_verifies(tmp_path):
    clock = AClock()
    token = a_token_of(a_signer(tmp_path, clock))
    keys = KeySource(a_jwks_file(tmp_path, a_public_jwk("service-claims")), clock)
    verifier = TokenVerifier(keys, audience="cleanclaim", runtime=clock)
    principal = await verifier.verify(token)
    assert (principal.subject, principal.organization_id) == ("claims", MERCY_ID)
    assert principal.allows("system/Encounter.r")


def test_a_token_is_used_again_until_a_minute_before_it_expires(tmp_path):
    clock = AClock()
    signer = a_signer(tmp_path, clock)
    first = a_token_of(signer)
    clock.pass_by(seconds=239)
    assert a_token_of(signer) == first
    clock.pass_by(seconds=1)
    renewed = a_token_of(signer)
    assert renewed != first
    claims = jwt.decode(renewed, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 300
    assert claims["iat"] == int(clock.wall_now().timestamp())


def test_no_token_serves_another_organization_or_scope(tmp_path):
    signer = a_signer(tmp_path, AClock())
    tokens = {
        a_token_of(signer),
        a_token_of(signer, organization_id=None),
        a_token_of(signer, scope="system/Encounter.s"),
    }
    assert len(tokens) == 3


def test_a_rotated_key_is_named_in_the_header(tmp_path):
    token = a_token_of(a_signer(tmp_path, AClock(), key_id="service-claims.2026b"))
    assert jwt.get_unverified_header(token)["kid"] == "service-claims.2026b"


def test_a_key_on_another_curve_is_refused_before_it_signs(tmp_path):
    a_pem_file(tmp_path, a_curve_key("claims", "P-256"))
    signer = ServiceSigner("claims", tmp_path / "signing.pem", AClock())
    with pytest.raises(ValueError, match="P-384"):
        a_token_of(signer)
