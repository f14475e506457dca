"""The one error of the local stack: what went wrong and what to do, in words for a terminal."""

from pathlib import Path

TAIL_LINES = 20


class StackError(Exception):
    """A part of the local stack could not be started, stopped or found."""


def last_lines(log: Path, count: int = TAIL_LINES) -> str:
    """The end of a log, indented for a message; a sentence where there is none."""
    if not log.exists():
        return f"    (no log at {log})"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    if not lines:
        return f"    (nothing was written to {log})"
    return "\n".join(f"    {line}" for line in lines)
