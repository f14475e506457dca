"""Shares seeds out among processes, each with a database of its own on one server."""

import asyncio
import logging
import multiprocessing
import os
import queue
import signal
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from cleanclaim.chassis.testing import SECRETS
from cleanclaim.devstack.stack import Stack

from .lives import Life, lived
from .model import databases

LOOK_SECONDS = 1.0


class RunnerDied(Exception):  # noqa: N818 - says what happened
    """A runner ended before it had lived its seeds."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the runners find PostgreSQL, and the folder of its roles' passwords."""

    admin_url: str
    secrets: str


def live_all(stack: Stack, seeds: range, runners: int) -> Iterator[Life | None]:
    """Each life as it ends, in no order; None about once a second where none did.

    Raises:
        RunnerDied: what it left is not known.
    """
    server = Server(stack.database_url, str(stack.places.secrets))
    context = multiprocessing.get_context("spawn")
    lives: Any = context.Queue()
    one_at_a_time = context.Lock()
    shares = [seeds[number::runners] for number in range(runners)]
    started = [
        context.Process(target=_live_share, args=(server, share, lives, one_at_a_time), daemon=True)
        for share in shares
        if share
    ]
    for one in started:
        one.start()
    left = len(seeds)
    try:
        while left:
            try:
                yield lives.get(timeout=LOOK_SECONDS)
                left -= 1
            except queue.Empty:
                if any(one.exitcode not in {None, 0} for one in started):
                    raise RunnerDied from None
                yield None
    finally:
        for one in started:
            one.terminate()
            one.join()


def _live_share(server: Server, seeds: Sequence[int], lives: Any, one_at_a_time: Any) -> None:
    # Ctrl-C reaches the whole group; the parent alone says where to go on, and ends its runners
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # what services log of poison is no news here
    logging.disable(logging.CRITICAL)
    os.environ[SECRETS] = server.secrets
    asyncio.run(_live(server, seeds, lives, one_at_a_time))


async def _live(server: Server, seeds: Sequence[int], lives: Any, one_at_a_time: Any) -> None:
    async with AsyncExitStack() as rooms:
        with one_at_a_time:  # roles are the whole server's
            stage = await rooms.enter_async_context(databases(server.admin_url))
        parent = multiprocessing.parent_process()
        for seed in seeds:
            if parent is not None and not parent.is_alive():
                return  # it was killed, and nobody hears of what comes
            lives.put(await lived(stage, seed))
