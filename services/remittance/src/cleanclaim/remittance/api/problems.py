"""The problems that the operations of this API answer with, for its description."""

from typing import Any

from pydantic import BaseModel, ConfigDict

PROBLEM = "application/problem+json"


class ProblemDetail(BaseModel):
    """One finding: `pointer` is a JSON pointer into the request."""

    code: str
    message: str
    pointer: str | None = None
    fix: str | None = None


class Problem(BaseModel):
    """What went wrong (RFC 9457); `code` never changes its meaning."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/remittance_still_held",
                    "title": "The request comes too late or twice",
                    "status": 409,
                    "code": "remittance_still_held",
                    "detail": "what holds this remittance is still there",
                    "errors": [
                        {
                            "code": "unknown_payer",
                            "message": "held: unknown_payer",
                            "fix": "configure the payer with the names it uses in an 835",
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


_WHY = {
    400: "The request cannot be read.",
    401: "No token, or one that is not trusted.",
    403: "The token does not allow this.",
    404: "The organization has no such thing.",
    409: "It comes too late or twice.",
    413: "The body is larger than 64 MiB.",
    415: "The body is not application/edi-x12.",
    422: "It breaks a rule; each finding says which and how to mend it.",
    503: "Not available for now; try again after Retry-After seconds.",
}


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """`responses` of an operation: 401, 403, 503 and these."""
    return {
        code: {"description": _WHY[code], "model": Problem, "content": {PROBLEM: {}}}
        for code in sorted({401, 403, 503, *codes})
    }
