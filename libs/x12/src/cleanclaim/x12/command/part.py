"""The new files of a split: each one interchange with one group, its counts right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cleanclaim.x12 import Segment

BLANKS = "\ufeff\xef\xbb\xbf \t\r\n\x00"


class Opened(Protocol):
    """A file that is being written."""

    def write(self, payload: bytes, /) -> object: ...

    def close(self) -> None: ...


class PartWriter:
    """Writes one new file after another; `opened(number)` opens each, numbers begin at 1."""

    def __init__(
        self,
        opened: Callable[[int], Opened],
        control_number: int | None,
    ) -> None:
        self._opened = opened
        self._first = control_number
        self._used = 0  # the control number that was given last, 0 for none
        self.parts = 0
        self._file: Opened | None = None
        self._isa: Segment | None = None
        self._gs: Segment | None = None
        self._sets = self._count = 0

    def open(self, isa: Segment, gs: Segment | None) -> None:
        """Begin the next file with the envelopes of the old one and a control number of its own."""
        self.close()
        self.parts += 1
        self._file = self._opened(self.parts)
        self._isa, self._gs, self._sets = isa, gs, 0
        self._file.write(self._header(isa).encode("latin-1"))
        if gs is not None:
            self._put(_whole(gs, self._break))

    def start_set(self, segment: Segment) -> None:
        self._sets += 1
        self._count = 0
        self.segment(segment)

    def segment(self, segment: Segment) -> None:
        self.text(_whole(segment, self._break))

    def elements(self, *elements: str) -> None:
        """Write a segment anew, laid out as the others are."""
        marks = self._isa.delimiters if self._isa else None
        if marks is not None:
            text = marks.element.join(elements).encode().decode("latin-1")
            self.text(text + marks.terminator + self._break)

    def text(self, text: str) -> None:
        self._count += 1
        self._put(text)

    def end_set(self, control_number: str | None) -> None:
        """Write the SE with the count as it is now; None for a set that came without SE."""
        if control_number is not None:
            self.elements("SE", str(self._count + 1), control_number)

    def close(self) -> None:
        if self._file is None or self._isa is None:
            return
        if self._gs is not None:
            self.elements("GE", str(self._sets), self._gs.element(6))
        groups = "1" if self._gs is not None else "0"
        self.elements("IEA", groups, f"{self._used:09d}")
        self._file.close()
        self._file = None

    def discard(self) -> None:
        """Close what is open as it stands: something went wrong."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _header(self, isa: Segment) -> str:
        own = isa.element(13)
        start = int(own) if own.isascii() and own.isdigit() else 1
        if self._used == 0:
            self._used = start if self._first is None else self._first
        else:
            self._used += 1
        elements = [*isa.elements[:13], f"{self._used:09d}", *isa.elements[14:]]
        return isa.delimiters.element.join(elements) + isa.delimiters.terminator + self._break

    @property
    def _break(self) -> str:
        """The line break that lays the file out, "" where it has none."""
        if self._isa is None or self._isa.header is None:
            return ""
        return self._isa.raw[self._isa.header.length :]

    def _put(self, text: str) -> None:
        if self._file is not None:
            self._file.write(text.encode("latin-1"))


def _whole(segment: Segment, line_break: str) -> str:
    """The segment as it stood; one that the end of the file cut off gets its terminator."""
    text = segment.raw.lstrip(BLANKS)
    return (
        text if segment.ended else text.rstrip(BLANKS) + segment.delimiters.terminator + line_break
    )
