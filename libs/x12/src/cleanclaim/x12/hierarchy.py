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
        self._over: dict[str, set[str]] = {}
        self._open: dict[str, tuple[str, str]] = {}  # level -> (number, child code)

    def fits(self, elements: list[str]) -> bool:
        """True when an HL of four elements has nothing to complain of."""
        if len(elements) != 5 or elements[1] != str(self._count + 1):
            return False
        upper = self._above.get(elements[3], frozenset())
        if not upper:
            return True
        above = [self._open[name] for name in upper if name in self._open]
        return len(above) == 1 and above[0] == (elements[2], "1")

    def enter(self, elements: list[str]) -> None:
        """Go down to the level of an HL that fits."""
        self._count += 1
        level = elements[3]
        above_it = self._all_above(level)
        for name in [name for name in self._open if name not in above_it]:
            del self._open[name]
        self._open[level] = (elements[1], elements[4])

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
        known = self._over.get(level)
        if known is None:
            known = self._over[level] = self._climb(level, set())
        return known

    def _climb(self, level: str, seen: set[str]) -> set[str]:
        for upper in self._above.get(level, frozenset()) - seen:
            seen.add(upper)
            self._climb(upper, seen)
        return seen
