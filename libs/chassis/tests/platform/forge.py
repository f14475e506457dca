"""Starts relays and consumers of the toy service as real processes, which tests kill and stop.

A program of its own, to be run as a script: it loads everything once and forks for each order, a
line of JSON on its input; it answers with the process's id. So a new worker costs milliseconds.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import toy as toys  # beside this script

from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.db import Database
from cleanclaim.chassis.inbox import Patience
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.relay import Relay
from cleanclaim.chassis.runtime import FailPoint, SystemRuntime
from cleanclaim.chassis.work import Workroom

Order = dict[str, Any]


class StoppingRuntime(SystemRuntime):
    """Stops itself (SIGSTOP) at a point, as a machine does that hangs, instead of dying there."""

    def __init__(self, point: str) -> None:
        super().__init__()
        self._stop_at: str | None = point

    def fail_point(self, point: FailPoint) -> None:
        if point == self._stop_at:
            self._stop_at = None
            os.kill(os.getpid(), signal.SIGSTOP)


def _runtime(order: Order) -> SystemRuntime:
    if "stop_at" in order:
        return StoppingRuntime(order["stop_at"])
    return SystemRuntime(
        environ={
            "CLEANCLAIM_FAIL_POINTS": (
                f"{order['die_at']}:{order.get('skip', 0)}" if order.get("die_at") else ""
            ),
        }
    )


async def consume(order: Order, stopping: asyncio.Event) -> None:
    runtime = _runtime(order)
    database = Database(order["database_url"], application="toy-consumer", pool_size=2)
    workroom = Workroom(service="toy", database=database, runtime=runtime, metadata=toys.METADATA)
    consumer = Consumer(
        applier=BatchApplier(
            workroom=workroom,
            subscriptions=toys.PARTS.subscriptions,
            partners=None,
            patience=Patience(idle_ms=3_000, lock_ms=1_000),
        ),
        connect=kafka_reader(order["bootstrap"], service="toy", session_ms=6_000),
        runtime=runtime,
    )
    try:
        await consumer.run(stopping)
    finally:
        await database.close()


async def relay(order: Order, stopping: asyncio.Event) -> None:
    publisher = Publisher(order["bootstrap"], client_id="toy-relay")
    await Relay(
        service="toy",
        database_url=order["database_url"],
        publisher=publisher,
        runtime=_runtime(order),
    ).run(stopping)


async def work(order: Order) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await {"consumer": consume, "relay": relay}[order["role"]](order, stopping)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                asyncio.run(work(json.loads(line)))
            finally:
                os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
