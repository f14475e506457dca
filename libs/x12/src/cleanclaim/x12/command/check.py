"""`check`: findings as a compiler prints them, one to three lines each, personal values hidden."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

import msgspec

from cleanclaim.x12 import Checks, Delimiters, Finding, Interchange, TransactionSet, read
from cleanclaim.x12.command.gathering import findings_in_order, is_content
from cleanclaim.x12.command.invention import hidden
from cleanclaim.x12.command.outline import many
from cleanclaim.x12.command.privacy import Kind, changed_body
from cleanclaim.x12.command.sources import SourceFile

WIDTH = 96  # of a context line
LONGEST_LOOK = 2048
CLEAN, FOUND = 0, 1


class Shown(msgspec.Struct, frozen=True):
    """How findings are printed."""

    as_json: bool = False
    values: bool = False
    context: bool = True
    errors_only: bool = False
    quiet: bool = False
    checks: Checks = Checks()


def check(source: SourceFile, out: TextIO, shown: Shown) -> int:
    """Print the findings of one file and a last line that sums it up; 1 when there are any.

    Raises `Unreadable` when it is no X12 at all.
    """
    printer = _Printer(source, out, shown)
    counted = _Counted()
    for item, found in findings_in_order(read(source.chunks(), checks=shown.checks)):
        counted.take(item)
        if isinstance(item, Interchange):
            printer.delimiters = item.delimiters
        for finding in found:
            if finding.severity == "error" or not shown.errors_only:
                counted.findings[finding.severity] += 1
                printer.finding(finding)
    if not shown.quiet:
        printer.summary(counted)
    return FOUND if counted.findings else CLEAN


class _Counted:
    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.claims = 0

    def take(self, item: object) -> None:
        if isinstance(item, TransactionSet):
            self.kinds[item.kind or item.identifier or "unknown"] += 1
        elif item is not None and is_content(item) and hasattr(item, "patient_control_number"):
            self.claims += 1


class _Printer:
    def __init__(self, source: SourceFile, out: TextIO, shown: Shown) -> None:
        self.source, self.out, self.shown = source, out, shown
        self.delimiters = Delimiters()

    def finding(self, finding: Finding) -> None:
        if self.shown.as_json:
            self._json(finding)
            return
        where = f"{self.source.name}:{finding.segment_number}" if finding.segment_number else ""
        told = f"{where or self.source.name}: {finding.severity}: {finding.message}"
        value = f" (it is {finding.value!r})" if self.shown.values and finding.value else ""
        self.out.write(f"{told}{value} [{finding.rule}]{_inside(finding)}\n")
        if self.shown.context:
            self.out.writelines(f"    {line}\n" for line in self._context(finding))

    def _json(self, finding: Finding) -> None:
        told = finding if self.shown.values else finding.redacted()
        row = {"type": "finding", "file": self.source.name, **msgspec.structs.asdict(told)}
        row["place"] = finding.place
        if self.shown.context:
            row["context"] = next(iter(self._context(finding)), "")
        self.out.write(json.dumps(row) + "\n")

    def _context(self, finding: Finding) -> Iterator[str]:
        """The segment, its personal values hidden, and a mark under the element."""
        marks = self.delimiters
        text = self._segment_text(finding)
        if not text:
            return
        text = text if self.shown.values else changed_body(text, marks, _mask)
        start, end = _span(text, finding, marks)
        cut = max(0, end - WIDTH + 1)
        before = "..." if cut else ""
        yield before + _readable(text[cut : cut + WIDTH], marks)
        if finding.element:
            shift = len(before) + max(0, start - cut)
            yield " " * shift + "^" * max(1, min(end - start, WIDTH))

    def _segment_text(self, finding: Finding) -> str:
        """The segment a finding points at, read again from the file; its terminator left out."""
        looked = self.source.look(finding.byte_offset, LONGEST_LOOK)
        found = looked.decode("latin-1").lstrip(" \t\r\n\0")
        return found.partition(self.delimiters.terminator)[0] if finding.segment_id else ""

    def summary(self, counted: _Counted) -> None:
        kinds = ", ".join(f"{kind}: {many(n, 'set')}" for kind, n in counted.kinds.items())
        errors, warnings = counted.findings["error"], counted.findings["warning"]
        if self.shown.as_json:
            row = {
                "type": "file", "file": self.source.name, "errors": errors, "warnings": warnings,
                "sets": dict(counted.kinds), "claims": counted.claims,
            }  # fmt: skip
            self.out.write(json.dumps(row) + "\n")
            return
        verdict = "clean" if not counted.findings else _counts(errors, warnings)
        claims = f"; {many(counted.claims, 'claim')}" if counted.claims else ""
        self.out.write(f"{self.source.name}: {verdict} ({kinds or 'no sets'}{claims})\n")


def _inside(finding: Finding) -> str:
    loop = finding.loop.rpartition("/")[2]
    number = finding.set_control_number
    told = ([f"loop {loop}"] if loop else []) + ([f"set {number}"] if number else [])
    return f" in {', '.join(told)}" if told else ""


def _counts(errors: int, warnings: int) -> str:
    told = [many(errors, "error")] if errors else []
    return ", ".join(told + ([many(warnings, "warning")] if warnings else []))


def _mask(kind: Kind, text: str) -> str:
    return text if kind is Kind.KEPT else hidden(text)


def _span(body: str, finding: Finding, marks: Delimiters) -> tuple[int, int]:
    """Where the element (or its component) stands in the text of its segment."""
    parts = body.split(marks.element)
    if not finding.element:
        return 0, len(parts[0])
    if finding.element >= len(parts):
        return len(body), len(body) + 1
    start = sum(len(part) + 1 for part in parts[: finding.element])
    part = parts[finding.element]
    if finding.repetition > 1 and marks.repetition:
        start, part = _inner(start, part, marks.repetition, finding.repetition)
    if finding.component:
        start, part = _inner(start, part, marks.component, finding.component)
    return start, start + max(1, len(part))


def _inner(start: int, text: str, mark: str, number: int) -> tuple[int, str]:
    parts = text.split(mark)
    before = parts[: number - 1]
    part = parts[number - 1] if number <= len(parts) else ""
    return start + sum(len(one) + 1 for one in before), part


def _readable(text: str, marks: Delimiters) -> str:
    """A line for a terminal: delimiters that cannot be printed are shown as the usual ones."""
    usual = dict(zip((marks.element, marks.component, marks.repetition), "*:^", strict=True))
    return "".join(mark if mark.isprintable() else usual.get(mark, "?") for mark in text)
