"""Lives one seed after another and keeps what is to be told of each."""

import subprocess
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .clockwork import Crash
from .swarm import each_kind
from .world import Parts, World

ENOUGH_FOR_EACH_KIND = 30
"""Seeds after which each kind of fault must have happened."""


@dataclass(frozen=True, slots=True)
class Life:
    """What came of one seed: `trouble` is None where every invariant held."""

    seed: int
    trace: str
    happened: Counter[str]
    trouble: str | None = None
    report: str = ""

    @property
    def again(self) -> str:
        """The seed, the commit and the one command that lives it again."""
        return f"seed={self.seed} commit={commit()}; again: make simulate SEED={self.seed}"


async def lived(stage: Any, seed: int, parts: Parts | None = None) -> Life:
    """Live one seed; what went wrong is told, not raised."""
    databases, admin = stage
    world = World(seed, databases, admin, parts or Parts())
    try:
        trace = await world.run()
    except (Exception, Crash) as error:  # noqa: BLE001 - whatever goes wrong is the seed's news
        told = f"{type(error).__name__}: {error}"
        return Life(seed, world.clockwork.trace, world.happened, told, traceback.format_exc())
    return Life(seed, trace, world.happened)


def never_happened(lives: Iterable[Life]) -> list[str]:
    """The kinds of faults that none of these lives had."""
    happened: Counter[str] = Counter()
    for life in lives:
        happened.update(life.happened)
    return [kind for kind in each_kind() if not happened[kind]]


def commit() -> str:
    """The commit of the working tree, and whether it was changed since."""
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
