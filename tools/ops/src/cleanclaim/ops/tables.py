"""How answers are shown: aligned columns for people, one JSON document for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def show(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool, nothing: str
) -> None:
    """Print rows: the named columns, or with `as_json` everything."""
    if as_json:
        print(json.dumps(list(rows), indent=2))
        return
    if not rows:
        print(nothing)
        return
    table = [list(columns), *([_text(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
    for line in table:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def progress(service: str, lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Show a long step going on (one line that changes on a terminal); return its last line."""
    last: dict[str, Any] = {}
    shown = -1
    on_terminal = sys.stderr.isatty()
    for line in lines:
        last = dict(line)
        done, total = last["done"], last["total"]
        percent = 100 if not total else done * 100 // total
        if percent // 10 > shown or on_terminal:
            shown = percent // 10
            end = "\r" if on_terminal else "\n"
            print(f"{service}: {done:,} of {total:,} ({percent} %)", end=end, file=sys.stderr)
    if on_terminal and last:
        print(file=sys.stderr)
    return last
