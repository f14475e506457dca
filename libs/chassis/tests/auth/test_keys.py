"""Trusted keys come from a file or a URL, stay fresh, and never turn into a flood."""

import os
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from cleanclaim.chassis.auth import KeySource
from cleanclaim.values.errors import Unavailable

from .builders import (
    AClock,
    a_curve_key,
    a_jwks,
    a_jwks_file,
    a_private_jwk,
    a_public_jwk,
    an_rsa_key,
)


@contextmanager
def an_issuer(content, status=200):
    """A real HTTP server of one key set; `state` lets the test change and count."""
    state = {"content": content, "status": status, "asked": 0}

    class Issuer(BaseHTTPRequestHandler):
        def do_GET(self):
            state["asked"] += 1
            self.send_response(state["status"])
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(state["content"])

        def log_message(self, *parts):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks.json", state
    finally:
        server.shutdown()
        server.server_close()


async def test_a_key_file_is_read_again_when_it_changes(tmp_path):
    path = a_jwks_file(tmp_path, a_public_jwk("service-claims"))
    keys = KeySource(path, AClock())
    assert await keys.find("service-intake") is None
    a_jwks_file(tmp_path, a_public_jwk("service-claims"), a_public_jwk("service-intake"))
    assert (await keys.find("service-intake")).issuer == "intake"


async def test_a_key_taken_out_of_the_file_is_trusted_no_more(tmp_path):
    path = a_jwks_file(tmp_path, a_public_jwk("service-claims"), a_public_jwk("service-intake"))
    keys = KeySource(path, AClock())
    assert await keys.find("service-intake") is not None
    a_jwks_file(tmp_path, a_public_jwk("service-claims"))
    os.utime(path, ns=(1, 1))
    assert await keys.find("service-intake") is None


async def test_a_key_file_caught_half_written_leaves_the_keys_we_had(tmp_path):
    path = a_jwks_file(tmp_path, a_public_jwk("service-claims"))
    keys = KeySource(path, AClock())
    await keys.find("service-claims")
    path.write_text('{"keys": [')
    assert await keys.find("service-claims") is not None


async def test_a_rotated_key_signs_for_the_same_service(tmp_path):
    path = a_jwks_file(tmp_path, a_public_jwk("service-claims.2026b"))
    assert (await KeySource(path, AClock()).find("service-claims.2026b")).issuer == "claims"


UNTRUSTWORTHY = {
    "no file": None,
    "no JSON": b"keys",
    "no list of keys": b'{"keys": {}}',
    "key without a name": b'{"keys": [{"kty": "EC"}]}',
    "a private key": a_jwks(a_private_jwk("service-claims")),
    "a password as a key": a_jwks({"kty": "oct", "kid": "service-claims", "k": "c2VjcmV0"}),
    "one name twice": a_jwks(a_public_jwk("service-claims"), a_public_jwk("service-claims")),
    "a point off the curve": a_jwks(a_public_jwk("service-claims") | {"x": "AAAA"}),
}


@pytest.mark.parametrize("content", UNTRUSTWORTHY.values(), ids=UNTRUSTWORTHY.keys())
async def test_a_key_set_that_cannot_be_trusted_makes_us_unavailable(tmp_path, content):
    path = tmp_path / "trusted.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unavailable, match="cannot be read"):
        await KeySource(path, AClock()).find("service-claims")


PASSED_OVER = {
    "another curve": a_public_jwk("service-claims", a_curve_key("claims", "P-256")),
    "another algorithm": a_public_jwk("service-claims", an_rsa_key(), alg="RS256"),
    "a short RSA key": a_public_jwk("service-claims", an_rsa_key("small", 1024)),
    "a key for encryption": a_public_jwk("service-claims", use="enc"),
    "a name that nobody owns": a_public_jwk("stray-key"),
}


@pytest.mark.parametrize("jwk", PASSED_OVER.values(), ids=PASSED_OVER.keys())
async def test_a_key_that_we_do_not_use_is_passed_over(tmp_path, jwk):
    path = a_jwks_file(tmp_path, jwk)
    assert await KeySource(path, AClock()).find(jwk["kid"]) is None


async def test_an_unknown_key_makes_the_url_be_read_again_at_most_twice_a_minute():
    clock = AClock()
    with an_issuer(a_jwks(a_public_jwk("old"))) as (url, state):
        keys = KeySource(url, clock, issuer="https://idp.example")
        assert (await keys.find("old")).issuer == "https://idp.example"
        state["content"] = a_jwks(a_public_jwk("old"), a_public_jwk("new"))
        for forged in ("one", "two", "new"):
            assert await keys.find(forged) is None
        assert state["asked"] == 1
        clock.pass_by(seconds=30)
        assert await keys.find("new") is not None
        assert state["asked"] == 2


async def test_keys_are_read_again_after_ten_minutes_and_kept_while_the_issuer_is_down():
    clock = AClock()
    with an_issuer(a_jwks(a_public_jwk("old"))) as (url, state):
        keys = KeySource(url, clock, issuer="https://idp.example")
        await keys.find("old")
        state["status"] = 503
        clock.pass_by(minutes=11)
        assert await keys.find("old") is not None
        state.update(status=200, content=a_jwks(a_public_jwk("new")))
        clock.pass_by(minutes=1)
        assert await keys.find("old") is None


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{}", 200), (a_jwks(), 302), (b" " * (1024 * 1024 + 1), 200)],
    ids=["not a key set", "a redirect", "too large"],
)
async def test_an_answer_that_is_no_key_set_makes_us_unavailable(content, status):
    with an_issuer(content, status) as (url, _), pytest.raises(Unavailable):
        await KeySource(url, AClock(), issuer="https://idp.example").find("old")


def test_keys_never_travel_in_plain_text_over_a_network():
    with pytest.raises(ValueError, match="https only"):
        KeySource("http://idp.example/jwks.json", AClock())
