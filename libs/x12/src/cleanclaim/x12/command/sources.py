"""Files as they are read: of any size, with progress on a terminal, and looked at again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

CHUNK = 1 << 18
REMEMBERED = 1 << 22  # of what cannot be read twice, the last four megabytes are kept
TOLD_FROM = 1 << 22  # a smaller file is done before a line about it is read
STANDARD_INPUT = "-"


class Unopened(Exception):  # noqa: N818 (named for the trouble)
    """A file that cannot be opened or read; says which and why."""


class Progress:
    """One line on a terminal that says how far a big file has come."""

    def __init__(self, stream: TextIO, name: str, total: int) -> None:
        self.stream, self.name, self.total = stream, name, total
        self.done = 0
        self.told = -1
        self.shown = total >= TOLD_FROM and stream.isatty()

    def advance(self, size: int) -> None:
        self.done += size
        percent = self.done * 100 // max(self.total, 1)
        if self.shown and percent != self.told:
            self.told = percent
            self.stream.write(f"\r{self.name}: {percent:3d} % of {self.total / 1e6:,.0f} MB")
            self.stream.flush()

    def end(self) -> None:
        if self.shown and self.told >= 0:
            self.stream.write("\r" + " " * (len(self.name) + 32) + "\r")
            self.stream.flush()


class SourceFile:
    """One named file, read once from front to end; `look` reads again what a finding points at."""

    def __init__(self, name: str, stream: BinaryIO, progress: Progress) -> None:
        self.name = name
        self._stream = stream
        self._progress = progress
        self._tail = bytearray()
        self._tail_at = 0
        self._again = stream.seekable()
        self.size = 0

    def chunks(self) -> Iterator[bytes]:
        """The file in order, whatever else is read in between."""
        at = 0
        while True:
            if self._again:
                self._stream.seek(at)
            try:
                chunk = self._stream.read(CHUNK)
            except OSError as error:
                raise Unopened(f"{self.name}: {error.strerror or error}") from error
            if not chunk:
                self._progress.end()
                return
            at += len(chunk)
            self.size = at
            self._progress.advance(len(chunk))
            if not self._again:
                self._remember(chunk)
            yield chunk

    def _remember(self, chunk: bytes) -> None:
        self._tail += chunk
        surplus = len(self._tail) - REMEMBERED
        if surplus > CHUNK:
            del self._tail[:surplus]
            self._tail_at += surplus

    def look(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`; b"" where a pipe has gone too far on."""
        if self._again:
            self._stream.seek(offset)
            return self._stream.read(length)
        start = offset - self._tail_at
        return bytes(self._tail[start : start + length]) if start >= 0 else b""


@contextmanager
def opened(name: str, errors: TextIO) -> Iterator[SourceFile]:
    """Open a file, or standard input for `-`. Raises `Unopened` where there is nothing to read."""
    if name == STANDARD_INPUT:
        yield SourceFile("<stdin>", sys.stdin.buffer, Progress(errors, "<stdin>", 0))
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise Unopened(f"{name}: {error.strerror or error}") from error
    with stream:
        total = os.fstat(stream.fileno()).st_size
        yield SourceFile(name, stream, Progress(errors, Path(name).name, total))
