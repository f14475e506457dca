"""Verdicts as people and programs read them."""

import json
from collections.abc import Sequence

from cleanclaim.verify.verdicts import Verdict


def as_table(verdicts: Sequence[Verdict], *, measured: bool = True) -> str:
    """One line an invariant; without `measured` no count and no time, so that runs compare."""
    rows = [_row(one, measured=measured) for one in verdicts]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(verdict: Verdict, *, measured: bool) -> list[str]:
    row = [
        verdict.invariant.id,
        verdict.invariant.title,
        "holds" if verdict.holds else "BROKEN",
    ]
    if measured:
        counts = ", ".join(f"{many:,} {name}" for name, many in verdict.seen.counts.items())
        row += [f"{verdict.seconds:.1f} s", counts]
    return row


def breaches(verdicts: Sequence[Verdict]) -> str:
    """What is wrong, where to look and what to read, invariant by invariant."""
    return "\n".join(
        f"{one.invariant.id} is broken: {one.seen.breach.what}\n"
        f"  look at  {one.seen.breach.where}\n"
        f"  read     {one.invariant.runbook}"
        for one in verdicts
        if one.seen.breach is not None
    )


def as_json(verdicts: Sequence[Verdict]) -> str:
    """All of it for a program."""
    return json.dumps(
        [
            {
                "invariant": one.invariant.id,
                "title": one.invariant.title,
                "holds": one.holds,
                "looked_at": dict(one.seen.counts),
                "breach": one.seen.breach.what if one.seen.breach else None,
                "where": one.seen.breach.where if one.seen.breach else None,
                "runbook": one.invariant.runbook,
                "seconds": round(one.seconds, 3),
            }
            for one in verdicts
        ],
        indent=2,
    )
