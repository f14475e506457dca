"""The walk learnt by heart: what a clean segment does in a known state is one look-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from cleanclaim.x12.delimiters import Delimiters
from cleanclaim.x12.elements import clean_match
from cleanclaim.x12.grammar import Loop, SegmentUse
from cleanclaim.x12.guards import Guard, guard_of
from cleanclaim.x12.segment import Segment
from cleanclaim.x12.walk import Entry, Frame, Placed, Walker, qualifier_of, qualifier_place

# Repetitions up to so many are told apart by the state; greater ones are counted in the frame.
COUNTED_BY_STATE = 8
# Beyond these the automaton forgets and learns anew, so that its memory has a bound.
MOST_STATES = 4096
MOST_QUALIFIERS = 256

Reads = Callable[[Any, Segment], None]


class Kept(msgspec.Struct, frozen=True, gc=False):
    """What a state knows of one open loop: how far it is, what stood in it and how often."""

    loop: Loop
    rank: int
    checked: int
    counts: dict[int, int]
    seen: tuple[int, ...]


class State:
    """The open loops of a set, in so far as they decide what may follow; and the steps known."""

    __slots__ = ("frames", "steps")

    def __init__(self, frames: tuple[Kept, ...]) -> None:
        self.frames = frames
        self.steps: dict[str, Step | Fork] = {}

    def restore(self, frames: list[Frame]) -> None:
        """Write into the frames of a walker what quick steps left in the state alone."""
        for frame, kept in zip(frames, self.frames, strict=True):
            frame.rank, frame.checked = kept.rank, kept.checked
            frame.counts.update(kept.counts)
            for ordinal in kept.seen:
                frame.counts.setdefault(ordinal, 1)


class Step(msgspec.Struct, eq=False):
    """What a clean segment does: closes loops down to `kept`, opens `child`, is read, and then.

    `counted` names frame, entry and greatest number where the state does not count.
    """

    use: SegmentUse
    state: State
    kept: int
    child: Loop | None
    loop_id: str
    path: str
    clean: Callable[[str], object | None]
    guard: Guard | None
    read: Reads | None
    counted: tuple[int, int, int] | None
    is_level: bool
    gives_head: bool


class Fork:
    """The steps of one segment id, told apart by their qualifier."""

    __slots__ = ("place", "steps")

    def __init__(self, place: int) -> None:
        self.place = place
        self.steps: dict[str, Step] = {}


class Automaton:
    """The states of one guide and one reading of it, learnt from a walker that was seen walking."""

    def __init__(
        self,
        delimiters: Delimiters,
        reads: Mapping[tuple[str, str], Reads],
        heads: frozenset[tuple[str, str]],
    ) -> None:
        self._delimiters = delimiters
        self._reads = reads
        self._heads = heads
        self._states: dict[tuple[object, ...], State] = {}

    def state_of(self, frames: list[Frame]) -> State:
        kept = tuple(map(_kept, frames))
        key = tuple(
            (id(one.loop), one.rank, one.checked, frozenset(one.counts.items()), one.seen)
            for one in kept
        )
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= MOST_STATES:
                self._states.clear()
            state = self._states[key] = State(kept)
        return state

    def learn(self, before: State, walker: Walker, placed: Placed) -> State:
        """The walker has placed a segment without a finding: remember how; the state it is in."""
        after = self.state_of(walker.frames)
        use, entry = placed.use, walker.entry
        if use is None or entry is None:
            return after
        place = qualifier_place(use.segment_id)
        if not place:
            if use.segment_id not in before.steps:
                before.steps[use.segment_id] = self._step(after, walker, placed, entry)
            return after
        fork = before.steps.setdefault(use.segment_id, Fork(place))
        qualifier = qualifier_of(placed.segment)
        if not isinstance(fork, Fork) or len(fork.steps) >= MOST_QUALIFIERS:
            return after
        if qualifier not in fork.steps:
            fork.steps[qualifier] = self._step(after, walker, placed, entry)
        return after

    def _step(self, after: State, walker: Walker, placed: Placed, entry: Entry) -> Step:
        use = entry.opener
        most = entry.most
        counts = most > COUNTED_BY_STATE and not entry.is_unbounded
        return Step(
            use=use,
            state=after,
            kept=walker.kept,
            child=entry.child,
            loop_id=placed.loop_id,
            path=placed.path,
            clean=clean_match(use, self._delimiters),
            guard=guard_of(use),
            read=self._reads.get((placed.loop_id, use.segment_id)),
            counted=(walker.kept - 1, entry.ordinal, most) if counts else None,
            is_level=use.segment_id == "HL",
            gives_head=(placed.loop_id, use.segment_id) in self._heads,
        )


def _kept(frame: Frame) -> Kept:
    counts, seen = {}, []
    for ordinal, count in frame.counts.items():
        most = frame.loop.entries[ordinal].most
        if most <= COUNTED_BY_STATE:
            counts[ordinal] = min(count, most + 2)
        else:
            seen.append(ordinal)
    return Kept(frame.loop, frame.rank, frame.checked, counts, tuple(sorted(seen)))
