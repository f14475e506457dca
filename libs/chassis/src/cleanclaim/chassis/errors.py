"""Turns the five kinds of domain errors, and everything else, into problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from asyncpg import InternalClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from cleanclaim.chassis.auth import Unauthenticated
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.problems import PROBLEM
from cleanclaim.values.errors import (
    Conflict,
    Detail,
    DomainError,
    Forbidden,
    Invalid,
    Missing,
    Unavailable,
)

_STATUS: Mapping[type[DomainError], tuple[int, str]] = {
    Invalid: (422, "The request breaks a rule"),
    Missing: (404, "There is no such thing"),
    Conflict: (409, "The request comes too late or twice"),
    Forbidden: (403, "You may not do this"),
    Unavailable: (503, "Not available for now"),
}
# pydantic's kinds of error that deserve a fix in plain words
_FIXES = {
    "extra_forbidden": "remove the field or correct its name",
    "missing": "add the field",
    "int_type": "send an integer, without quotes",
    "bool_type": "send true or false",
    "string_type": "send a string, in quotes",
    "uuid_parsing": "send an id as the API returned it",
    "date_type": "send a day as YYYY-MM-DD",
    "date_parsing": "send a day as YYYY-MM-DD",
    "datetime_type": "send an instant as 2026-03-02T15:00:00Z",
    "datetime_parsing": "send an instant as 2026-03-02T15:00:00Z",
    "timezone_aware": "say the offset from UTC, as in 2026-03-02T15:00:00Z",
}

log = logger(__name__)


class Replayed(Exception):  # noqa: N818 - no error: the answer is known already
    """Raised by a door when an idempotency key has its answer; carries that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("replayed")
        self.response = response


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    errors: Sequence[Detail] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem document; `type` is the code's page in the reference."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = [_detail(one) for one in errors]
    return JSONResponse(body, status, headers, media_type=PROBLEM)


def _detail(one: Detail) -> dict[str, Any]:
    full = {"code": one.code, "pointer": one.pointer, "message": one.message, "fix": one.fix}
    return {name: value for name, value in full.items() if value is not None}


def install_error_handlers(app: FastAPI) -> None:
    """Give the app an answer for every error, none of which shows values, SQL or a stack."""
    app.add_exception_handler(Replayed, _replayed)
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(Unauthenticated, _unauthenticated)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    app.add_exception_handler(DBAPIError, _unexpected)
    app.add_exception_handler(InternalClientError, _unexpected)
    app.add_exception_handler(OSError, _unexpected)


async def _replayed(_: Request, error: Exception) -> Response:
    return error.response if isinstance(error, Replayed) else Response(status_code=500)


async def _domain_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, DomainError):
        raise error
    status, title = next(
        (_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS),
        (422, "The request breaks a rule"),
    )
    headers = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return problem(
        status, error.code, title, error.message, errors=error.findings(), headers=headers
    )


async def _unauthenticated(_: Request, error: Exception) -> Response:
    code = getattr(error, "code", "unauthenticated")
    return problem(
        401,
        code,
        "Who are you?",
        str(error),
        headers={"WWW-Authenticate": "Bearer"},
    )


async def _validation(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = [_finding(one) for one in error.errors()]
    if any(one.code == "json_invalid" for one in found):
        return _malformed()
    return problem(
        422,
        "invalid_request",
        "The request breaks a rule",
        found[0].message if len(found) == 1 else f"{len(found)} fields break a rule",
        errors=found,
    )


def _malformed() -> Response:
    found = Detail(
        "json_invalid", "the body is not well-formed JSON", "", "send well-formed JSON, as UTF-8"
    )
    return problem(
        400, "malformed_json", "The request cannot be read", found.message, errors=[found]
    )


def _finding(one: Mapping[str, Any]) -> Detail:
    # never `input`, and never a message that repeats what was sent
    kind = str(one["type"])
    place = [part for part in one["loc"] if part not in {"body", "query", "path", "header"}]
    source = str(one["loc"][0]) if one["loc"] else "body"
    message = str(one["msg"]) if kind != "value_error" else _own_words(one)
    pointer = "".join(f"/{_escaped(part)}" for part in place)
    if source != "body":
        message = f"{source} parameter: {message}"
    return Detail(kind, message, pointer, _FIXES.get(kind))


def _own_words(one: Mapping[str, Any]) -> str:
    # a validator of ours raised ValueError with a sentence that names no value
    return str(one["msg"]).removeprefix("Value error, ")


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.BAD_REQUEST:
        # FastAPI's word for a body that its parser gives up on: no UTF-8, or nested too deeply
        return _malformed()
    codes = {404: "no_such_route", 405: "method_not_allowed", 413: "body_too_large"}
    code = codes.get(error.status_code, f"http_{error.status_code}")
    return problem(
        error.status_code, code, "The request cannot be served", str(error.detail),
        headers=error.headers,
    )  # fmt: skip


async def _unexpected(_: Request, error: Exception) -> Response:
    if is_infrastructure(error):
        log.event("dependency_down", error_type=type(error).__name__)
        return problem(
            503,
            "dependency_unavailable",
            "Not available for now",
            "a database or broker that this needs does not answer; try again",
            headers={"Retry-After": "2"},
        )
    log.failure("request_failed", error)
    return problem(
        500, "internal_error", "Our mistake", "this failed for a reason of ours; it is logged"
    )
