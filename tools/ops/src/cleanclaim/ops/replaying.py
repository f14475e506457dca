"""The commands replay, rewind and republish: the stream told again, safely."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from cleanclaim.ops.arguments import at_least, instant, take_service, take_services, take_yes
from cleanclaim.ops.asking import ask_each
from cleanclaim.ops.doors import ACT, LOOK, Doors, chosen
from cleanclaim.ops.errors import OpsError
from cleanclaim.ops.tables import progress, show

PROJECTION_COLUMNS = ("service", "name", "append_only", "topics", "event_types")
MOVE_COLUMNS = ("topic", "partition", "position", "goes_to", "records")
DRY = "nothing was changed; add --yes to do it"
LIST = """\
Lists the tables that the stream alone fills (projections); `rebuild` may fill these anew. All
other tables meet people's work, files or told facts, and come back from a backup.

  cleanclaim-ops projections
  cleanclaim-ops projections reconcile"""
REBUILD = """\
Empties a projection and applies the whole stream to it again, in one transaction: whoever reads
sees the old content until the new one is whole, and an interruption undoes it all. The service's
workers wait for the table meanwhile. Parked and skipped events stay left out. Audited.
A table that reactors, people or files write is refused. One that is append-only is not emptied; the
stream adds what is missing in it.

Without --yes it only shows what it would do.

  cleanclaim-ops rebuild reconcile heard_payments
  cleanclaim-ops rebuild reconcile heard_payments --yes

Runbook: docs/runbooks/replay.md"""
REWIND = """\
Sends a service's workers back to an instant, so that they hear again what was told since. It moves
only backwards, never over what was not heard yet, and only while no worker of the service runs:
stop them first. What the database still remembers has no second effect; what a restored database
has forgotten is applied again.

Without --yes it only shows which partitions would go back, and by how many records.

  cleanclaim-ops rewind denials --to 2026-03-02T15:00:00Z
  cleanclaim-ops rewind denials --to 2026-03-02T15:00:00Z --yes

Runbook: docs/runbooks/point-in-time-restore.md"""
REPUBLISH = """\
Sends every fact that a service's own log holds of one topic to a new topic: the same ids and the
same bytes, in order for each key. Hearers that know an id ignore it, so running again is safe; a
run that broke off goes on with --existing. A topic that services hear is never the target.

Without --yes it only counts what it would send.

  cleanclaim-ops republish claims cleanclaim.claims --to-topic cleanclaim.claims.again
  cleanclaim-ops republish claims cleanclaim.claims --to-topic cleanclaim.claims.again --yes

Runbook: docs/runbooks/replay.md"""


def list_projections(doors: Doors, given: argparse.Namespace) -> int:
    asked = ask_each(chosen(given.services), lambda one: _projections(doors, one)["projections"])
    nothing = asked.nothing("there is no projection")
    show(asked.rows, PROJECTION_COLUMNS, as_json=given.json, nothing=nothing)
    return asked.code(0)


def _projections(doors: Doors, service: str) -> dict[str, Any]:
    found: dict[str, Any] = doors.get(service, "/v1/platform/projections", scope=LOOK)
    return found


def rebuild(doors: Doors, given: argparse.Namespace) -> int:
    place = f"/v1/platform/projections/{given.projection}:rebuild"
    if given.yes:
        last = progress(given.service, doors.lines(given.service, place, None, scope=ACT))
        if given.json:
            done = {"service": given.service, "projection": given.projection, **last}
            show([done], (), as_json=True, nothing="")
            return 0
        print(f"{given.projection}: {last['applied']:,} events applied of {last['total']:,} read")
        return 0
    known = _projections(doors, given.service)["projections"]
    rows = [{"service": given.service, **one} for one in known if one["name"] == given.projection]
    if not rows:
        names = ", ".join(one["name"] for one in known) or "none"
        raise OpsError(
            f"{given.projection} is no projection of {given.service} (there are: {names}); what"
            " reactors, people or files write comes back from a backup"
        )
    show(rows, PROJECTION_COLUMNS, as_json=given.json, nothing="")
    print(DRY, file=sys.stderr)
    return 0


def rewind(doors: Doors, given: argparse.Namespace) -> int:
    to = given.to.isoformat()
    if given.yes:
        answer = doors.post(given.service, "/v1/platform/rewind", {"to": to}, scope=ACT)
    else:
        answer = doors.get(given.service, "/v1/platform/rewind", scope=LOOK, to=to)
    if given.json:
        show([answer], (), as_json=True, nothing="")
    else:
        show(answer["moves"], MOVE_COLUMNS, as_json=False, nothing="nothing was told since then")
    done = "will be heard again; start the workers" if given.yes else f"would be heard again; {DRY}"
    print(f"{answer['group']}: {answer['records']:,} records {done}", file=sys.stderr)
    return 0


def republish(doors: Doors, given: argparse.Namespace) -> int:
    if not given.yes:
        kept = doors.get(given.service, "/v1/platform/event-log", scope=LOOK, topic=given.topic)
        show([kept], ("topic", "facts", "keys"), as_json=given.json, nothing="")
        print(DRY, file=sys.stderr)
        return 0
    body = {
        "topic": given.topic,
        "to_topic": given.to_topic,
        "partitions": given.partitions,
        "existing": given.existing,
    }
    place = "/v1/platform/event-log:republish"
    last = progress(given.service, doors.lines(given.service, place, body, scope=ACT))
    if given.json:
        sent = {"service": given.service, "topic": given.topic, "to_topic": given.to_topic}
        show([sent | last], (), as_json=True, nothing="")
        return 0
    print(f"{last['done']:,} facts of {given.topic} sent to {given.to_topic}")
    return 0


def describe(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The arguments of every command here."""
    one = add("projections", list_projections, "List what the stream can fill anew.", runbook=LIST)
    take_services(one)
    two = add("rebuild", rebuild, "Fill a projection anew from the stream.", runbook=REBUILD)
    take_service(two)
    two.add_argument("projection", help="as projections shows it")
    take_yes(two)
    three = add("rewind", rewind, "Send a service's workers back to an instant.", runbook=REWIND)
    take_service(three)
    three.add_argument("--to", type=instant, required=True, metavar="INSTANT",
                       help="with its time zone, such as 2026-03-02T15:00:00Z")  # fmt: skip
    take_yes(three)
    text = "Send a topic's facts from the log to a new topic."
    four = add("republish", republish, text, runbook=REPUBLISH)
    take_service(four)
    four.add_argument("topic", help="one that the service tells on")
    four.add_argument("--to-topic", required=True, metavar="NAME")
    four.add_argument(
        "--partitions", type=at_least(1), help="as many as the old topic's, if left out"
    )
    four.add_argument("--existing", action="store_true", help="go on where a run broke off")
    take_yes(four)
