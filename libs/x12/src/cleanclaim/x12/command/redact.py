"""`redact`: a file of the same shape with invented people, to show to somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleanclaim.x12 import Segment, segments
from cleanclaim.x12.command.invention import Inventor
from cleanclaim.x12.command.privacy import Kind, changed

BLANKS = "\ufeff\xef\xbb\xbf \t\r\n\x00"


def redacted(chunks: Iterable[bytes], *, key: bytes) -> Iterator[bytes]:
    """The file piece by piece with every personal value replaced; memory bounded by a segment.

    The same value becomes the same value under the same key, in this file and in others, so an 837
    and its 835 still belong together. Raises `Unreadable` when it is no X12 at all.
    """
    redaction = Redaction(key)
    for segment in segments(chunks):
        yield redaction.segment(segment).encode("latin-1")


class Redaction:
    """Replaces the personal values of segments; knows the year of the interchange for ages."""

    def __init__(self, key: bytes) -> None:
        self._inventor = Inventor(key)
        self._year = 2000

    def segment(self, segment: Segment) -> str:
        """The segment's bytes as Latin-1 text, what stood before it included."""
        year = segment.elements[9][:2] if segment.header is not None else ""
        if year.isascii() and year.isdigit():
            self._year = 2000 + int(year)
        return self._lead(segment.lead) + changed(segment, self._change)

    def _lead(self, text: str) -> str:
        return text if not text.strip(BLANKS) else self._inventor.words(text)

    def _change(self, kind: Kind, text: str) -> str:
        if kind is Kind.KEPT:
            return text
        if kind is Kind.BIRTH:
            return self._inventor.birth(text, self._year)
        if kind is Kind.WORDS:
            return self._inventor.words(text)
        if kind is Kind.CONTACT:
            return self._inventor.contact(text)
        return self._inventor.identifier(text)
