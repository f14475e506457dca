"""Control numbers met so far, kept as runs: files number their sets one after the other."""

from __future__ import annotations

from bisect import bisect_right

LONGEST = 18  # digits; longer ones are no control numbers and are kept as texts


class SeenNumbers:
    """Tells whether a control number was met before; a run of numbers costs as much as one.

    Texts are told apart as they stand: `0001` is not `1`. A text that is no number is kept whole.
    """

    def __init__(self) -> None:
        self._runs: dict[int, list[list[int]]] = {}  # by length of text: [first, last], ascending
        self._texts: set[str] = set()

    def add(self, text: str) -> bool:
        """True when it is new."""
        if not (text.isascii() and text.isdigit()) or len(text) > LONGEST:
            known = text in self._texts
            self._texts.add(text)
            return not known
        return _add(self._runs.setdefault(len(text), []), int(text))


def _add(runs: list[list[int]], number: int) -> bool:
    after = bisect_right(runs, number, key=lambda run: run[0])
    if after and number <= runs[after - 1][1]:
        return False
    if after and runs[after - 1][1] == number - 1:
        runs[after - 1][1] = number
    else:
        runs.insert(after, [number, number])
        after += 1
    if after < len(runs) and runs[after][0] == number + 1:
        runs[after - 1][1] = runs[after][1]
        del runs[after]
    return True
