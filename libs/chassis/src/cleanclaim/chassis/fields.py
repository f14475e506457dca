"""What days, instants and texts of a request must look like, the same at every door."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from cleanclaim.values.cents import PLAUSIBLE_CENTS
from cleanclaim.values.errors import Invalid

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", re.ASCII)
_FIRST_DAY = date(1800, 1, 1)
_FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)
_LAST_INSTANT = datetime(2200, 1, 1, tzinfo=UTC)
# what a careful look is worth: an escaped NUL or half of a surrogate pair
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TextUnstorable(Invalid):
    """A text holds a character that no text in a database can hold."""


def _written_as_day(value: Any) -> Any:
    # pydantic would take a number, or a number in quotes, for seconds since 1970
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("date_parsing", "a day is written YYYY-MM-DD")
    if not isinstance(value, str | date):
        raise PydanticCustomError("date_type", "a day is a string, written YYYY-MM-DD")
    return value


def _a_day_of_ours(day: date) -> date:
    if day < _FIRST_DAY:
        raise PydanticCustomError("date_too_early", "a day is 1800-01-01 or later")
    return day


def _written_as_instant(value: Any) -> Any:
    if isinstance(value, str) and not _INSTANT.match(value):
        raise PydanticCustomError("datetime_parsing", "an instant is written YYYY-MM-DDThh:mm:ssZ")
    if not isinstance(value, str | datetime):
        raise PydanticCustomError(
            "datetime_type", "an instant is a string, written YYYY-MM-DDThh:mm:ssZ"
        )
    return value


def _an_instant_of_ours(instant: datetime) -> datetime:
    if not _FIRST_INSTANT <= instant < _LAST_INSTANT:
        raise PydanticCustomError("datetime_out_of_range", "an instant lies from 1900 to 2199")
    return instant


Day = Annotated[
    date, Field(strict=False), BeforeValidator(_written_as_day), AfterValidator(_a_day_of_ours)
]
"""A calendar day, `YYYY-MM-DD` and nothing else."""
Instant = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_written_as_instant),
    AfterValidator(_an_instant_of_ours),
]
"""An instant with its offset from UTC; a local time without one says nothing."""
Amount = Annotated[int, Field(ge=-PLAUSIBLE_CENTS, le=PLAUSIBLE_CENTS, description="Whole cents.")]
"""A charge, a payment or a deposit, negative where it takes back."""


async def refuse_unstorable_text(request: Request) -> None:
    """Raise TextUnstorable for NUL characters and lone surrogates, by the place of the first."""
    for name, value in (*request.query_params.multi_items(), *request.path_params.items()):
        if _UNSTORABLE.search(str(value)):
            raise _unstorable(f"/{name}")
    if "json" not in request.headers.get("content-type", ""):
        return
    body = await request.body()
    if _SUSPICIOUS.search(body):
        for place in _bad_places(json.loads(body), ""):
            raise _unstorable(place)


def _bad_places(content: Any, place: str) -> Iterator[str]:
    if isinstance(content, str) and _UNSTORABLE.search(content):
        yield place
    elif isinstance(content, list):
        for number, item in enumerate(content):
            yield from _bad_places(item, f"{place}/{number}")
    elif isinstance(content, dict):
        for name, item in content.items():
            if _UNSTORABLE.search(name):
                yield place
            yield from _bad_places(item, f"{place}/{name}")


def _unstorable(place: str) -> TextUnstorable:
    return TextUnstorable(
        "a text holds a NUL character or half of a surrogate pair",
        pointer=place,
        fix="send text as plain Unicode",
    )
