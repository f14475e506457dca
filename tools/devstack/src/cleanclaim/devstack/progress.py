"""Steps as plain lines with their seconds, for a terminal or a file alike."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]


def say_to_stderr(line: str) -> None:
    """Progress goes beside the answer, so that `env` and `token` can be read by a shell."""
    print(line, file=sys.stderr, flush=True)


def silent(_line: str) -> None:
    """For tests and callers that want no lines."""


@contextmanager
def step(say: Say, name: str, doing: str) -> Iterator[None]:
    """Say what begins, then that it is done and how long it took, or that it failed."""
    began = time.monotonic()
    say(f"{name:<20} {doing}")
    try:
        yield
    except BaseException:
        say(f"{name:<20} failed after {time.monotonic() - began:.1f} s")
        raise
    say(f"{name:<20} done in {time.monotonic() - began:.1f} s")
