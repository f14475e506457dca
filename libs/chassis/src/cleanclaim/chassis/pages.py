"""Opaque page tokens that stay right while rows are added."""

import base64
import binascii
import json
import zlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query

from cleanclaim.values.errors import Invalid

Limit = Annotated[int, Query(ge=1, le=500, description="How many items at most.")]
PAGE_TOKEN_LONGEST = 500
PageToken = Annotated[
    str | None,
    Query(
        max_length=PAGE_TOKEN_LONGEST,
        description="`next_page_token` of the page before.",
    ),
]


class PageTokenInvalid(Invalid):
    """The token was not made by this API."""


def page_token(position: list[Any]) -> str:
    """A token for the position after the last row of a page (JSON-able values)."""
    content = json.dumps(position, separators=(",", ":")).encode()
    # the checksum tells a token of ours from a made-up one before anything relies on it
    made = zlib.crc32(content).to_bytes(4, "big") + content
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def position_of(token: str | None, length: int) -> list[Any] | None:
    """The position in a token, None for the first page.

    Raises:
        PageTokenInvalid: it is not one of ours.
    """
    if token is None:
        return None
    try:
        made = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        genuine = zlib.crc32(made[4:]).to_bytes(4, "big") == made[:4]
        position = json.loads(made[4:]) if genuine else None
    except (binascii.Error, ValueError):
        position = None
    if not isinstance(position, list) or len(position) != length:
        raise _invalid()
    if not all(map(_is_storable, position)):
        raise _invalid()
    return position


def _is_storable(part: Any) -> bool:
    # what PostgreSQL can compare: eight bytes of number, text without NUL
    if isinstance(part, int):
        return -(2**63) <= part < 2**63
    return not isinstance(part, str) or "\0" not in part


def place_in(token: str | None, *readers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The place that a page token names, read by one reader for each part; None: the first page.

    Raises:
        PageTokenInvalid: the token was not made by this API.
    """
    parts = position_of(token, len(readers))
    if parts is None:
        return None
    try:
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))
    except (ValueError, TypeError, AttributeError):
        raise _invalid() from None


def _invalid() -> PageTokenInvalid:
    return PageTokenInvalid(
        "page_token is not one that this API made",
        pointer="/page_token",
        fix="send next_page_token of the page before, or leave it out",
    )
