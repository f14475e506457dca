"""The commands lag and outbox: how far services are behind, and what they have not sent yet."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from cleanclaim.ops.arguments import take_services
from cleanclaim.ops.doors import LOOK, Doors, chosen
from cleanclaim.ops.tables import show

POLL_SECONDS = 0.5
QUIET_ROUNDS = 2
LAG_COLUMNS = ("service", "topic", "partition", "records", "seconds", "position", "end")
OUTBOX_COLUMNS = ("service", "pending", "oldest_seconds", "buckets", "oldest_at")
LAG_RUNBOOK = """\
Reads every service's place on each partition of the topics it hears. `records` wait there, the
oldest of them for `seconds`. Partitions without lag are left out unless --all is given.
A few records for a few seconds are normal under load; look at whether they fall.

Exit code 1 where something waits. With --wait it polls until outboxes and lag are empty.

  cleanclaim-ops lag                      all services, what waits
  cleanclaim-ops lag denials --all        one service, every partition
  cleanclaim-ops lag --wait 120           after a change, until all have heard of it

What to do about it: docs/runbooks/lag.md"""
OUTBOX_RUNBOOK = """\
Shows the facts that each service has committed and its relay has not sent yet, and the age of the
oldest. Nothing is lost while they wait. Exit code 1 where one waits for longer than --older-than.

  cleanclaim-ops outbox
  cleanclaim-ops outbox --older-than 60   as an alert would ask

What to do about it: docs/runbooks/stuck-outbox.md"""


def lag(doors: Doors, given: argparse.Namespace) -> int:
    services = chosen(given.services)
    if given.wait is not None:
        _wait(doors, services, given.wait)
    rows = _lag_rows(doors, services)
    waiting = [row for row in rows if row["records"]]
    shown = rows if given.all else waiting
    show(shown, LAG_COLUMNS, as_json=given.json, nothing="nothing waits")
    if not given.json and waiting:
        records = sum(row["records"] for row in waiting)
        seconds = max((row["seconds"] or 0 for row in waiting), default=0)
        print(f"{records:,} records wait, the oldest for {seconds:,} s", file=sys.stderr)
    return 1 if waiting else 0


def _wait(doors: Doors, services: Sequence[str], seconds: int) -> None:
    """Until two rounds were quiet: a fact heard in the first may have told another."""
    deadline, quiet = time.monotonic() + seconds, 0
    while quiet < QUIET_ROUNDS and time.monotonic() < deadline:
        # the outboxes first: what has left them is on the stream, where lag sees it
        pending = sum(row["pending"] for row in _outbox_rows(doors, services))
        waiting = sum(row["records"] for row in _lag_rows(doors, services))
        quiet = 0 if pending or waiting else quiet + 1
        if quiet < QUIET_ROUNDS:
            time.sleep(POLL_SECONDS)


def _lag_rows(doors: Doors, services: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"service": service, **one}
        for service in services
        for one in doors.get(service, "/v1/platform/lag", scope=LOOK)["partitions"]
    ]


def outbox(doors: Doors, given: argparse.Namespace) -> int:
    rows = _outbox_rows(doors, chosen(given.services))
    show(rows, OUTBOX_COLUMNS, as_json=given.json, nothing="no service was asked")
    old = [row for row in rows if row["oldest_seconds"] > given.older_than]
    return 1 if old else 0


def _outbox_rows(doors: Doors, services: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"service": service, **doors.get(service, "/v1/platform/outbox", scope=LOOK)}
        for service in services
    ]


def describe(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The arguments of every command here."""
    text = "How far services are behind the stream, in records and in seconds."
    one = add("lag", lag, text, runbook=LAG_RUNBOOK)
    take_services(one)
    one.add_argument("--all", action="store_true", help="partitions without lag, too")
    one.add_argument("--wait", type=int, metavar="SECONDS", help="until nothing waits")
    text = "What services have told and not yet sent, and for how long."
    two = add("outbox", outbox, text, runbook=OUTBOX_RUNBOOK)
    take_services(two)
    two.add_argument("--older-than", type=int, default=60, metavar="SECONDS")
