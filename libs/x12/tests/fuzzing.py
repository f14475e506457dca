"""What must hold for any bytes at all, and how files are spoiled to try it."""

import io
import itertools
from datetime import datetime
from pathlib import Path

from cleanclaim.x12 import (
    CODE_KINDS,
    Checks,
    Envelope,
    Unreadable,
    acknowledge,
    parse,
    read,
    segments,
)
from cleanclaim.x12.command.check import Shown, check
from cleanclaim.x12.command.gathering import is_content
from cleanclaim.x12.command.outline import outline
from cleanclaim.x12.command.redact import redacted
from cleanclaim.x12.command.sources import Progress, SourceFile
from cleanclaim.x12.command.split import Splitter, Splitting
from cleanclaim.x12.command.stats import Stats

HERE = Path(__file__).parent
SEEDS = [path.read_bytes() for path in sorted((HERE.parent / "samples").glob("*.edi"))]
CORPUS = HERE / "corpus"
ANSWERED = Envelope(
    sender="US",
    receiver="THEM",
    interchange_control_number=1,
    group_control_number=1,
    prepared_at=datetime(2026, 1, 6, 8, 30),  # noqa: DTZ001 (an ISA has no zone)
)
EVERYTHING = Checks(situations=True, codes=dict.fromkeys(CODE_KINDS, ()))
LARGEST = 20_000  # bytes of one try
SMALL = 600  # so few bytes are given one by one


def judge(payload):
    """Assert all that holds for any bytes: nothing but `Unreadable` may come out of a reader."""
    try:
        document = parse(payload)
    except Unreadable:
        assert _refused(payload), "parse refuses what read takes"
        return False
    assert document.write() == payload, "write-back differs"
    assert "".join(one.lead + one.raw for one in segments(payload)).encode("latin-1") == payload
    _judge_stream(payload, document)
    _judge_checks(payload, document)
    _judge_answer(document)
    _judge_commands(payload)
    return True


def _refused(payload):
    try:
        list(read(payload))
    except Unreadable:
        return True
    return False


def _judge_stream(payload, document):
    whole = list(read(payload))
    for size in (1, 105) if len(payload) < SMALL else (64 + len(payload) % 64,):
        parts = [payload[at : at + size] for at in range(0, len(payload), size)]
        assert list(read(iter(parts))) == whole, f"another result in chunks of {size}"
    streamed = {f for item in whole for f in getattr(item, "findings", [])}
    assert streamed == set(document.findings), "stream and document find different faults"


def _judge_checks(payload, document):
    """SNIP 4 and 5 add their own findings and change none of the others."""
    found = parse(payload, checks=EVERYTHING).findings
    assert {one for one in found if one.snip <= 3} == set(document.findings)


def _judge_answer(document):
    answer = acknowledge(document, envelope=ANSWERED)
    if answer:
        assert parse(answer).findings == [], "the 999 is not valid itself"


def _judge_commands(payload):
    out = io.StringIO()
    source = SourceFile("f", io.BytesIO(payload), Progress(io.StringIO(), "f", 0))
    check(source, out, Shown())
    assert len(b"".join(redacted([payload], key=b"k"))) == len(payload)
    totals = Stats()
    for item in read(payload):
        totals.take(item)
        if is_content(item):
            list(outline(item))
    for splitting in (Splitting(claims=1), Splitting()):
        made = []
        Splitter(splitting, _opening(made), lambda _message: None).split([payload])
        for part in made:
            parse(part.payload)


class _Kept(io.BytesIO):
    def close(self):
        self.payload = self.getvalue()
        super().close()


def _opening(made):
    def opened(_number):
        made.append(_Kept())
        return made[-1]

    return opened


# spoiling

VALUES = [
    "", "0", "1", "-1", "99999999999999999999", "1.005", "-.5", "1E5", "ISA", "IEA", "GS", "SE",
    "A" * 300, "\u00d6", "20260230", "00000000", "00010101-99991231", "X:Y:Z", "^^", ":", "~", "*", " ", "\n",
    "\r\n", "\x00", "\x1d", "22", "23", "HC:99213:::::::::", "PR", "QC", "IL", "XX", "1770438210",
]  # fmt: skip
HEADERS = ["ISA", "GS", "ST", "SE", "GE", "IEA", "TA1", "HL", "CLM", "CLP", "LX", "SVC", "PLB"]


def mutated(payload, chance):
    """The payload with one to four faults; `chance` is a `random.Random`."""
    for _ in range(chance.randint(1, 4)):
        payload = chance.choice(WAYS)(payload, chance)[:LARGEST]
    return payload


def _lines(payload):
    return payload.split(b"~")


def _drop(payload, chance):
    lines = _lines(payload)
    del lines[chance.randrange(len(lines))]
    return b"~".join(lines)


def _twice(payload, chance):
    lines = _lines(payload)
    at = chance.randrange(len(lines))
    lines[at:at] = [lines[at]] * chance.choice([1, 1, 2, 30])
    return b"~".join(lines)


def _swap(payload, chance):
    lines = _lines(payload)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"~".join(lines)


def _element(payload, chance):
    lines = _lines(payload)
    at = chance.randrange(len(lines))
    elements = lines[at].split(b"*")
    place = chance.randrange(len(elements))
    value = chance.choice(VALUES)
    elements[place] = value.encode(chance.choice(["utf-8", "latin-1"]))
    lines[at] = b"*".join(elements)
    return b"~".join(lines)


def _rename(payload, chance):
    lines = _lines(payload)
    at = chance.randrange(len(lines))
    _, star, rest = lines[at].partition(b"*")
    lines[at] = chance.choice(HEADERS).encode() + star + rest
    return b"~".join(lines)


def _more_elements(payload, chance):
    lines = _lines(payload)
    lines[chance.randrange(len(lines))] += b"*A" * chance.choice([1, 5, 200])
    return b"~".join(lines)


def _marks(payload, chance):
    old = chance.choice([b"*", b":", b"~", b"^", b"~\n"])
    return payload.replace(old, bytes([chance.choice([*b"*:~^|>'\n\r\x1d\x1e\x1fA1 \xff"])]))


def _byte(payload, chance):
    at = chance.randrange(len(payload) + 1)
    return payload[:at] + bytes([chance.randrange(256)]) + payload[at + chance.randrange(2) :]


def _cut(payload, chance):
    return payload[: chance.randrange(len(payload) + 1)]


def _behead(payload, chance):
    return payload[chance.randrange(min(len(payload), 200) + 1) :]


def _splice(payload, chance):
    other = chance.choice(SEEDS)
    at, start = chance.randrange(len(payload) + 1), chance.randrange(len(other))
    return payload[:at] + other[start : start + chance.choice([20, 200, 2000])] + payload[at:]


def _join(payload, chance):
    return payload + chance.choice([b"", b"\n", b"footer\n", b"\x00"]) + chance.choice(SEEDS)


WAYS = [
    _drop, _twice, _swap, _element, _element, _element, _rename, _more_elements, _marks, _byte,
    _cut, _behead, _splice, _join,
]  # fmt: skip


def smaller(payload, fails):
    """The payload with as much taken out as still fails, segment by segment, then byte by byte."""
    for mark in (b"~", b""):
        pieces = payload.split(mark) if mark else [bytes([one]) for one in payload[:2000]]
        size = max(1, len(pieces) // 2)
        while size:
            for at in itertools.count(0, size):
                if at >= len(pieces):
                    break
                shorter = pieces[:at] + pieces[at + size :]
                if fails(mark.join(shorter)):
                    pieces = shorter
            size //= 2
        payload = mark.join(pieces) if mark else b"".join(pieces)
    return payload
