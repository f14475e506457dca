"""The claims of one 837 set with the levels above them, to be written out so many at a time."""

from __future__ import annotations

from cleanclaim.x12 import Segment


class Level:
    """One HL with its own segments, before any claim."""

    def __init__(self, head: Segment) -> None:
        self.head = head
        self.rest: list[Segment] = []
        self.is_used = False


Path = tuple[Level, ...]


class ClaimParts:
    """Takes the segments of a set and keeps them until a part is full."""

    def __init__(self, start: Segment) -> None:
        self.head = [start]
        self.waiting: list[tuple[Path, list[Segment]]] = []
        self.claims = 0  # that wait
        self._path: list[Level] = []
        self._claim: list[Segment] | None = None

    def take(self, segment: Segment) -> None:
        name = segment.elements[0] if segment.elements else ""
        if name == "HL":
            self._descend(segment)
        elif name == "CLM" and self._path:
            self._claim = [segment]
            self._keep(self._claim)
            self.claims += 1
        elif self._claim is not None:
            self._claim.append(segment)
        elif self._path:
            self._path[-1].rest.append(segment)
        else:
            self.head.append(segment)

    def starts_claim(self, segment: Segment) -> bool:
        """True where a part may end before this segment: a claim or a level begins."""
        return bool(segment.elements) and segment.elements[0] in {"CLM", "HL"}

    def end(self) -> None:
        self._climb(0)

    def emptied(self) -> list[tuple[Path, list[Segment]]]:
        given, self.waiting, self.claims = self.waiting, [], 0
        return given

    def _descend(self, segment: Segment) -> None:
        """Leave the levels that are not above this HL (HL02 names the one above it)."""
        self._claim = None
        above = [level.head.element(1) for level in self._path]
        parent = segment.element(2)
        depth = len(above) - above[::-1].index(parent) if parent and parent in above else 0
        self._climb(depth)
        self._path.append(Level(segment))

    def _climb(self, depth: int) -> None:
        """A level that held no claim is kept with the others: nothing is lost."""
        while len(self._path) > depth:
            if not self._path[-1].is_used:
                self._keep([])
            self._path.pop()

    def _keep(self, claim: list[Segment]) -> None:
        for level in self._path:
            level.is_used = True
        self.waiting.append((tuple(self._path), claim))
