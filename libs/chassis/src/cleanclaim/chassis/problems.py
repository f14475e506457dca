"""What a problem (RFC 9457) looks like, and how an operation's description announces it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

PROBLEM = "application/problem+json"
Responses = dict[int | str, dict[str, Any]]
"""FastAPI's `responses` of an operation."""

_WORDS = {
    400: "The request cannot be read, for example because its body is not well-formed JSON.",
    401: "No token, or one that is not trusted.",
    403: "The token lacks the scope or names no organization.",
    404: "The organization has no such thing; another organization's id says the same.",
    409: "There is one already, or the state of the thing does not allow it.",
    412: "Somebody else changed it since the version that If-Match names.",
    413: "The body is larger than 64 MiB.",
    415: "The body is not of the media type that this takes.",
    422: "A field or parameter breaks a rule; `errors` points at it.",
    503: "Not available for now, or the Idempotency-Key's first request still runs; "
    "try again after `Retry-After`.",
}


class ProblemDetail(BaseModel):
    """One thing that is wrong: which rule, where (a JSON pointer), and what to do."""

    code: str
    message: str
    pointer: str | None = None
    fix: str | None = None


class Problem(BaseModel):
    """Why a request was not served; `code` never changes its meaning."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/invalid_request",
                    "title": "The request breaks a rule",
                    "status": 422,
                    "code": "invalid_request",
                    "detail": "Field required",
                    "errors": [
                        {
                            "code": "missing",
                            "pointer": "/birth_on",
                            "message": "Field required",
                            "fix": "add the field",
                        }
                    ],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemDetail] = []
    existing_id: UUID | None = None
    """What the source and external id of the request became before; only with 409."""


def said(words: str) -> dict[str, Any]:
    """One status of an operation, in the operation's own words."""
    return {"model": Problem, "description": words}


def problems(*statuses: int) -> Responses:
    """These statuses, each with the words that hold everywhere."""
    return {status: said(words_for(status)) for status in statuses}


def words_for(status: int) -> str:
    """What a status means everywhere."""
    return _WORDS.get(status) or HTTPStatus(status).phrase
