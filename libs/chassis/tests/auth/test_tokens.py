"""Good tokens pass; every forged, stretched or mis-made one is refused by name."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cleanclaim.chassis.auth import KeySource, Principal, TokenVerifier, Unauthenticated

from .builders import (
    A_MOMENT,
    MERCY_ID,
    AClock,
    a_curve_key,
    a_jwks_file,
    a_public_jwk,
    a_token,
    an_rsa_key,
    encoded,
    some_claims,
)

NOW = int(A_MOMENT.timestamp())
PARTNER = "https://login.mercy.example"
DEVELOPMENT = {"iss": "cleanclaim-dev", "sub": "ada", "client_id": "console"}


def a_verifier(folder, *, development=False, clock=None):
    clock = clock or AClock()
    theirs = folder / "partner.json"
    a_jwks_file(
        folder,
        a_public_jwk("partner-key", an_rsa_key()),
        a_public_jwk("service-claims", a_curve_key("impostor")),
    ).rename(theirs)
    ours = a_jwks_file(
        folder,
        a_public_jwk("service-claims"),
        a_public_jwk("service-intake"),
        a_public_jwk("dev-issuer"),
        a_public_jwk("stray-key"),
    )
    sources = [KeySource(ours, clock), KeySource(theirs, clock, issuer=PARTNER)]
    return TokenVerifier(sources, audience="cleanclaim", runtime=clock, development=development)


async def test_a_services_own_token_names_it_as_the_principal(tmp_path):
    assert await a_verifier(tmp_path).verify(a_token()) == Principal(
        subject="claims",
        client_id="claims",
        organization_id=MERCY_ID,
        scopes=frozenset({"system/Encounter.rs", "cleanclaim/remittance.post"}),
        token_id="token-one",
    )


GOOD = {
    "expired within the leeway": {"iat": NOW - 340, "exp": NOW - 59},
    "dated ahead within the leeway": {"iat": NOW + 59},
    "one audience of several": {"aud": ["lake", "cleanclaim"]},
    "no organization": {"organization_id": None},
    "no scope at all": {"scope": None},
    "fifteen minutes": {"exp": NOW + 900},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD.keys())
async def test_a_token_at_the_edge_of_the_rules_passes(tmp_path, changes):
    assert (await a_verifier(tmp_path).verify(a_token(**changes))).subject == "claims"


async def test_an_outside_issuer_signs_for_its_own_clients_with_rsa(tmp_path):
    token = a_token(
        key=an_rsa_key(), algorithm="RS384", headers={"kid": "partner-key"}, iss=PARTNER, sub="epic"
    )
    assert (await a_verifier(tmp_path).verify(token)).subject == "epic"


async def test_the_development_issuer_may_sign_for_twelve_hours_in_development(tmp_path):
    token = a_token(
        key=a_curve_key("dev-issuer"),
        headers={"kid": "dev-issuer"},
        exp=NOW + 12 * 3600,
        **DEVELOPMENT,
    )
    assert (await a_verifier(tmp_path, development=True).verify(token)).subject == "ada"


def _unsigned():
    header = encoded({"alg": "none", "kid": "service-claims"})
    return f"{header}.{encoded(some_claims())}."


def _signed_with_the_public_key_as_a_password():
    public = (
        a_curve_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    body = (
        encoded({"alg": "HS384", "kid": "service-claims", "typ": "JWT"})
        + "."
        + encoded(some_claims())
    )
    return f"{body}.{encoded(hmac.new(public, body.encode(), hashlib.sha384).digest())}"


def _with_other_claims_under_the_old_signature():
    header, _, signature = a_token().split(".")
    return f"{header}.{encoded(some_claims(scope='system/*.cruds'))}.{signature}"


def _bringing_its_own_key():
    return a_token(
        key=a_curve_key("impostor"), headers={"jwk": a_public_jwk("impostor"), "jku": "https://x"}
    )


def _by(kid, **changes):
    return a_token(key=a_curve_key(kid.removeprefix("service-")), headers={"kid": kid}, **changes)


FORGED = {
    "empty": ("", "token_malformed"),
    "not a JWT": ("open-sesame", "token_malformed"),
    "two parts": ("a.b", "token_malformed"),
    "header no JSON": (f"{encoded(b'{')}.e30.e30", "token_malformed"),
    "deep header": (f"{encoded(b'[' * 9000)}.e30.e30", "token_malformed"),
    "oversized": (a_token(padding="x" * 20_000), "token_malformed"),
    "no algorithm": (_unsigned(), "token_algorithm_refused"),
    "public key as password": (
        _signed_with_the_public_key_as_a_password(),
        "token_algorithm_refused",
    ),
    "other curve": (
        a_token(key=a_curve_key("claims", "P-256"), algorithm="ES256"),
        "token_algorithm_refused",
    ),
    "RSA under a curve key's name": (
        a_token(key=an_rsa_key(), algorithm="RS384"),
        "token_algorithm_refused",
    ),
    "critical extension": (a_token(headers={"crit": ["exp"]}), "token_malformed"),
    "other type": (a_token(headers={"typ": "logout+jwt"}), "token_malformed"),
    "claims exchanged": (_with_other_claims_under_the_old_signature(), "token_signature_invalid"),
    "signed by another": (a_token(key=a_curve_key("impostor")), "token_signature_invalid"),
    "brings its own key": (_bringing_its_own_key(), "token_signature_invalid"),
    "signature cut off": (a_token().rpartition(".")[0] + ".", "token_signature_invalid"),
    "unknown key": (_by("service-nobody"), "token_key_unknown"),
    "key without an owner": (_by("stray-key", iss="stray", sub="stray"), "token_key_unknown"),
    "key id as a path": (a_token(headers={"kid": "../../etc/passwd"}), "token_key_unknown"),
    "service signs for another": (
        _by("service-intake"),
        "token_issuer_wrong",
    ),
    "service with a person's subject": (a_token(sub="ada"), "token_issuer_wrong"),
    "service as the partner": (a_token(iss=PARTNER), "token_issuer_wrong"),
    "partner's key under a service's name": (
        a_token(key=a_curve_key("impostor"), iss=PARTNER),
        "token_signature_invalid",
    ),
    "partner as a service": (
        a_token(key=an_rsa_key(), algorithm="RS384", headers={"kid": "partner-key"}),
        "token_key_unknown",
    ),
    "development key in production": (_by("dev-issuer", **DEVELOPMENT), "token_key_unknown"),
    "expired": (a_token(iat=NOW - 400, exp=NOW - 60), "token_expired"),
    "from the future": (a_token(iat=NOW + 61), "token_not_yet_valid"),
    "not before a later time": (a_token(nbf=NOW + 61), "token_not_yet_valid"),
    "too long a life": (a_token(exp=NOW + 901), "token_life_too_long"),
    "ends before it begins": (a_token(exp=NOW - 1), "token_life_too_long"),
    "issued long ago": (a_token(iat=0), "token_life_too_long"),
    "other audience": (a_token(aud="lake"), "token_audience_wrong"),
    "times as text": (a_token(exp="tomorrow"), "token_claim_invalid"),
    "time as a truth": (a_token(iat=True), "token_claim_invalid"),
    "time beyond all calendars": (a_token(exp=10**18), "token_claim_invalid"),
    "organization no UUID": (a_token(organization_id="mercy"), "token_claim_invalid"),
    "organization in other spelling": (
        a_token(organization_id=MERCY_ID.hex.upper()),
        "token_claim_invalid",
    ),
    "organizations as a list": (a_token(organization_id=[str(MERCY_ID)]), "token_claim_invalid"),
    "scopes as a list": (a_token(scope=["system/*.cruds"]), "token_claim_invalid"),
    "endless scopes": (a_token(scope="a " * 201), "token_claim_invalid"),
    "line break in a name": (a_token(client_id="clerk\nadmin"), "token_claim_invalid"),
    **{
        f"without {claim}": (a_token(**{claim: None}), "token_claim_missing")
        for claim in ("exp", "iat", "aud", "iss", "jti", "sub")
    },
}


@pytest.mark.parametrize(("token", "code"), FORGED.values(), ids=FORGED.keys())
async def test_a_forged_or_mis_made_token_is_refused_without_being_quoted(tmp_path, token, code):
    with pytest.raises(Unauthenticated) as refusal:
        await a_verifier(tmp_path).verify(token)
    assert refusal.value.code == code
    assert token == "" or token not in f"{refusal.value} {refusal.value.fix}"


async def test_a_token_of_twelve_hours_is_refused_from_a_service_even_in_development(tmp_path):
    with pytest.raises(Unauthenticated, match="life"):
        await a_verifier(tmp_path, development=True).verify(a_token(exp=NOW + 12 * 3600))


@pytest.mark.parametrize("hours", [-26, 26])
async def test_a_clock_a_day_off_refuses_loudly(tmp_path, hours):
    clock = AClock()
    clock.pass_by(hours=hours)
    with pytest.raises(Unauthenticated):
        await a_verifier(tmp_path, clock=clock).verify(a_token())
