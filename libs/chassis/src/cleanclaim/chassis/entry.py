"""The command line every service has: api, worker, migrate, openapi, parked, make-migration."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from uuid import UUID

import uvicorn
from pydantic import ValidationError

from cleanclaim.chassis import audit, logs, parking, telemetry
from cleanclaim.chassis.app import SettingMissing, create_app, running_context
from cleanclaim.chassis.auth import Principal
from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import BrokerUnavailable, create_topics
from cleanclaim.chassis.collector import spare_the_collector
from cleanclaim.chassis.context import ServiceParts
from cleanclaim.chassis.environment import ServiceSettings, read_settings
from cleanclaim.chassis.outages import is_infrastructure
from cleanclaim.chassis.work import NO_ORGANIZATION
from cleanclaim.chassis.worker import ROLES, run_worker
from cleanclaim.events.catalog import TOPICS, heard_by, topics_told_by
from cleanclaim.values.errors import DomainError

PARKED = """\
What `cleanclaim-ops parked` does, for one organization and without the APIs: for the hour in which
they are down. `ls` shows where each event came from and why it stands, never what it says; `retry`
applies the key of one event in order; `skip` leaves one out for good. Both are audited.
Exit codes: 0 done; 1 refused or not wholly done; 2 wrong use; 3 the database does not answer.

Runbook: docs/runbooks/dead-letters.md"""

KEEP_ALIVE_SECONDS = 75
"""An idle connection stays open longer than callers keep theirs (httpx 5 s, load balancers 60 s):
a request must not meet a connection that is being closed."""


def run(parts: ServiceParts, arguments: Sequence[str] | None = None) -> int:
    """Run one service's command; returns the exit code (2 where the environment is wrong)."""
    given = _parser(parts).parse_args(arguments)
    logs.configure(parts.name)
    try:
        code: int = given.run(parts, given)
    except (SettingMissing, BrokerUnavailable) as error:
        print(f"{parts.name}: {error}", file=sys.stderr)
        return 2
    except ValidationError as error:
        names = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        print(f"{parts.name}: settings missing or wrong: {names}", file=sys.stderr)
        return 2
    return code


def _parser(parts: ServiceParts) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m cleanclaim.{parts.name}.main", description=parts.summary
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    api = commands.add_parser("api", help="serve the REST API")
    api.add_argument("--host", default="127.0.0.1")
    api.add_argument("--port", type=int, default=8080)
    api.set_defaults(run=_api)
    worker = commands.add_parser("worker", help="run the background roles")
    worker.add_argument("--roles", default=",".join(ROLES), help=f"of {', '.join(ROLES)}")
    worker.add_argument("--host", default="127.0.0.1")
    worker.add_argument("--port", type=int, help="serve health and metrics here")
    worker.set_defaults(run=_worker)
    migration = commands.add_parser("migrate", help="bring schema, roles and topics up to date")
    migration.add_argument("--to", default="head", help="a revision, head or base")
    migration.add_argument("--no-topics", action="store_true", help="leave the broker alone")
    migration.set_defaults(run=_migrate)
    openapi = commands.add_parser("openapi", help="print the API's description (JSON)")
    openapi.set_defaults(run=_openapi)
    _parked_parser(commands)
    make = commands.add_parser("make-migration", help="write the migration the code needs")
    make.add_argument("revision", help="a dated name, for example 20260302_denials")
    make.add_argument("message")
    make.set_defaults(run=_make_migration)
    return parser


