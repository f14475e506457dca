"""BAI2 text as logical records: physical lines joined with their continuations (88)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTINUATION = "88"
NO_CODE = "??"
"""Of a line that begins with no record code."""
_CODE = re.compile(r"[0-9]{2}")
_BREAK = "\x1f"
"""Stands where one physical record ended and the next went on."""


@dataclass(frozen=True, slots=True)
class Record:
    """One logical record: its code, the line it begins on, how many physical records it takes."""

    line: int
    code: str
    content: str
    physical_count: int

    def fields(self) -> "Fields":
        return Fields(self.content)


class Fields:
    """A record's fields, taken from left to right; what the record leaves out reads as empty."""

    def __init__(self, content: str) -> None:
        self._rest: str | None = content

    @property
    def empty(self) -> bool:
        return self._rest is None

    def take(self) -> str:
        """The next field; a continuation ends a field as a comma does."""
        if self._rest is None:
            return ""
        ends = [at for at in (self._rest.find(","), self._rest.find(_BREAK)) if at >= 0]
        if not ends:
            found, self._rest = self._rest, None
        else:
            found, self._rest = self._rest[: min(ends)], self._rest[min(ends) + 1 :]
        return found.strip()

    def text_lines(self) -> tuple[str, ...]:
        """All that is left, as text: commas are part of it, continuations begin a line.

        The text ends with its physical record, not with a slash; many banks write one all the
        same, so a last one is taken off.
        """
        rest, self._rest = self._rest or "", None
        lines = (line.strip().removesuffix("/") for line in rest.split(_BREAK))
        return tuple(line for line in lines if line)


def logical_records(text: str) -> Iterator[Record]:
    """Each logical record of a file, in order; blank lines are passed over."""
    current: Record | None = None
    for line, physical in _physical_records(text):
        code, _, content = physical.partition(",")
        if code.rstrip("/") == CONTINUATION and current is not None:
            current = Record(
                current.line,
                current.code,
                current.content + _BREAK + _without_terminator(content),
                current.physical_count + 1,
            )
            continue
        if current is not None:
            yield current
        current = Record(line, _code(code), _without_terminator(content), 1)
    if current is not None:
        yield current


def _physical_records(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped:
            yield number, stripped


def _code(text: str) -> str:
    # findings name the code: a line that begins otherwise may be anything, a person's name too
    code = text.rstrip("/")
    return code if _CODE.fullmatch(code) else NO_CODE


def _without_terminator(content: str) -> str:
    return content.removesuffix("/")
