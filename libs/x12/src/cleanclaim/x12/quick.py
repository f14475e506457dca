"""The quick way through a set: clean segments in known places, read without a second look."""

from __future__ import annotations

from collections.abc import Generator
from itertools import islice

from cleanclaim.x12.automaton import Fork, Step
from cleanclaim.x12.envelopes import Item
from cleanclaim.x12.segment import Run, Segment, letters
from cleanclaim.x12.sets.reading import SetReading
from cleanclaim.x12.walk import Frame, Placed

# More elements than this no guide allows in a segment: a lower limit is for the careful way.
MOST_ELEMENTS = 40


def is_quick(reading: SetReading) -> bool:
    """False for a reading that wants to see each segment, and for limits below the guides'."""
    return reading.limits.elements >= MOST_ELEMENTS and type(reading).take is SetReading.take


def take_quickly(  # noqa: C901, PLR0912 (one turn of this loop is the price of a segment)
    reading: SetReading, run: Run, start: tuple[int, int, int]
) -> Generator[Item, None, int]:
    """Read segments of `run`; `start` is the index and byte of the first, and the count before it.

    Stops before the first that is not known to be clean, and tells how many were read. Nothing is
    decided here that the careful way would decide otherwise: see `SetReading.take`.
    """
    index, offset, begun = start
    number = begun
    state, walker, hierarchy = reading.state, reading.walker, reading.hierarchy
    frames = walker.frames
    items: list[Item] = []
    reading.items = items
    most = reading.limits.segment_bytes
    delimiters, extra, wide = run.delimiters, len(run.cut), not run.is_ascii
    element, component = delimiters.element, delimiters.component
    for text in islice(run.texts, index, index + max(0, reading.room(number))):
        length = len(text) + extra
        if wide and not text.isascii():
            text = letters(text)  # noqa: PLW2901 (its length is that of the bytes)
        elements = text.split(element)
        step = state.steps.get(elements[0])
        if isinstance(step, Fork):
            step = _branch(step, elements, component)
        if step is None or step.clean(text) is None or length > most:
            break
        if step.guard is not None and not step.guard(hierarchy, elements):
            break
        if step.counted is not None:
            depth, ordinal, bound = step.counted
            counts = frames[depth].counts
            if (count := counts.get(ordinal, 0)) >= bound:
                break
            counts[ordinal] = count + 1
        number += 1
        segment = Segment(elements, delimiters, offset, length, text, number)
        if len(frames) > step.kept:
            reading.current = segment
            walker.shut(step.kept)
        if step.child is not None:
            frames.append(Frame(step.child, step.path, segment))
        if step.gives_head:
            items.extend(reading.hand_out_head())
        if step.is_level:
            hierarchy.enter(elements)
        if step.read is not None:
            step.read(reading, segment)
        else:
            reading.keep(Placed(segment, step.use, step.loop_id, step.path))
        state = step.state
        offset += length
        if items:
            yield from items
            items.clear()
    reading.state = state
    if number > begun:
        reading.current = segment
    return number - begun


def _branch(fork: Fork, elements: list[str], component: str) -> Step | None:
    """The step that the qualifier of the segment leads to, None when it was not learnt."""
    if len(elements) <= fork.place:
        return None
    qualifier = elements[fork.place]
    step = fork.steps.get(qualifier)
    if step is None and component in qualifier:
        step = fork.steps.get(qualifier.partition(component)[0])
    return step
