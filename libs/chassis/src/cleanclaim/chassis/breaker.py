"""Stops a consumer before a bad release parks a whole topic: too many failed, in a row or all."""

from collections import deque

IN_A_ROW = 25
WINDOW = 200
FEWEST = 50
"""The share is judged only among so many events or more."""
SHARE_PERCENT = 50


class BreakerOpenError(Exception):
    """So many events failed that the mistake is more likely ours than theirs."""


class Breaker:
    """Counts events that had to be parked for their own sake among those that were settled.

    It opens when `in_a_row` failed one after another, or `share_percent` of the last `window`. It
    never closes by itself: a person looks, and starts the process again.
    """

    def __init__(
        self, *, in_a_row: int = IN_A_ROW, window: int = WINDOW, share_percent: int = SHARE_PERCENT
    ) -> None:
        self.open = False
        self._limit = in_a_row
        self._share_percent = share_percent
        self._row = 0
        self._window: deque[bool] = deque(maxlen=window)

    def note(self, *, passed: int, failed: int) -> None:
        """Events of one batch: how many had their effect, how many were parked."""
        self._row = 0 if passed else self._row + failed
        self._window.extend([True] * failed + [False] * passed)
        bad = sum(self._window)
        enough = len(self._window) >= FEWEST
        too_many = enough and bad * 100 >= self._share_percent * len(self._window)
        self.open = self.open or self._row >= self._limit or too_many
