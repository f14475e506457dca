"""What is said to someone whose token does not hold; never a piece of the token itself."""

from http import HTTPStatus
from typing import ClassVar


class Unauthenticated(Exception):  # noqa: N818 - read as `except Unauthenticated`, like the kinds
    """No token, or one that does not verify: HTTP 401.

    It stands beside the kinds of `values`, since no domain ever raises it. `code` is stable;
    `message` names the rule and never quotes the token.
    """

    kind: ClassVar[str] = "unauthenticated"
    status: ClassVar[int] = HTTPStatus.UNAUTHORIZED

    def __init__(self, message: str, *, code: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.fix = fix

    @property
    def www_authenticate(self) -> str:
        """The challenge of RFC 6750 section 3; without a token it carries no error code."""
        if self.code == "token_missing":
            return 'Bearer realm="cleanclaim"'
        return f'Bearer realm="cleanclaim", error="invalid_token", error_description="{self.code}"'


def token_missing() -> Unauthenticated:
    return Unauthenticated(
        "The request carries no bearer token.",
        code="token_missing",
        fix="Send the header 'Authorization: Bearer <token>'.",
    )


def token_malformed() -> Unauthenticated:
    return Unauthenticated(
        "The bearer token is not a signed JWT in compact form.",
        code="token_malformed",
        fix="Ask the issuer for a JWT access token and send it unchanged.",
    )
