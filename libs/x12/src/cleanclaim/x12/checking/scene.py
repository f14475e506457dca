"""What stood around a claim: its segments with their loops, those above it, and how to ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from cleanclaim.x12.amounts import cents_of
from cleanclaim.x12.reporting import WHOLE, Place, Rule
from cleanclaim.x12.segment import Segment


class Seen(NamedTuple):
    """A segment with its loop and the path to it."""

    loop: str
    path: str
    segment: Segment

    def text(self, element: int) -> str:
        return self.segment.element(element)

    def part(self, element: int, component: int) -> str:
        return self.segment.component(element, component)

    def cents(self, element: int) -> int:
        """An amount; 0 where it is absent or cannot be read, which is told elsewhere."""
        return cents_of(self.segment.element(element)) or 0


class Complaint(NamedTuple):
    """What is wrong, and at which segment."""

    rule: Rule
    message: str
    seen: Seen
    place: Place = WHOLE


class Scene(msgspec.Struct):
    """One claim: `above` holds the loops it stands in (heads of the set too), `inside` its own."""

    above: list[Seen] = msgspec.field(default_factory=list)
    inside: list[Seen] = msgspec.field(default_factory=list)


Judge = Callable[[Scene], Iterator[Complaint]]


def every(seen: list[Seen], loop: str, segment_id: str, qualifier: str = "") -> list[Seen]:
    """The segments of an id in the loops whose name begins with `loop`."""
    return [
        one
        for one in seen
        if one.segment.elements[0] == segment_id
        and one.loop.startswith(loop)
        and (not qualifier or one.text(1) == qualifier)
    ]


def first(seen: list[Seen], loop: str, segment_id: str, qualifier: str = "") -> Seen | None:
    return next(iter(every(seen, loop, segment_id, qualifier)), None)


def blocks(seen: list[Seen], opener: tuple[str, str], loops: tuple[str, ...]) -> list[list[Seen]]:
    """The repetitions of a loop, each with the loops inside it."""
    found: list[list[Seen]] = []
    for one in seen:
        if (one.loop, one.segment.elements[0]) == opener:
            found.append([one])
        elif found and one.loop.startswith(loops):
            found[-1].append(one)
    return found
