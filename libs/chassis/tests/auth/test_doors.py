"""Every route declares who may pass, and a test can read it off the application."""

from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from cleanclaim.chassis.auth import (
    KeySource,
    Principal,
    TokenVerifier,
    Unauthenticated,
    authorize,
    scopes_of,
    unauthenticated_answer,
)
from cleanclaim.values.errors import Forbidden

from .builders import MERCY_ID, AClock, a_jwks_file, a_public_jwk, a_token

routes = APIRouter(prefix="/v1")


@routes.get("/encounters/{encounter_id}")
async def read_encounter(
    encounter_id: str, principal: Annotated[Principal, Depends(authorize("system/Encounter.r"))]
) -> dict[str, str]:
    return {"organization": str(principal.organization_id), "asked_by": principal.subject}


@routes.post(
    "/releases", dependencies=[Depends(authorize("cleanclaim/release", organization=False))]
)
async def load_release() -> dict[str, str]:
    return {}


@routes.get("/open")
async def read_open() -> dict[str, str]:
    return {}


async def forbidden_answer(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"code": error.code}, status_code=403)


def an_app(folder):
    app = FastAPI(openapi_url=None)
    app.include_router(routes)
    keys = KeySource(a_jwks_file(folder, a_public_jwk("service-claims")), AClock())
    app.state.verifier = TokenVerifier(keys, audience="cleanclaim", runtime=AClock())
    app.add_exception_handler(Unauthenticated, unauthenticated_answer)
    app.add_exception_handler(Forbidden, forbidden_answer)
    return app


async def answer_to(folder, headers, path="/v1/encounters/one", method="GET"):
    transport = httpx.ASGITransport(an_app(folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        return await client.request(method, path, headers=headers)


def bearer(**changes):
    return {"Authorization": f"Bearer {a_token(**changes)}"}


async def test_a_token_with_the_scope_passes_and_names_its_principal(tmp_path):
    answer = await answer_to(tmp_path, bearer())
    assert answer.json() == {"organization": str(MERCY_ID), "asked_by": "claims"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": ""}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}],
    ids=["no header", "empty", "another scheme", "no token"],
)
async def test_a_request_without_a_token_is_challenged(tmp_path, headers):
    answer = await answer_to(tmp_path, headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cleanclaim"'
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["code"] == "token_missing"


async def test_a_bad_token_is_challenged_with_its_code(tmp_path):
    answer = await answer_to(tmp_path, bearer(aud="lake"))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert answer.json()["errors"][0]["code"] == "token_audience_wrong"


async def test_two_tokens_in_one_request_are_one_too_many(tmp_path):
    token = f"Bearer {a_token()}"
    answer = await answer_to(tmp_path, [("Authorization", token), ("Authorization", token)])
    assert answer.json()["errors"][0]["code"] == "token_malformed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": "system/Claim.rs"}, "scope_missing"),
        ({"scope": None}, "scope_missing"),
        ({"organization_id": None}, "organization_missing"),
    ],
)
async def test_a_token_that_falls_short_is_forbidden(tmp_path, changes, code):
    answer = await answer_to(tmp_path, bearer(**changes))
    assert (answer.status_code, answer.json()) == (403, {"code": code})


async def test_an_operators_route_needs_no_organization(tmp_path):
    operator = bearer(scope="cleanclaim/release", organization_id=None)
    answer = await answer_to(tmp_path, operator, "/v1/releases", "POST")
    assert answer.status_code == 200


def test_the_scope_of_every_route_can_be_read_off_the_application(tmp_path):
    assert scopes_of(an_app(tmp_path)) == {
        ("GET", "/v1/encounters/{encounter_id}"): "system/Encounter.r",
        ("POST", "/v1/releases"): "cleanclaim/release",
        ("GET", "/v1/open"): None,
    }


def test_the_description_of_the_api_names_the_bearer_token():
    app = FastAPI()
    app.include_router(routes)
    description = app.openapi()
    assert description["components"]["securitySchemes"]["bearer"]["bearerFormat"] == "JWT"
    assert description["paths"]["/v1/encounters/{encounter_id}"]["get"]["security"] == [
        {"bearer": []}
    ]
