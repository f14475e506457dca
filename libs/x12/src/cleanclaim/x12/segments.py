"""Bytes to segments: one pass, any delimiters, nothing lost, positions kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cleanclaim.x12.delimiters import LONGEST_HEADER, Delimiters, Header, read_header
from cleanclaim.x12.findings import Unreadable
from cleanclaim.x12.segment import Run, Segment, segment_of

__all__ = ["Run", "Segment", "SegmentReader", "Source", "segments"]

Source = bytes | bytearray | memoryview | BinaryIO | Iterable[bytes]

CHUNK = 1 << 16
LONGEST_RUN = 1 << 14
LONGEST_SEGMENT = 1 << 20  # a longer one is given out in pieces
ENDLESS = -2
BYTE_ORDER_MARK = "\xef\xbb\xbf"
WIDE_MARKS = ("\xff\xfe", "\xfe\xff")
LINE_BREAKS = "\r\n"
BLANKS = " \t\r\n\x00"


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
        for item in self.runs():
            if isinstance(item, Segment):
                yield item
            else:
                yield from item

    def runs(self) -> Iterator[Segment | Run]:
        """The same, with neighbours of an even layout together."""
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
        have = len(self._text) - self._at
        if have >= need or self._exhausted:
            return have >= need
        parts = [self._text[self._at :]]
        while have < need:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._exhausted = True
                break
            parts.append(chunk.decode("latin-1"))
            have += len(chunk)
        self._consumed += self._at
        self._text, self._at = "".join(parts), 0
        return have >= need

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
        raw = self._text[self._at : end]
        segment = Segment(list(header.elements), header.delimiters, offset, len(raw), raw=raw)
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

    def _body(self, delimiters: Delimiters) -> Iterator[Segment | Run]:
        """The segments up to and with IEA, or up to the next ISA, or to the end."""
        terminator = delimiters.terminator
        while True:
            if (run := self._run(delimiters)) is not None:
                yield run
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
            segment = segment_of(self._text[self._at : after], stripped, delimiters, offset)
            self._at = after
            yield segment
            if segment.elements[0] == "IEA":
                return

    def _run(self, delimiters: Delimiters) -> Run | None:
        """The run that starts here; None where the next segment wants a look of its own."""
        self._fill(LONGEST_RUN + LONGEST_HEADER)
        text, start, terminator = self._text, self._at, delimiters.terminator
        first = text.find(terminator, start, start + LONGEST_RUN) + 1
        if not first or text[start] in BLANKS:
            return None
        cut = text[first - 1 : self._past_line_breaks(first, terminator)]
        # The bytes after the last cut must be seen, for a line break among them belongs to it.
        limit = min(start + LONGEST_RUN, len(text) - LONGEST_HEADER)
        end = text.rfind(cut, start, limit)
        while end > start and (stray := self._stray(start, end, cut, delimiters)) >= 0:
            end = text.rfind(cut, start, stray)
        if end <= start:
            return None
        whole = text[start:end]
        offset = self._consumed + start
        self._at = end + len(cut)
        return Run(whole.split(cut), cut, delimiters, offset, whole.isascii())

    def _stray(self, start: int, end: int, cut: str, delimiters: Delimiters) -> int:
        """The cut after which the layout is uneven or an envelope segment begins; -1 for none.

        The segment before it is left out too: a line break may belong to it.
        """
        text, after = self._text, end + len(cut) + 4
        marks = [cut + name + delimiters.element for name in ("IEA", "ISA")]
        marks += [cut + blank for blank in BLANKS]
        # A mark past `end` says nothing of this run, and going back to it would go on for ever.
        found = [at for mark in marks if 0 <= (at := text.find(mark, start, after)) <= end]
        if cut != delimiters.terminator:
            found += self._uneven(start, end, cut, delimiters.terminator)
        if text.startswith(("IEA" + delimiters.element, "ISA" + delimiters.element), start):
            found.append(start)
        return min(found, default=-1)

    def _uneven(self, start: int, end: int, cut: str, terminator: str) -> list[int]:
        """The first terminator without the line break that the others have."""
        text = self._text
        if text.count(terminator, start, end) == text.count(cut, start, end):
            return []
        at = text.find(terminator, start, end)
        while text.startswith(cut, at):
            at = text.find(terminator, at + len(cut), end)
        return [at]

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
        segment = segment_of(text, text.lstrip(BLANKS), delimiters, offset)
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
        segment = segment_of(text, text.strip(BLANKS), delimiters, offset)
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
        offset = self._consumed + self._at - len(lead)
        segment = Segment([""], Delimiters(), offset, len(lead), raw=lead)
        segment.ended = False
        return segment

    def _blank_tail(self, text: str, delimiters: Delimiters) -> Segment:
        return self._blank(text, delimiters, self._consumed + self._at - len(text))

    def _blank(self, text: str, delimiters: Delimiters, offset: int) -> Segment:
        return Segment([], delimiters, offset, len(text), raw=text)


def _chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        view = memoryview(source)
        for start in range(0, len(view), CHUNK):
            yield bytes(view[start : start + CHUNK])
    elif hasattr(source, "read"):
        while chunk := source.read(CHUNK):
            yield chunk
    else:
        yield from source
