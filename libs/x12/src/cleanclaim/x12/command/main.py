"""The command line `cleanclaim-x12`: its verbs, their options, their exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, TextIO

from cleanclaim.x12 import Unreadable, Unwritable
from cleanclaim.x12.command import options, verbs
from cleanclaim.x12.command.code_lists import NoCodeList
from cleanclaim.x12.command.sources import Unopened

UNREADABLE = 2
INTERRUPTED = 130
EPILOG = """\
exit codes: 0 clean, 1 findings, 2 unreadable (or wrong options); with several files the worst.

examples:
  cleanclaim-x12 check claims.edi                   what is wrong, as a compiler says it
  cleanclaim-x12 check --json *.edi | jq .rule      the same for programs, one object a line
  cleanclaim-x12 check --snip 4 claims.edi          also what the guide asks for in a situation
  cleanclaim-x12 show --claim PCN1 claims.edi       one claim as a person reads it
  cleanclaim-x12 ack claims.edi > answer.999        the 999 that answers a file
  cleanclaim-x12 split --claims 500 claims.edi      files of 500 claims, valid each
  cleanclaim-x12 stats *.835                        counts, money, payers, findings by rule
  cleanclaim-x12 redact real.835 > invented.835     the same file with invented people
  zcat big.edi.gz | cleanclaim-x12 check -          standard input, any size

No personal value is printed by check and stats unless you ask with --values; show prints claims.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run_all(given.run, given, sys.stderr)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _run_all(
    run: Callable[[argparse.Namespace, str], int], given: argparse.Namespace, errors: TextIO
) -> int:
    """Each file by itself: one that cannot be read does not stop the others."""
    worst = 0
    for name in given.files:
        try:
            code = run(given, name)
        except (Unopened, NoCodeList) as error:
            errors.write(f"cleanclaim-x12: {error}\n")
            code = UNREADABLE
        except (Unreadable, Unwritable) as error:
            errors.write(f"cleanclaim-x12: {name}: {error}\n")
            code = UNREADABLE
        worst = max(worst, code)
    return worst


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleanclaim-x12",
        description="Check, show, answer, split, count and redact X12 files.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, summary, epilog) in verbs.VERBS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("files", nargs="+", metavar="FILE", help="an X12 file, - for input")
        options.OPTIONS[name](command)
        command.set_defaults(run=run)
    return parser


def entry() -> NoReturn:
    """The console script."""
    sys.exit(main())
