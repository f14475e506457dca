"""X12 syntax notes: which elements of a segment go together or exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cleanclaim.x12 import rules
from cleanclaim.x12.grammar import SegmentUse
from cleanclaim.x12.reporting import Place, Rule

Note = tuple[str, tuple[int, ...]]


@lru_cache(maxsize=4096)
def telling_notes(use: SegmentUse) -> tuple[Note, ...]:
    """The notes of a segment that its guide does not already decide by R and N."""
    return tuple(note for note in use.shape.notes if _tells(use, note))


def _tells(use: SegmentUse, note: Note) -> bool:
    mark, places = note
    needs = [use.usages[p - 1].need if p <= len(use.usages) else "N" for p in places]
    if mark in "CL":
        return needs[0] != "N" and any(need == "S" for need in needs[1:])
    if mark == "R":
        return "R" not in needs and "S" in needs
    return "S" in needs


def check_notes(
    elements: list[str], use: SegmentUse, notes: tuple[Note, ...]
) -> Iterator[tuple[Rule, str, Place]]:
    """`P` all or none, `R` one at least, `E` one at most, `C` first needs the rest, `L` one of."""
    for mark, places in notes:
        given = [place < len(elements) and elements[place] != "" for place in places]
        if _kept(mark, given):
            continue
        names = ", ".join(f"{use.segment_id}{place:02d}" for place in places)
        missing = next((p for p, has in zip(places, given, strict=True) if not has), places[-1])
        if mark == "E":
            yield rules.EXCLUSIVE, f"only one of {names} may be sent", Place(places[-1])
        else:
            number = use.shape.fields[missing - 1].elements[0].number
            yield rules.PAIRED, _words(mark, names), Place(missing, data_element=number)


def _kept(mark: str, given: list[bool]) -> bool:
    if mark == "P":
        return all(given) or not any(given)
    if mark == "R":
        return any(given)
    if mark == "E":
        return sum(given) <= 1
    if mark == "C":
        return not given[0] or all(given[1:])
    return not given[0] or any(given[1:])


def _words(mark: str, names: str) -> str:
    if mark == "P":
        return f"{names} go together: send all or none"
    if mark == "R":
        return f"one of {names} is required: send it"
    return f"the first of {names} needs the others: send them"
