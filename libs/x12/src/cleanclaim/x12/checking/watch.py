"""Looks on while a set is read and judges each claim at its end; made only when checks are on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cleanclaim.x12.automaton import Reads
from cleanclaim.x12.checking.claims import judge_claim, judge_levels
from cleanclaim.x12.checking.codes import CodeCheck
from cleanclaim.x12.checking.institutional import judge_bill
from cleanclaim.x12.checking.professional import judge_professional
from cleanclaim.x12.checking.remittances import judge_head, judge_payment
from cleanclaim.x12.checking.scene import Judge, Scene, Seen
from cleanclaim.x12.checks import Checks
from cleanclaim.x12.grammar import Guide, Loop
from cleanclaim.x12.reporting import Reporter
from cleanclaim.x12.segment import Segment
from cleanclaim.x12.walk import Frame, Placed, Walker


class Watched(Protocol):
    """What a watch needs of the reading that it looks on."""

    walker: Walker
    reporter: Reporter
    watch: Watch | None

    def keep(self, placed: Placed) -> None: ...


# kind of set -> what is judged at the end of each claim, and once for all claims below a level
OF_CLAIM: dict[str, tuple[Judge, ...]] = {
    "837P": (judge_claim, judge_professional),
    "837I": (judge_claim, judge_bill),
    "837D": (judge_claim,),
    "835": (judge_payment,),
}
OF_LEVEL: dict[str, tuple[Judge, ...]] = {
    "837P": (judge_levels,),
    "837I": (judge_levels,),
    "837D": (judge_levels,),
    "835": (judge_head,),
}
# A level of the hierarchy ends those of its own depth and below.
DEPTHS = {"2000A": 1, "2010A": 1, "2000B": 2, "2010B": 2, "2000C": 3, "2010C": 3}


class Watch:
    """The eyes of one set: memory is bounded by one claim and what stands above it."""

    def __init__(self, checks: Checks, guide: Guide) -> None:
        self.codes = CodeCheck(checks.codes, checks.code_severity) if checks.codes else None
        self.judges = OF_CLAIM.get(guide.kind, ()) if checks.situations else ()
        self.level_judges = OF_LEVEL.get(guide.kind, ()) if checks.situations else ()
        self.scene = Scene()
        self.openers = {(loop.loop_id, loop.opener.segment_id) for loop in _items(guide)}
        self.is_inside = False
        self.is_level_new = False
        self.judged = 0  # levels up to this segment were judged before

    def see(self, reading: Watched, loop: str, segment: Segment) -> None:
        """A segment that the guide has in this place."""
        if self.codes is not None:
            for rule, message, place in self.codes.complaints(segment):
                reading.walker.report(rule, message, segment, place)
        if not self.judges:
            return
        seen = Seen(loop, reading.walker.frames[-1].path, segment)
        if (loop, segment.elements[0]) in self.openers:
            self.is_inside = True
        if self.is_inside:
            self.scene.inside.append(seen)
            return
        if segment.elements[0] == "HL":
            depth = _depth(loop)
            self.scene.above = [one for one in self.scene.above if _depth(one.loop) < depth]
        elif segment.elements[0] == "LX":
            return
        self.scene.above.append(seen)
        self.is_level_new = True

    def close(self, reading: Watched, frame: Frame) -> None:
        """The loop of a claim is over."""
        self._judge(reading, self.judges, frame)
        self.finish(reading)
        self.scene.inside = []
        self.is_inside = False

    def finish(self, reading: Watched) -> None:
        """What stands above claims, once."""
        if self.is_level_new:
            self.is_level_new = False
            self._judge(reading, self.level_judges, reading.walker.frames[0])
            if self.scene.above:
                self.judged = self.scene.above[-1].segment.number

    def _judge(self, reading: Watched, judges: tuple[Judge, ...], otherwise: Frame) -> None:
        for judge in judges:
            for rule, message, seen, place in judge(self.scene):
                if seen.segment.number > self.judged:
                    finding = reading.reporter.finding(
                        rule, message, seen.segment, place, seen.path
                    )
                    _frame_of(seen, reading.walker.frames, otherwise).findings.append(finding)


def _frame_of(seen: Seen, frames: list[Frame], otherwise: Frame) -> Frame:
    """The innermost open loop that the segment stood in."""
    for frame in reversed(frames):
        if frame.path and f"{seen.path}/".startswith(f"{frame.path}/"):
            return frame
    return otherwise


def _depth(loop: str) -> int:
    return DEPTHS.get(loop[:5], 0)


def _items(guide: Guide) -> list[Loop]:
    return [loop for loop in _loops(guide.root) if loop.loop_id in guide.item_loops]


def _loops(loop: Loop) -> list[Loop]:
    """A loop and all inside it; mounted ones once for each place."""
    found = [loop]
    for entry in loop.entries:
        if isinstance(entry, Loop):
            found.extend(_loops(entry))
    return found


def watched_reads(
    guide: Guide, reads: Mapping[tuple[str, str], Reads]
) -> dict[tuple[str, str], Reads]:
    """The reads of a guide, each followed by a look of the watch; also where there is no read."""
    keys = {
        (loop.loop_id, entry.segment_id)
        for loop in _loops(guide.root)
        for entry in loop.entries
        if not isinstance(entry, Loop)
    }
    return {key: _watched(key[0], reads.get(key)) for key in keys}


def _watched(loop: str, read: Reads | None) -> Reads:
    def look(reading: Watched, segment: Segment) -> None:
        if read is not None:
            read(reading, segment)
        else:
            reading.keep(Placed(segment, None, loop, ""))
        if reading.watch is not None:
            reading.watch.see(reading, loop, segment)

    return look
