"""`show`: claims, payments and answers as a person reads them, each with its place in the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from cleanclaim.x12 import Finding, Group, Interchange, TransactionSet, TransactionSetEnd, read
from cleanclaim.x12.command.gathering import Once, is_content
from cleanclaim.x12.command.outline import outline, place, title
from cleanclaim.x12.command.sources import SourceFile

FOUND, NOT_FOUND = 0, 1
NAMES = ("patient_control_number", "payer_claim_control_number", "trace_number")


class Wanted(msgspec.Struct, frozen=True):
    """Which items to show: by control number of provider, payer or payment, by number, or all."""

    control_numbers: frozenset[str] = frozenset()
    number: int | None = None

    @property
    def all(self) -> bool:
        return not self.control_numbers and self.number is None

    def takes(self, item: Any, number: int) -> bool:
        if self.number is not None and number != self.number:
            return False
        names = {getattr(item, name, "") for name in NAMES}
        return not self.control_numbers or bool(names & self.control_numbers)


def show(source: SourceFile, out: TextIO, wanted: Wanted, *, as_json: bool) -> int:
    """Print what is wanted of one file; 1 when it holds none of it. Raises `Unreadable`."""
    number = shown = 0
    once = Once()
    for item in read(source.chunks()):
        told = once.new(item)
        if not is_content(item):
            if wanted.all and not as_json:
                out.writelines(f"{line}\n" for line in (*_head(item), *_findings(told)))
            continue
        number += 1
        if not wanted.takes(item, number):
            continue
        shown += 1
        if as_json:
            row = {"type": type(item).__name__, "file": source.name, "number": number}
            out.write(json.dumps(row | msgspec.to_builtins(item)) + "\n")
        else:
            out.writelines(f"{line}\n" for line in _item(item, number))
        if wanted.number == number:
            break
    return FOUND if shown or wanted.all else NOT_FOUND


def _head(item: Any) -> Iterator[str]:
    """One line for an envelope that opens; nothing for one that closes."""
    if isinstance(item, Interchange):
        usage = {"T": "test", "P": "production"}.get(item.usage, item.usage)
        sent = f"{item.created_on or '?'} {item.created_time}"
        parties = f"from {item.sender} to {item.receiver}"
        yield f"Interchange {item.control_number}, {parties}, {sent}, {usage}"
    elif isinstance(item, Group):
        yield f"Group {item.control_number}, {item.functional_code} {item.version}"
    elif isinstance(item, TransactionSet):
        facts = [item.kind or item.identifier, item.version, item.reference]
        yield f"Set {item.control_number}, {' '.join(filter(None, facts))}"
    elif isinstance(item, TransactionSetEnd):
        yield ""


def _item(item: Any, number: int) -> Iterator[str]:
    name = next((text for key in NAMES if (text := getattr(item, key, ""))), "")
    spot = place(item.position) if getattr(item, "position", None) else ""
    yield ""
    yield f"{number}. {title(item)} {name}".rstrip() + (f" at {spot}" if spot else "")
    yield from outline(item)
    yield from _findings(getattr(item, "findings", None) or [])


def _findings(findings: list[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"  ! {finding.severity}: {finding.message} [{finding.rule}] at {finding.place}"
