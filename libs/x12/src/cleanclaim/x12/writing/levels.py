"""HL levels as they are written: numbered from 1, each under its parent, neighbours together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from cleanclaim.x12.writer import Builder, Written

Member = TypeVar("Member")


class Levels:
    """Numbers the HLs of one set."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.count = 0

    def level(self, parent: int, code: str, child: str) -> tuple[int, Written]:
        """The number of a new level and its HL; `child` is HL04, "" where it is not used."""
        self.count += 1
        above = str(parent) if parent else ""
        return self.count, ["HL", str(self.count), above, code, child]

    def write(self, parent: int, code: str, child: str) -> int:
        """The same, written at once."""
        number, segment = self.level(parent, code, child)
        self.builder.segment(*segment)
        return number


def runs(members: Sequence[Member], key: Callable[[Member], object]) -> Iterator[list[Member]]:
    """Neighbours that agree in `key`, compared by equality (the objects have no hash)."""
    run: list[Member] = []
    for member in members:
        if run and key(member) != key(run[0]):
            yield run
            run = []
        run.append(member)
    if run:
        yield run
