"""Several starts side by side: all are seen to their end, and no trouble hides another."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from cleanclaim.devstack.errors import StackError


def together(
    actions: Sequence[Callable[[], object]], *, at_once: int, cancelled: threading.Event
) -> None:
    """Run all; StackError with every trouble, in their order. An interrupt sets `cancelled`."""
    if not actions:
        return
    with ThreadPoolExecutor(at_once) as pool:
        begun = [pool.submit(action) for action in actions]
        try:
            wait(begun)
        except BaseException:
            cancelled.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    _raise_troubles(begun)


def _raise_troubles(ended: Sequence[Future[object]]) -> None:
    troubles = [trouble for one in ended if (trouble := one.exception()) is not None]
    for trouble in troubles:
        if not isinstance(trouble, StackError):
            raise trouble
    if troubles:
        raise StackError("\n".join(str(trouble) for trouble in troubles)) from troubles[0]