def _parked_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "events that could not be applied"
    parked = commands.add_parser(
        "parked",
        help=words,
        description=PARKED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parked.add_argument("organization", type=UUID, help="nil id for unreadable events")
    parked.add_argument("action", choices=("ls", "retry", "skip"))
    parked.add_argument("event", type=int, nargs="?", help="the number that ls shows")
    parked.add_argument("--because", default="", help="why an event is skipped")
    parked.set_defaults(run=_parked)


def _api(parts: ServiceParts, given: argparse.Namespace) -> int:
    settings = read_settings(parts.settings)
    telemetry.configure(parts.name, traces=settings.traces, ratio=settings.trace_ratio)
    app = create_app(parts, settings)
    spare_the_collector()
    uvicorn.run(
        app,
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    return 0


def _worker(parts: ServiceParts, given: argparse.Namespace) -> int:
    roles = tuple(role.strip() for role in given.roles.split(",") if role.strip())
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        print(f"no role is named {', '.join(unknown)}; there are {', '.join(ROLES)}",
              file=sys.stderr)  # fmt: skip
        return 2
    settings = read_settings(parts.settings)
    telemetry.configure(parts.name, traces=settings.traces, ratio=settings.trace_ratio)
    spare_the_collector()
    asyncio.run(run_worker(parts, settings, roles=roles, host=given.host, port=given.port))
    return 0


def _variable(parts: ServiceParts, name: str) -> str | None:
    return os.environ.get(f"CLEANCLAIM_{parts.name.upper()}_{name}")


def _migration_url(parts: ServiceParts) -> str:
    url = _variable(parts, "MIGRATION_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise SettingMissing(
            f"CLEANCLAIM_{parts.name.upper()}_MIGRATION_URL names no database to migrate"
        )
    return url


def _migrate(parts: ServiceParts, given: argparse.Namespace) -> int:
    return asyncio.run(_migrate_all(parts, given))


async def _migrate_all(parts: ServiceParts, given: argparse.Namespace) -> int:
    # an API or worker starts sooner without Alembic
    from cleanclaim.chassis.migrations import AdministratorNeeded, migrate  # noqa: PLC0415

    kinds = ("app", "relay", "reporter")
    passwords = {kind: _variable(parts, f"{kind.upper()}_PASSWORD") for kind in kinds}
    try:
        version = await migrate(
            service=parts.name,
            metadata=parts.metadata,
            migrations=parts.migrations,
            url=_migration_url(parts),
            passwords={kind: word for kind, word in passwords.items() if word},
            append_only=parts.append_only,
            target=given.to,
        )
    except AdministratorNeeded as error:
        print(f"{error}. Run this as one, then migrate again:", file=sys.stderr)
        print(";\n".join(error.statements) + ";", file=sys.stderr)
        return 3
    print(f"{parts.name}: schema is at {version}")
    if not given.no_topics:
        servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
        # those it hears too: no service has to be migrated before another
        heard = {entry.topic for entry in heard_by(parts.name)}
        topics = {topic.name: topic for topic in topics_told_by(parts.name)}
        topics |= {name: TOPICS[name] for name in sorted(heard)}
        created = await create_topics(servers, list(topics.values()))
        print(f"{parts.name}: topics {', '.join(created) or 'are there'}")
    return 0


def _openapi(parts: ServiceParts, _: argparse.Namespace) -> int:
    print(json.dumps(create_app(parts, None).openapi(), indent=2, sort_keys=True))
    return 0


def _make_migration(parts: ServiceParts, given: argparse.Namespace) -> int:
    from cleanclaim.chassis.migrations import write_migration  # noqa: PLC0415 - as above

    path = asyncio.run(
        write_migration(
            service=parts.name,
            metadata=parts.metadata,
            migrations=parts.migrations,
            url=_migration_url(parts),
            message=given.message,
            revision=given.revision,
        )
    )
    print(path)
    return 0


def _parked(parts: ServiceParts, given: argparse.Namespace) -> int:
    try:
        return asyncio.run(_work_parked(parts, given))
    except DomainError as error:
        print(f"{parts.name}: {error.message}", file=sys.stderr)
        return 1
    except Exception as error:
        if not is_infrastructure(error):
            raise
        words = "a database or partner that this needs does not answer"
        print(f"{parts.name}: {words} ({type(error).__name__})", file=sys.stderr)
        return 3


async def _work_parked(parts: ServiceParts, given: argparse.Namespace) -> int:
    settings: ServiceSettings = read_settings(parts.settings)
    async with running_context(parts, settings) as context:
        room = context.workroom
        if given.action == "ls":
            events = await parking.parked_events(room, given.organization)
            print("\n".join(parking.as_lines(events)) or "nothing is parked")
            return 0
        if given.event is None:
            print("name the event's number; ls shows it", file=sys.stderr)
            return 2
        by = Principal(
            subject=os.environ.get("USER", "operator"),
            client_id=f"{parts.name}-command-line",
            organization_id=None,
            scopes=frozenset(),
            token_id="",
        )
        if given.action == "skip":
            await parking.skip_event(
                room, given.organization, given.event, by=by, because=given.because
            )
            print("skipped")
            return 0
        applier = BatchApplier(
            workroom=room, subscriptions=parts.subscriptions, partners=context.partners
        )
        async with room.work(NO_ORGANIZATION, principal=by) as work:
            resource = f"parked_event:{given.event}"
            await audit.record(work, action="write", resource=resource, purpose="retry")
        passed = await parking.retry_key(room, applier, given.organization, given.event)
        left = len(await parking.parked_events(room, given.organization))
        print(f"{passed} applied, {left} still parked")
        return 1 if left else 0
