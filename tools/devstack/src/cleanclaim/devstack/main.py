"""The command `cleanclaim-dev`: arguments in, lines and an exit code out."""

import argparse
import datetime as dt
import json
import shlex
import signal
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from cleanclaim.devstack.errors import TAIL_LINES, StackError, last_lines
from cleanclaim.devstack.keyring import AUDIENCE
from cleanclaim.devstack.parts import SERVICES
from cleanclaim.devstack.progress import say_to_stderr
from cleanclaim.devstack.stack import ONLY_INFRASTRUCTURE, Stack
from cleanclaim.devstack.watch import RUNNING

TROUBLE, NOT_RUNNING = 1, 3


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 trouble, 2 a wrong argument, 3 `status` of no stack."""
    arguments = _parser().parse_args(words)
    command: Callable[[Stack, argparse.Namespace], int] = arguments.command
    try:
        return command(Stack.at(arguments.folder, say=say_to_stderr), arguments)
    except StackError as trouble:
        print(f"cleanclaim-dev: {trouble}", file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        print("cleanclaim-dev: interrupted; `cleanclaim-dev down` stops the rest", file=sys.stderr)
        return 128 + signal.SIGINT


def _up(stack: Stack, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    started = stack.up(
        only=arguments.only,
        services=arguments.services,
        virtual_now=arguments.virtual_now,
        fast=arguments.fast,
    )
    if started:
        print(f"the stack runs, started in {time.monotonic() - began:.1f} s")
    else:
        print("the stack is already running")
    return _status(stack, argparse.Namespace(json=False))


def _down(stack: Stack, arguments: argparse.Namespace) -> int:
    stopped = stack.down(purge=arguments.purge)
    print(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")
    return 0


def _status(stack: Stack, arguments: argparse.Namespace) -> int:
    parts = stack.status()
    if arguments.json:
        print(json.dumps([{**asdict(part), "log": str(part.log)} for part in parts], indent=2))
    elif not parts:
        print("the stack is not running")
    elif stack.clock_offset_seconds:
        shift = dt.timedelta(seconds=stack.clock_offset_seconds)
        print(f"the services' clock says {dt.datetime.now(dt.UTC) + shift:%Y-%m-%dT%H:%M:%SZ}")
    for part in () if arguments.json else parts:
        place = f"127.0.0.1:{part.port}"
        print(
            f"{part.name:<20} {part.state:<8} {place:<16} pid {part.pid}, since {part.started_at}"
        )
    failed = [part for part in parts if part.state != RUNNING]
    for part in failed:
        print(f"{part.name} {part.state}; the end of {part.log}:", file=sys.stderr)
        print(last_lines(part.log), file=sys.stderr)
    if failed:
        return TROUBLE
    return 0 if parts else NOT_RUNNING


def _clock(stack: Stack, arguments: argparse.Namespace) -> int:
    stack.set_clock(arguments.instant)
    return 0


def _logs(stack: Stack, arguments: argparse.Namespace) -> int:
    names = arguments.parts or [part.name for part in stack.status()]
    for name in names:
        log = stack.places.log(name)
        print(f"==> {name} ({log})")
        print(last_lines(log, arguments.lines))
    if arguments.follow:
        _follow(names, stack)
    return 0


def _follow(names: Sequence[str], stack: Stack) -> NoReturn:
    files = {
        name: stack.places.log(name).open(encoding="utf-8", errors="replace") for name in names
    }
    for file in files.values():
        file.seek(0, 2)
    while True:
        for name, file in files.items():
            for line in file:
                print(f"{name:<20} {line}", end="", flush=True)
        time.sleep(0.2)


def _restart(stack: Stack, arguments: argparse.Namespace) -> int:
    print(f"restarted {', '.join(stack.restart(arguments.part))}")
    return 0


def _signal(stack: Stack, arguments: argparse.Namespace) -> int:
    stack.signal(arguments.part, arguments.signal)
    print(f"{arguments.signal.name} sent to {arguments.part}")
    return 0


def _run(stack: Stack, arguments: argparse.Namespace) -> int:
    return stack.run(arguments.service, *arguments.words)


def _token(stack: Stack, arguments: argparse.Namespace) -> int:
    print(
        stack.token(
            organization_id=str(arguments.organization) if arguments.organization else None,
            scope=arguments.scope,
            subject=arguments.subject,
            minutes=arguments.minutes,
            audience=arguments.audience,
        )
    )
    return 0


def _env(stack: Stack, _arguments: argparse.Namespace) -> int:
    for name, value in stack.environment().items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cleanclaim-dev", description="The local stack.")
    parser.add_argument("--folder", type=Path, help="state folder (default: .stack)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Callable[[Stack, argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(command=command)
        return one

    _describe_up(add("up", _up, "Start PostgreSQL, Kafka and the services; safe to repeat."))
    down = add("down", _down, "Stop all parts; data stay.")
    down.add_argument("--purge", action="store_true", help="remove data and secrets too")
    status = add("status", _status, "Tell how the parts are; 1 where one crashed, 3 where none.")
    status.add_argument("--json", action="store_true")
    logs = add("logs", _logs, "Show the end of the parts' logs.")
    logs.add_argument("parts", nargs="*", metavar="PART")
    logs.add_argument("--lines", type=int, default=TAIL_LINES)
    logs.add_argument("--follow", action="store_true")
    restart = add("restart", _restart, "Stop and start a part.")
    restart.add_argument("part", metavar="SERVICE[:api|:worker]")
    send = add("signal", _signal, "Signal a part, for tests of faults.")
    send.add_argument("part", metavar="SERVICE[:api|:worker]")
    send.add_argument("signal", type=_signal_named, metavar="KILL|TERM|STOP|CONT")
    clock = add("clock", _clock, "Move the services' clock, while they run too.")
    clock.add_argument("instant", type=_instant, metavar="INSTANT|now")
    run = add("run", _run, "Run a command of a service with the service's own settings.")
    run.add_argument("service", choices=SERVICES)
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    _describe_token(add("token", _token, "Print a token by the development issuer."))
    add("env", _env, "Print what another program needs, as shell exports.")
    return parser


def _describe_up(up: argparse.ArgumentParser) -> None:
    up.add_argument("--only", choices=[ONLY_INFRASTRUCTURE], help="no services")
    up.add_argument("--services", type=_services, help=f"some of {','.join(SERVICES)}")
    up.add_argument(
        "--virtual-now", type=_instant, metavar="INSTANT", help="the services' clock, ISO 8601"
    )
    up.add_argument("--fast", action="store_true", help="PostgreSQL without fsync, for tests")


def _describe_token(token: argparse.ArgumentParser) -> None:
    token.add_argument("--organization", type=uuid.UUID, metavar="UUID")
    token.add_argument("--scope", default="", help="scopes, separated by spaces")
    token.add_argument("--subject", default="developer")
    token.add_argument("--minutes", type=int, default=60)
    token.add_argument("--audience", default=AUDIENCE)


def _services(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in SERVICES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(SERVICES)}")
    return names


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.now(dt.UTC) if text == "now" else dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("give a time zone, as in 2026-03-02T09:00:00Z")
    return instant


def _signal_named(text: str) -> signal.Signals:
    try:
        return signal.Signals[f"SIG{text.upper().removeprefix('SIG')}"]
    except KeyError:
        raise argparse.ArgumentTypeError(f"{text!r} is no signal's name") from None


if __name__ == "__main__":
    sys.exit(main())
