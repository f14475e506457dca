"""The options of each verb of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cleanclaim.x12 import CODE_KINDS
from cleanclaim.x12.command.code_lists import CodeList, NoCodeList, code_list


def _at_least_one(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1")
    return number


def _control_number(text: str) -> int:
    number = _at_least_one(text)
    if number > 999_999_999:
        raise argparse.ArgumentTypeError("a control number has at most nine digits")
    return number


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 (an ISA has no zone)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write it as 2026-01-06T08:30") from error


def _snip(text: str) -> frozenset[int]:
    types = text.split(",")
    if not all(one in {"1", "2", "3", "4", "5"} for one in types):
        raise argparse.ArgumentTypeError("give SNIP types from 1 to 5, as in 1,2,3")
    return frozenset(map(int, types))


def _codes(text: str) -> CodeList:
    kind, equals, path = text.partition("=")
    if not (equals and path) or kind not in CODE_KINDS:
        raise argparse.ArgumentTypeError(f"write KIND=FILE; kinds are {', '.join(CODE_KINDS)}")
    try:
        return code_list(kind, Path(path))
    except NoCodeList as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON object a line")


def check(command: argparse.ArgumentParser) -> None:
    _json(command)
    command.add_argument(
        "--values",
        action="store_true",
        help="print values as they are, personal ones too (the default hides them behind #)",
    )
    command.add_argument("--no-context", action="store_true", help="leave the segments out")
    command.add_argument(
        "--errors-only", action="store_true", help="neither print nor count warnings"
    )
    command.add_argument(
        "--snip",
        type=int,
        choices=[3, 4, 5],
        default=3,
        help="how far to check: 4 adds what a situation asks for, 5 codes of lists (3)",
    )
    command.add_argument(
        "--codes",
        type=_codes,
        action="append",
        default=[],
        metavar="KIND=FILE",
        help="a list for SNIP 5, one code a line, as in carc=reasons.txt; may repeat",
    )
    command.add_argument("--quiet", action="store_true", help="leave the last line of a file out")


def show(command: argparse.ArgumentParser) -> None:
    _json(command)
    command.add_argument(
        "--claim",
        action="append",
        default=[],
        metavar="NUMBER",
        help="the item with this control number (patient's, payer's or trace); may repeat",
    )
    command.add_argument(
        "--nth", type=_at_least_one, metavar="N", help="the N-th item of the file, from 1"
    )


def ack(command: argparse.ArgumentParser) -> None:
    command.add_argument("--to", type=Path, metavar="FILE", help="write here, not to the output")
    command.add_argument("--json", action="store_true", help="the answer as objects, not as X12")
    command.add_argument(
        "--control-number", type=_control_number, default=1, metavar="N", help="ISA13 of the answer"
    )
    command.add_argument("--sender", default="", metavar="ID", help="ISA06 (the file's receiver)")
    command.add_argument("--receiver", default="", metavar="ID", help="ISA08 (the file's sender)")
    command.add_argument("--usage", choices=["T", "P"], default="", help="test or production")
    command.add_argument(
        "--at", type=_moment, metavar="MOMENT", help="when it was made (2026-01-06T08:30; now)"
    )
    command.add_argument(
        "--snip",
        type=_snip,
        default=frozenset({1, 2}),
        metavar="TYPES",
        help="SNIP types that reject (1,2)",
    )


def split(command: argparse.ArgumentParser) -> None:
    _json(command)
    how = command.add_mutually_exclusive_group(required=True)
    how.add_argument("--by-set", action="store_true", help="each ST to a file of its own")
    how.add_argument("--by-group", action="store_true", help="each GS to a file of its own")
    how.add_argument(
        "--claims",
        type=_at_least_one,
        metavar="N",
        help="at most N claims a file (837; other sets stay whole: a payment is one set)",
    )
    command.add_argument(
        "--to", type=Path, default=Path(), metavar="FOLDER", help="where the new files go (here)"
    )
    command.add_argument(
        "--control-number",
        type=_control_number,
        metavar="N",
        help="ISA13 of the first new file; the next count upward (the file's own)",
    )
    command.add_argument("--force", action="store_true", help="overwrite files that are there")


def stats(command: argparse.ArgumentParser) -> None:
    _json(command)


def redact(command: argparse.ArgumentParser) -> None:
    command.add_argument("--to", type=Path, metavar="FILE", help="write here, not to the output")
    command.add_argument(
        "--key",
        default="",
        metavar="TEXT",
        help="the same key makes the same people in every file (a new one each time, thrown away)",
    )


OPTIONS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "check": check,
    "show": show,
    "ack": ack,
    "split": split,
    "stats": stats,
    "redact": redact,
}
