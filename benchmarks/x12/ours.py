"""One job of our own codec on one file, as a process of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cleanclaim import x12


def claims(path: Path) -> str:
    """Stream, check and type every claim; nothing is kept."""
    return _streamed(path, x12.Checks())


def situations(path: Path) -> str:
    """The same with SNIP 4 and 5 on: situations, and every kind of code list looked up."""
    lists = dict.fromkeys(x12.CODE_KINDS, _Anything())
    return _streamed(path, x12.Checks(situations=True, codes=lists))


class _Anything:
    """A code list that knows every code, for what is measured is the looking up."""

    def __contains__(self, _code: object) -> bool:
        return True


def _streamed(path: Path, checks: x12.Checks) -> str:
    claims = lines = findings = 0
    with path.open("rb") as file:
        for item in x12.read(file, checks=checks):
            if hasattr(item, "lines"):
                claims += 1
                lines += len(item.lines)
            findings += len(getattr(item, "findings", ()))
    return f"claims={claims} lines={lines} findings={findings}"


def segments(path: Path) -> str:
    with path.open("rb") as file:
        return f"segments={sum(1 for _ in x12.segments(file))}"


def document(path: Path) -> str:
    held = x12.parse(path.read_bytes())
    return f"claims={len(held.claims)} findings={len(held.findings)}"


def write(path: Path) -> str:
    payload = path.read_bytes()
    return f"same={x12.parse(payload).write() == payload}"


def answer(path: Path) -> str:
    """Parse and answer by a 999; the share is of the parse in this same process."""
    payload = path.read_bytes()
    begun = time.process_time()
    held = x12.parse(payload)
    read = time.process_time()
    written = x12.acknowledge(held, envelope=_envelope())
    share = (time.process_time() - read) / (read - begun)
    return f"bytes={len(written)} the 999 takes {share:.2%} of its parse"


def _envelope() -> x12.Envelope:
    return x12.Envelope(
        sender="RECEIVER01",
        receiver="SUBMITTER01",
        interchange_control_number=1,
        group_control_number=1,
        prepared_at=datetime(2026, 1, 6, 8, 30),  # noqa: DTZ001 (an ISA has no time zone)
    )


JOBS: dict[str, Callable[[Path], str]] = {
    "claims": claims,
    "segments": segments,
    "document": document,
    "write": write,
    "answer": answer,
    "situations": situations,
}

if __name__ == "__main__":
    print(JOBS[sys.argv[1]](Path(sys.argv[2])))
