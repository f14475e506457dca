"""The commands hold a claim, a part or a finding at a time, whatever the size of the file."""

import io
import tracemalloc

import pytest

from cleanclaim.x12 import build_837p
from cleanclaim.x12.command.ack import Answering, answers
from cleanclaim.x12.command.check import Shown, check
from cleanclaim.x12.command.redact import redacted
from cleanclaim.x12.command.show import Wanted, show
from cleanclaim.x12.command.sources import Progress, SourceFile
from cleanclaim.x12.command.split import Splitter, Splitting
from cleanclaim.x12.command.stats import stats

from .builders import a_claim, an_envelope

FILE = build_837p([a_claim(f"PCN{n}") for n in range(2)], envelope=an_envelope(), reference="B1")
BODY = FILE[FILE.index(b"CLM*PCN0") : FILE.index(b"CLM*PCN1")]
AT = an_envelope().prepared_at


class LongPipe(io.RawIOBase):
    """A pipe that brings a file of so many claims without ever holding it."""

    def __init__(self, claims):
        self.parts = iter([FILE[: FILE.index(b"CLM*PCN0")], *[BODY * 20] * (claims // 20)])

    def seekable(self):
        return False

    def read(self, _size=-1):
        return next(self.parts, b"")


class Nowhere(io.StringIO):
    def write(self, text):
        return len(text)


class Vanishing(io.BytesIO):
    def write(self, payload):
        return len(payload)


def source(claims):
    return SourceFile("a pipe", LongPipe(claims), Progress(Nowhere(), "a pipe", 0))


def used_up(pieces):
    for _ in pieces:
        pass


COMMANDS = {
    "check": lambda claims: check(source(claims), Nowhere(), Shown()),
    "show": lambda claims: show(source(claims), Nowhere(), Wanted(), as_json=False),
    "stats": lambda claims: stats(source(claims), Nowhere(), as_json=False),
    "ack": lambda claims: used_up(answers(source(claims).chunks(), Answering(prepared_at=AT))),
    "redact": lambda claims: used_up(redacted(source(claims).chunks(), key=b"k")),
    "split": lambda claims: Splitter(
        Splitting(claims=50), lambda _number: Vanishing(), lambda _message: None
    ).split(source(claims).chunks()),
}


def peak(command, claims):
    tracemalloc.start()
    try:
        command(claims)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_needs_no_more_memory_for_a_longer_file(command):
    command(20)  # guides and patterns are made once
    few, many = peak(command, 200), peak(command, 800)
    assert many < few * 1.6 + 1_000_000
