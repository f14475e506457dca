"""`make simulate`: as many seeds as you like, on all cores, with progress, to be gone on with."""

import argparse
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleanclaim.devstack.stack import Stack

from .lives import ENOUGH_FOR_EACH_KIND, Life, commit
from .runners import live_all
from .swarm import each_kind

SECONDS_BETWEEN_LINES = 30.0
"""Between two lines of progress where nobody watches a terminal."""


@dataclass(slots=True)
class Tally:
    """What came of the seeds so far."""

    seeds: range
    started_at: float
    done: set[int] = field(default_factory=set)
    failed: list[int] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    _next: int = 0

    def note(self, life: Life) -> None:
        self.done.add(life.seed)
        self.happened.update(life.happened)
        if life.trouble is not None:
            self.failed.append(life.seed)

    @property
    def goes_on_from(self) -> int:
        """The first seed that was not lived; all below it were."""
        self._next = max(self._next, self.seeds.start)
        while self._next in self.done:
            self._next += 1
        return self._next

    def line(self, now: float) -> str:
        """Seeds done, failures, rate, the expected end, and where to go on."""
        rate = len(self.done) / max(now - self.started_at, 0.001)
        left = len(self.seeds) - len(self.done)
        end = time.strftime("%H:%M", time.localtime(now + left / rate)) if rate else "unknown"
        return (
            f"{len(self.done):,} of {len(self.seeds):,} seeds, {len(self.failed)} failed,"
            f" {rate:.1f} a second, end about {end}; to go on later: FROM={self.goes_on_from}"
        )


class Progress:
    """One line that is written over on a terminal; elsewhere a new one now and then."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._told_at = 0.0

    def tell(self, tally: Tally) -> None:
        now = time.time()
        if self._terminal:
            if now - self._told_at >= 0.2:
                print(f"\r\033[K{tally.line(now)}", end="", file=sys.stderr, flush=True)
                self._told_at = now
        elif now - self._told_at >= SECONDS_BETWEEN_LINES:
            print(tally.line(now), file=sys.stderr, flush=True)
            self._told_at = now

    def aside(self, text: str) -> None:
        """Something to keep on the screen."""
        print(f"\r\033[K{text}" if self._terminal else text, flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Live the seeds; 1 where an invariant broke or a kind of fault never happened."""
    wish = _wish(words)
    # a shell lets what it starts in the background ignore the one, and schedulers send the other
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    seeds = range(wish.first, wish.first + wish.seeds)
    # its own server: the fault tests kill the one that other tests share
    with Stack.for_tests(runner="simulation", say=print).shared() as stack:
        tally = Tally(seeds, time.time())
        progress = Progress()
        progress.aside(
            f"{len(seeds):,} seeds from {wish.first} at {commit()}, {wish.runners} runners"
        )
        try:
            for life in live_all(stack, seeds, wish.runners):
                if life is not None:
                    tally.note(life)
                    if life.trouble is not None:
                        progress.aside(failure(life, in_full=len(seeds) == 1))
                progress.tell(tally)
        except KeyboardInterrupt:
            progress.aside(f"Stopped. {tally.line(time.time())}")
            return 130
    return verdict(tally, progress)


def failure(life: Life, *, in_full: bool) -> str:
    """Which seed failed at which commit, why, and the one command that lives it again."""
    return f"FAILED {life.again}\n  {life.report if in_full else life.trouble}"


def verdict(tally: Tally, progress: Progress) -> int:
    """What happened how often, and 1 where a seed failed or some kind never happened."""
    for kind in each_kind():
        progress.aside(f"{tally.happened[kind]:>10,}  {kind}")
    progress.aside(tally.line(time.time()))
    missing = [kind for kind in each_kind() if not tally.happened[kind]]
    if missing and len(tally.seeds) >= ENOUGH_FOR_EACH_KIND:
        progress.aside(f"FAILED: never happened: {'; '.join(missing)}")
        return 1
    if tally.failed:
        progress.aside(f"FAILED seeds: {', '.join(map(str, sorted(tally.failed)))}")
        return 1
    return 0


def _wish(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    cores = os.cpu_count() or 1
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=200, help="how many, one after the other")
    parser.add_argument("--runners", type=int, default=cores, help="processes, one for each core")
    wish = parser.parse_args(words)
    if wish.seeds < 1 or wish.runners < 1:
        parser.error("at least one seed and one runner")
    return wish


if __name__ == "__main__":
    sys.exit(main())
