"""The commands parked ls, show, retry and skip: events that could not be applied."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from cleanclaim.ops.arguments import at_least, take_service, take_services, take_yes
from cleanclaim.ops.asking import ask_each
from cleanclaim.ops.doors import ACT, LOOK, Doors, chosen
from cleanclaim.ops.errors import WrongUseError
from cleanclaim.ops.tables import show

KEY_COLUMNS = ("service", "first", "events", "since", "topic", "event_type", "key", "reason")
EVENT_COLUMNS = ("id", "status", "parked_at", "event_type", "partition", "position", "reason")
ABOUT = """\
An event that cannot be read or keeps failing is parked in the hearer's own database, and later
events of its key wait behind it, in order. All other keys flow. Nothing here ever shows what an
event says: only where it came from and why it stands."""
LS = f"""\
{ABOUT}

One line a key: `first` is the number of the event that stopped it, `events` wait.
Exit code 1 where anything is parked.

  cleanclaim-ops parked ls
  cleanclaim-ops parked ls denials --json"""
SHOW = """\
Shows one parked event and those that wait behind its key, in the order of a retry.

  cleanclaim-ops parked show denials 17"""
RETRY = """\
Applies the key of that event again, in order, and unlocks it when all have passed. It stops at the
first that fails again, with the new reason, and exits with 1. Do this after the cause is gone: a
fix is released, an entry of the directory is corrected. Safe to repeat.

  cleanclaim-ops parked retry denials 17
  cleanclaim-ops parked retry denials --all   every key, the longest waiting first"""
SKIP = """\
Leaves one event out for good: its effect is lost. Skip only what is not wanted, and a money event
never without someone from accounting. The reason is kept with your name and in the audit log; say
it in words that identify nobody (no long numbers, no addresses). Retry the key afterwards.

Without --yes it only shows what it would skip.

  cleanclaim-ops parked skip denials 17 --because "told twice by a test system" --yes"""


def ls(doors: Doors, given: argparse.Namespace) -> int:
    asked = ask_each(
        chosen(given.services), lambda one: doors.every(one, "/v1/platform/parked-keys", scope=LOOK)
    )
    nothing = asked.nothing("nothing is parked")
    show(asked.rows, KEY_COLUMNS, as_json=given.json, nothing=nothing)
    return asked.code(1 if asked.rows else 0)


def show_one(doors: Doors, given: argparse.Namespace) -> int:
    one = doors.get(given.service, _place(given.number), scope=LOOK)
    behind = list(doors.every(given.service, f"{_place(given.number)}/key", scope=LOOK))
    if given.json:
        show([{**one, "key_events": behind}], (), as_json=True, nothing="")
        return 0
    for name, value in one.items():
        print(f"{name:<16} {'-' if value is None else value}")
    print()
    show(behind, EVENT_COLUMNS, as_json=False, nothing="its key is not held back")
    return 0


def retry(doors: Doors, given: argparse.Namespace) -> int:
    if given.all == (given.number is not None):
        raise WrongUseError("name one event's number, or --all")
    numbers = [given.number]
    if given.all:
        keys = doors.every(given.service, "/v1/platform/parked-keys", scope=LOOK)
        numbers = [one["first"] for one in keys]
    left = 0
    rows: list[dict[str, Any]] = []
    for number in numbers:
        answer = doors.post(given.service, f"{_place(number)}:retry", None, scope=ACT)
        left += answer["still_parked"]
        rows.append({"first": number, **answer})
        if len(numbers) > 1:
            print(f"{len(rows)} of {len(numbers)} keys", file=sys.stderr)
    show(rows, ("first", "applied", "still_parked", "reason"), as_json=given.json,
         nothing="nothing is parked")  # fmt: skip
    return 1 if left else 0


def skip(doors: Doors, given: argparse.Namespace) -> int:
    if not given.yes:
        one = doors.get(given.service, _place(given.number), scope=LOOK)
        show([one], EVENT_COLUMNS, as_json=given.json, nothing="")
        print("nothing was skipped; its effect would be lost: add --yes to do it", file=sys.stderr)
        return 0
    body = {"because": given.because}
    one = doors.post(given.service, f"{_place(given.number)}:skip", body, scope=ACT)
    show([one], EVENT_COLUMNS, as_json=given.json, nothing="")
    print(f"then: cleanclaim-ops parked ls {given.service}", file=sys.stderr)
    return 0


def _place(number: int) -> str:
    return f"/v1/platform/parked-events/{number}"


def describe(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The arguments of every command here."""
    one = add("parked ls", ls, "List the keys that are held back.", runbook=LS)
    take_services(one)
    two = add("parked show", show_one, "Show one parked event and its key.", runbook=SHOW)
    _event(two)
    three = add("parked retry", retry, "Apply a parked key again, in order.", runbook=RETRY)
    take_service(three)
    three.add_argument("number", type=at_least(1), nargs="?", help="as parked ls shows it")
    three.add_argument("--all", action="store_true", help="every key of the service")
    four = add("parked skip", skip, "Leave one parked event out for good.", runbook=SKIP)
    _event(four)
    four.add_argument("--because", required=True, metavar="REASON")
    take_yes(four)


def _event(one: argparse.ArgumentParser) -> None:
    take_service(one)
    one.add_argument("number", type=at_least(1), help="as parked ls shows it")
