"""What each verb does with one file, from its options to its output and its exit code."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from cleanclaim.x12 import CODE_KINDS
from cleanclaim.x12.command.ack import Answering, answers
from cleanclaim.x12.command.check import Shown, check
from cleanclaim.x12.command.clock import local_now
from cleanclaim.x12.command.code_lists import checks_for
from cleanclaim.x12.command.redact import redacted
from cleanclaim.x12.command.show import Wanted, show
from cleanclaim.x12.command.sources import STANDARD_INPUT, Unopened, opened
from cleanclaim.x12.command.split import Splitter, Splitting
from cleanclaim.x12.command.stats import stats

Verb = Callable[[argparse.Namespace, str], int]


def run_check(given: argparse.Namespace, name: str) -> int:
    shown = Shown(
        as_json=given.json,
        values=given.values,
        context=not given.no_context,
        errors_only=given.errors_only,
        quiet=given.quiet,
        checks=checks_for(given.snip, given.codes),
    )
    with opened(name, sys.stderr) as source:
        return check(source, sys.stdout, shown)


def run_show(given: argparse.Namespace, name: str) -> int:
    wanted = Wanted(frozenset(given.claim), given.nth)
    with opened(name, sys.stderr) as source:
        code = show(source, sys.stdout, wanted, as_json=given.json)
    if code:
        sys.stderr.write(f"cleanclaim-x12: {name}: it holds nothing of what you asked for\n")
    return code


def run_ack(given: argparse.Namespace, name: str) -> int:
    answering = Answering(
        prepared_at=given.at or local_now(),
        control_number=given.control_number,
        sender=given.sender,
        receiver=given.receiver,
        usage=given.usage,
        snip=given.snip,
    )
    code = 0
    with opened(name, sys.stderr) as source, _output(given.to) as out:
        for answer in answers(source.chunks(), answering):
            code = code if answer.accepted else 1
            if answer.unanswered:
                told = "a 999 cannot name GS01, GS06 and GS08 of a group: it is left out"
                sys.stderr.write(f"cleanclaim-x12: {name}: {told}\n")
            given.control_number += 1
            if given.json:
                told = msgspec.to_builtins(answer.acknowledgements)
                out.write((json.dumps({"file": name, "acknowledgements": told}) + "\n").encode())
            else:
                out.write(answer.payload)
    return code


def run_split(given: argparse.Namespace, name: str) -> int:
    splitting = Splitting(
        by_group=given.by_group, claims=given.claims, control_number=given.control_number
    )
    paths: list[Path] = []

    def begin(number: int) -> BinaryIO:
        paths.append(_part_path(given.to, name, number))
        return _created(paths[-1], force=given.force)

    def tell(message: str) -> None:
        sys.stderr.write(f"cleanclaim-x12: {name}: {message}\n")

    splitter = Splitter(splitting, begin, tell)
    with opened(name, sys.stderr) as source:
        splitter.split(source.chunks())
    if given.control_number is not None:
        given.control_number += splitter.writer.parts
    for path in paths:
        sys.stdout.write(json.dumps({"file": name, "part": str(path)}) if given.json else str(path))
        sys.stdout.write("\n")
    return 1 if splitter.faults else 0


def run_stats(given: argparse.Namespace, name: str) -> int:
    with opened(name, sys.stderr) as source:
        return stats(source, sys.stdout, as_json=given.json)


def run_redact(given: argparse.Namespace, name: str) -> int:
    if not given.key:
        given.key = secrets.token_hex(32)  # the same for all files of one run
    with opened(name, sys.stderr) as source, _output(given.to) as out:
        for piece in redacted(source.chunks(), key=given.key.encode()):
            out.write(piece)
    return 0


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """The output, or a file that takes its place when all is written."""
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with _created(unfinished, force=True) as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _created(path: Path, *, force: bool) -> BinaryIO:
    try:
        return path.open("wb" if force else "xb")
    except FileExistsError as error:
        raise Unopened(f"{path} is there already: choose another folder or --force") from error
    except OSError as error:
        raise Unopened(f"{path}: {error.strerror or error}") from error


def _part_path(folder: Path, name: str, number: int) -> Path:
    old = Path("stdin.edi" if name == STANDARD_INPUT else name)
    return folder / f"{old.stem}-{number:04d}{old.suffix}"


CHECK = """\
One finding: file:segment: severity: what is wrong and how to put it right [rule], then the
segment with a mark under the element. Segments are counted as a 999 counts them, ST being 1.
Letters and digits of personal values are printed as #.

KIND is one of
"""
CHECK += textwrap.fill(", ".join(CODE_KINDS), width=92, break_on_hyphens=False)

SHOW = """\
This prints personal values: it is for the people who may see the claim.
What is empty or usual is left out; --json has all of it."""

ACK = """\
Exit code 1 says that something was not accepted. A file of 999s needs no answer."""

SPLIT = """\
New files are named after the old one: claims-0001.edi, claims-0002.edi. Counts and HL numbers
are made right, each file has an ISA13 of its own, and each further part of a set has its number
behind BHT03."""

REDACT = """\
Names, identifiers, control numbers of claims, birth days, addresses, contacts, account numbers,
trading partners and free text are replaced, the same value by the same value. Codes, money, days
of service, counts and structure are kept, so that the new file has the findings of the old one.
Days of service are dates in the sense of 45 CFR 164.514: the new file is for support and tests,
not for the public."""

VERBS: dict[str, tuple[Verb, str, str]] = {
    "check": (run_check, "tell what is wrong in a file, as a compiler does", CHECK),
    "show": (run_show, "print claims, payments and answers as a person reads them", SHOW),
    "ack": (run_ack, "write the 999 that answers a file", ACK),
    "split": (run_split, "write one file as many valid ones", SPLIT),
    "stats": (run_stats, "count sets, claims, money, payers, findings by rule", ""),
    "redact": (run_redact, "write a file of the same shape with invented people", REDACT),
}
