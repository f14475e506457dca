"""Opaque page tokens that stay right while rows are added."""

import base64
import binascii
import json
from typing import Annotated, Any

from fastapi import Query

from cleanclaim.values.errors import Invalid

Limit = Annotated[int, Query(ge=1, le=500, description="How many items at most.")]
PageToken = Annotated[
    str | None, Query(max_length=500, description="`next_page_token` of the page before.")
]


class PageTokenInvalid(Invalid):
    """The token was not made by this API."""


def page_token(position: list[Any]) -> str:
    """A token for the position after the last row of a page (JSON-able values)."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def position_of(token: str | None, length: int) -> list[Any] | None:
    """The position in a token, None for the first page.

    Raises:
        PageTokenInvalid: it is not one of ours.
    """
    if token is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError):
        position = None
    if not isinstance(position, list) or len(position) != length:
        raise PageTokenInvalid(
            "page_token is not one that this API made",
            pointer="/page_token",
            fix="send next_page_token of the page before, or leave it out",
        )
    return position
