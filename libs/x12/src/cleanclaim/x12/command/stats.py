"""`stats`: what is in a file: counts, money, payers, kinds of set and findings by rule."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any, TextIO

import msgspec

from cleanclaim.x12 import (
    Group,
    Interchange,
    Party,
    TransactionSet,
    TransactionSetEnd,
    read,
)
from cleanclaim.x12.command.gathering import Once, is_content
from cleanclaim.x12.command.outline import many, money, title
from cleanclaim.x12.command.sources import SourceFile

PAYERS_SHOWN = 20


class Tally(msgspec.Struct):
    """How many of one kind, and the sum of each amount they carry, in cents by its name."""

    count: int = 0
    cents: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, item: Any) -> None:
        self.count += 1
        for name in _amounts(type(item)):
            self.cents[name] += getattr(item, name) or 0

    def told(self) -> dict[str, Any]:
        return {"count": self.count, **self.cents}


class Stats:
    """The totals of one file; bounded by the number of its payers and rules, not of its claims."""

    def __init__(self) -> None:
        self.envelopes: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.items: defaultdict[str, Tally] = defaultdict(Tally)
        self.payers: defaultdict[str, Tally] = defaultdict(Tally)
        self.findings: Counter[tuple[str, str]] = Counter()
        self._once = Once()

    def take(self, item: Any) -> None:
        for finding in self._once.new(item):
            self.findings[finding.rule, finding.severity] += 1
        if isinstance(item, Interchange):
            self.envelopes["interchanges"] += 1
        elif isinstance(item, Group):
            self.envelopes["groups"] += 1
        elif isinstance(item, TransactionSet):
            self.kinds[f"{item.kind or item.identifier or 'unknown'} {item.version}".strip()] += 1
        elif isinstance(item, TransactionSetEnd):
            self.envelopes["segments"] += item.segments_counted
        elif is_content(item):
            self.items[title(item)].add(item)
            if isinstance(payer := getattr(item, "payer", None), Party):
                self.payers[_name(payer)].add(item)

    def as_json(self, source: SourceFile) -> dict[str, Any]:
        return {
            "file": source.name,
            "bytes": source.size,
            "interchanges": self.envelopes["interchanges"],
            "groups": self.envelopes["groups"],
            "segments_in_sets": self.envelopes["segments"],
            "sets": dict(self.kinds),
            "items": {name: tally.told() for name, tally in self.items.items()},
            "payers": {name: tally.told() for name, tally in self.payers.items()},
            "findings": {rule: count for (rule, _), count in self.findings.most_common()},
        }


def stats(source: SourceFile, out: TextIO, *, as_json: bool) -> int:
    """Print the totals of one file; 1 when there are findings. Raises `Unreadable`."""
    totals = Stats()
    for item in read(source.chunks()):
        totals.take(item)
    if as_json:
        out.write(json.dumps(totals.as_json(source)) + "\n")
    else:
        _print(totals, source, out)
    return 1 if totals.findings else 0


def _print(totals: Stats, source: SourceFile, out: TextIO) -> None:
    counts = totals.envelopes
    out.write(
        f"{source.name}: {source.size:,} bytes, {many(counts['interchanges'], 'interchange')}, "
        f"{many(counts['groups'], 'group')}, {many(counts['segments'], 'segment')} in sets\n"
    )
    out.writelines(f"  {many(count, 'set')} of {kind}\n" for kind, count in totals.kinds.items())
    _tallies(totals.items, out, "")
    shown = sorted(totals.payers.items(), key=lambda pair: (-pair[1].count, pair[0]))
    _tallies(dict(shown[:PAYERS_SHOWN]), out, "payer ")
    if len(shown) > PAYERS_SHOWN:
        out.write(f"  and {many(len(shown) - PAYERS_SHOWN, 'more payer')}\n")
    out.writelines(
        f"  {many(count, severity)} of {rule}\n"
        for (rule, severity), count in totals.findings.most_common()
    )
    if not totals.findings:
        out.write("  no findings\n")


def _tallies(tallies: dict[str, Tally], out: TextIO, head: str) -> None:
    for name, tally in tallies.items():
        sums = [f"{_label(key)} {money(cents)}" for key, cents in tally.cents.items()]
        out.write(f"  {head}{name}: {', '.join([f'{tally.count:,}', *sums])}\n")


def _label(name: str) -> str:
    return name.removesuffix("_cents").replace("_", " ")


def _name(party: Party) -> str:
    return f"{party.name} ({party.identifier})" if party.identifier else party.name or "(no name)"


def _amounts(kind: type) -> tuple[str, ...]:
    fields = getattr(kind, "__struct_fields__", ())
    return tuple(name for name in fields if name.endswith("_cents"))
