"""One segment as it stood in its file, and a run of segments that need no second look."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cleanclaim.x12.delimiters import Delimiters, Header


class Segment(msgspec.Struct, eq=False):
    """One segment as it stood: `elements[0]` is its id, `raw` its text with what follows it.

    `lead` holds bytes before it that belong to no segment (byte order mark, blanks, rubbish
    between interchanges); `ended` is False for a last segment without terminator. `length` are its
    bytes with all that follows it. A stream keeps no `raw`.
    """

    elements: list[str]
    delimiters: Delimiters
    offset: int = 0
    length: int = 0
    text: str = ""  # the elements as one text, where it was at hand
    number: int = 0
    raw: str = ""
    lead: str = ""
    ended: bool = True
    header: Header | None = None

    @property
    def segment_id(self) -> str:
        return self.elements[0]

    def element(self, position: int) -> str:
        """The text of an element, "" when it is absent; element 1 follows the segment id."""
        return self.elements[position] if position < len(self.elements) else ""

    def components(self, position: int) -> list[str]:
        text = self.element(position)
        return text.split(self.delimiters.component) if text else []

    def component(self, position: int, part: int) -> str:
        parts = self.components(position)
        return parts[part - 1] if part <= len(parts) else ""

    def repetitions(self, position: int) -> list[str]:
        text = self.element(position)
        if not text:
            return []
        return text.split(self.delimiters.repetition) if self.delimiters.repetition else [text]

    def __repr__(self) -> str:
        return f"Segment({self.elements[0] if self.elements else ''}, byte {self.offset})"


class Run(msgspec.Struct, eq=False):
    """Segments that follow each other in an even layout: `cut` ends each, no blank leads one.

    Neither ISA nor IEA is among them; `texts` stand without their `cut`.
    """

    texts: list[str]
    cut: str
    delimiters: Delimiters
    offset: int
    is_ascii: bool

    def segment(self, index: int, offset: int) -> Segment:
        """The segment `index`, which starts at byte `offset`."""
        text = self.texts[index]
        return segment_of(text + self.cut, text, self.delimiters, offset)

    def __iter__(self) -> Iterator[Segment]:
        offset = self.offset
        for index, text in enumerate(self.texts):
            yield self.segment(index, offset)
            offset += len(text) + len(self.cut)


def segment_of(raw: str, text: str, delimiters: Delimiters, offset: int) -> Segment:
    """A segment from its bytes (as Latin-1) and its text without blanks and terminator."""
    if not text.isascii():
        text = letters(text)
    elements = text.split(delimiters.element)
    return Segment(elements, delimiters, offset, len(raw), text, raw=raw)


def letters(text: str) -> str:
    """Text above ASCII: UTF-8 where the bytes are UTF-8, else Latin-1; never a failure."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
