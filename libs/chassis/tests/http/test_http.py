"""What one service hears of another becomes an answer or one of our own kinds of trouble."""

import json
import random
import socket
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.auth import ServiceSigner
from cleanclaim.chassis.http import ServiceClient
from cleanclaim.chassis.testing import TestRuntime
from cleanclaim.values.errors import Forbidden, Invalid, Missing, Unavailable

ORGANIZATION_ID = UUID("0195f3a0-0000-7000-8000-00000000000a")
CANARY = "Zephyrine-Quill"


@contextmanager
def a_partner(*answers):
    """A real HTTP server that gives these (status, headers, body) in turn, the last for ever."""
    asked = []

    class Partner(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answers[min(len(asked), len(answers) - 1)]
            asked.append((self.path, dict(self.headers)))
            if status is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *parts):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Partner)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def says(body, status=200, **headers):
    return status, headers, json.dumps(body).encode()


@asynccontextmanager
async def a_client(url, signer=None, runtime=None):
    client = ServiceClient(url, signer=signer, runtime=runtime or TestRuntime(), service="claims")
    try:
        yield client
    finally:
        await client.close()


async def answer_of(url, runtime=None):
    async with a_client(url, runtime=runtime) as client:
        return await client.get(
            "/v1/encounters/1", organization_id=ORGANIZATION_ID, scope="system/Encounter.r"
        )


async def test_a_question_carries_token_trace_and_query(tmp_path):
    key = ec.generate_private_key(ec.SECP384R1())
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    runtime = TestRuntime()
    with a_partner(says({"id": 1})) as (url, asked):
        async with a_client(url, ServiceSigner("claims", path, runtime), runtime) as client:
            with telemetry.span("command"):
                trace_id = telemetry.current_traceparent().split("-")[1]
                answer = await client.get(
                    "/v1/encounters",
                    organization_id=ORGANIZATION_ID,
                    scope="system/Encounter.s",
                    query={"limit": 5},
                )
    assert answer == {"id": 1}
    ((target, headers),) = asked
    assert target == "/v1/encounters?limit=5"
    assert headers["traceparent"].split("-")[1] == trace_id
    claims = jwt.decode(
        headers["Authorization"].removeprefix("Bearer "),
        key.public_key(),
        algorithms=["ES384"],
        audience="cleanclaim",
    )
    assert (claims["iss"], claims["organization_id"], claims["scope"]) == (
        "claims",
        str(ORGANIZATION_ID),
        "system/Encounter.s",
    )


KINDS = [
    (404, Missing),
    (401, Forbidden),
    (403, Forbidden),
    (400, Invalid),
    (422, Invalid),
    (429, Unavailable),
    (500, Unavailable),
    (503, Unavailable),
    (302, Unavailable),
]


@pytest.mark.parametrize(("status", "kind"), KINDS)
async def test_each_status_becomes_a_kind_and_the_partners_words_stay_there(status, kind):
    answer = says({"detail": CANARY}, status, Location="/x")
    with a_partner(answer) as (url, asked), pytest.raises(kind) as trouble:
        await answer_of(url)
    assert CANARY not in f"{trouble.value}"
    assert len(asked) == (3 if kind is Unavailable else 1)


async def test_a_partner_that_recovers_within_three_tries_is_not_missed():
    runtime = TestRuntime()
    with a_partner(says({}, 503), (None, {}, b""), says({"id": 1})) as (url, asked):
        assert await answer_of(url, runtime) == {"id": 1}
    assert len(asked) == 3
    longest = [0.2, 0.4]
    assert all(0 <= slept <= most for slept, most in zip(runtime.slept, longest, strict=True))


async def test_nobody_at_the_address_is_unavailable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable, match="ConnectError"):
        await answer_of(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"cut": '])
async def test_an_answer_that_is_no_json_is_unavailable(body):
    with a_partner((200, {}, body)) as (url, _), pytest.raises(Unavailable, match="no JSON"):
        await answer_of(url)


async def test_an_endless_answer_is_cut_off():
    body = b" " * (16 * 1024 * 1024 + 1)
    with a_partner((200, {}, body)) as (url, _), pytest.raises(Unavailable, match="16 MiB"):
        await answer_of(url)


@pytest.mark.parametrize(("told", "seconds"), [("7", 7), ("100000", 60), ("soon", 5), ("0", 1)])
async def test_the_time_to_wait_is_handed_on_within_bounds(told, seconds):
    answer = says({}, 503, **{"Retry-After": told})
    with a_partner(answer) as (url, _), pytest.raises(Unavailable) as trouble:
        await answer_of(url)
    assert trouble.value.retry_after_seconds == seconds


async def test_pauses_differ_from_asker_to_asker():
    pauses = set()
    for seed in range(5):
        runtime = TestRuntime(seed=seed)
        runtime.random = random.Random(seed)
        with a_partner(says({}, 503)) as (url, _), pytest.raises(Unavailable):
            await answer_of(url, runtime)
        pauses.add(tuple(runtime.slept))
    assert len(pauses) == 5
