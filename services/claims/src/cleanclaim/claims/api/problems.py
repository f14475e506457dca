"""The problems that every route of this service may answer with (RFC 9457)."""

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
                    "type": "/problems/claim_state_forbids",
                    "title": "The request comes too late or twice",
                    "status": 409,
                    "code": "claim_state_forbids",
                    "detail": "The claim is submitted, not held.",
                    "errors": [
                        {
                            "code": "claim_state_forbids",
                            "message": "The claim is submitted, not held.",
                            "fix": "There is nothing to release.",
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
    return {"model": Problem, "description": words, "content": {"application/problem+json": {}}}


Problems = dict[int | str, dict[str, Any]]

LISTS: Problems = {
    401: _said("No token, or one that is not trusted."),
    403: _said("The token lacks the scope or names no organization."),
    422: _said("A field or parameter breaks a rule; `errors` points at it."),
    503: _said("The database, or a service that this asks, does not answer; try again."),
}
READS: Problems = LISTS | {
    404: _said("The organization has no such thing; another organization's id says the same."),
}
CREATES: Problems = LISTS | {
    400: _said("The body is not well-formed JSON."),
    409: _said("There is one already, or the Idempotency-Key's first request still runs."),
    413: _said("The body is too large."),
}
CHANGES: Problems = (
    READS
    | CREATES
    | {
        409: _said("The state of the thing does not allow it, or somebody else was faster."),
    }
)
REPLACES: Problems = CHANGES | {
    412: _said("Somebody else changed the entry since the version that If-Match names."),
}
UPLOADS: Problems = CREATES | {
    415: _said("The content is not announced as application/edi-x12."),
}
