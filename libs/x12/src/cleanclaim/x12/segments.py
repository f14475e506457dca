"""Bytes to segments: one pass, any delimiters, nothing lost, positions kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cleanclaim.x12.delimiters import LONGEST_HEADER, Delimiters, Header, read_header
from cleanclaim.x12.findings import Unreadable

Source = bytes | bytearray | memoryview | BinaryIO | Iterable[bytes]

CHUNK = 1 << 16
LONGEST_SEGMENT = 1 << 20  # a longer one is given out in pieces
ENDLESS = -2
BYTE_ORDER_MARK = "\xef\xbb\xbf"
WIDE_MARKS = ("\xff\xfe", "\xfe\xff")
LINE_BREAKS = "\r\n"
BLANKS = " \t\r\n\x00"


class Segment:
    """One segment as it stood: `elements[0]` is its id, `raw` its text with what follows it.

    `lead` holds bytes before it that belong to no segment (byte order mark, blanks, rubbish
    between interchanges); `ended` is False for a last segment without terminator.
    """

    __slots__ = (
        "delimiters",
        "elements",
        "ended",
        "header",
        "lead",
        "number",
        "offset",
        "raw",
        "text",
    )

    def __init__(self, raw: str, elements: list[str], delimiters: Delimiters, offset: int) -> None:
        self.raw = raw
        self.elements = elements
        self.delimiters = delimiters
        self.offset = offset
        self.text = ""  # the elements as one text, where it was at hand
        self.number = 0
        self.lead = ""
        self.ended = True
        self.header: Header | None = None

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


def segments(source: Source) -> Iterator[Segment]:
    """The segments of a file one by one, of any size; `lead` and `raw` of all are its bytes.

    Raises `Unreadable` when there is no ISA header at the start.
    """
    return iter(SegmentReader(source))


class SegmentReader:
    """Iterates the segments of a source; the text is Latin-1 so that one character is one byte."""

    def __init__(self, source: Source) -> None:
        self._chunks = _chunks(source)
        self._text = ""
        self._at = 0
        self._consumed = 0
        self._exhausted = False

    def __iter__(self) -> Iterator[Segment]:
        lead = self._opening()
        while True:
            header = read_header(self._text, self._at)
            yield self._header_segment(header, lead)
            yield from self._body(header.delimiters)
            found, lead = self._next_interchange()
            if not found:
                if lead.strip(BLANKS):
                    yield self._rubbish(lead)
                elif lead:
                    yield self._blank_tail(lead, header.delimiters)
                return

    def _fill(self, need: int) -> bool:
        """Have `need` more characters after the cursor, or all there are; True when had."""
        while len(self._text) - self._at < need and not self._exhausted:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._exhausted = True
                break
            self._consumed += self._at
            self._text = self._text[self._at :] + chunk.decode("latin-1")
            self._at = 0
        return len(self._text) - self._at >= need

    def _opening(self) -> str:
        self._fill(LONGEST_HEADER + CHUNK)
        text = self._text
        if text.startswith(WIDE_MARKS):
            raise Unreadable("the file is UTF-16: send it as ASCII, Latin-1 or UTF-8")
        start = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
        while start < len(text) and text[start] in BLANKS:
            start += 1
        read_header(text, start)
        self._at = start
        return text[:start]

    def _header_segment(self, header: Header, lead: str) -> Segment:
        self._fill(header.length + 2)
        offset = self._consumed + self._at
        end = self._past_line_breaks(self._at + header.length, header.delimiters.terminator)
        segment = Segment(
            self._text[self._at : end], list(header.elements), header.delimiters, offset
        )
        segment.header = header
        segment.lead = lead
        self._at = end
        return segment

    def _past_line_breaks(self, end: int, terminator: str) -> int:
        """Where the next segment starts: after a CR, LF or CRLF that only lays out the file."""
        follows = self._text[end : end + 2]
        if follows[:1] == "\r" and terminator != "\r":
            return end + 1 + (follows[1:] == "\n" and terminator != "\n")
        return end + (follows[:1] == "\n" and terminator != "\n")

    def _body(self, delimiters: Delimiters) -> Iterator[Segment]:
        """The segments up to and with IEA, or up to the next ISA, or to the end."""
        terminator = delimiters.terminator
        while True:
            end = self._find(terminator)
            if end == ENDLESS:
                yield self._piece(delimiters)
                continue
            if end < 0:
                yield from self._last(delimiters)
                return
            text = self._text[self._at : end]
            stripped = text.lstrip(BLANKS)
            if stripped.startswith("ISA" + delimiters.element) and self._starts_header(text):
                return
            offset = self._consumed + self._at
            after = self._past_line_breaks(end + 1, terminator)
            segment = _segment(self._text[self._at : after], stripped, delimiters, offset)
            self._at = after
            yield segment
            if segment.elements[0] == "IEA":
                return

    def _starts_header(self, text: str) -> bool:
        try:
            read_header(self._text, self._at + len(text) - len(text.lstrip(BLANKS)))
        except Unreadable:
            return False
        return True

    def _find(self, terminator: str) -> int:
        """The next terminator; also sees that a line break after it is in the buffer."""
        scanned = self._at
        while True:
            end = self._text.find(terminator, scanned)
            if end >= 0 and (self._exhausted or end + LONGEST_HEADER < len(self._text)):
                return end
            if self._exhausted:
                return end
            if len(self._text) - self._at > LONGEST_SEGMENT:
                return end if end >= 0 else ENDLESS
            behind = (end if end >= 0 else len(self._text)) - self._at
            self._fill(len(self._text) - self._at + CHUNK)
            scanned = self._at + behind

    def _piece(self, delimiters: Delimiters) -> Segment:
        """A part of a segment that has no end in sight: given out so that memory stays bounded."""
        offset = self._consumed + self._at
        text = self._text[self._at : self._at + LONGEST_SEGMENT]
        self._at += LONGEST_SEGMENT
        segment = _segment(text, text.lstrip(BLANKS), delimiters, offset)
        segment.ended = False
        return segment

    def _last(self, delimiters: Delimiters) -> Iterator[Segment]:
        text = self._text[self._at :]
        offset = self._consumed + self._at
        self._at = len(self._text)
        if not text:
            return
        if not text.strip(BLANKS):
            yield self._blank(text, delimiters, offset)
            return
        segment = _segment(text, text.strip(BLANKS), delimiters, offset)
        segment.ended = False
        yield segment

    def _next_interchange(self) -> tuple[bool, str]:
        """Look for another ISA; the text before it is returned as the lead."""
        start = self._at
        self._fill(LONGEST_HEADER + CHUNK)
        start = self._at
        while True:
            found = self._text.find("ISA", start)
            if found < 0 or found + LONGEST_HEADER > len(self._text):
                if not self._exhausted:
                    start -= self._at
                    self._fill(len(self._text) - self._at + CHUNK)
                    start += self._at
                    continue
                if found < 0:
                    lead = self._text[self._at :]
                    self._at = len(self._text)
                    return False, lead
            try:
                read_header(self._text, found)
            except Unreadable:
                start = found + 3
                continue
            lead, self._at = self._text[self._at : found], found
            return True, lead

    def _rubbish(self, lead: str) -> Segment:
        segment = Segment(lead, [""], Delimiters(), self._consumed + self._at - len(lead))
        segment.ended = False
        return segment

    def _blank_tail(self, text: str, delimiters: Delimiters) -> Segment:
        return self._blank(text, delimiters, self._consumed + self._at - len(text))

    def _blank(self, text: str, delimiters: Delimiters, offset: int) -> Segment:
        return Segment(text, [], delimiters, offset)


def _segment(raw: str, text: str, delimiters: Delimiters, offset: int) -> Segment:
    if not text.isascii():
        text = _letters(text)
    segment = Segment(raw, text.split(delimiters.element), delimiters, offset)
    segment.text = text
    return segment


def _letters(text: str) -> str:
    """Text above ASCII: UTF-8 where the bytes are UTF-8, else Latin-1; never a failure."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield bytes(source)
    elif hasattr(source, "read"):
        while chunk := source.read(CHUNK):
            yield chunk
    else:
        yield from source
