"""The problems that routes of this service may answer with (RFC 9457)."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class ProblemDetail(BaseModel):
    """One finding: where, which rule, what to do."""

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
                    "type": "/problems/no_such_deposit",
                    "title": "There is no such thing",
                    "status": 404,
                    "code": "no_such_deposit",
                    "detail": "There is no deposit of this id.",
                    "errors": [
                        {
                            "code": "no_such_deposit",
                            "message": "There is no deposit of this id.",
                            "fix": "List deposits.",
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


def _said(words: str) -> dict[str, Any]:
    return {
        "model": Problem,
        "description": words,
        "content": {"application/problem+json": {}},
    }


LISTS: dict[int | str, dict[str, Any]] = {
    401: _said("No token, or one that is not trusted."),
    403: _said("The token lacks the scope or names no organization."),
    422: _said("Something breaks a rule; `errors` points at it."),
    503: _said("The database does not answer; try again after `Retry-After`."),
}
READS: dict[int | str, dict[str, Any]] = LISTS | {
    404: _said("The organization has no such thing; another organization's id says the same."),
}
WRITES: dict[int | str, dict[str, Any]] = LISTS | {
    400: _said("The body cannot be read."),
    409: _said("The request comes too late or twice."),
    413: _said("The body is too large."),
}
CHANGES: dict[int | str, dict[str, Any]] = READS | WRITES
