"""`cleanclaim-demo`: sets the local stack up, lives the demo and shows the result."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from datetime import time as clock_time

from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.stack import Stack
from cleanclaim.seed.demo import SENT_ON, NotProved, run_demo
from cleanclaim.seed.doors import Refused
from cleanclaim.seed.settling import NotSettled
from cleanclaim.seed.story import StillInMailbox
from cleanclaim.seed.stream import StillWaiting
from cleanclaim.verify.verdicts import CannotLook

ENCOUNTERS = 240
_TROUBLE = (
    *(StackError, Refused, NotSettled, StillInMailbox, StillWaiting),
    *(NotProved, CannotLook),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; 0 well, 1 where the demo or the stack failed."""
    given = _parser().parse_args(words)
    stack = Stack.at(say=print)
    started = time.monotonic()
    code = 1
    try:
        stack.up(virtual_now=datetime.combine(SENT_ON, clock_time(15), tzinfo=UTC))
        asyncio.run(run_demo(stack, seed=given.seed, count=given.encounters, say=print))
        code = 0
    except _TROUBLE as error:
        print(f"cleanclaim-demo: {error}", file=sys.stderr)
    finally:
        _end(stack, keep=given.keep, seconds=time.monotonic() - started)
    return code


def _end(stack: Stack, *, keep: bool, seconds: float) -> None:
    if keep:
        print("\nThe system keeps running (make down ends it):")
        for name, url in stack.urls.items():
            print(f"  {name:<11} {url}/docs")
    else:
        print()
        stack.down(purge=False)
    print(f"the whole demo took {seconds:.0f} s", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleanclaim-demo", description="Invented encounters on their whole way to the bank."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the stack, live the demo, print the result")
    run.add_argument("--seed", type=int, default=7)
    run.add_argument("--encounters", type=int, default=ENCOUNTERS, help="how many visits")
    run.add_argument("--keep", action="store_true", help="leave the system running")
    return parser


if __name__ == "__main__":
    sys.exit(main())
