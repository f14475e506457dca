"""HL numbering: from 1, one more each, under a level that stands above and has room for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cleanclaim.x12 import rules
from cleanclaim.x12.reporting import Place, Rule
from cleanclaim.x12.segments import Segment


class Hierarchy:
    """The open HL levels of a set; `above` is the guide's `levels`."""

    def __init__(self, above: Mapping[str, frozenset[str]]) -> None:
        self._above = above
        self._count = 0
        self._open: dict[str, tuple[str, str]] = {}  # level -> (number, child code)

    def take(self, segment: Segment) -> Iterator[tuple[Rule, str, Place]]:
        self._count += 1
        number, parent = segment.element(1), segment.element(2)
        level, child = segment.element(3), segment.element(4)
        if number != str(self._count):
            message = f"HL01 must be {self._count} here: number the HLs from 1 in each set"
            yield rules.HL_NUMBER, message, Place(1, data_element="628", value=number)
        upper = self._above.get(level, ())
        above = [self._open[name] for name in upper if name in self._open]
        if upper and parent not in [name for name, _ in above]:
            message = "HL02 must be the number of the HL it belongs to, of the level above"
            yield rules.HL_PARENT, message, Place(2, data_element="734", value=parent)
        elif above and above[0][1] == "0":
            message = "the HL above says in HL04 that it has no children: send 1 there"
            yield rules.HL_CHILD, message, Place(2, data_element="734", value=parent)
        above_it = self._all_above(level)
        self._open = {name: spot for name, spot in self._open.items() if name in above_it}
        self._open[level] = (number, child)

    def _all_above(self, level: str) -> set[str]:
        found: set[str] = set()
        for upper in self._above.get(level, ()):
            found |= {upper} | self._all_above(upper)
        return found
