"""The commands lag and outbox: how far services are behind, and what they have not sent yet."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from cleanclaim.ops.arguments import at_least, take_services
from cleanclaim.ops.asking import Asked, ask_each
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

Exit code 1 where something waits. With --wait it polls until outboxes and lag are empty, also
through the restart of a service or the broker. A service that does not answer is named at the end.

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
    asked = _lags(doors, services) if given.wait is None else _wait(doors, services, given.wait)
    waiting = [row for row in asked.rows if row["records"]]
    shown = asked.rows if given.all else waiting
    show(shown, LAG_COLUMNS, as_json=given.json, nothing=asked.nothing("nothing waits"))
    if not given.json and waiting:
        records = sum(row["records"] for row in waiting)
        seconds = max((row["seconds"] or 0 for row in waiting), default=0)
        print(f"{records:,} records wait, the oldest for {seconds:,} s", file=sys.stderr)
    return asked.code(1 if waiting else 0)


def _wait(doors: Doors, services: Sequence[str], seconds: int) -> Asked:
    """The last round: until two were quiet, for a fact heard in the first may have told another."""
    deadline, quiet = time.monotonic() + seconds, 0
    while True:
        # the outboxes first: what has left them is on the stream, where lag sees it
        unsent, unheard = _outboxes(doors, services), _lags(doors, services)
        waiting = sum(row["pending"] for row in unsent.rows)
        waiting += sum(row["records"] for row in unheard.rows)
        quiet = 0 if waiting or unsent.troubles or unheard.troubles else quiet + 1
        if quiet == QUIET_ROUNDS or time.monotonic() >= deadline:
            return unheard
        time.sleep(POLL_SECONDS)


def _lags(doors: Doors, services: Sequence[str]) -> Asked:
    return ask_each(
        services, lambda one: doors.get(one, "/v1/platform/lag", scope=LOOK)["partitions"]
    )


def outbox(doors: Doors, given: argparse.Namespace) -> int:
    asked = _outboxes(doors, chosen(given.services))
    show(asked.rows, OUTBOX_COLUMNS, as_json=given.json, nothing="no service answered")
    old = [row for row in asked.rows if row["oldest_seconds"] > given.older_than]
    return asked.code(1 if old else 0)


def _outboxes(doors: Doors, services: Sequence[str]) -> Asked:
    return ask_each(services, lambda one: [doors.get(one, "/v1/platform/outbox", scope=LOOK)])


def describe(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The arguments of every command here."""
    text = "How far services are behind the stream, in records and in seconds."
    one = add("lag", lag, text, runbook=LAG_RUNBOOK)
    take_services(one)
    one.add_argument("--all", action="store_true", help="partitions without lag, too")
    one.add_argument("--wait", type=at_least(0), metavar="SECONDS", help="until nothing waits")
    text = "What services have told and not yet sent, and for how long."
    two = add("outbox", outbox, text, runbook=OUTBOX_RUNBOOK)
    take_services(two)
    two.add_argument("--older-than", type=at_least(0), default=60, metavar="SECONDS")
