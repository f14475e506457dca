"""What a path says of a method that it does not take."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from cleanclaim.chassis.methods import KnownMethods

ROUTES = [
    ("GET", "/v1/things"), ("POST", "/v1/things"), ("GET", "/v1/things/{thing_id}"),
    ("PUT", "/v1/things/{thing_id}"), ("POST", "/v1/things/{thing_id}:hold"),
    ("POST", "/v1/things:validate"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/things", "GET, POST"),
        ("OPTIONS", "/v1/things", "GET, POST"),
        ("POST", "/v1/things/7", "GET, PUT"),
        ("GET", "/v1/things/7:hold", "POST"),
        ("GET", "/v1/things:validate", "POST"),
        ("GET", "/v1/things/7", None),
        ("POST", "/v1/things/7:hold", None),
        ("DELETE", "/v1/unknown", None),
        ("GET", "/v1/things/7/more", None),
    ],
)
async def test_a_path_names_all_its_methods(method: str, path: str, allow: str | None) -> None:
    guarded = KnownMethods(PlainTextResponse("passed on"), routes=ROUTES)
    transport = httpx.ASGITransport(app=guarded)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        answer = await client.request(method, path)
    assert answer.headers.get("allow") == allow
    assert answer.status_code == (405 if allow else 200)
